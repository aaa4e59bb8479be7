"""A tree's time line as what begins and ends, one after the other, where that tells all that the tree costs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from proftui.formats.speedscope.stack_texts import Sample
from proftui.model import CallTree, Timeline

Step = tuple[bool, int, float]
"""Whether a row begins or ends, the row, and when."""

_BATCH = 1 << 16


def told_in_time(tree: CallTree) -> Timeline | None:
    """The time line of a tree that has one and costs just what passes in it, one activation after the other."""
    timeline = tree.in_time()
    if timeline is None or not len(timeline):
        return None
    if not np.array_equal(timeline.self_costs(tree.parent), np.nan_to_num(tree.self_cost[0])):
        return None
    return timeline if _in_turn(tree, timeline) else None


def _in_turn(tree: CallTree, timeline: Timeline) -> bool:
    """Whether one activation ends before the next one beside it begins."""
    now = 0.0
    try:
        for _, _, at in steps(tree, timeline):
            if at < now:
                return False
            now = at
    except ValueError:
        return False
    return True


def steps(tree: CallTree, timeline: Timeline) -> Iterator[Step]:
    """What begins and what ends, in order. Raises ValueError for an activation within one that has ended."""
    running: list[tuple[int, int, float]] = []
    columns = (timeline.enclosing(tree.parent).tolist(), timeline.row.tolist(), timeline.start.tolist())
    for number, (above, row, start, end) in enumerate(zip(*columns, timeline.end.tolist(), strict=True)):
        while running and running[-1][0] != above:
            _, ended, at = running.pop()
            yield False, ended, at
        if above >= 0 and not running:
            raise ValueError("lies in what has ended")
        running.append((number, row, end))
        yield True, row, start
    for _, row, at in reversed(running):
        yield False, row, at


def events(steps: Iterator[Step], frames: list[int]) -> bytes:
    """Events as JSON; `frames` has the number of each row's frame."""
    texts = (
        b'{"type":"%c","at":%b,"frame":%d}' % (b"O" if begins else b"C", _number(at), frames[row])
        for begins, row, at in steps
    )
    pieces = iter(lambda: b",".join(islice(texts, _BATCH)), b"")
    return b"[%b]" % b",".join(pieces)


def _number(value: float) -> bytes:
    return b"%d" % value if value.is_integer() else repr(value).encode()


def samples(tree: CallTree, timeline: Timeline, frames: list[int]) -> Iterator[Sample]:
    """The stacks that follow each other, each valid until the next one is asked for, and how long each is there.

    A stack without frames where nothing runs.
    """
    stack: list[int] = []
    now = 0.0
    for begins, row, at in steps(tree, timeline):
        if at > now:
            yield stack, at - now
            now = at
        if begins:
            stack.append(frames[row])
        else:
            stack.pop()
