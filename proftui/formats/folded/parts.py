"""The tree of a whole file taken apart into those of its threads and processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from proftui.errors import Malformed
from proftui.formats.folded.frames import Dialect, Identity
from proftui.formats.folded.owners import NOBODY, PERF, Owner, Owners
from proftui.formats.source import Source
from proftui.model import NO_LINE, CallTree, Floats, Frames, Functions, Part

NO_STACK = b"(no stack)"
"""The frame of what was counted for a thread or a process with nothing below its name."""

MOST_PARTS = 20_000


@dataclass
class _Share:
    """What belongs to one owner: `ranges` of rows of the whole tree, and costs without a stack or None."""

    owner: Owner
    ranges: list[tuple[int, int]] = field(default_factory=list)
    without_stack: Floats | None = None

    def add(self, start: int, end: int) -> None:
        """Give it further rows."""
        if self.ranges and self.ranges[-1][1] == start:
            start = self.ranges.pop()[0]
        self.ranges.append((start, end))


def parts_of(whole: CallTree, texts: Sequence[bytes], source: Source) -> tuple[Functions, tuple[Part, ...]]:
    """The functions of a file, and one part for each thread or process that its lines name.

    `texts` are those of the frames of `whole`. What is nobody's is a part by the name of the file. Raises Malformed.
    """
    roots = {texts[frame] for frame in whole.frame[whole.parent < 0].tolist()}
    dialect = Dialect.of(texts, colons=any(root.startswith(b"tid:") for root in roots))
    owners = Owners(perf=all(map(PERF.fullmatch, roots)), located=dialect.located)
    shares = _shares(whole, texts, owners)
    functions, frames = _frames(whole, [*texts, NO_STACK], shares, dialect)
    metrics = tuple(range(len(whole.self_cost)))
    parts = []
    for share in shares:
        tree, owner = _tree(whole, share, frames), share.owner
        label = owner.label or source.name
        parts.append(Part(label, tree.to_graph(), metrics, owner.kind, owner.pid, owner.tid, tree))
    return functions, tuple(parts)


def _shares(whole: CallTree, texts: Sequence[bytes], owners: Owners) -> list[_Share]:
    """The rows of each owner, in the order of the file; rows that name one belong to nobody."""
    found = [_Share(NOBODY)]
    entered = [(0, len(whole), found[0])]
    row = 0
    while row < len(whole):
        while row >= entered[-1][1]:
            entered.pop()
        start, end, share = entered[-1]
        below = int(whole.end[row])
        alone = row == start and below == end and share.without_stack is None
        owner = owners.entered(share.owner, texts[whole.frame[row]], alone=alone)
        if owner is None:
            share.add(row, below)
            row = below
            continue
        cost = whole.self_cost[:, row]
        found.append(_Share(owner, without_stack=cost if cost.any() or below == row + 1 else None))
        if len(found) > MOST_PARTS:
            raise Malformed(f"names more than {MOST_PARTS:,} threads and processes")
        entered.append((row + 1, below, found[-1]))
        row += 1
    return [share for share in found if share.ranges or share.without_stack is not None]


def _frames(
    whole: CallTree, texts: Sequence[bytes], shares: Sequence[_Share], dialect: Dialect
) -> tuple[Functions, Frames]:
    """The functions of the frames that shares have, and the frames, by the numbers of their texts."""
    used = np.zeros(len(texts), np.bool_)
    for share in shares:
        for start, end in share.ranges:
            used[whole.frame[start:end]] = True
        used[-1] |= share.without_stack is not None
    ids: dict[Identity, int] = {}
    function, line = np.zeros(len(texts), np.int32), np.full(len(texts), NO_LINE, np.int32)
    for number in np.flatnonzero(used).tolist():
        identity, line[number] = dialect.parsed(texts[number])
        function[number] = ids.setdefault(identity, len(ids))
    return Functions.of(ids), Frames(function, line)


def _tree(whole: CallTree, share: _Share, frames: Frames) -> CallTree:
    """The tree of one share; what has no stack is the cost of a root of its own, the last frame."""
    parents, ends, rows = [], [], 0
    for start, end in share.ranges:
        above = whole.parent[start:end]
        parents.append(np.where(above < start, -1, above - start + rows))
        ends.append(whole.end[start:end] - start + rows)
        rows += end - start
    frame = [whole.frame[start:end] for start, end in share.ranges]
    cost = [whole.self_cost[:, start:end] for start, end in share.ranges]
    if share.without_stack is not None:
        parents.append(np.array([-1]))
        ends.append(np.array([rows + 1], np.int32))
        frame.append(np.array([len(frames.function) - 1], np.int32))
        cost.append(share.without_stack[:, None])
    return CallTree(
        frames, np.concatenate(frame), np.concatenate(parents).astype(np.int32), np.concatenate(ends).astype(np.int32),
        np.concatenate(cost, axis=1),
    )  # fmt: skip
