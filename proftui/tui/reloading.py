"""A profile that is read again: what one looks at in the functions it has now, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from proftui import units
from proftui.analysis.scope import Scope
from proftui.model import Part, Profile
from proftui.model.translate import Translation, translate
from proftui.report.changes import Before
from proftui.report.text import middle, safe
from proftui.tui.session import Session
from proftui.tui.state import History, Place, ViewState

NAMED = 3
"""How many functions that are gone are called by name."""

SHORT = 24
"""Cells of each name."""

Path = tuple[int, ...]
"""From a root to a row, by the keys of a call tree's rows."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """The profile as it was read before, in a session of its own, and which functions were which."""

    session: Session
    translation: Translation

    def before(self, now: Scope, profile: Profile, state: ViewState) -> Before | None:
        """What the state's figures are compared with; None where the parts or the metric were not there."""
        then = self.session.profile
        metric = _metric_in(then, profile, state.metric)
        parts = _parts_in(then, profile, state.parts)
        if metric is None or parts == ():
            return None
        scope = self.session.scope(replace(state, parts=parts, metric=metric))
        return Before(now, scope, metric, self.translation.old_of)


def through_cycles(scope: Scope) -> Callable[[Path], Path]:
    """Gives paths through a call tree as they are named now, from those with other members' ids for cycles.

    A cycle is called after its member of the smallest id, which is another one once ids are others.
    """
    if not scope.cycles:
        return lambda path: path
    condensed = scope.condensed
    name = np.arange(len(scope.functions), dtype=np.int32)
    name[scope.graph.function] = condensed.key[condensed.node]
    return lambda path: tuple(int(name[key]) if key >= 0 else key for key in path)


def changed(old: Profile, new: Profile) -> bool:
    """Whether anything that is shown of a profile has."""
    if old.metrics != new.metrics or old.functions.identities() != new.functions.identities():
        return True
    if len(old.parts) != len(new.parts):
        return True
    return not all(_same_part(one, other) for one, other in zip(old.parts, new.parts, strict=True))


def _same_part(one: Part, other: Part) -> bool:
    if (one.label, one.metrics) != (other.label, other.metrics):
        return False
    first, second = one.graph, other.graph
    columns = ("function", "self_cost", "inclusive", "caller", "callee", "arc_cost", "calls", "arc_calls")
    for name in columns:
        a, b = getattr(first, name), getattr(second, name)
        if (a is None) != (b is None) or (a is not None and not np.array_equal(a, b, equal_nan=a.dtype.kind == "f")):
            return False
    if one.tree is None or other.tree is None:
        return one.tree is other.tree
    return np.array_equal(one.tree.frame, other.tree.frame) and np.array_equal(one.tree.parent, other.tree.parent)


@dataclass(frozen=True, eq=False)
class Renewal:
    """The session over a profile that was read again, and how to get there from the one before."""

    session: Session
    before: Profile
    translation: Translation

    def state(self, state: ViewState) -> ViewState:
        """The same view of the same functions, parts and metrics, as far as they are there."""
        now = self.session.profile
        metric = _metric_in(now, self.before, state.metric)
        second = _metric_in(now, self.before, state.second)
        return replace(
            state,
            place=self.place(state.place),
            parts=_parts_in(now, self.before, state.parts) or None,
            metric=metric or 0,
            second=None if metric is None or second == metric else second,
        )

    def history(self, history: History[Place]) -> History[Place]:
        """The same places; what is gone is no place to go to."""
        past, future = (
            tuple(self.place(place) for place in places if place.focus is None or self.carry(place.focus) is not None)
            for places in (history.past, history.future)
        )
        return History(past, future)

    def place(self, place: Place) -> Place:
        """The same place, without those of its parts that are gone."""
        focus, row, zoom = (self.carry(part) for part in (place.focus, place.row, place.zoom))
        return replace(
            place,
            focus=focus if isinstance(focus, int) else None,
            row=self.row(place.view, place.row) if row is not None else None,
            zoom=zoom if isinstance(zoom, tuple) else (),
        )

    def row(self, view: str, row: Hashable) -> Hashable:
        """The key of the same row; sides and lines are no functions."""
        if view == "neighbours" and isinstance(row, tuple) and len(row) == 2:
            return row[0], self.carry(row[1])
        return None if view in ("source", "parts") else self.carry(row)

    def carry(self, key: Hashable) -> Hashable:
        """An id, a path or a set of them in the ids of now; None where one of them is gone.

        Below zero are what is no function: the rows of cycles and of what is cut off. Texts stay.
        """
        if isinstance(key, bool) or not isinstance(key, (int, tuple, frozenset)):
            return key
        if isinstance(key, int):
            now = int(self.translation.new_of[key]) if 0 <= key < len(self.translation.new_of) else key
            return now if now >= 0 or key < 0 else None
        parts = [self.carry(part) for part in key]
        return None if None in parts else type(key)(parts)

    def paths(self, paths: frozenset[Path]) -> frozenset[Path]:
        """Those of the paths whose functions are all there."""
        return frozenset(now for path in paths if isinstance(now := self.carry(path), tuple))


