"""Callgrind's format: dumps of valgrind's callgrind and cachegrind, Xdebug, pyprof2calltree, yappi, JRuby, pprof."""

from __future__ import annotations

from proftui.formats.base import Format, ReadOptions
from proftui.formats.callgrind.header import sniff
from proftui.formats.callgrind.siblings import siblings
from proftui.formats.source import Source
from proftui.model import Profile

__all__ = ["CALLGRIND", "siblings"]


def _read(source: Source, options: ReadOptions) -> Profile:
    # imported here, as below: a report of a .prof would wait for it a tenth of its time
    from proftui.formats.callgrind.reader import read

    return read(source, options)


def _write(profile: Profile) -> list[bytes]:
    from proftui.formats.callgrind.writer import write

    return write(profile)


CALLGRIND = Format(
    name="callgrind",
    title="callgrind (valgrind, KCachegrind, Xdebug, pyprof2calltree)",
    suffixes=(".kgrind", ".callgrind", ".callgrind.out"),
    sniff=sniff,
    read=_read,
    kind="traced",
    write=_write,
)
