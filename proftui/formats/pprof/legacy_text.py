"""Reads Google's older profiles in text: of the heap, of contention, of threads, and Go's counts with debug=1."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from proftui.errors import Malformed
from proftui.formats.pprof.document import About
from proftui.formats.pprof.legacy import Recorded, before
from proftui.formats.pprof.measures import SampleType
from proftui.formats.pprof.memory_map import SENTINELS, MemoryMap
from proftui.formats.pprof.owners import Owner

_NUMBER = r"(-?\d{1,18})"
_HEAP = re.compile(r"heap profile: *\d+: *\d+ *\[ *\d+: *\d+ *\] *@ *(\w+)/?(\d{0,18})")
_HEAP_TOTALS = re.compile(r"heap profile: *(\d+): *(\d+) *\[ *(\d+): *(\d+) *\]")
_HEAP_SAMPLE = re.compile(rf"{_NUMBER}: *{_NUMBER} *\[ *{_NUMBER}: *{_NUMBER} *\] @([ x0-9a-f]*)")
_CONTENTION = re.compile(r"--- (?:contentionz \d+ ---|mutex:|contention:)")
_CONTENTION_SAMPLE = re.compile(r"(\d{1,18}) +(\d{1,18}) @([ x0-9a-f]*)")
_ATTRIBUTE = re.compile(r"([\w/]+(?: [\w/]+)*) *= *(\d{1,18})")
_THREADS = re.compile(r"--- threadz \d+ ---")
_THREAD = re.compile(r"--- Thread ([0-9A-Fa-f]+) \(name: (.*)/(\d{1,18})\) stack: ---")
_COUNTS = re.compile(r"(\S+) profile: total \d+")
_COUNT = re.compile(r"(\d{1,18}) @((?: 0x[0-9a-f]+)*)")
_ADDRESS = re.compile(r"0x([0-9a-f]{1,16})(?![0-9a-f])")
_SYMBOL = re.compile(
    r"#(?=.*:\d{1,9}\Z)"  # first, or else each blank would be tried as the end of the name in vain
    r"\s+0x([0-9a-f]{1,16})\s+(\S.*?)(?:\+0x[0-9a-f]+)?\s+(\S.*):(\d{1,9})"
)

_LONGEST = 4096
"""Letters of a comment that may be a symbol."""

MOST_FRAMES = 1 << 23
"""Of all threads: one line may stand for a stack of thousands, that of the thread before."""

_HEADERS = (_HEAP, _CONTENTION, _THREADS, _THREAD, _COUNTS)

_SPACE: SampleType = ("space", "bytes")
_INUSE: list[SampleType] = [("objects", "count"), _SPACE]
_ALLOCATED: list[SampleType] = [
    ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
]  # fmt: skip


def is_text(head: bytes) -> bool:
    """Whether the first line that says anything is that of one of these profiles."""
    for line in head[:4096].split(b"\n"):
        text = line.strip()
        if text and not text.startswith(b"#"):
            return any(header.match(text.decode("utf-8", "replace")) for header in _HEADERS)
    return False


def read_text(data: bytes) -> Recorded:
    """The samples in a text. Raises Malformed."""
    lines = _Lines(data)
    header = next(lines.samples(), "")
    recorded = _recorded(header, lines)
    recorded.mapped = MemoryMap(lines.mapped)
    recorded.places = {address: list(places) for address, places in lines.symbols.items()}
    return recorded


def _recorded(header: str, lines: _Lines) -> Recorded:
    if heap := _HEAP.match(header):
        return _heap(header, heap[1], int(heap[2] or 0), lines)
    if _CONTENTION.match(header):
        return _contention(lines)
    if _THREADS.match(header) or _THREAD.match(header):
        return _threads(header, lines)
    if counts := _COUNTS.fullmatch(header):
        return _counts(counts[1], lines)
    raise lines.fault("expected the first line of a profile")


def _heap(header: str, kind: str, rate: int, lines: _Lines) -> Recorded:
    """Of kinds "heap" (whose rate is twice what it should be) and "heap_v2" a sample stands for several."""
    if kind not in (
        "heap",
        "heap_v2",
        "heapz_v2",
        "heapprofile",
        "growth",
        "growthz",
        "fragmentation",
        "fragmentationz",
    ):
        raise lines.fault("is a heap profile of an unknown kind")
    totals = _HEAP_TOTALS.match(header)
    inuse, allocated = (totals.group(1, 2), totals.group(3, 4)) if totals else ((), ())
    both = kind.startswith("heap") and any(a not in (i, "0") for i, a in zip(inuse, allocated, strict=True))
    period = rate // 2 if kind == "heap" else rate if "_v2" in kind else 1
    recorded = Recorded(About(_ALLOCATED if both else _INUSE, "", _SPACE, period))
    for line in lines.samples():
        match = _HEAP_SAMPLE.match(line)
        if match is None:
            raise lines.fault("expected two counts, two sizes, and addresses")
        count, size, *further = map(int, match.group(1, 2, 3, 4))
        values: list[float] = []
        for number, total in ([tuple(further)] if both else []) + [(count, size)]:
            if not number and total:
                raise lines.fault("has bytes of no objects")
            values += _unsampled(number, total, period if kind.startswith("heap") and kind != "heapprofile" else 0)
        recorded.add(before(_addresses(match[5], lines), leaf=False), values)
    return recorded


def _unsampled(count: int, size: int, rate: int) -> tuple[int, int]:
    """What a sample stands for: an object of S bytes is in a sample with probability 1 - exp(-S / rate)."""
    if not count or not size:
        return 0, 0
    if rate <= 1:
        return count, size
    if (count < 0) != (size < 0):
        return 0, 0
    seen = -math.expm1(-size / count / rate)
    return int(count / seen), int(size / seen)


def _contention(lines: _Lines) -> Recorded:
    said = {"cycles/second": 0, "sampling period": 1, "ms since reset": 0, "discarded samples": 0}
    found: list[tuple[int, int, list[int]]] = []
    for line in lines.samples():
        if line.startswith("---"):
            break
        if sample := _CONTENTION_SAMPLE.match(line):
            found.append((int(sample[1]), int(sample[2]), before(_addresses(sample[3], lines), leaf=False)))
        elif not found and (attribute := _ATTRIBUTE.fullmatch(line)) and attribute[1] in said:
            said[attribute[1]] = int(attribute[2])
        else:
            raise lines.fault("expected cycles, a count, and addresses")
    period, gigahertz = said["sampling period"], said["cycles/second"] / 1e9
    types = [("contentions", "count"), ("delay", "nanoseconds")]
    recorded = Recorded(About(types, "", types[0], period, duration=said["ms since reset"] * 1_000_000))
    for cycles, count, addresses in found:
        delay = int(cycles * period / gigahertz) if gigahertz and period else cycles
        recorded.add(addresses, (count * (period or 1), delay))
    return recorded


def _threads(header: str, lines: _Lines) -> Recorded:
    """Each thread is a sample, and a part."""
    recorded = Recorded(About([("thread", "count")], "", ("thread", "count"), 1), owners=[])
    stack: list[int] = []
    previous: list[int] = []
    left = MOST_FRAMES
    thread = _THREAD.match(header)

    def end() -> None:
        nonlocal previous, left
        if thread is not None:
            previous = stack or previous
            left -= len(previous)
            if left < 0:
                raise lines.fault(f"threads have more than {MOST_FRAMES:,} frames")
            recorded.owners.append(Owner("thread", thread[2], None, int(thread[3])))
            recorded.add(_without_doubled(before(previous, leaf=True)), (1,), len(recorded.owners) - 1)

    for line in lines.samples():
        if not line.startswith("---"):
            stack += _addresses(line, lines) if thread else []
            continue
        end()
        stack, thread = [], _THREAD.match(line)
        if line.startswith("---- no stack trace for"):
            break
        if thread is None:
            raise lines.fault("expected a thread")
    end()
    return recorded


def _without_doubled(addresses: list[int]) -> list[int]:
    """Without a second address that is the leaf's again, as one of a call."""
    return addresses[:1] + addresses[2:] if len(addresses) > 1 and addresses[0] == addresses[1] + 1 else addresses


