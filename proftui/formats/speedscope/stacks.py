"""The stacks of a sampled profile, each different one once, and the call tree of them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.json_arrays import BETWEEN_ARRAYS, BETWEEN_NUMBERS, Array
from proftui.formats.json_faults import ERRORS, fault
from proftui.formats.speedscope.document import Index, Sampled
from proftui.formats.speedscope.measures import Measure
from proftui.model import CallTree, Floats, Frames, Ids, Samples, grouped
from proftui.model.inclusive import sums
from proftui.model.preorder import preorder

MOST_DEPTH = 30_000
"""Frames that a stack may have; speedscope itself ends at some 10,000."""

Places = npt.NDArray[np.int64]

_BATCH = 1 << 16
_BLANKS = b" \t\r\n"

_STACKS = msgspec.json.Decoder(list[list[Index]])
_WEIGHTS = msgspec.json.Decoder(list[float])


@dataclass(frozen=True, eq=False)
class Stacks:
    """U different stacks, one behind the other from root to leaf in `frame`; the length and the cost of each.

    `sample` and `weight` are N: which of them was sampled, in order, and what that weighs in stored units.
    """

    frame: Ids
    length: Ids
    cost: Floats
    sample: Ids
    weight: Floats

    @property
    def without_frames(self) -> float:
        """What the stack that has no frames costs."""
        return float(self.cost[self.length == 0].sum())

    def tree(self, frames: Frames) -> CallTree:
        """The call tree of all stacks that have frames, with the samples."""
        frame, parent, cost, leaf = self._rows(len(frames.function))
        order, size = preorder(parent, np.zeros(len(parent), np.int32))
        place = np.full(len(order) + 1, -1, np.int32)  # the last one is what -1 means
        place[order] = np.arange(len(order), dtype=np.int32)
        end = np.arange(len(order), dtype=np.int32) + size[order]
        samples = Samples(place[leaf[self.sample]], self.weight)
        return CallTree(frames, frame[order], place[parent[order]], end, cost[:, order], samples=samples)

    def _rows(self, frames: int) -> tuple[Ids, Ids, Floats, Places]:
        """The frame, the row above and the cost of each calling context, by depth; and the rows of stacks."""
        starts = np.cumsum(self.length, dtype=np.int64) - self.length
        by_length = np.argsort(self.length, kind="stable")
        shorter = np.cumsum(np.bincount(self.length, minlength=1)).tolist()
        row = np.full(len(self.length), -1, np.int64)
        frame_of, parent_of, count = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], 0
        for depth in range(len(shorter) - 1):
            deep = by_length[shorter[depth] :]
            frame, above = self.frame[starts[deep] + depth], row[deep]
            one, which = grouped((above + 1) * frames + frame)
            frame_of.append(frame[one])
            parent_of.append(above[one].astype(np.int32))
            row[deep] = count + which
            count += len(one)
        cost = sums(row + 1, self.cost[None], count + 1)[:, 1:]
        return np.concatenate(frame_of), np.concatenate(parent_of), cost, row


def stacks_of(profile: Sampled, place: str, measure: Measure, which: Ids, report: Callable[[int], None]) -> Stacks:
    """The different stacks of a profile in order of appearance, in the frames that `which` has for the file's.

    Raises Malformed.
    """
    samples = Array(profile.samples, f"{place}.samples", BETWEEN_ARRAYS, report)
    weights = Array(profile.weights, f"{place}.weights", BETWEEN_NUMBERS, report)
    known: defaultdict[bytes, int] = defaultdict(itertools.count().__next__)
    found = (np.fromiter(map(known.__getitem__, stacks), np.int32, len(stacks)) for stacks in _texts(samples))
    stack = np.concatenate([np.zeros(0, np.int32), *found])
    frame, length = _decoded(list(known), samples)
    if len(frame) and int(frame.max()) >= len(which):
        raise Malformed(f"there is no frame {int(frame.max()):,}; there are {len(which):,}", samples.place)
    if len(length) and int(length.max()) > MOST_DEPTH:
        raise Malformed(f"a stack has more than {MOST_DEPTH:,} frames", samples.place)
    weight = np.concatenate([np.zeros(0), *map(np.array, weights.items(_WEIGHTS))])
    if len(stack) != len(weight):
        raise Malformed(f"has {len(stack):,} samples and {len(weight):,} weights", place)
    if (weight < 0).any():
        raise Malformed("a weight is below zero", f"{place}.weights[{int(np.argmax(weight < 0))}]")
    weight = measure.stored(weight)
    cost = np.bincount(stack, weight, len(known)).astype(np.float64, copy=False)
    if not np.isfinite(cost).all():
        raise Malformed("the weights are too large", place)
    return Stacks(which[frame], length, measure.rounded(cost), stack, weight)


def _texts(samples: Array) -> Iterator[list[bytes]]:
    """The stacks as they are written, without brackets and blanks, many at a time."""
    for piece in samples.pieces():
        text = piece.translate(None, _BLANKS)
        if not text:
            continue
        if not (text.startswith(b"[") and text.endswith(b"]")):
            raise Malformed("expected arrays", samples.place)
        yield text[1:-1].split(b"],[")


def _decoded(texts: Sequence[bytes], samples: Array) -> tuple[Ids, Ids]:
    """The frames of stacks, one behind the other, and how many each has."""
    frame, length = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        try:
            stacks = _STACKS.decode(b"[[%b]]" % b"],[".join(batch))
        except ERRORS:
            raise _fault(batch, samples) from None
        length.append(np.fromiter(map(len, stacks), np.int32, len(stacks)))
        frame.append(np.fromiter(itertools.chain.from_iterable(stacks), np.int32, int(length[-1].sum())))
    return np.concatenate(frame), np.concatenate(length)


def _fault(texts: Sequence[bytes], samples: Array) -> Malformed:
    """What is wrong with one of these stacks, and the number of the first sample with such a one."""
    bad, error = next((text, error) for text in texts if (error := _error(text)))
    before = 0
    for stacks in _texts(samples):
        if bad in stacks:
            before += stacks.index(bad)
            break
        before += len(stacks)
    return fault(error, samples.place, len(bad), before)


def _error(text: bytes) -> Exception | None:
    """Why the text is not one stack."""
    try:
        _STACKS.decode(b"[[%b]]" % text)
    except ERRORS as error:
        return error
    return None
