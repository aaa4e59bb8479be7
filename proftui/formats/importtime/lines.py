"""The lines that `python -X importtime` writes to stderr, where other lines stand between them.

    import time: self [us] | cumulative | imported package
    import time:       105 |        173 |     stat

A module stands after those that it imports, which are indented by two blanks more. Each process writes the header once.
With `-X importtime=2` modules that were loaded already have the word "cached" in both columns.
(https://github.com/python/cpython, Python/import.c: import_find_and_load.)
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from itertools import chain

from proftui.errors import Malformed
from proftui.formats.encoding import utf8_lines
from proftui.formats.source import Source

HEADER = b"import time: self [us] | cumulative | imported package"

LINE = re.compile(rb"import time: +([0-9]{1,18}|cached) +\| +([0-9]{1,18}|cached) +\| ( *)([^ \r|][^\r|]*)\r?$")

MOST_IMPORTS = 5_000_000

_MOST_MICROSECONDS = 2**53 // 1000


@dataclass
class Run:
    """The imports of one process, N, in the order of their ends: module (a number), microseconds, and indentation.

    `cached` are imports of modules that were loaded already, which are not timed and not among them.
    """

    module: array[int] = field(default_factory=lambda: array("i"))
    own: array[int] = field(default_factory=lambda: array("q"))
    cumulative: array[int] = field(default_factory=lambda: array("q"))
    depth: array[int] = field(default_factory=lambda: array("i"))
    cached: int = 0


@dataclass
class Imports:
    """What a file holds: the runs, the names of the modules, and how many lines are something else."""

    runs: list[Run] = field(default_factory=list)
    modules: dict[bytes, int] = field(default_factory=dict)
    others: int = 0

    def add(self, line: bytes) -> None:
        """Take one line. Raises ValueError for a time that cannot be."""
        found = LINE.search(line) if b"import time:" in line else None
        if found is None:
            if HEADER in line:
                self.runs.append(Run())
            elif line.strip():
                self.others += 1
            return
        if not self.runs:
            self.runs.append(Run())
        run = self.runs[-1]
        own, cumulative, indent, name = found.groups()
        if b"cached" in (own, cumulative):
            run.cached += 1
            return
        times = int(own), int(cumulative)
        if max(times) > _MOST_MICROSECONDS:
            raise ValueError(name)
        run.module.append(self.modules.setdefault(name.rstrip(), len(self.modules)))
        run.own.append(times[0])
        run.cumulative.append(times[1])
        run.depth.append(len(indent) // 2)


def imports_of(source: Source) -> Imports:
    """What a source holds. Raises Malformed."""
    imports = Imports()
    for number, line in enumerate(chain.from_iterable(utf8_lines(source)), 1):
        try:
            imports.add(line)
        except ValueError:
            raise Malformed("a time that is too large", f"line {number}") from None
        if number % MOST_IMPORTS == 0 and sum(len(run.own) for run in imports.runs) > MOST_IMPORTS:
            raise Malformed(f"holds more than {MOST_IMPORTS:,} imports")
    return imports
