"""The lines around the rows: title, tabs, detail and footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from textual.binding import Binding
from textual.screen import Screen

from proftui import units
from proftui.report.neighbours import Base
from proftui.report.plot import caption
from proftui.report.text import middle, safe
from proftui.tui.keys import spelled
from proftui.tui.reloading import total_change
from proftui.tui.session import Session
from proftui.tui.state import ViewName, ViewState
from proftui.tui.widgets.line import Line, Span

ROOMY = 100
"""From this width on tabs stand apart."""


BESIDE: tuple[ViewName, ...] = ("functions", "source")
"""The views that show the second metric."""

LONGEST_PART = 20
"""Cells of a part's name in the title."""


def profile_spans(session: Session, state: ViewState) -> list[Span]:
    """What is open, in words and totals; the less important of it optional."""
    profile, scope = session.profile, session.scope(state)
    metric, graph = profile.metrics[state.metric], scope.graph
    now = total = units.draw(scope.total(state.metric), metric.unit)
    if session.earlier is not None and (before := session.table(state).before) is not None:
        total = total_change(before.scope.total(before.metric), scope.total(state.metric), metric.unit)
    if state.filters:
        whole = units.draw(session.scope(replace(state, filters=())).total(state.metric), metric.unit)
        total += f" of {whole}" if whole != now else ""
    spans = [
        Span(safe(profile.name), "title", shrinks=True),
        Span(f"{safe(profile.origin.format)}, {profile.origin.kind}", "dim"),
    ]
    if profile.only_over_time:
        spans.append(Span(caption(profile.series[0]), optional=True))
    else:
        spans.append(Span(f"{safe(metric.label)} {total}"))
        spans.append(Span(units.counted(len(graph), "function"), optional=True))
    if len(profile.parts) > 1:
        chosen = len(profile.parts) if state.parts is None else len(state.parts)
        of = f"{chosen:,} of " if chosen < len(profile.parts) else ""
        spans.append(Span(f"{of}{len(profile.parts):,} parts", "mark" if of else "normal", key="p"))
        if of and state.parts is not None and chosen == 1:
            label = middle(safe(profile.parts[state.parts[0]].label), LONGEST_PART)
            spans.insert(1, Span(label, "mark", key="p"))
    if profile.notes:
        spans.append(Span(units.counted(len(profile.notes), "note"), "mark", key="i"))
    if graph.calls is not None:
        spans.append(Span(units.counted(float(np.nansum(graph.calls)), "call"), optional=True))
    return spans


def setting_spans(session: Session, state: ViewState, bases: Mapping[Base, str]) -> list[Span]:
    """What the figures refer to."""
    spans = [Span(bases.get(state.base, bases["total"]), "dim", optional=True, key="percent_sign")]
    if state.second is not None and state.place.view in BESIDE:
        label = safe(session.profile.metrics[state.second].label)
        spans.insert(0, Span(f"beside {label} ", "dim", optional=True, key="M"))
    return spans


class TitleLine(Line):
    """What is open."""

    def __init__(self) -> None:
        super().__init__(id="title")
        self.shown: Sequence[Span] = ()

    def spans(self) -> Sequence[Span]:
        """As `profile_spans` gave them."""
        return self.shown

    def show(self, spans: Sequence[Span]) -> None:
        """Draw these."""
        if spans != self.shown:
            self.shown = spans
            self.refresh()


class TabLine(Line):
    """The views with their keys, the current one marked, and what the figures refer to."""

    gap = " "

    def __init__(self, tabs: Sequence[tuple[ViewName, int, str]]) -> None:
        super().__init__(id="tabs")
        self.tabs = tabs
        self.chosen: ViewName = "functions"
        self.settings: tuple[Span, ...] = ()

    def spans(self) -> Sequence[Span]:
        """`2 Functions` and so on; the current one between brackets, so that no colour is needed to tell."""
        room = " " if self.size.width >= ROOMY else ""
        return [
            Span(
                f"[{number} {title}]" if view == self.chosen else f"{room}{number} {title}{room}",
                "chosen" if view == self.chosen else "dim",
                key=str(number),
            )
            for view, number, title in self.tabs
        ]

    def right_spans(self) -> Sequence[Span]:
        """What percentages refer to, and other settings."""
        return self.settings

    def show(self, chosen: ViewName, settings: Sequence[Span]) -> None:
        """Draw these."""
        self.chosen, self.settings = chosen, tuple(settings)
        self.refresh()


class DetailLine(Line):
    """The row under the cursor in full; or a sentence, until the cursor moves on."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.text = ""
        self.sentence = ""
        self.remark = ""

    def spans(self) -> Sequence[Span]:
        """The sentence where there is one."""
        return [Span(self.sentence, "mark", shrinks=True) if self.sentence else Span(self.text, "normal", shrinks=True)]

    def right_spans(self) -> Sequence[Span]:
        """Where among the matches of a search the cursor stands."""
        return [Span(self.remark, "dim")] if self.remark else []

    def show(self, text: str, remark: str = "") -> None:
        """Draw a row's text; a sentence goes."""
        self.text, self.remark, self.sentence = text, remark, ""
        self.redraw()

    def say(self, sentence: str) -> None:
        """Draw a sentence."""
        self.sentence = sentence
        self.redraw()


class FooterLine(Line):
    """The keys that do something here, made from the bindings."""

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._shown: list[Binding] = []

    def on_mount(self) -> None:
        """Follow the keyboard from widget to widget."""
        self.screen.bindings_updated_signal.subscribe(self, self._take)
        self._take(self.screen)

    def _take(self, screen: Screen[object]) -> None:
        if not screen.app.app_focus:
            return
        bindings: dict[str | None, Binding] = {}
        for active in screen.active_bindings.values():
            if active.binding.show and active.enabled:
                bindings.setdefault(active.binding.id, active.binding)
        if list(bindings.values()) != self._shown:
            self._shown = list(bindings.values())
            self.refresh()

    def spans(self) -> Sequence[Span]:
        """What the widget with the keyboard and its screen do."""
        return [_span(binding) for binding in self._shown if not _everywhere(binding)]

    def press(self, key: str) -> None:
        """The keys here are the user's own already."""
        self.app.simulate_key(key)

    def keyed(self, spans: Sequence[Span]) -> list[Span]:
        """The keys here are the user's own already."""
        return list(spans)

    def right_spans(self) -> Sequence[Span]:
        """What works everywhere."""
        return [_span(binding) for binding in self._shown if _everywhere(binding)]


def _everywhere(binding: Binding) -> bool:
    return (binding.id or "").startswith("app.")


def _span(binding: Binding) -> Span:
    return Span(
        binding.description, "dim", lead=spelled(binding.key), key=binding.key, optional=not _everywhere(binding)
    )
