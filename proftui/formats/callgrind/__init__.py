"""Callgrind's format: dumps of valgrind's callgrind and cachegrind, Xdebug, pyprof2calltree, yappi, JRuby, pprof."""

from __future__ import annotations

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.callgrind.header import sniff
from proftui.formats.callgrind.siblings import siblings

__all__ = ["CALLGRIND", "siblings"]


CALLGRIND = Format(
    name="callgrind",
    title="callgrind (valgrind, KCachegrind, Xdebug, pyprof2calltree)",
    suffixes=(".kgrind", ".callgrind", ".callgrind.out"),
    sniff=sniff,
    read=deferred_read("proftui.formats.callgrind.reader"),
    kind="traced",
    write=deferred_write("proftui.formats.callgrind.writer"),
)
