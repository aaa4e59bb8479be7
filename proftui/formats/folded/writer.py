"""Writes call trees as folded stacks: one line for each different stack that costs something, in the trees' order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from proftui.errors import Unwritable
from proftui.formats.folded.counts import SEPARATOR, is_counted_twice
from proftui.formats.folded.frames import Dialect, is_located, raw_of
from proftui.formats.folded.owners import Owner
from proftui.formats.folded.reader import BEFORE_AND_AFTER
from proftui.model import CallTree, Part, Profile

_UNNAMED = b"(unnamed)"
"""For a stack whose one frame has no name, which would read as a count without a stack."""

_TWO_COUNTS = re.compile(rb"[ \t](?=[0-9.]+ [0-9.]+$)")


def write(profile: Profile) -> list[bytes]:
    """One file with all parts that measure the first metric, in stored units: time in nanoseconds.

    Threads and processes are frames at the root, as py-spy has them; so is the label of any other part where there
    are several. Two metrics that came from a file with two counts a line become two counts again.
    Raises Unwritable for parts without a tree, and for costs below zero.
    """
    labels = [metric.label for metric in profile.metrics]
    metrics = (1, 0) if labels == [metric.label for metric in BEFORE_AND_AFTER] else (0,)
    parts = [part for part in profile.parts if set(metrics) <= set(part.metrics)]
    located = any(is_located(text) for part in parts for text in _texts(profile, part, Dialect(located=True)).values())
    written: dict[bytes, tuple[float, ...]] = {}
    for part in parts:
        roots = Owner.of(part).written() or [raw_of(part.label)] * (len(profile.parts) > 1)
        texts = _texts(profile, part, Dialect(located=located))
        for stack, costs in _stacks(part, [part.metrics.index(metric) for metric in metrics], texts, roots):
            known = written.get(stack)
            written[stack] = costs if known is None else tuple(map(sum, zip(known, costs, strict=True)))
    lines = [b" ".join((stack, *map(_count, costs))) for stack, costs in written.items()]
    if len(metrics) == 1 and all(map(is_counted_twice, lines)):
        # one line whose name does not end in what looks like a count tells that the others' do not either
        lines[:1] = [_TWO_COUNTS.sub(lambda match: _escaped(match[0]), line) for line in lines[:1]]
    return [b"".join(line + b"\n" for line in lines)]


def _tree(part: Part) -> CallTree:
    if part.tree is None:
        raise Unwritable(f"part {part.label!r}: folded stacks are written from call trees, and it has none")
    return part.tree


def _texts(profile: Profile, part: Part, dialect: Dialect) -> dict[int, bytes]:
    """The text of each frame in a part's tree."""
    tree = _tree(part)
    used = np.flatnonzero(np.bincount(tree.frame, minlength=1))
    function, line = tree.frames.function[used].tolist(), tree.frames.line[used].tolist()
    return {
        frame: dialect.written(profile.functions.identity(which), at)
        for frame, which, at in zip(used.tolist(), function, line, strict=True)
    }


def _stacks(
    part: Part, metrics: Sequence[int], texts: Mapping[int, bytes], roots: Sequence[bytes]
) -> Iterator[tuple[bytes, tuple[float, ...]]]:
    """The stacks of a part that cost something or call nothing, `roots` at their beginning, and what they cost."""
    tree = _tree(part)
    costs = np.nan_to_num(tree.self_cost[list(metrics)])
    if (costs < 0).any():
        raise Unwritable(f"part {part.label!r}: has costs below zero, and folded stacks count")
    rows = np.arange(len(tree))
    wanted = costs.any(axis=0) | (tree.end == rows + 1)
    depth = rows - np.cumsum(np.bincount(tree.end, minlength=len(tree) + 1))[: len(tree)] + len(roots)
    path = list(roots)
    columns = (depth.tolist(), tree.frame.tolist(), wanted.tolist(), costs.T.tolist())
    for above, frame, is_wanted, cost in zip(*columns, strict=True):
        del path[above:]
        path.append(texts[frame])
        if is_wanted:
            yield SEPARATOR.join(path) if above else _standing_alone(path[0]), tuple(cost)


def _standing_alone(frame: bytes) -> bytes:
    """A stack of one frame, which must not look like none at all."""
    if not frame:
        return _UNNAMED
    return _escaped(frame[:1]) + frame[1:] if frame.isspace() else frame


def _escaped(blank: bytes) -> bytes:
    return b"%%{%X}" % ord(blank)


def _count(value: float) -> bytes:
    """A count in decimal, exactly, and without an exponent."""
    return b"%d" % int(value) if value == int(value) else np.format_float_positional(value, 30, trim="-").encode()
