"""What is written on the boxes of a flame graph and about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from proftui import units
from proftui.analysis.cover import Cover
from proftui.analysis.flame import Box, Flame
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import Figure, TreeNode
from proftui.model.modules import package_of
from proftui.report.flame_colours import Colouring, Colours
from proftui.report.identity import full_name
from proftui.report.neighbours import Base
from proftui.report.text import ELLIPSIS, head, middle, safe, width

SHORTEST = 3
"""The cells of a name below which nothing is written: two letters and an ellipsis."""

SHORTEST_NAME = 12
"""The cells that name and place get in the line about a frame at least."""

APART = 2
"""The cells between a name and its figure."""

WHOLE_ENOUGH = 16
"""From this many cells on a name that is too long is cut in the middle; below, the function's own name goes first."""

_ARGUMENTS = re.compile(r"(?<=.)\(.*\)(?: const)?$")
_FAMILY = re.compile(r"_*([A-Za-z$][A-Za-z0-9$]*)(?:::|[._/:])")
_LAST = re.compile(r"(?:::|\.)[^.:()<>]+(?:\(.*)?$")
_QUALIFIER = re.compile(r"(?:\.|::)(?=[^.:()<>]+$)")


@dataclass(frozen=True, eq=False)
class FlameText:
    """Names, figures and colours of the boxes of one metric; `base` says what stands beside the names."""

    flame: Flame
    scope: Scope
    metric: int
    base: Base = "total"

    def name(self, box: Box) -> str:
        """What a box is called, safe to draw; "…" before what is too thin."""
        node = box.node
        if node.kind == "rest":
            return f"{ELLIPSIS} {node.count:,} more"
        if node.kind == "inside":
            return "(inside the cycle)"
        if node.kind == "cycle" and node.cycle is not None:
            return safe(self.scope.condensed.label(node.cycle, self.scope.functions))
        name = "" if node.function is None else safe(self.scope.functions.name[node.function])
        return f"{name} ↻" if node.recursive else name

    def label(self, box: Box, cells: int) -> str:
        """What there is room for in a box: the mark of what is not known exactly, the name, and its figure."""
        mark, name = mark_of(box.node), self.name(box)
        if cells < 1:
            return ""
        if cells >= width(mark + name):
            figure = self.figure(box)
            beside = f"{mark}{name}{' ' * APART}{figure}"
            return beside if figure and width(beside) <= cells else mark + name
        if box.node.kind == "rest":
            return ELLIPSIS if cells < len("…99") else clipped(f"{ELLIPSIS}{box.node.count:,}", cells)
        return mark + clipped(name, cells - len(mark)) if cells - len(mark) >= SHORTEST else ""

    def figure(self, box: Box) -> str:
        """The box's cost, or its share of what the base says; nothing where it is not known."""
        inclusive, whole = box.node.inclusive, self.flame.source.total
        if self.base == "absolute":
            return units.draw(inclusive.shown, self.scope.metrics[self.metric].unit)
        if self.base == "parent" and box.node.parent is not None:
            whole = inclusive.whole(box.node.parent.inclusive)
        return units.percent(inclusive.part_of(whole), whole)

    def function(self, box: Box) -> int | None:
        """The function's id; a cycle's heaviest member's; None for what is too thin."""
        node = box.node
        if node.function is None and node.cycle is not None:
            return int(self.scope.graph.function[self.scope.condensed.members(node.cycle)[0]])
        return node.function

    def colour(self, box: Box, colours: Colours, colouring: Colouring) -> str:
        """The colour of a box; a paler one where its cost is not known exactly."""
        node = box.node
        if node.kind == "rest":
            return colours.rest
        if node.inclusive.mark == "?":
            return colours.background
        if colouring == "self":
            total = self.flame.source.total
            colour = colours.of_share(node.self_cost.value / total if total else 0.0)
        else:
            colour = self._module_colour(node, colours)
        return colours.faded(colour) if node.inclusive.mark else colour

    def _module_colour(self, node: TreeNode, colours: Colours) -> str:
        if node.function is None:
            return colours.plain
        functions = self.scope.functions
        file, binary = functions.file[node.function], functions.object[node.function]
        package, module = package_of(file) or binary, functions.module_at(node.function) or file
        if not package:
            package, module = family(functions.name[node.function])
        return colours.tinted(colours.of_module(package, module), functions.name[node.function])

    def detail(self, box: Box, cells: int | None = None) -> str:
        """Name and place, costs, shares of the total and of the caller, and how far that is known.

        Where that is more than `cells`, name and place are cut; where even so, first the caller's share goes, then the
        self cost.
        """
        node = box.node
        if node.kind == "rest":
            return f"{units.counted(node.count, 'frame')} too thin to draw, together {self._cost(node.inclusive)}"
        name = self.name(box) if node.function is None else full_name(self.scope.functions, node.function)
        figures = self._figures(node)
        if cells is not None:
            room = cells - SHORTEST_NAME - APART
            chosen = next((text for text in figures if width(text) <= room), figures[-1])
            return f"{middle(name, max(SHORTEST_NAME, cells - width(chosen) - APART))}{' ' * APART}{chosen}"
        return f"{name}{' ' * APART}{figures[0]}"

    def _figures(self, node: TreeNode) -> list[str]:
        """What is said of a frame's costs, from all of it to the least."""
        if node.inclusive.mark == "?":
            why = "figures that contradict each other" if node.contradictory else "cost here unknown"
            return [f"{why}: its width says nothing; a sampled run would tell", f"{why}: its width says nothing", why]
        cost, known = self._cost(node.inclusive), self._known(node.inclusive)
        share = ""
        if node.parent is not None:
            whole = node.inclusive.whole(node.parent.inclusive)
            share = units.percent(node.inclusive.part_of(whole), whole)
        above = [f"{share} of {_CALLER.get(node.kind, 'caller')}"] if share else []
        own = [f"self {self._cost(node.self_cost)}"] if node.kind in ("function", "cycle") else []
        return [f"{', '.join([cost, *figures])}; {known}" for figures in ([*above, *own], own, [])]

    def _cost(self, figure: Figure) -> str:
        cost = units.draw(figure.shown, self.scope.metrics[self.metric].unit)
        share = units.percent(figure.part_of(self.flame.source.total), self.flame.source.total)
        return f"{figure.mark}{cost} {share}".rstrip() if cost else "unknown"

    def _known(self, figure: Figure) -> str:
        if figure.mark == "~":
            unit = self.scope.metrics[self.metric].unit
            return f"estimated, {units.draw(figure.low, unit)} to {units.draw(figure.high, unit)}"
        return "exact" if not figure.mark else "at most; as wide as is likely"


