"""What a reader noticed in many lines and says in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum


class Oddity(Enum):
    """What is worth a note, which begins with the value."""

    UNKNOWN = "skipped lines of an unknown kind"
    UNREADABLE = "costs and counts that are no numbers, taken as 0"
    FRACTION = "costs with a decimal fraction"
    NEGATIVE = "costs below zero"
    NEGATIVE_CALLS = "numbers of calls below zero, taken as unknown"
    EXTRA = "lines with more costs than there are events, which were skipped"
    NO_COST = "calls without a line of costs, taken as 0"
    JUMPS = "skipped jumps"


class Tally:
    """Counts of oddities, and the first line of each."""

    def __init__(self) -> None:
        self._seen: dict[Oddity, tuple[int, int]] = {}

    def add(self, oddity: Oddity, count: int, line: int) -> None:
        """Count `count` more, the first of them in `line`; nothing when there are none."""
        if count:
            seen, first = self._seen.get(oddity, (0, line))
            self._seen[oddity] = seen + count, min(first, line)

    def absorb(self, other: Tally, lines_before: int) -> None:
        """Count what `other` counted in text that begins so many lines further down."""
        for oddity, (count, line) in other._seen.items():
            self.add(oddity, count, line + lines_before)

    def notes(self) -> Iterator[str]:
        """One sentence for each oddity."""
        for oddity in Oddity:
            if oddity in self._seen:
                count, line = self._seen[oddity]
                yield f"{oddity.value}: {count:,} (the first in line {line:,})"
