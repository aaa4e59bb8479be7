"""Five functions that spend known shares of the time: they do the same in loops of different lengths.

python witness_program.py [ROUNDS]
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable

profile: Callable[[Callable[[int], int]], Callable[[int], int]] = getattr(
    builtins, "profile", lambda function: function
)
"""line_profiler's, where it runs this."""


@profile
def parse(count: int) -> int:
    total = 0
    for number in range(count):
        total = (total * 31 + number) % 1_000_003
    return total


@profile
def draw(count: int) -> int:
    total = 0
    for number in range(count):
        total = (total * 31 + number) % 1_000_003
    return total


@profile
def read(count: int) -> int:
    total = 0
    for number in range(count):
        total = (total * 31 + number) % 1_000_003
    return total


@profile
def sort(count: int) -> int:
    total = 0
    for number in range(count):
        total = (total * 31 + number) % 1_000_003
    return total


@profile
def save(count: int) -> int:
    total = 0
    for number in range(count):
        total = (total * 31 + number) % 1_000_003
    return total


SHARES = {parse: 34, draw: 26, read: 18, sort: 13, save: 9}
"""In percent."""


def main(rounds: int) -> None:
    for _ in range(rounds):
        for function, share in SHARES.items():
            # some ms: pyinstrument, which looks at calls, would skip what is shorter than its interval
            function(share * 5_000)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
