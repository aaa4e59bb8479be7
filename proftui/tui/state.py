"""What the viewer shows, as one frozen value, and the history of steps that led there."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from proftui.analysis.grouping import Group
from proftui.report.neighbours import Base

if TYPE_CHECKING:
    from proftui.analysis.filters import Filter
    from proftui.model import Span

ViewName = Literal["summary", "functions", "neighbours", "tree", "bottom-up", "flame", "source", "parts"]

Reach = Literal["direct", "all"]
"""How far callers and callees go."""

LONGEST_HISTORY = 500

Step = TypeVar("Step")


@dataclass(frozen=True, slots=True)
class Sort:
    """The column that rows are sorted by, as its sort key."""

    key: str
    descending: bool = True

    def reversed(self) -> Sort:
        """The same column the other way round."""
        return replace(self, descending=not self.descending)


@dataclass(frozen=True, slots=True)
class Place:
    """What one looks at: a view, the function in focus (an id), the key of the row under the cursor, and the zoom.

    A zoom is the path of the frame that fills the width, root first; () is the whole. A place of the history knows what
    the functions view's rows were; None leaves them as they are.
    """

    view: ViewName = "functions"
    focus: int | None = None
    row: Hashable = None
    zoom: tuple[int, ...] = ()
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything that decides what is on screen.

    parts    indices of the chosen parts, None for all
    metric, second   indices of metrics; the second one's columns stand beside the first one's
    base     what percentages refer to; "absolute" shows costs instead
    cycles   whether cycles are shown as units of their own
    joined   whether callgrind's names of deeper activations (f'2) are one with the function's (f)
    sorts    how each view that sorts is sorted, by name
    filters  what is kept of the profile, applied in this order
    group    what the functions view's rows are
    reach    whether callers and callees are the direct ones or whole chains
    looks    settings of single views that change no figure, by name
    span     the range of time that figures are of, None for all of it
    """

    place: Place = field(default_factory=Place)
    parts: tuple[int, ...] | None = None
    metric: int = 0
    second: int | None = None
    base: Base = "total"
    cycles: bool = True
    joined: bool = False
    sorts: tuple[tuple[ViewName, Sort], ...] = (
        ("functions", Sort("self")),
        ("neighbours", Sort("inclusive")),
        ("parts", Sort("total")),
    )
    filters: tuple[Filter, ...] = ()
    group: Group = "function"
    reach: Reach = "direct"
    looks: tuple[tuple[str, str], ...] = ()
    span: Span | None = None

    def sort(self) -> Sort | None:
        """How the current view is sorted, or None where rows come in one order only."""
        return dict(self.sorts).get(self.place.view)

    def look(self, name: str, default: str) -> str:
        """A setting of a view, `default` where it was not touched."""
        return dict(self.looks).get(name, default)

    def looking(self, name: str, value: str) -> ViewState:
        """This state with a view's setting changed."""
        return replace(self, looks=tuple({**dict(self.looks), name: value}.items()))

    def sorted(self, sort: Sort) -> ViewState:
        """This state with the current view sorted otherwise."""
        view = self.place.view
        return replace(self, sorts=tuple({**dict(self.sorts), view: sort}.items()))


@dataclass(frozen=True)
class History(Generic[Step]):
    """The steps before and after the present one, the nearest last in both."""

    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    def left(self, step: Step) -> History[Step]:
        """The history once `step` was left for a new one; what lay ahead is forgotten."""
        return History((*self.past, step)[-LONGEST_HISTORY:])

    def back(self, step: Step) -> tuple[Step, History[Step]] | None:
        """The step before `step` and the history seen from there, or None at the beginning."""
        if not self.past:
            return None
        return self.past[-1], History(self.past[:-1], (*self.future, step))

    def forward(self, step: Step) -> tuple[Step, History[Step]] | None:
        """The step after `step` and the history seen from there, or None at the end."""
        if not self.future:
            return None
        return self.future[-1], History((*self.past, step), self.future[:-1])
