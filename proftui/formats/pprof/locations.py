"""The locations of a profile as frames: the functions at an address, of which all but the outermost are inlined."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.frame_ids import FrameIds
from proftui.formats.pprof.strings import Strings
from proftui.formats.pprof.wire import Fields, Numbers, Places
from proftui.model import NO_LINE, Frames, Functions, Ids, grouped

UNKNOWN = "<unknown>"
"""What pprof calls a function of which nothing is known."""

NO_STACK = "(no stack)"
"""The function of samples that have no location."""

_LAST_LINE = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Locations:
    """L locations; the frames of one are frame[start:start + count], the innermost of them first.

    addresses   how many functions there are that are known by nothing but an address
    """

    functions: Functions
    frames: Frames
    frame: Ids
    start: Places
    count: Places
    addresses: int = 0

    def __len__(self) -> int:
        return len(self.start)

    @property
    def no_stack(self) -> int:
        """The frame of samples that have no location, which comes behind all others."""
        return len(self.frames.function)

    def with_owners(self, owners: int) -> Locations:
        """With so many locations more, each of one frame that no function has; and one frame for `no_stack` before."""
        nothing = np.full(owners + 1, -1, np.int32)
        frames = Frames(np.concatenate([self.frames.function, nothing]), np.concatenate([self.frames.line, nothing]))
        further = np.arange(owners)
        return replace(
            self,
            frames=frames,
            frame=np.concatenate([self.frame, (self.no_stack + 1 + further).astype(np.int32)]),
            start=np.concatenate([self.start, len(self.frame) + further]),
            count=np.concatenate([self.count, np.ones(owners, np.int64)]),
        )

    def with_no_stack(self) -> tuple[Functions, Frames]:
        """The functions, and the frames with the one for `no_stack`."""
        functions = Functions.of([*self.functions.identities(), (NO_STACK, "", NO_LINE, "")])
        frames = Frames(
            np.append(self.frames.function, np.int32(len(self.functions))),
            np.append(self.frames.line, np.int32(NO_LINE)),
        )
        return functions, frames


class Table:
    """Where the messages are that others name by an id, which is never 0."""

    def __init__(self, ids: Numbers, what: str) -> None:
        self._order = np.argsort(ids, kind="stable")
        self._ids = ids[self._order]
        self._in_order = bool((ids == np.arange(1, len(ids) + 1, dtype=np.uint64)).all())
        if len(ids) and (self._ids[0] == 0 or (self._ids[1:] == self._ids[:-1]).any()):
            raise Malformed(f"two {what}s have one id, or one has the id 0")

    def find(self, ids: Numbers) -> Places:
        """The number of each message that is named, -1 where there is none."""
        if self._in_order:
            place = np.minimum(ids, np.uint64(len(self._ids) + 1)).astype(np.int64) - 1
            return np.where(place < len(self._ids), place, -1)
        if not len(self._ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return np.where(self._ids[at] == ids, self._order[at], -1)


def locations_of(top: Fields, strings: Strings) -> tuple[Table, Locations]:
    """The locations in a file, and where each id is. Raises Malformed."""
    _, location = top.messages(4)
    table = Table(location.last(1), "location")
    owner, line = location.messages(4)
    _, function = top.messages(5)
    _, mapping = top.messages(3)
    names = _Names(function, mapping, strings)
    of_line = Table(function.last(1), "function").find(line.last(1))
    binary = Table(mapping.last(1), "mapping").find(location.last(2))
    count = np.bincount(owner, minlength=location.count)
    bare = np.flatnonzero(count == 0)
    owner = np.concatenate([owner, bare])
    order = np.argsort(owner, kind="stable")
    which = np.concatenate([of_line, np.full(len(bare), -1)])[order]
    current = np.concatenate([_lines(line.last(2)), np.full(len(bare), NO_LINE, np.int32)])[order]
    owner = owner[order]
    ids = names.functions(which, binary[owner], location.last(3)[owner])
    first, frame = grouped((ids << 32) + current + 1)
    count = np.maximum(count, 1)
    functions = names.ids.functions()
    frames = Frames(ids[first].astype(np.int32), current[first].astype(np.int32))
    return table, Locations(functions, frames, frame.astype(np.int32), np.cumsum(count) - count, count, names.addresses)


def _lines(lines: Numbers) -> Ids:
    """Line numbers, which begin at 1."""
    return np.where((lines > 0) & (lines <= _LAST_LINE), lines, np.uint64(2**32 - 1)).astype(np.uint32).view(np.int32)


class _Names:
    """Numbers functions as they are asked for: one is another in each binary."""

    def __init__(self, function: Fields, mapping: Fields, strings: Strings) -> None:
        self.ids = FrameIds()
        self.addresses = 0
        self._strings = strings
        self._name, self._system, self._file = (function.last(field).view(np.int64) for field in (2, 3, 4))
        self._defined = _lines(function.last(5))
        self._binary = mapping.last(5).view(np.int64)

    def functions(self, which: Places, binary: Places, address: Numbers) -> Places:
        """The id of each: of a function of the file or -1, in a mapping or -1, at an address."""
        unnamed = which < 0
        kind = np.where(unnamed, grouped(address)[1] + len(self._name), which)
        first, same = grouped(kind * (len(self._binary) + 1) + binary + 1)
        known = zip(which[first].tolist(), binary[first].tolist(), address[first].tolist(), strict=True)
        ids = np.array([self._function(*place) for place in known], np.int64)
        return ids[same]

    def _function(self, which: int, binary: int, address: int) -> int:
        of = self._strings[int(self._binary[binary])] if binary >= 0 else ""
        if which < 0:
            self.addresses += address != 0
            return self.ids.function(named(address, of), object=of)
        name = self._strings[int(self._name[which])] or self._strings[int(self._system[which])] or UNKNOWN
        return self.ids.function(name, self._strings[int(self._file[which])], int(self._defined[which]), of)


def named(address: int, binary: str) -> str:
    """What a function is called of which no more is known: by its address, or as pprof does by its binary."""
    if address:
        return f"{address:#x}"
    return f"[{binary.rpartition('/')[2]}]" if binary else UNKNOWN
