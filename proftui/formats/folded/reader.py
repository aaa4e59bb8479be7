"""Reads folded stacks into a profile with a tree for each thread and process."""

from __future__ import annotations

from collections.abc import Iterator

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.encoding import utf8_head, utf8_lines
from proftui.formats.folded.contexts import Contexts
from proftui.formats.folded.counts import counted, is_counted_twice
from proftui.formats.folded.parts import parts_of
from proftui.formats.source import Source
from proftui.model import Floats, Metric, Origin, Profile
from proftui.units import SAMPLES
from proftui.units import counted as amount

SAMPLE_COUNT = Metric("samples", SAMPLES)

BEFORE_AND_AFTER = (Metric("samples", SAMPLES, "samples after"), Metric("samples before", SAMPLES))
"""Of files with two counts a line: the last one is the width that flamegraph.pl draws."""

_READING = 0.8
"""The share of the work that is done when the lines are taken up."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in folded stacks; a frame's line is that of its tree's frame. Raises Malformed."""
    del options
    source.share = _READING
    contexts = _differences(source) or _taken_up(source, Contexts())
    whole, without_stack = contexts.finished()
    if not len(whole):
        raise Malformed("no line holds a stack with a count behind it", "line 1")
    functions, parts = parts_of(whole, list(contexts.frames), source)
    return Profile(
        name=source.name,
        origin=Origin(source.path, "folded", "sampled"),
        metrics=BEFORE_AND_AFTER if contexts.columns > 1 else (SAMPLE_COUNT,),
        functions=functions,
        parts=parts,
        notes=tuple(_notes(contexts, without_stack)),
    ).checked()


def _differences(source: Source) -> Contexts | None:
    """The lines of a file that has two counts in each, None of any other."""
    first = next((line for line in utf8_head(source.head).split(b"\n") if counted(line)), b"")
    if not is_counted_twice(first):
        return None
    contexts = _taken_up(source, Contexts(columns=2))
    return None if contexts.uneven else contexts


def _taken_up(source: Source, contexts: Contexts) -> Contexts:
    """`contexts` with the lines of a file, or as many as show that they end in fewer counts."""
    for lines in utf8_lines(source):
        contexts.add(lines)
        if contexts.uneven:
            break
    return contexts


def _notes(contexts: Contexts, without_stack: Floats) -> Iterator[str]:
    if contexts.skipped:
        yield (
            f"{amount(contexts.skipped, 'line')} without a count left out, as other readers do;"
            f" the first is line {contexts.first_skipped:,}"
        )
    if without_stack.any():
        yield f"{amount(without_stack[0], 'sample')} without a stack left out of the total"
    if contexts.remarks:
        yield (
            f"{amount(contexts.remarks, 'line')} that begins with '#' and ends in a number was read as a stack,"
            " as other readers do"
        )
