"""An open profile, and what was computed of it for the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from proftui.analysis.bottom_up import inverted
from proftui.analysis.calltree import TreeSource, call_tree
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.filters import Filtered, filtered
from proftui.analysis.scope import Scope
from proftui.analysis.shares import Tally
from proftui.model import Profile, Span
from proftui.report.chains import ChainRows
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.neighbours import NeighbourRows, Side
from proftui.report.top import TopRows
from proftui.tui.settings import Settings
from proftui.tui.state import Sort, ViewState

if TYPE_CHECKING:
    from proftui.report.source import Sources
    from proftui.report.summary import Summary
    from proftui.tui.reloading import Earlier

Value = TypeVar("Value")

KEPT = 24
"""How many scopes, tables and trees are kept, the newest: enough to go to and fro between a few settings."""


class Session:
    """Row models for states of the viewer. Any thread may ask.

    `earlier` is what the profile is compared with, where it was read before; `marked` are functions with bookmarks.
    `lined` is the profile with its costs by line, once it was read for them.
    """

    def __init__(self, profile: Profile, settings: Settings | None = None, span: Span | None = None) -> None:
        """Rows are made as the user's `settings` want them; the profile is of this `span` of time."""
        self.profile = profile
        self._span = span
        self.settings = settings or Settings()
        self.my_code = self.settings.my_code
        self.earlier: Earlier | None = None
        self.marked: frozenset[int] = frozenset()
        self.lined: Profile | None = None
        self.tally = Tally()
        self._made: dict[Hashable, _Kept] = {}
        self._lock = threading.Lock()

    def grown(self, profile: Profile, span: Span | None) -> Session:
        """A session over more of the same recording, of a span of time; what does not change with it goes along."""
        session = Session(profile, self.settings, span)
        session.marked, session.tally = self.marked, self.tally
        session.__dict__.update({"sources": self.sources} if "sources" in self.__dict__ else {})
        return session

    @cached_property
    def sources(self) -> Sources:
        """The source files of the functions."""
        from proftui.report.source import Sources
        from proftui.report.source_map import SourceMap

        return Sources(self.profile.origin.path, SourceMap(self.settings.source_maps))

    def filtered(self, state: ViewState) -> Filtered:
        """The profile as the state's filters leave it."""
        filters = state.filters
        return self.kept(
            ("filtered", filters, state.span), lambda: filtered(self.spanned(state), filters, self.my_code)
        )

    def spanned(self, state: ViewState) -> Profile:
        """The profile of the state's range of time."""
        recording, span = self.profile.recording, state.span
        if recording is None or span == self._span:
            return self.profile
        profile = self.profile
        return self.kept(("span", span), lambda: recording.profile(span, profile.name, profile.origin))

    def scope(self, state: ViewState) -> Scope:
        """What the state looks at: parts of the profile, through the filters."""
        return self.kept(
            ("scope", state.parts, state.cycles, state.joined, state.filters, state.span),
            lambda: Scope(self._through(state), state.parts, state.cycles, state.joined),
        )

    def _through(self, state: ViewState) -> Profile:
        return self.filtered(state).profile if state.filters else self.spanned(state)

    def table(self, state: ViewState) -> FunctionTable:
        """The figures of every function."""
        scope, earlier = self.scope(state), self.earlier
        metric, second = state.metric, state.second

        def make() -> FunctionTable:
            before = None if earlier is None else earlier.before(scope, self.profile, state)
            return FunctionTable(scope, metric, second, before)

        return self.kept(("table", scope, metric, second, earlier), make)

    def primed(self) -> Session:
        """This session, with what the first screen shows made."""
        state = self.settings.beginning(self.profile)
        if state.place.view == "summary":
            self.summary(state).begin()
        else:
            self.listed(state)
        return self

    def summary(self, state: ViewState) -> Summary:
        """The summary of what the state looks at, of which nothing is made yet."""
        from proftui.report.summary import Summary, written_at

        scope, metric = self.scope(state), state.metric

        def tree() -> TreeSource:
            return self.kept(("tree", scope, metric), lambda: call_tree(scope, metric))

        def make() -> Summary:
            return Summary(scope, metric, self.my_code, written_at(self.profile.origin), tree)

        return self.kept(("summary", scope, metric), make)

    def listed(self, state: ViewState) -> FunctionRows | TopRows:
        """The rows of the functions view, in order: shares and how far they are known of what was recorded over time,
        unless costs are asked for.
        """
        recording, marked = self.profile.recording, self.marked
        if recording is None or state.base == "absolute":
            return self.functions(state)
        sort = dict(state.sorts).get("functions", Sort("self"))
        shares = self.tally.update(recording, state.span, state.parts, state.filters, self.my_code)

        def make() -> TopRows:
            rows = TopRows(shares, sort.key, sort.descending, marked)
            _ = rows.place  # the sorting, done here rather than while drawing
            return rows

        return self.kept(("top", shares, sort, marked), make)

    def functions(self, state: ViewState) -> FunctionRows:
        """The functions with their costs, in order."""
        sort, absolute = dict(state.sorts).get("functions", Sort("self")), state.base == "absolute"
        table, wanted, marked = self.table(state), self.settings.columns, self.marked

        def make() -> FunctionRows:
            rows = FunctionRows(table, sort.key, sort.descending, absolute=absolute, wanted=wanted, marked=marked)
            _ = rows.place  # the sorting, done here rather than while drawing
            return rows

        return self.kept(("functions", table, sort, absolute, marked), make)

    def neighbours(self, state: ViewState, side: Side) -> NeighbourRows | None:
        """The callers or callees of the function in focus, None without one."""
        focus, sort = state.place.focus, dict(state.sorts).get("neighbours", Sort("inclusive"))
        if focus is None:
            return None
        rows = NeighbourRows(self.scope(state), state.metric, focus, side, sort.key, sort.descending, state.base)
        _ = rows.arcs
        return rows

    def chains(self, state: ViewState, side: Side) -> ChainRows | None:
        """All callers or callees of the function in focus, None without one."""
        focus, sort = state.place.focus, dict(state.sorts).get("neighbours", Sort("inclusive"))
        if focus is None:
            return None
        tree = self.call_tree(state)
        settings = (state.metric, focus, side, sort.key, sort.descending, state.base)

        def make() -> ChainRows:
            rows = ChainRows(self.scope(state), tree, *settings)
            _ = rows.order  # the work, done here rather than while drawing
            return rows

        return self.kept(("chains", tree, settings), make)

    def call_tree(self, state: ViewState) -> ExactTree | EstimatedTree:
        """The call tree of one metric."""
        scope = self.scope(state)
        return self.kept(("tree", scope, state.metric), lambda: call_tree(scope, state.metric))

    def bottom_up(self, state: ViewState) -> TreeSource:
        """That tree turned over."""
        tree = self.call_tree(state)
        return self.kept(("bottom-up", tree), lambda: inverted(tree))

    def kept(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What was made under `key`, made where it is not there; who asks meanwhile waits for that key alone.

        `make` may ask for other things that are kept, as long as they do not lead back to `key`.
        """
        with self._lock:
            one = self._made.pop(key, None) or _Kept()
            self._made[key] = one
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        with one.lock:
            if not one.there:
                one.value = make()
                one.there = True
            value: Value = one.value
            return value


class _Kept:
    """A place for one thing, and the right to make it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.there = False
        self.value: Any = None