def _counts(name: str, lines: _Lines) -> Recorded:
    recorded = Recorded(About([(name, "count")], "", (name, "count"), 1))
    for line in lines.samples():
        if line.startswith("---"):
            break
        match = _COUNT.fullmatch(line)
        if match is None:
            raise lines.fault("expected a count and addresses")
        recorded.add(before(_addresses(match[2], lines), leaf=False), (int(match[1]),))
    return recorded


def _addresses(text: str, lines: _Lines) -> list[int]:
    if text.count("0x") != len(found := _ADDRESS.findall(text)):
        raise lines.fault("an address has more than 64 bits")
    return [int(digits, 16) for digits in found]


class _Lines:
    """The lines of a text up to the list of what was mapped, without blanks around; `mapped` are those behind it.

    `symbols` grows by the comments that Go writes below a sample:  # 0x4b9cee NAME+0x2e FILE:LINE
    """

    def __init__(self, data: bytes) -> None:
        self.number = 0
        self._ended = False
        self._lines = data.decode("utf-8", "surrogateescape").split("\n")
        self.symbols: dict[int, dict[tuple[str, str, int], None]] = {}

    def __iter__(self) -> Iterator[str]:
        while self.number < len(self._lines) and not self._ended:
            line = self._lines[self.number].strip()
            self.number += 1
            self._ended = any(sentinel in line for sentinel in SENTINELS)
            if self._ended:
                return
            if line.startswith("#") and len(line) < _LONGEST and (symbol := _SYMBOL.fullmatch(line)):
                place = symbol[2], symbol[3], int(symbol[4])
                self.symbols.setdefault(int(symbol[1], 16), {})[place] = None
            yield line

    def samples(self) -> Iterator[str]:
        """The lines that are not empty and no comments."""
        return (line for line in self if line and not line.startswith("#"))

    @property
    def mapped(self) -> list[str]:
        """The lines behind the sentinel."""
        for _ in self:
            pass
        return self._lines[self.number :]

    def fault(self, what: str) -> Malformed:
        """An error in the line that came last."""
        return Malformed(what, f"line {self.number:,}")
