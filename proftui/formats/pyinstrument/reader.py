"""Reads pyinstrument's files into a profile with a part for each thread."""

from __future__ import annotations

from collections.abc import Iterator

from proftui.formats.base import ReadOptions
from proftui.formats.pyinstrument.document import Embedded, Recorded, Rendered, Session, document_of
from proftui.formats.pyinstrument.records import stacks_of_records
from proftui.formats.pyinstrument.rendered import stacks_of_tree
from proftui.formats.pyinstrument.stacks import MOST_SECONDS, Stacks
from proftui.formats.source import Source
from proftui.model import WALL_TIME, CallGraph, Origin, Part, Profile
from proftui.units import TIME, counted, draw

_READING = 0.3
"""The share of the work that is done when the bytes are in memory."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file: exact trees of what was sampled. A frame's line is that of its tree's frame.

    Of `-r json` the order of time is not known. Raises Malformed.
    """
    del options
    source.share = _READING
    document = document_of(source)
    session = document.session if isinstance(document, Embedded) else document
    functions, parts = _stacks(document, source).parts(source.name, ordered=not isinstance(document, Rendered))
    target = session.target_description or session.program or ""
    return Profile(
        name=source.name,
        origin=Origin(source.path, "pyinstrument", "sampled", "pyinstrument", target.removeprefix("Program: ")),
        metrics=(WALL_TIME,),
        functions=functions,
        parts=parts or (Part(source.name, CallGraph.empty(1)),),
        notes=(*_notes(session), *_kind_notes(document)),
    ).checked()


def _stacks(document: Recorded | Rendered | Embedded, source: Source) -> Stacks:
    if isinstance(document, Rendered):
        return stacks_of_tree(document.root_frame)
    if isinstance(document, Embedded):
        return stacks_of_tree(document.frame_tree)
    whole, done = len(memoryview(document.frame_records)) + 1, 0

    def report(size: int) -> None:
        nonlocal done
        done += size
        if source.progress:
            source.progress(_READING + (1 - _READING) * min(1.0, done / whole))

    return stacks_of_records(document.frame_records, report)


def _notes(session: Session) -> Iterator[str]:
    """What the file says of the run."""
    said = []
    if session.sample_count is not None and 0 <= session.sample_count < 1 << 53:
        said.append(counted(session.sample_count, "sample"))
    if session.duration is not None and 0 <= session.duration < MOST_SECONDS:
        said.append(f"in {draw(session.duration * 1e9, TIME)}")
    if session.cpu_time is not None and 0 < session.cpu_time < MOST_SECONDS:
        said.append(f"with {draw(session.cpu_time * 1e9, TIME)} of CPU time")
    if said:
        yield f"pyinstrument took {' '.join(said)}"


def _kind_notes(document: Recorded | Rendered | Embedded) -> Iterator[str]:
    if isinstance(document, Rendered):
        yield (
            "pyinstrument's JSON leaves short and hidden frames out, and adds their time to their callers';"
            " a session (-o x.pyisession) has them all, in the order of time"
        )
