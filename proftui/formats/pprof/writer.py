"""Writes call trees as profile.proto, which go tool pprof, Pyroscope, Parca and speedscope open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from proftui.errors import Unwritable
from proftui.formats.pprof.encode import gzipped, message, number, varint
from proftui.formats.pprof.locations import NO_STACK
from proftui.formats.pprof.measures import sample_type
from proftui.formats.pprof.owners import Owner
from proftui.formats.pprof.remarks import comments_of
from proftui.model import NO_FILE, NO_LINE, CallTree, Floats, Part, Profile

_LARGEST = 2.0**63

_ALL_NAMED = b"".join(number(flag, 1) for flag in (7, 8, 9, 10))
"""Of a mapping: that it has functions, files, lines and inlined frames, so that nothing looks for its symbols."""


def write(profile: Profile) -> list[bytes]:
    """One file: a sample for each stack that costs something of any metric or calls nothing, in the trees' order.

    Time is in nanoseconds; fractions are rounded so that sums stay what they are. The metric that comes first is the
    one that is shown by default. Parts that are threads or processes, and any part where there are several, are
    labels of the samples. Raises Unwritable for parts without a tree, and for numbers beyond 64 bits.
    """
    tables = _Tables(profile)
    samples = [sample for part in profile.parts for sample in _samples(profile, part, tables)]
    types = [message(1, tables.kind(*sample_type(metric))) for metric in profile.metrics]
    about = [
        message(11, tables.kind(*sample_type(profile.metrics[0]))),
        message(13, *(varint(tables.text(comment)) for comment in comments_of(profile))),
        number(14, tables.text(sample_type(profile.metrics[0])[0])),
    ]
    return [gzipped([*types, *samples, *tables.written, *(message(6, text) for text in tables.texts), *about])]


@dataclass(eq=False)
class _Tables:
    """Mappings, functions and locations as they are written, and the texts that all else names by number."""

    profile: Profile
    texts: dict[bytes, int] = field(default_factory=lambda: {b"": 0})
    written: list[bytes] = field(default_factory=list)
    _mappings: dict[str, int] = field(default_factory=dict)
    _functions: dict[int, int] = field(default_factory=dict)
    _locations: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def text(self, text: str) -> int:
        """The number of a text; bytes that were no UTF-8 become the sign for that."""
        try:
            raw = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()
        except UnicodeEncodeError:
            raw = text.encode("utf-8", "replace")
        return self.texts.setdefault(raw, len(self.texts))

    def kind(self, name: str, unit: str) -> bytes:
        """The content of a sample type."""
        return number(1, self.text(name)) + number(2, self.text(unit))

    def location(self, function: int, line: int) -> bytes:
        """The id of a function at its current line."""
        known = self._locations.get((function, line))
        if known is None:
            identity = len(self._locations) + 1
            known = self._locations[function, line] = varint(identity)
            at = message(4, number(1, self._function(function)), number(2, line if line != NO_LINE else 0))
            binary = self._mapping(self.profile.functions.object[function])
            self.written.append(message(4, number(1, identity), number(2, binary), at))
        return known

    def _function(self, function: int) -> int:
        known = self._functions.get(function)
        if known is None:
            known = self._functions[function] = len(self._functions) + 1
            name, file, defined, _ = self.profile.functions.identity(function)
            text, source = self.text(name), self.text("" if file == NO_FILE else file)
            line = defined if defined != NO_LINE else 0
            columns = enumerate((known, text, text, source, line), 1)
            self.written.append(message(5, *(number(column, value) for column, value in columns)))
        return known

    def _mapping(self, binary: str) -> int:
        if not binary:
            return 0
        known = self._mappings.get(binary)
        if known is None:
            known = self._mappings[binary] = len(self._mappings) + 1
            self.written.append(message(3, number(1, known), number(5, self.text(binary)), _ALL_NAMED))
        return known


def _samples(profile: Profile, part: Part, tables: _Tables) -> Iterator[bytes]:
    tree = part.tree
    if tree is None:
        raise Unwritable(f"part {part.label!r}: pprof's stacks are written from call trees, and it has none")
    labels = b"".join(_labels(profile, part, tables))
    values = _values(profile, part, tree)
    rows = np.arange(len(tree))
    wanted = (values != 0).any(axis=0) | (tree.end == rows + 1)
    depth = rows - np.cumsum(np.bincount(tree.end, minlength=len(tree) + 1))[: len(tree)]
    ids = _location_ids(profile, tree, tables)
    path: list[bytes] = []
    columns = (depth.tolist(), tree.frame.tolist(), wanted.tolist(), values.T.tolist())
    for above, frame, is_wanted, value in zip(*columns, strict=True):
        del path[above:]
        path.append(ids[frame])
        if is_wanted:
            yield message(2, message(1, *reversed(path)), message(2, *map(varint, value)), labels)


def _location_ids(profile: Profile, tree: CallTree, tables: _Tables) -> dict[int, bytes]:
    """The id of the location of each frame in a tree, as it is written; what had no stack has no location."""
    used = np.flatnonzero(np.bincount(tree.frame, minlength=1))
    pairs = zip(tree.frames.function[used].tolist(), tree.frames.line[used].tolist(), strict=True)
    no_stack = (NO_STACK, "", NO_LINE, "")
    return {
        frame: b"" if profile.functions.identity(function) == no_stack else tables.location(function, line)
        for frame, (function, line) in zip(used.tolist(), pairs, strict=True)
    }


def _values(profile: Profile, part: Part, tree: CallTree) -> Floats:
    """M x N whole numbers, 0 for what the part does not measure. Raises Unwritable."""
    values = np.zeros((len(profile.metrics), len(tree)))
    for row, metric in enumerate(part.metrics):
        cost = np.nan_to_num(tree.self_cost[row], posinf=_LARGEST, neginf=-_LARGEST)
        if (np.abs(cost) >= _LARGEST).any():
            raise Unwritable(f"part {part.label!r}: has costs of more than 64 bits, which pprof cannot hold")
        whole = (cost == np.rint(cost)).all()
        values[metric] = cost if whole else np.diff(np.rint(np.cumsum(cost)), prepend=0.0)
    return values.astype(np.int64)


def _labels(profile: Profile, part: Part, tables: _Tables) -> Iterator[bytes]:
    """The labels of a part's samples; none of a part that is all there is, as the file is called what it is."""
    owner = Owner.of(part)
    if owner.kind == "file" and len(profile.parts) == 1:
        return
    for key, value in owner.labels():
        text = isinstance(value, str)
        told = number(2, tables.text(str(value))) if text else number(3, int(value))
        yield message(3, number(1, tables.text(key)), told)
