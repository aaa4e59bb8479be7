"""A flame graph's rows as strips of styled text: pure functions of boxes, places and styles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from proftui.analysis.flame import Box
from proftui.report.text import fit, width

EDGE, CURSOR_EDGE = "▏", "▌"
"""What stands in the first cell of a box, so that neighbours can be told apart without colours."""

HATCH = "░"
"""What fills a box whose cost is unknown."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in a row of cells: from `start` to `end`, one past the last."""

    box: Box
    start: int
    end: int


def placed(boxes: Sequence[Box], cells: int) -> list[Placed]:
    """The boxes of a row in whole cells, without those that come to none.

    Edges are rounded each for itself: boxes that meet still do, boxes within another stay there, and what is as wide
    as a cell gets one at least.
    """
    made = [Placed(box, _edge(box.x, cells), _edge(box.end, cells)) for box in boxes]
    return [place for place in made if place.end > place.start]


def _edge(share: float, cells: int) -> int:
    """The cell at which an edge is; in the middle of a cell it always goes the same way, whatever its last bit says."""
    return min(cells, int(share * cells + 0.5 + 1e-6))


@dataclass(frozen=True, slots=True)
class Look:
    """How one box is drawn: its text, the style of the text and of its edge, whether the edge tells that it is under
    the cursor, which without colours it has to, and whether the box is hatched.
    """

    text: str
    style: Style
    edge: Style
    cursor: bool = False
    hatched: bool = False


def row_strip(
    places: Sequence[Placed], cells: int, look: Callable[[Placed], Look], empty: Style, closing: Style
) -> Strip:
    """A row, `cells` wide; where a box ends and none follows, a thin line closes it."""
    segments: list[Segment] = []
    x = 0
    for place in places:
        segments += _gap(x, place.start, empty, closing)
        drawn = look(place)
        segments += _box(drawn, place.end - place.start)
        x = place.end
    return Strip(segments + _gap(x, cells, empty, closing), cells)


def _gap(start: int, end: int, empty: Style, closing: Style) -> list[Segment]:
    if start >= end:
        return []
    if start == 0:
        return [Segment(" " * end, empty)]
    return [Segment(EDGE, closing), Segment(" " * (end - start - 1), empty)]


def _box(look: Look, cells: int) -> list[Segment]:
    if cells == 1 and look.text:
        return [Segment(fit(look.text, 1), look.style)]
    edge = Segment(CURSOR_EDGE if look.cursor else EDGE, look.edge)
    if not look.hatched:
        return [edge, Segment(fit(look.text, cells - 1), look.style)]
    room = min(cells - 1, width(look.text) + 1) if look.text else 0
    return [edge, Segment(fit(look.text, room), look.style), Segment(HATCH * (cells - 1 - room), look.edge)]
