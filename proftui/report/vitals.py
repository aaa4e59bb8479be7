"""How a process is and how it is sampled, as far as known; what is not is left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from proftui.model.recording import Recording, Span, Windows
from proftui.report.timeline import elapsed, stretch

RECENT = 60.0
"""Seconds that sparklines look back."""

TRUSTED = 0.9
"""The share of the asked rate from which on samples of a single thread tell something about the rate that was got."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """A process: `state` in a word, `cpu` as a share of one processor, `memory` in resident bytes.

    Histories go back a minute, the newest last, NaN where unknown.
    """

    pid: int | None = None
    command: str = ""
    state: str = ""
    cpu: float | None = None
    memory: float | None = None
    threads: int | None = None
    files: int | None = None
    children: int | None = None
    cpu_history: tuple[float, ...] = ()
    memory_history: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a range of time was sampled.

    asked    samples a second that were asked for
    got      samples a second that were taken at least: those of the thread that has most, where they say something
    errors   samples that failed
    blind    the share of the time that no window covers
    sampler  processor time of the sampling itself, as a share of one processor
    samples  thread samples, the base of percentages
    stretch  the range in words; `chosen`: it is not all there is
    paused   no samples are taken
    still    the screen stands still
    ended    why sampling ended, or ""
    """

    asked: float | None = None
    got: float | None = None
    errors: float | None = None
    blind: float | None = None
    sampler: float | None = None
    samples: float = 0.0
    stretch: str = ""
    chosen: bool = False
    paused: bool = False
    still: bool = False
    ended: str = ""


def recorded(recording: Recording, span: Span | None = None) -> tuple[Vitals, Sampling]:
    """What a recording tells of its process, and of how a range of its time was sampled."""
    about, windows = recording.about, recording.windows
    cpu, memory = recent(windows)
    pid = _number(about.get("pid", ""))
    vitals = Vitals(None if pid is None else int(pid), about.get("command", ""), cpu_history=cpu, memory_history=memory)
    return vitals, sampling(recording, span)


def recent(windows: Windows) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Processor shares and resident bytes of the windows of the last minute."""
    if not len(windows):
        return (), ()
    ends = windows.end
    first = int(np.searchsorted(ends, ends[-1] - RECENT, side="right"))
    lasted = np.diff(ends, prepend=windows.start[:1])
    shares = np.divide(windows.cpu, lasted, out=np.full(len(windows), np.nan), where=lasted > 0)
    return tuple(shares[first:].tolist()), tuple(windows.memory[first:].tolist())


def sampling(recording: Recording, span: Span | None = None) -> Sampling:
    """How a range of time was sampled."""
    windows = recording.windows
    first, last = windows.within(span)
    within = slice(first, last)
    time = elapsed(windows, first, last)
    sampled = float(windows.seconds[within].sum())
    asked = _number(recording.about.get("rate", ""))
    cost = windows.sampler[within]
    known = ~np.isnan(cost)
    return Sampling(
        asked=asked,
        got=_at_least(recording, first, last, asked),
        errors=float(windows.errors[within].sum()) if last > first else None,
        blind=max(0.0, 1.0 - sampled / time) if time > 0 else None,
        sampler=float(cost.sum()) / time if time > 0 and known.all() else None,
        samples=float(windows.samples[within].sum()),
        stretch=stretch(windows, span),
        chosen=span is not None,
        ended=recording.about.get("ended", ""),
    )


def _at_least(recording: Recording, first: int, last: int, asked: float | None) -> float | None:
    """Samples a second of the thread that has most of them, each window by itself.

    An instant gives a thread one sample at most, so there were as many instants at least. A thread that waits gives
    none, so few say nothing; nor do those of threads that are not told apart.
    """
    windows, threads = recording.windows, max(len(recording.threads), 1)
    seconds = float(windows.seconds[first:last].sum())
    if asked is None or seconds <= 0 or any(thread.tid is None for thread in recording.threads):
        return None
    begin, end = int(windows.entries[first]), int(windows.entries[last])
    which = np.repeat(np.arange(last - first), np.diff(windows.entries[first : last + 1]))
    key = which * threads + recording.thread[windows.leaf[begin:end]]
    each = np.bincount(key, windows.count[begin:end], (last - first) * threads)
    got = float(each.reshape(last - first, threads).max(axis=1).sum()) / seconds
    return got if got >= TRUSTED * asked else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
