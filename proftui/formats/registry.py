"""The formats that proftui knows, one line each, in the order in which they are asked."""

from __future__ import annotations

import msgspec
import numpy as np

from proftui.errors import Malformed, UnknownFormat, Unwritable
from proftui.formats.austin import AUSTIN
from proftui.formats.base import Format, ReadOptions, Write
from proftui.formats.benchmark import BENCHMARK
from proftui.formats.callgrind import CALLGRIND
from proftui.formats.encoding import utf8_head
from proftui.formats.folded import FOLDED
from proftui.formats.foreign import told
from proftui.formats.gecko import GECKO
from proftui.formats.importtime import IMPORTTIME
from proftui.formats.json_bytes import json_bytes
from proftui.formats.json_faults import ERRORS
from proftui.formats.lprof import LPROF
from proftui.formats.memray import MEMRAY
from proftui.formats.mprof import MPROF
from proftui.formats.perf import PERF
from proftui.formats.pprof import PPROF
from proftui.formats.pstats import PSTATS
from proftui.formats.pyinstrument import PYINSTRUMENT
from proftui.formats.scalene import SCALENE
from proftui.formats.session import SESSION
from proftui.formats.source import Source, is_compressed
from proftui.formats.speedscope import SPEEDSCOPE
from proftui.formats.svg import SVG
from proftui.formats.tachyon import TACHYON_BINARY, TACHYON_LINES
from proftui.formats.trace import TRACE
from proftui.formats.tracemalloc import TRACEMALLOC
from proftui.model import Profile

FORMATS: tuple[Format, ...] = (
    PSTATS,
    CALLGRIND,
    LPROF,
    TRACEMALLOC,
    MEMRAY,
    SPEEDSCOPE,
    TRACE,
    SESSION,
    PPROF,
    BENCHMARK,
    SVG,
    PYINSTRUMENT,
    SCALENE,
    GECKO,
    TACHYON_BINARY,
    TACHYON_LINES,
    IMPORTTIME,
    MPROF,
    AUSTIN,
    PERF,
    FOLDED,
)


def detect(source: Source) -> Format:
    """The format whose sniffer recognises the content; the file's name plays no part."""
    head = source.head
    if not head:
        raise UnknownFormat(f"{source.path}: is empty")
    if known := recognised(head, source.name):
        return known
    members = _members(source) if utf8_head(head).lstrip()[:1] == b"{" else {}
    for known in FORMATS:
        if members and known.claims is not None and known.claims(members):
            return known
    raise UnknownFormat(f"{source.path}: {told(source.path, head, members)}")


def read_as(known: Format, source: Source, options: ReadOptions) -> Profile:
    """The profile in a file of a known format; the sentence of an error names the file."""
    try:
        # costs that no float holds are refused once they are added up
        with np.errstate(over="ignore", invalid="ignore"):
            return known.read(source, options)
    except Malformed as error:
        if error.what.startswith(source.path):
            raise
        raise Malformed(f"{source.path}: {error.what}", error.where) from None


def recognised(head: bytes, name: str) -> Format | None:
    """The format whose sniffer recognises the first bytes of a file, or None."""
    return next((known for known in FORMATS if known.sniff(head, name)), None)


def may_be_profile(head: bytes, name: str) -> bool:
    """Whether `detect` may find a format in a file that begins so."""
    return is_compressed(head) or utf8_head(head).lstrip()[:1] == b"{" or recognised(head, name) is not None


def _members(source: Source) -> dict[str, msgspec.Raw]:
    """The outermost members of a JSON object; none of what is none, or too large to look through."""
    try:
        return msgspec.json.decode(json_bytes(source), type=dict[str, msgspec.Raw])
    except (*ERRORS, Malformed):
        return {}


def named(name: str) -> Format | None:
    """The format of that name, or None."""
    return next((known for known in FORMATS if known.name == name), None)


def for_path(path: str) -> Format | None:
    """The writable format whose suffix `path` has (the longest where several fit), or None."""
    fitting = [
        (len(suffix), index)
        for index, known in enumerate(FORMATS)
        if known.write is not None
        for suffix in known.suffixes
        if path.lower().endswith(suffix)
    ]
    return FORMATS[max(fitting)[1]] if fitting else None


def writer(path: str, to: str | None = None) -> tuple[Format, Write]:
    """The format to write `path` in, and its writer: the one called `to`, or the one that the suffix suggests.

    Raises Unwritable where there is none.
    """
    known = named(to) if to else for_path(path)
    if known is None or known.write is None:
        there_are = ", ".join(f"{known.name} ({', '.join(known.suffixes)})" for known in FORMATS if known.write)
        raise Unwritable(f"{path}: no writable format {to or 'for this suffix'}; there are {there_are}")
    return known, known.write
