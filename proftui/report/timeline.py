"""Ranges of a recording's time: in words, and one step from another."""

from __future__ import annotations

from proftui import units
from proftui.model.recording import Span, Windows


def clock(seconds: float, decimals: int = 0) -> str:
    """Time since the start: "0:42", "12:05", "1:02:05"; with a decimal "0:42.3"."""
    whole, rest = divmod(round(max(seconds, 0.0) * 10**decimals), 60 * 10**decimals)
    minutes = f"{whole // 60}:{whole % 60:02d}" if whole >= 60 else str(whole)
    return f"{minutes}:{rest / 10**decimals:0{3 + decimals if decimals else 2}.{decimals}f}"


def span_of(windows: Windows, first: int, last: int) -> tuple[float, float]:
    """The time of windows first to last (one past the end), of which there is one at least."""
    end = windows.start[last] if last < len(windows) else windows.end[-1]
    return float(windows.start[first]), float(end)


def elapsed(windows: Windows, first: int, last: int) -> float:
    """Seconds from the beginning of window `first` to that of window `last`, or to the end of all."""
    if first >= last:
        return 0.0
    begin, end = span_of(windows, first, last)
    return end - begin


def stretch(windows: Windows, span: Span | None) -> str:
    """A range in words: "0:12 to 0:42", "since 0:12", "since the start, 0:42"."""
    if span is None:
        return f"since the start, {clock(float(windows.end[-1]))}" if len(windows) else "since the start"
    begin, end = span
    if end is None:
        return f"since {clock(begin)}"
    decimals = int(clock(begin) == clock(end))
    return f"{clock(begin, decimals)} to {clock(end, decimals)}"


def words(windows: Windows, span: Span | None) -> str:
    """A range and what was sampled in it: "0:12 to 0:42, 30 windows, 2,951 samples"."""
    if span is None:
        return stretch(windows, span)
    first, last = windows.within(span)
    samples = float(windows.samples[first:last].sum())
    return f"{stretch(windows, span)}, {units.counted(last - first, 'window')}, {units.counted(samples, 'sample')}"


# ---------------------------------------------------------------------- from one range to another


def earlier(windows: Windows, span: Span | None) -> Span | None:
    """As many windows as in `span`, right before it or as early as there are any; the newest window for None."""
    if not len(windows):
        return None
    first, last = windows.within(span) if span is not None else (len(windows), len(windows))
    count = max(1, last - first)
    first = max(0, first - count)
    return span_of(windows, first, first + count)


def later(windows: Windows, span: Span | None) -> Span | None:
    """As many windows as in `span`, right after it or as late as there are any; None, all time, after the newest."""
    if span is None or span[1] is None:
        return None
    first, last = windows.within(span)
    if last >= len(windows):
        return None
    count = max(1, last - first)
    last = min(len(windows), last + count)
    return span_of(windows, last - count, last)


def wider(windows: Windows, span: Span | None) -> Span | None:
    """Twice as many windows: those before it, and those after it where there are too few; None where that is all."""
    if span is None or not len(windows):
        return None
    first, last = windows.within(span)
    count = 2 * max(1, last - first)
    first = max(0, last - count)
    if span[1] is None:
        return (float(windows.start[first]), None) if first else None
    last = min(len(windows), first + count)
    return span_of(windows, first, last) if last - first < len(windows) else None


def narrower(windows: Windows, span: Span | None) -> Span | None:
    """The later half of the windows, one at least; what ends now still does."""
    first, last = windows.within(span)
    if last - first < 2:
        return span
    first = last - (last - first + 1) // 2
    if span is None or span[1] is None:
        return float(windows.start[first]), None
    return span_of(windows, first, last)
