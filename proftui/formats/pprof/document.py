"""What a profile.proto file holds (https://github.com/google/pprof/blob/main/proto/profile.proto).

The outermost message has sample types (1), samples (2), mappings (3), locations (4), functions (5), texts (6), frames
to drop (7) and to keep (8), the time (9), how long was measured (10), the period's type (11) and length (12), comments
(13) and the default type (14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np

from proftui.errors import Malformed
from proftui.formats.pprof.measures import SampleType, unit_of
from proftui.formats.pprof.strings import Strings
from proftui.formats.pprof.wire import Bytes, Fields, fields
from proftui.units import draw

MOST_TYPES = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, eq=False)
class About:
    """What a file says of all its samples: time and duration in nanoseconds, 0 where it does not say."""

    types: list[SampleType]
    default: str = ""
    period_type: SampleType = ("", "")
    period: int = 0
    time: int = 0
    duration: int = 0
    drop: str = ""
    keep: str = ""
    comments: tuple[str, ...] = ()

    def notes(self) -> list[str]:
        """When and how it was measured, as sentences."""
        found = []
        if self.time and (taken := _date(self.time)):
            found.append(f"taken at {taken}")
        if self.duration > 0:
            found.append(f"measured for {draw(self.duration, unit_of(('', 'ns'))[0])}")
        if self.period > 1:
            unit, scale = unit_of(self.period_type)
            amount = f"{draw(self.period * scale, unit)} {'of ' if unit.steps else ''}{self.period_type[0]}"
            found.append(f"one sample for every {amount}".rstrip())
        return found


def _date(nanoseconds: int) -> str:
    """In words; nothing for what is no date."""
    try:
        return (_EPOCH + timedelta(seconds=nanoseconds // 10**9)).strftime("%Y-%m-%d %H:%M:%S UTC")
    except OverflowError:
        return ""


def opened(data: Bytes) -> tuple[Fields, Strings, About]:
    """The outermost fields of a file, its texts, and what it says of its samples. Raises Malformed."""
    top = fields(data, np.zeros(1, np.int64), np.array([len(data)]))
    strings = Strings(top, 6)
    types = _types(top, strings, 1)
    if not types:
        raise Malformed("says nothing of what was measured: it has no sample types")
    if len(types) > MOST_TYPES:
        raise Malformed(f"holds more than {MOST_TYPES:,} sample types")
    periods = _types(top, strings, 11)
    comments, _ = top.repeated(13)
    default, drop, keep = (strings[_number(top, field)] for field in (14, 7, 8))
    about = About(
        types, default, periods[-1] if periods else ("", ""), _number(top, 12), _number(top, 9), _number(top, 10),
        drop, keep, tuple(strings[index] for index in comments.view(np.int64).tolist()),
    )  # fmt: skip
    return top, strings, about


def _types(top: Fields, strings: Strings, number: int) -> list[SampleType]:
    _, kinds = top.messages(number)
    columns = (kinds.last(field).view(np.int64).tolist() for field in (1, 2))
    return [(strings[kind], strings[unit]) for kind, unit in zip(*columns, strict=True)]


def _number(top: Fields, number: int) -> int:
    return int(top.last(number).view(np.int64)[0])
