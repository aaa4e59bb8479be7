"""Dumps of callgrind, and of the programs that write its format, as profiles.

https://valgrind.org/docs/manual/cl-format.html; what its readers do beyond it is in libcore/cachegrindloader.cpp of
KCachegrind. Lines are read with numpy, a block at a time (`scan`); what their names stand for is told only when a
part is complete (`identify`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.callgrind.events import Events
from proftui.formats.callgrind.graph import Costs, Register, graph_of, spelling_of
from proftui.formats.callgrind.header import Header
from proftui.formats.callgrind.line_costs import line_costs_of
from proftui.formats.callgrind.pieces import Dump, RawPart
from proftui.formats.source import Source
from proftui.model import Functions, Origin, Part, PartKind, Profile


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a dump: one part for each header in it."""
    dump = Dump(source, by_line=options.lines)
    if not dump.lines:
        raise Malformed("is empty")
    if dump.header.events is None:
        raise Malformed("there is no 'events:' line that says what the costs are", f"line {max(dump.lines, 1)}")
    events = Events([part.header for part in dump.parts])
    register = Register()
    parts = []
    below_zero: set[str] = set()
    notes = [*dump.tally.notes(), *events.notes, *_end(dump)]
    for raw, label in zip(dump.parts, _labels(source, [part.header for part in dump.parts]), strict=True):
        spelling = spelling_of(raw)
        costs = Costs(raw, spelling)
        ids = costs.ids(register)
        scaling = events.scaling(raw.header)
        parts.append(
            Part(
                label=label,
                graph=graph_of(costs, ids, scaling),
                metrics=events.places(raw.header),
                kind=_kind(raw.header),
                pid=raw.header.pid,
                tid=raw.header.thread,
                lines=line_costs_of(raw, spelling, costs, ids, scaling),
            )
        )
        named = raw.header.events or ()
        below_zero |= {named[event] for piece in raw.pieces for event in piece.sums.negative}
        notes += _about_part(raw, costs, f"{label}: " if len(dump.parts) > 1 else "")
    first = dump.parts[0].header
    profile = Profile(
        name=source.name,
        origin=Origin(source.path, "callgrind", events.kind, first.creator, first.command),
        metrics=events.metrics(below_zero),
        functions=Functions.of(register.rows()),
        parts=tuple(parts),
        notes=tuple(notes),
    )
    if dump.comments:
        # imported here: most files have none
        from proftui.formats.callgrind.restore import restore

        profile = restore(profile, dump.comments)
    return profile.checked()


def _kind(header: Header) -> PartKind:
    if header.thread is not None:
        return "thread"
    return "dump" if header.part is not None else "file"


def _labels(source: Source, headers: Sequence[Header]) -> list[str]:
    """What the parts are called: by their numbers in the run, which runs appended to a file have in common."""
    if len(headers) == 1:
        return [source.name]
    stated = [(header.part, header.thread) for header in headers]
    if len(set(stated)) < len(stated):
        return [f"part {number}" for number in range(1, len(headers) + 1)]
    return [f"part {part or 1}" + (f" thread {thread}" if thread is not None else "") for part, thread in stated]


def _end(dump: Dump) -> Iterator[str]:
    """A note when the file ends before its writer would end it."""
    last = dump.parts[-1]
    keys = {said.key for said in last.stated}
    creator = dump.header.creator.lower()
    expected = {"callgrind": b"totals", "xdebug": b"summary"}.get(creator.partition("-")[0].partition(" ")[0])
    if dump.cut_off:
        yield f"the last line, {dump.lines:,}, has no line end; the file may be cut off there"
    elif expected and expected not in keys:
        yield f"the file may be cut off at its last line, {dump.lines:,}: its '{expected.decode()}:' line is missing"
    if all(part.empty for part in dump.parts):
        yield "the file holds no costs"


def _about_part(raw: RawPart, costs: Costs, which: str) -> Iterator[str]:
    """Notes on names without a definition, and on lines `summary:` and `totals:` that say other sums."""
    if costs.functions.undefined:
        yield f"{which}numbers of names that are nowhere defined, shown as numbers: {costs.functions.undefined:,}"
    sums = costs.own.sum(axis=1)
    for said in raw.stated:
        stated = said.numbers()
        for event, stated_sum, total in zip(raw.header.events or (), stated, sums.tolist(), strict=False):
            if stated_sum is not None and stated_sum != total:
                yield (
                    f"{which}the '{said.key.decode()}:' line says {stated_sum:,.0f} {event}, "
                    f"the lines sum to {total:,.0f}, which counts"
                )
                break
