"""The line that begins a sample, in whatever fields `perf script -F` was asked for.

    java   339/363   [002] 7628264.674812:    1001001 cycles:ppp:

The thread's name, its process and its id (or one of them), the processor, seconds, the period, which is how much of
the event the sample stands for, and the event. Behind them stands the frame of a sample without a call chain, or what
a tracepoint tells. Other records than samples say PERF_RECORD_ and their kind.
"""

from __future__ import annotations

import re
from typing import NamedTuple

NO_EVENT = "samples"
"""What is counted where the fields do not name an event."""

RECORD = b"PERF_RECORD_"

_SPACE = rb"[ \t]{1,40}"
_HEADER = re.compile(
    rb"[ \t]{0,40}(?:(?P<comm>\S.{0,63}?)%(space)b)??"
    rb"(?:(?P<pid>-?[0-9]{1,10})/)?(?P<tid>-?[0-9]{1,10})"
    rb"(?:%(space)b\[[0-9]{1,6}\])?"
    rb"(?:%(space)b(?P<time>[0-9]{1,12}\.[0-9]{1,9}):(?:%(space)b(?P<period>[0-9]{1,20})(?!\S))?"
    rb"(?:%(space)b(?P<event>\w\S{0,200}?):(?!\S))?"
    rb"|(?:%(space)b(?P<period_>[0-9]{1,20}))?%(space)b(?P<event_>(?![0-9.]{1,20}:)\w\S{0,200}?):(?!\S))"
    rb"(?:[ \t](?P<rest>.*))?" % {b"space": _SPACE},
    re.DOTALL,
)


class Header(NamedTuple):
    """`owner`: name, process and thread as they stand there; None is what does not. `rest` is what follows."""

    owner: tuple[bytes, bytes | None, bytes]
    time: float | None
    period: float | None
    event: bytes
    rest: bytes


def header_of(line: bytes) -> Header | None:
    """The header that a line is, or None."""
    match = _HEADER.fullmatch(line)
    if match is None:
        return None
    comm, pid, tid, time, period, event, other_period, other_event, rest = match.groups()
    period = period or other_period
    return Header(
        (comm or b"", pid, tid),
        float(time) if time else None,
        float(period) if period else None,
        event or other_event or b"",
        rest.strip() if rest else b"",
    )
