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
_NAME = rb"(?P<comm>\S.{0,63}?)"
_IDS = rb"(?:(?P<pid>-?[0-9]{1,10})/)?(?P<tid>-?[0-9]{1,10})"
_CPU = rb"(?:%b\[[0-9]{1,6}\])?" % _SPACE
_TIME = rb"%b(?P<time>[0-9]{1,12}\.[0-9]{1,9}):" % _SPACE
_PERIOD = rb"(?:%b(?P<period>[0-9]{1,20})(?!\S))?" % _SPACE
_EVENT = rb"%b(?P<event>(?![0-9.]{1,20}:)\w\S{0,200}?):(?!\S)" % _SPACE
_REST = rb"(?:[ \t](?P<rest>.*))?"

_FORMS = tuple(
    re.compile(rb"[ \t]{0,40}" + form + _REST, re.DOTALL)
    for form in (
        rb"(?:%b%b)??%b%b%b%b(?:%b)?" % (_NAME, _SPACE, _IDS, _CPU, _TIME, _PERIOD, _EVENT),
        rb"(?:%b%b)??%b%b%b%b" % (_NAME, _SPACE, _IDS, _CPU, _PERIOD, _EVENT),
        rb"%b%b%b%b%b" % (_NAME, _CPU, _TIME, _PERIOD, _EVENT),
    )
)
"""With a time, and perhaps an event; with an event alone; and without ids."""


class Header(NamedTuple):
    """`owner`: name, process and thread as they stand there; None is what does not. `rest` is what follows."""

    owner: tuple[bytes, bytes | None, bytes | None]
    time: float | None
    period: float | None
    event: bytes
    rest: bytes


def header_of(line: bytes) -> Header | None:
    """The header that a line is, or None."""
    match = next(filter(None, (form.fullmatch(line) for form in _FORMS)), None)
    if match is None:
        return None
    found = match.groupdict()
    time, period, rest = found.get("time"), found["period"], found["rest"]
    return Header(
        (found["comm"] or b"", found.get("pid"), found.get("tid")),
        float(time) if time else None,
        float(period) if period else None,
        found["event"] or b"",
        rest.strip() if rest else b"",
    )
