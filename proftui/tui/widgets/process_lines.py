"""Two lines about a process that was sampled: how it is, and what the figures are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from proftui import units
from proftui.report.sparkline import sparkline
from proftui.report.text import safe, shortened, width
from proftui.report.vitals import Sampling, Vitals
from proftui.tui.widgets.line import SHORTEST, Line, Span

NARROWEST, WIDEST = 6, 30
"""Cells of a sparkline."""

HALTED = ("stopped", "zombie", "dead", "tracing-stop")
"""States in which a process does nothing and will not by itself."""

BLIND = 0.25
"""The share of unseen time from which on it is marked."""


def process_spans(vitals: Vitals, cells: int) -> list[Span]:
    """How the process is, in `cells`: what is not known is not there. The command has what room others leave."""
    before = [Span(f"pid {vitals.pid}", "dim")] if vitals.pid is not None else []
    after, spare = _figures(vitals, max(NARROWEST, min(WIDEST, cells // 12)))
    command = safe(_without_folders(vitals.command))
    if not command:
        return [*before, *after, *spare]
    wanted = min(width(command), max(SHORTEST, cells // 4))
    while spare and _room(before + after + spare, cells) < wanted:
        spare.pop()
    room = max(SHORTEST, _room(before + after + spare, cells))
    return [*before, Span(shortened(command, room, "end"), "title"), *after, *spare]


def _room(spans: Sequence[Span], cells: int) -> int:
    """The cells that these leave for one more."""
    return cells - 2 - sum(span.cells + width(Line.gap) for span in spans)


def _figures(vitals: Vitals, trend: int) -> tuple[list[Span], list[Span]]:
    """The figures that stay, and those that go where there is no room; `trend` is the cells of a sparkline."""
    spans, spare = [], []
    if vitals.state:
        spans.append(Span(safe(vitals.state), "mark" if vitals.state in HALTED else "dim"))
    full = _most(vitals.cpu_history)
    if vitals.cpu is not None:
        # as wide whatever it is: what follows stands still
        spans.append(Span(f"CPU {units.percent(vitals.cpu, 1.0):>6}"))
    elif full is not None:
        spans.append(Span("CPU"))
    if full is not None:
        spans.append(Span(sparkline(vitals.cpu_history, trend, max(full, 1.0)), "dim"))
    if vitals.memory is not None:
        spans.append(Span(f"RSS {units.draw(vitals.memory, units.BYTES)}"))
    if _most(vitals.memory_history) is not None:
        name = "RSS  " if vitals.memory is None else ""
        spare.append(Span(name + sparkline(vitals.memory_history, trend), "dim", optional=True))
    for count, one, more in (
        (vitals.threads, "thread", "threads"), (vitals.files, "open file", "open files"),
        (vitals.children, "child", "children"),
    ):  # fmt: skip
        if count is not None:
            spare.append(Span(f"{units.draw(count, units.COUNT)} {one if count == 1 else more}", "dim", optional=True))
    return spans, spare


def _without_folders(command: str) -> str:
    """A command without the folders of the program and of files: what is run is told first."""
    return " ".join(word.rpartition("/")[2] or word if word.startswith("/") else word for word in command.split(" "))


def _most(values: Sequence[float]) -> float | None:
    """The largest value that is known."""
    return max((value for value in values if not math.isnan(value)), default=None)


def sampling_spans(sampling: Sampling, cells: int) -> list[Span]:
    """What the figures are made of, on a line of `cells`: what must be known to read them stays longest."""
    spans = _standing(sampling, max(SHORTEST, cells // 2))
    if sampling.stretch:
        spans.append(Span(sampling.stretch, "chosen" if sampling.chosen else "normal"))
    spans.append(Span(f"% of {units.counted(sampling.samples, 'thread sample')}"))
    if sampling.errors:
        spans.append(Span(units.counted(sampling.errors, "error"), "error"))
    if sampling.blind is not None:
        style = "mark" if sampling.blind >= BLIND else "dim"
        spans.append(Span(f"blind {units.percent(sampling.blind, 1.0)}", style, optional=True))
    if sampling.asked is not None:
        rate = f"{sampling.asked:,g} Hz"
        got = f"{rate} asked" if sampling.got is None else f"at least {sampling.got:,.0f} of {rate}"
        spans.append(Span(got, "dim", optional=True))
    if sampling.sampler is not None:
        spans.append(Span(f"sampler {units.percent(sampling.sampler, 1.0)} CPU", "dim", optional=True))
    if sampling.errors == 0:
        spans.append(Span("no errors", "dim", optional=True))
    return spans


def _standing(sampling: Sampling, longest: int) -> list[Span]:
    """Why nothing moves, where nothing does, in sentences that are not longer than that."""
    if sampling.ended:
        spans = [Span("paused", "mark")] if sampling.still else []
        return [*spans, Span(shortened(f"ended: {safe(sampling.ended)}", longest, "end"), "mark")]
    if sampling.paused:
        return [Span("screen and sampling paused" if sampling.still else "sampling paused", "mark")]
    return [Span("paused, sampling goes on", "mark")] if sampling.still else []


class VitalsLine(Line):
    """How the process is."""

    vitals = Vitals()

    def spans(self) -> Sequence[Span]:
        """Those of `process_spans`."""
        return process_spans(self.vitals, self.size.width)


class SamplingLine(Line):
    """What the figures are made of."""

    sampling = Sampling()

    def spans(self) -> Sequence[Span]:
        """Those of `sampling_spans`."""
        return sampling_spans(self.sampling, self.size.width)


class ProcessLines(Widget, can_focus=False):
    """The two lines."""

    def __init__(self) -> None:
        super().__init__()
        self._vitals = VitalsLine(id="vitals")
        self._sampling = SamplingLine(id="sampling")

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield self._vitals
        yield self._sampling

    def show(self, vitals: Vitals, sampling: Sampling) -> None:
        """Draw these."""
        if vitals != self._vitals.vitals:
            self._vitals.vitals = vitals
            self._vitals.refresh()
        if sampling != self._sampling.sampling:
            self._sampling.sampling = sampling
            self._sampling.refresh()

    def plain(self) -> list[str]:
        """The lines as they are drawn, without styles."""
        return [line.plain().rstrip() for line in (self._vitals, self._sampling)]
