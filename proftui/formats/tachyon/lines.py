"""Reads the JSON lines of Python 3.15's sampler: how often each line of code was sampled, without stacks.

    {"type":"meta","v":1,"run_id":"...","sample_interval_usec":1000,"mode":"wall"}
    {"type":"str_def","v":1,"run_id":"...","defs":[{"str_id":1,"value":"parse"}]}
    {"type":"frame_def","v":1,"run_id":"...","defs":[{"frame_id":1,"path_str_id":2,"func_str_id":1,"line":2,"col":22}]}
    {"type":"agg","v":1,"run_id":"...","kind":"frame","scope":"final","samples_total":9,"entries":[
        {"frame_id":1,"self":3,"cumulative":5}]}
    {"type":"end","v":1,"run_id":"...","samples_total":9}

Version 0 calls the definitions string_table with `strings` and frame_table with `frames`.
https://github.com/python/cpython/blob/main/Lib/profiling/sampling/jsonl_collector.py
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.json_faults import ERRORS, fault
from proftui.formats.source import Source
from proftui.formats.tachyon.measures import Interval
from proftui.formats.tachyon.sums import Sampled, part_of
from proftui.model import Functions, Origin, Profile

MOST_BYTES = 1 << 28

_SAMPLED = {
    "cpu": "while they ran on a processor",
    "gil": "while they held Python's lock",
    "exception": "while they handled an exception",
}
"""When threads are sampled, by the mode, where this is not always."""


class StringDefinition(msgspec.Struct):
    """A text by its number."""

    str_id: int
    value: str


class FrameDefinition(msgspec.Struct):
    """A place in the code by its number."""

    frame_id: int
    path_str_id: int
    func_str_id: int
    line: int | None = None


class Entry(msgspec.Struct, rename={"own": "self"}):
    """In how many samples a place was what ran, and in how many it was on the stack."""

    frame_id: int
    own: int
    cumulative: int


class Strings(msgspec.Struct):
    """A line that defines texts."""

    defs: list[StringDefinition] = []
    strings: list[StringDefinition] = []


class Places(msgspec.Struct):
    """A line that defines places."""

    defs: list[FrameDefinition] = []
    frames: list[FrameDefinition] = []


class Totals(msgspec.Struct):
    """A line of figures."""

    entries: list[Entry]
    kind: str = "frame"


class Kind(msgspec.Struct):
    """What every line has, and what the first one says of the run."""

    type: str
    sample_interval_usec: float | None = None
    mode: str | None = None


_KIND = msgspec.json.Decoder(Kind)
_STRINGS = msgspec.json.Decoder(Strings)
_PLACES = msgspec.json.Decoder(Places)
_TOTALS = msgspec.json.Decoder(Totals)


@dataclass
class _Lines:
    """What the lines so far say."""

    meta: Kind | None = None
    texts: dict[int, str] = field(default_factory=dict)
    places: dict[int, FrameDefinition] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    ended: bool = False

    def take(self, line: bytes) -> None:
        """Raises one of msgspec's errors."""
        kind = _KIND.decode(line)
        match kind.type:
            case "meta":
                self.meta = kind
            case "str_def" | "string_table":
                strings = _STRINGS.decode(line)
                self.texts.update((each.str_id, each.value) for each in (*strings.defs, *strings.strings))
            case "frame_def" | "frame_table":
                places = _PLACES.decode(line)
                self.places.update((each.frame_id, each) for each in (*places.defs, *places.frames))
            case "agg":
                totals = _TOTALS.decode(line)
                self.entries += totals.entries if totals.kind == "frame" else []
            case "end":
                self.ended = True

    def sampled(self) -> list[Sampled]:
        """The figures of each place. Raises Malformed."""
        found = []
        for entry in self.entries:
            place = self.places.get(entry.frame_id)
            if place is None or place.func_str_id not in self.texts or place.path_str_id not in self.texts:
                raise Malformed("a frame is not defined", f"frame {entry.frame_id:,}")
            if not 0 <= entry.own <= entry.cumulative < 1 << 53:
                raise Malformed("numbers of samples cannot be", f"frame {entry.frame_id:,}")
            line = place.line if place.line is not None and 0 < place.line < 1 << 31 else None
            name, path = self.texts[place.func_str_id], self.texts[place.path_str_id]
            found.append(Sampled(name, path, line, entry.own, entry.cumulative))
        return found


def read_lines(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file. Raises Malformed."""
    del options
    lines = _Lines()
    for number, line in enumerate(source.read(MOST_BYTES).splitlines(), 1):
        if not line.strip():
            continue
        try:
            lines.take(line)
        except ERRORS as error:
            raise fault(error, f"line {number:,}", len(line)) from None
    if lines.meta is None or not lines.ended:
        raise Malformed("its lines end too early")
    interval = Interval(lines.meta.sample_interval_usec)
    identities, part, spread = part_of(lines.sampled(), interval, source.name)
    notes = ["the file holds no stacks: who called whom is not known", *interval.notes()]
    if when := _SAMPLED.get(lines.meta.mode or ""):
        notes.append(f"threads were sampled only {when}")
    if spread:
        notes.append(
            "samples are counted by line: where several lines of a function were sampled, its inclusive cost lies"
            " between that of one of them and the sum"
        )
    return Profile(
        name=source.name,
        origin=Origin(source.path, "tachyon-jsonl", "sampled", "profiling.sampling"),
        metrics=interval.metrics,
        functions=Functions.of(identities),
        parts=(part,),
        notes=tuple(notes),
    ).checked()