_CALLER = {"inside": "cycle", "member": "cycle's own"}


def family(name: str) -> tuple[str, str]:
    """What the name of a function without file or binary suggests in place of package and module, or nothing.

    "v8::internal::Call" is of ("v8", "v8::internal"), "uv__io_poll" of ("uv", ""), "org/x/Y.run" of ("org", "org/x/Y").
    """
    found = _FAMILY.match(name)
    return (found[1], _LAST.split(name)[0] if _LAST.search(name) else "") if found else ("", "")


def mark_of(node: TreeNode) -> str:
    """What stands before the name of a frame whose cost is not known exactly."""
    return "" if node.kind == "rest" else node.inclusive.mark


@lru_cache(maxsize=1 << 14)
def clipped(name: str, cells: int) -> str:
    """As much of a name as `cells` have room for: arguments go first, then what stands in the middle or, where there
    is little room, all but the function's own name.

    "collections.OrderedDict.popitem" is "coll…Dict.popitem", "popitem", "popi…".
    """
    if width(name) <= cells:
        return name
    name = _ARGUMENTS.sub("", name)
    if width(name) <= cells or cells >= WHOLE_ENOUGH:
        return middle(name, cells)
    own = _QUALIFIER.split(name)[-1]
    return own if width(own) <= cells else head(own, cells - 1) + ELLIPSIS


def known_share(rows: Iterable[Iterable[Box]]) -> float | None:
    """Which share of the area of boxes is of exact cost; None where there are none."""
    exact = drawn = 0.0
    for boxes in rows:
        for box in boxes:
            drawn += box.width
            exact += box.width if not box.node.inclusive.mark else 0.0
    return exact / drawn if drawn else None


def covering(cover: Cover, total: float) -> str:
    """Which share of the total some functions cover, in words."""
    if cover.high <= 0:
        return "0.0% of the total"
    low, high = units.percent(cover.low, total), units.percent(cover.high, total)
    if cover.exact or low == high:
        return f"{high} of the total"
    return f"{low} to {high} of the total" if cover.low > 0 else f"at most {high} of the total"
