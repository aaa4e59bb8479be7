"""Protocol buffers' wire format (https://protobuf.dev/programming-guides/encoding/), many messages at a time."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
"""Offsets into the bytes of a file; which message of several."""

Numbers = npt.NDArray[np.uint64]

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
"""The kinds of fields, by which their length is known; those of groups, which no profile has, are refused."""

LONGEST = 10
"""Bytes of a number at most."""

MOST_FIELDS = 1 << 23
"""Fields that a message may have: the outermost one has a field for each sample, function and text."""

_FEW = 64
"""So many messages and fewer are read one by one, which is quicker then."""


@dataclass(frozen=True, eq=False)
class Fields:
    """K fields of several messages: message by message, in the order in which the file has them.

    count           of the messages
    message         K: which of the messages
    number, kind    K
    begin, stop     K: where the content is: the number itself, or what is as long as a length says
    """

    data: Bytes
    count: int
    message: Places
    number: Places
    kind: Places
    begin: Places
    stop: Places

    def delimited(self, number: int) -> tuple[Places, Places, Places]:
        """(message, begin, stop) of what has this number: texts, or messages."""
        rows = np.flatnonzero((self.number == number) & (self.kind == DELIMITED))
        return self.message[rows], self.begin[rows], self.stop[rows]

    def messages(self, number: int) -> tuple[Places, Fields]:
        """For each message of this number that in which it is, and their fields."""
        message, begin, stop = self.delimited(number)
        return message, fields(self.data, begin, stop)

    def last(self, number: int) -> Numbers:
        """count: the number that each message has of this field, 0 where it has none."""
        rows = np.flatnonzero((self.number == number) & (self.kind == VARINT))
        value = np.zeros(self.count, np.uint64)
        value[self.message[rows]] = varints(self.data, self.begin[rows], self.stop[rows])[0]
        return value

    def repeated(self, number: int) -> tuple[Numbers, Places]:
        """All numbers that the messages have of a repeated field, packed or not, and how many each message has."""
        rows = np.flatnonzero((self.number == number) & ((self.kind == VARINT) | (self.kind == DELIMITED)))
        values, sizes = varints(self.data, self.begin[rows], self.stop[rows])
        return values, np.bincount(self.message[rows], sizes, self.count).astype(np.int64)


def fields(data: Bytes, begin: Places, stop: Places) -> Fields:
    """The fields of messages that are at these places, each message behind the one before. Raises Malformed."""
    found = [np.zeros((4, 0), np.int64)]
    message, at, end = np.arange(len(begin)), begin, stop
    while True:
        more = at < end
        message, at, end = message[more], at[more], end[more]
        if len(message) <= _FEW:
            break
        step = _step(data, at, end)
        found.append(np.stack([message, *step]))
        at = step[-1]
    raw = data.data
    found += [
        _one(raw, which, *place) for which, *place in zip(message.tolist(), at.tolist(), end.tolist(), strict=True)
    ]
    which, tag, content, after = np.concatenate(found, axis=1)
    order = np.argsort(which, kind="stable") if len(begin) > 1 else slice(None)
    tag = tag[order]
    return Fields(data, len(begin), which[order], tag >> 3, tag & 7, content[order], after[order])


def _step(data: Bytes, at: Places, end: Places) -> tuple[Places, Places, Places]:
    """The next field of each of many messages: its tag, and from where to where its content is."""
    head = _ends(data, at)
    tag, _ = varints(data, at, np.minimum(head, len(data)))
    kind = (tag & np.uint64(7)).astype(np.int64)
    content, after = head, head + np.where(kind == FIXED64, 8, 4)
    varint = np.flatnonzero(kind == VARINT)
    after[varint] = _ends(data, head[varint])
    delimited = np.flatnonzero(kind == DELIMITED)
    content[delimited] = _ends(data, lengths := head[delimited])
    size, _ = varints(data, lengths, np.minimum(content[delimited], len(data)))
    after[delimited] = content[delimited] + np.minimum(size, np.uint64(len(data) + 1)).astype(np.int64)
    wrong = (after > end) | (tag < 8) | (tag >= 1 << 32) | (kind == 3) | (kind == 4) | (kind > FIXED32)
    if wrong.any():
        raise _fault(int(at[np.argmax(wrong)]))
    return tag.astype(np.int64), content, after


def _one(data: memoryview, message: int, at: int, end: int) -> Places:
    """The fields of one message from `at` on: (message, tag, begin, stop), 4 x K."""
    found = array("q")
    try:
        while at < end:
            first = at
            tag, at = data[at], at + 1
            if tag > 127:
                tag, at = _varint(data, at - 1)
            kind, begin = tag & 7, at
            if kind == DELIMITED:
                size, at = data[at], at + 1
                if size > 127:
                    size, at = _varint(data, at - 1)
                begin = at
                at += size
            elif kind == VARINT:
                at = _varint(data, at)[1]
            else:
                at += 8 if kind == FIXED64 else 4
            if at > end or tag < 8 or tag >= 1 << 32 or kind in (3, 4) or kind > FIXED32:
                raise _fault(first)
            found.extend((tag, begin, at))
            if len(found) > 3 * MOST_FIELDS:
                raise Malformed(f"holds more than {MOST_FIELDS:,} entries", f"byte {first:,}")
    except IndexError:
        raise _fault(at) from None
    columns = np.frombuffer(found, np.int64).reshape(-1, 3).T
    return np.concatenate([np.full((1, columns.shape[1]), message), columns])


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """The number at a place, and where it ends; raises IndexError at the end of the data."""
    value = shift = 0
    for place in range(at, at + LONGEST):
        byte = data[place]
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place + 1
        shift += 7
    raise _fault(at)


def _ends(data: Bytes, at: Places) -> Places:
    """Where the numbers end that begin at these places: behind the end of the data where they are too long."""
    end: Places = at.copy()
    open_ = np.arange(len(at))
    for _ in range(LONGEST):
        byte = data.take(end[open_], mode="clip")
        end[open_] += 1
        open_ = open_[byte > 127]
        if not len(open_):
            return end
    end[open_] = len(data) + 1
    return end


def varints(data: Bytes, begin: Places, stop: Places) -> tuple[Numbers, Places]:
    """The numbers that are packed in these ranges, one behind the other, and how many each range has.

    Raises Malformed.
    """
    length = np.maximum(stop - begin, 0)
    before = np.cumsum(length) - length
    byte = data[np.repeat(begin - before, length) + np.arange(int(length.sum()))]
    ends = byte < 128
    full = length > 0
    if not ends[(before + length - 1)[full]].all():
        raise Malformed("a number does not end", f"byte {int(begin[full][0]):,}")
    last = np.flatnonzero(ends)
    first = np.concatenate([[0], last[:-1] + 1])[: len(last)]
    size = last - first + 1
    if len(size) and size.max() > LONGEST:
        raise Malformed(f"a number has more than {LONGEST} bytes", f"byte {int(begin[full][0]):,}")
    value = (byte[first] & 127).astype(np.uint64)
    longer = np.flatnonzero(size > 1)
    for place in range(1, LONGEST):
        if not len(longer):
            break
        value[longer] |= (byte[first[longer] + place] & 127).astype(np.uint64) << np.uint64(7 * place)
        longer = longer[size[longer] > place + 1]
    seen = np.concatenate([[0], np.cumsum(ends)])
    return value, seen[before + length] - seen[before]


def _fault(at: int) -> Malformed:
    return Malformed("is cut off, or damaged: there is no field of a profile", f"byte {at:,}")
