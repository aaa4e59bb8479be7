"""Writing callgrind files that KCachegrind, QCachegrind and callgrind_annotate read without a complaint.

One file for each part. `naming` says how functions are called and why, `shown` which costs arcs get in recursion,
`comments` what the `# proftui:` lines at the end of a file hold.

The same profile always gives the same bytes: functions come sorted by file, object and name, and are numbered so.
A part's call tree is not held, only its graph. Format: https://valgrind.org/docs/manual/cl-format.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from proftui import __version__
from proftui.formats.callgrind.body import Layout, blocks, by_function, by_line, cost_texts
from proftui.formats.callgrind.comments import comment_lines, file_order
from proftui.formats.callgrind.event_lines import Event, events_of, one_line
from proftui.formats.callgrind.naming import Written, identity, written_names
from proftui.formats.callgrind.shown import Shown, shown
from proftui.model import CallGraph, Functions, LineCosts, Part, Profile
from proftui.model.combine import reordered

MOST_NOTES = 20
"""How many of a profile's notes are written at most."""


def write(profile: Profile) -> list[bytes]:
    """The callgrind files for `profile`, one for each part, to be called OUT, OUT.1, OUT.2, ..."""
    naming = _Naming.of(profile.functions)
    return [
        "".join(_text(profile, number, naming)).encode("utf-8", "surrogateescape")
        for number in range(len(profile.parts))
    ]


@dataclass(frozen=True)
class _Naming:
    """What each of the profile's functions is called; `renamed` are those whose identity that does not give."""

    names: Sequence[Written]
    modules_implied: bool
    renamed: dict[int, tuple[str, str, int, str]]

    @classmethod
    def of(cls, functions: Functions) -> _Naming:
        names = written_names(functions)
        implied = 2 * functions.object.count("") > len(functions)
        renamed = {
            at: stated
            for at, (row, stated) in enumerate(zip(names, functions.identities(), strict=True))
            if identity(row, modules_implied=implied) != stated
        }
        return cls(names, implied, renamed)


def _text(profile: Profile, number: int, naming: _Naming) -> Iterator[str]:
    """The file of one part."""
    part = profile.parts[number]
    order = file_order([naming.names[function] for function in part.graph.function.tolist()])
    events = events_of([profile.metrics[metric] for metric in part.metrics], formulas=part.graph.derived)
    stored = [at for at, event in enumerate(events) if not event.computed]
    graph = _of_metrics(reordered(part.graph, order), stored)
    stated = shown(graph)

    functions: list[int] = graph.function.tolist()
    rows = [naming.names[function] for function in functions]
    layout = Layout(rows, np.maximum(profile.functions.line[graph.function], 0))
    by_lines = part.lines and by_line(layout, graph, stated, _lines_of_metrics(part.lines, stored))
    costs, calls = by_lines or by_function(layout, stated)

    totals = cost_texts(stated.self_cost.sum(axis=1, keepdims=True))[0]
    yield from _header(profile, number, events, stated)
    yield f"summary: {totals}\n"
    yield from blocks(layout, costs, calls)
    yield f"\ntotals: {totals}\n"
    renamed = {place: naming.renamed[at] for place, at in enumerate(functions) if at in naming.renamed}
    about = _about(profile, part, events) | {"modules_implied": naming.modules_implied}
    yield "".join(f"{line}\n" for line in comment_lines(graph, stated, rows, about, renamed))


def _of_metrics(graph: CallGraph, rows: Sequence[int]) -> CallGraph:
    """`graph` with the costs of some of its metrics."""
    return replace(
        graph,
        self_cost=graph.self_cost[rows],
        inclusive=graph.inclusive[rows],
        arc_cost=graph.arc_cost[rows],
        arc_self=None if graph.arc_self is None else graph.arc_self[rows],
    )


def _lines_of_metrics(lines: LineCosts, rows: Sequence[int]) -> LineCosts:
    """`lines` with the costs of some of its metrics."""
    return replace(lines, cost=lines.cost[rows], site_cost=lines.site_cost[rows])


def _header(profile: Profile, number: int, events: Sequence[Event], stated: Shown) -> Iterator[str]:
    part = profile.parts[number]
    yield f"# callgrind format\nversion: 1\ncreator: proftui {__version__}\n"
    # one run's files have one pid and command, by which readers find them together
    if part.pid is not None and len({other.pid for other in profile.parts}) == 1:
        yield f"pid: {part.pid}\n"
    if command := one_line(profile.origin.command):
        yield f"cmd: {command}\n"
    if len(profile.parts) > 1:
        yield f"part: {number + 1}\n"
    if part.tid is not None:
        yield f"thread: {part.tid}\n"
    yield f"desc: Profile: {one_line(part.label)} ({profile.origin.kind})\n"
    yield from (f"desc: Note: {one_line(note)}\n" for note in (*profile.notes[:MOST_NOTES], *stated.notes))
    yield "positions: line\n"
    yield from (event.line() for event in events)
    yield f"events: {' '.join(event.name for event in events if not event.computed)}\n"


def _about(profile: Profile, part: Part, events: Sequence[Event]) -> dict[str, Any]:
    """What the header comment says of the profile and the part."""
    origin = profile.origin
    return {
        "format": origin.format,
        "kind": origin.kind,
        "creator": origin.creator,
        "command": origin.command,
        "label": part.label if len(profile.parts) > 1 else "",
        "part": part.kind,
        "pid": part.pid,
        "tid": part.tid,
        "metrics": [event.as_json() for event in events],
    }
