"""What is written on the boxes of a flame graph in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

from proftui import units
from proftui.analysis.flame import Box
from proftui.analysis.time_flame import TimeFlame
from proftui.report.flame import APART, SHORTEST_NAME, FlameText
from proftui.report.identity import full_name
from proftui.report.text import middle, safe, width


@dataclass(frozen=True, eq=False)
class TimeText(FlameText):
    """As for other flame graphs; of an activation its start, its length, and what else is known of it."""

    flame: TimeFlame

    def figure(self, box: Box) -> str:
        """How long it is, or what share of the total or of its caller that is."""
        return self._drawn(box.node.inclusive.value) if self.base == "total" else super().figure(box)

    def detail(self, box: Box, cells: int | None = None) -> str:
        """Name and place, when it begins, how long it and its own part are, and its arguments where these are known.

        Where that is more than `cells`, the arguments are cut first, then name and place.
        """
        node, made = box.node, self.flame.activations
        if node.kind == "rest" or node.function is None:
            return f"{units.counted(node.count, 'call')} too thin to draw, together {self._drawn(node.inclusive.value)}"
        timeline, at = made.timeline, box.key
        told = f"at {self._drawn(float(timeline.start[at]))} for {self._drawn(node.inclusive.value)}"
        told += f", self {self._drawn(node.self_cost.value)}"
        name, said = full_name(self.scope.functions, node.function), ""
        if timeline.detail is not None and timeline.detail[at] >= 0:
            said = safe(timeline.details[timeline.detail[at]])
        if cells is None:
            return (" " * APART).join(filter(None, (name, told, said)))
        gaps = 2 * APART if said else APART
        name = middle(name, max(SHORTEST_NAME, cells - width(told) - min(width(said), cells // 2) - gaps))
        line = f"{name}{' ' * APART}{told}"
        return f"{line}{' ' * APART}{middle(said, max(cells - width(line) - APART, 0))}" if said else line

    def span(self) -> str:
        """From when to when the whole width goes, and of what where that is no time: it need not be what is chosen."""
        metric = self.scope.metrics[self.metric]
        counted = "" if metric.unit.name == units.TIME.name else f" {safe(metric.label)}"
        return f"{self._drawn(self.flame.start)} to {self._drawn(self.flame.end)}{counted}"

    def _drawn(self, value: float) -> str:
        return units.draw(value, self.scope.metrics[self.metric].unit) or "0"
