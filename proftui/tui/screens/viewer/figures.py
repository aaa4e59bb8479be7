"""Which figures are shown, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.analysis.recursion import outermost
from proftui.tui.messages import Said
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.state import Sort
from proftui.tui.widgets.grid import Grid


class FigureKeys(Stage):
    """Order, metrics, percentages, parts, and what counts as one function."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sort(1)", "Sort", id="viewer.sort", tooltip="Sort by the next column"),
        Binding("S", "sort(-1)", "Sort by the previous column", show=False, id="viewer.sort-previous"),
        Binding("r", "reverse", "Reverse", show=False, id="viewer.reverse", tooltip="Sort the other way round"),
        Binding(
            "percent_sign",
            "base",
            "Base",
            show=False,
            id="viewer.base",
            tooltip="Percent of the total or caller, or costs",
        ),
        Binding("m", "metric", "Metric", id="viewer.metric", tooltip="Choose the metric"),
        Binding("M", "second", "Second metric", show=False, id="viewer.second", tooltip="Choose a second metric"),
        Binding(
            "J", "join", "Join", show=False, id="viewer.join", tooltip="Callgrind's f and f'2 as one function or not"
        ),
        Binding("C", "cycles", "Cycles", show=False, id="viewer.cycles", tooltip="Cycles as units of their own or not"),
        Binding("p", "parts", "Parts", id="viewer.parts-chosen", tooltip="Choose threads, processes, dumps or files"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What this profile and view have no use for is not offered."""
        profile = self.session.profile
        if action == "parts":
            return len(profile.parts) > 1
        if action in ("metric", "second"):
            return len(profile.metrics) > 1
        if action in ("sort", "reverse"):
            return self.shown is not None and self.view is not None and bool(self.view.sort_keys)
        return super().check_action(action, parameters)

    def action_sort(self, step: int) -> None:
        """Sort by the next or previous column."""
        if (view := self.view) is None or not view.sort_keys:
            return
        keys = [key for key, _ in view.sort_keys]
        sort = self.state.sort()
        place = keys.index(sort.key) if sort is not None and sort.key in keys else 0
        self._sort_by(keys[(place + step) % len(keys)])

    def _sort_by(self, key: str) -> None:
        """Numbers begin with the largest, texts with the first letter."""
        if (view := self.view) is not None:
            self.change(self.state.sorted(Sort(key, descending=not dict(view.sort_keys)[key])))

    def on_grid_sort_asked(self, message: Grid.SortAsked) -> None:
        """Sort by the column whose title was clicked, a second time the other way round."""
        message.stop()
        sort = self.state.sort()
        if sort is not None and sort.key == message.key:
            self.action_reverse()
        else:
            self._sort_by(message.key)

    def action_reverse(self) -> None:
        """Sort the other way round."""
        if (sort := self.state.sort()) is not None:
            self.change(self.state.sorted(sort.reversed()))

    def action_base(self) -> None:
        """Percentages of the next thing they can refer to, or costs."""
        if (view := self.view) is not None:
            bases = list(view.bases)
            place = bases.index(self.state.base) if self.state.base in bases else 0
            self.change(replace(self.state, base=bases[(place + 1) % len(bases)]))

    def action_cycles(self) -> None:
        """Cycles as units of their own, or not."""
        self.change(replace(self.state, cycles=not self.state.cycles))

    def action_join(self) -> None:
        """Deeper activations as one with the function, or not, where the profile names them apart."""
        if (base := outermost(self.session.profile.functions)) is None:
            self.post_message(Said("no function of this profile is named apart in recursion, as callgrind's f'2"))
            return
        focus = self.state.place.focus
        place = self.state.place if focus is None else replace(self.state.place, focus=int(base[focus]))
        self.change(replace(self.state, joined=not self.state.joined, place=place))

    def action_metric(self) -> None:
        """Choose the metric."""
        from proftui.tui.screens.choices import choose_metric

        choose_metric(self, self.session.profile, self.state, self.change)

    def action_second(self) -> None:
        """Choose the second metric."""
        from proftui.tui.screens.choices import choose_second

        choose_second(self, self.session.profile, self.state, self.change)

    def action_parts(self) -> None:
        """Choose the parts."""
        from proftui.tui.screens.choices import choose_parts

        choose_parts(self, self.session.profile, self.state, self.change)