@dataclass(frozen=True, eq=False)
class Grown(Renewal):
    """A session over the same functions and parts, to which others may have come: all that is remembered stays."""

    @classmethod
    def over(cls, session: Session, before: Session) -> Grown:
        """`session` in place of the one before."""
        ids = np.arange(len(before.profile.functions), dtype=np.int32)
        return cls(session, before.profile, Translation(ids, len(session.profile.functions)))

    def state(self, state: ViewState) -> ViewState:
        """As it is."""
        return state

    def history(self, history: History[Place]) -> History[Place]:
        """As it is."""
        return history

    def carry(self, key: Hashable) -> Hashable:
        """As it is."""
        return key


def renewal(session: Session, profile: Profile) -> Renewal | None:
    """What takes the place of a session once its files were read again; None where nothing changed."""
    before = session.profile
    if not changed(before, profile):
        return None
    translation = translate(before.functions, profile.functions)
    made = Session(profile, session.settings)
    made.earlier = Earlier(Session(before, session.settings), translation)
    return Renewal(made, before, translation)


def told(session: Session, state: ViewState) -> str:
    """What changed, in a sentence that a line has room for: the total, and the functions that came and went."""
    table = session.table(state)
    if (before := table.before) is None:
        return "read again; there is nothing to compare with"
    metric = session.profile.metrics[state.metric]
    then, now = before.scope.total(before.metric), table.scope.total(state.metric)
    share = _share(then, now)
    words = [f"{safe(metric.label)} {share}" if share else total_change(then, now, metric.unit)]
    if came := int(before.new.sum()):
        words.append(f"{came:,} new")
    if went := len(before.gone):
        functions = before.scope.functions
        names = [middle(safe(functions.name[function]), SHORT) for function in before.gone[:NAMED].tolist()]
        more = f" and {went - NAMED:,} more" if went > NAMED else ""
        words.append(f"{went:,} gone: {', '.join(names)}{more}")
    return f"read again: {', '.join(words)}"


def total_change(then: float, now: float, unit: units.Unit) -> str:
    """Both totals, and by how much the second is above the first."""
    drawn = f"{units.draw(then, unit)} → {units.draw(now, unit)}"
    share = _share(then, now)
    return f"{drawn} ({share})" if share else drawn


def _share(then: float, now: float) -> str:
    share = units.percent(now - then, then)
    return f"+{share}" if now > then and share else share


# ---------------------------------------------------------------------- by name, not by number


def _metric_in(there: Profile, here: Profile, metric: int | None) -> int | None:
    name = None if metric is None else here.metrics[metric].name
    return next((index for index, other in enumerate(there.metrics) if other.name == name), None)


def _parts_in(there: Profile, here: Profile, parts: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The parts of the same labels, of several with one label those that come in the same order; None for all."""
    if parts is None:
        return None
    known, own = _labels(there.parts), _labels(here.parts)
    place = {label: index for index, label in enumerate(known)}
    return tuple(place[own[part]] for part in parts if own[part] in place)


def _labels(parts: Sequence[Part]) -> list[tuple[str, int]]:
    """Every part's label, and how many parts before it have the same one."""
    times: Counter[str] = Counter()
    found = []
    for part in parts:
        found.append((part.label, times[part.label]))
        times[part.label] += 1
    return found
