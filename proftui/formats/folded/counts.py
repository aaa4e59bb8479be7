"""A line of folded stacks: frames from root to leaf joined by ";", a blank, and a count.

The format has no more rules than that; what flamegraph.pl, inferno and speedscope agree on is the rule here. All three
leave out a line that does not end in a count, and take one that does for a stack even if it begins with "#".
"""

from __future__ import annotations

import re
from typing import NamedTuple

SEPARATOR = b";"

COUNT = re.compile(rb"[0-9]{1,30}(?:\.[0-9]{0,30})?")
_COUNTED = re.compile(rb"(.*)[ \t](%b)" % COUNT.pattern, re.DOTALL)


class Counted(NamedTuple):
    """What stands before the count, and the count."""

    stack: bytes
    amount: float


def counted(line: bytes) -> Counted | None:
    """A line without its end taken apart; None where it does not end in a count."""
    match = _COUNTED.fullmatch(line.rstrip(b" \t\r"))
    return Counted(match[1], float(match[2])) if match else None


def is_remark(line: bytes) -> bool:
    """Whether a line that does not end in a count was never meant to: it is blank or begins with "#"."""
    return not line.strip() or line.startswith(b"#")


def is_counted_twice(line: bytes) -> bool:
    """Whether a line ends in two counts, as difffolded.pl writes them: before and after."""
    last = counted(line)
    return last is not None and counted(last.stack) is not None
