"""Callgrind's format: dumps of valgrind's callgrind and cachegrind, Xdebug, pyprof2calltree, yappi, JRuby, pprof."""

from proftui.formats.base import Format
from proftui.formats.callgrind.header import sniff
from proftui.formats.callgrind.reader import read
from proftui.formats.callgrind.siblings import siblings
from proftui.formats.callgrind.writer import write

__all__ = ["CALLGRIND", "siblings"]

CALLGRIND = Format(
    name="callgrind",
    title="callgrind (valgrind, KCachegrind, Xdebug, pyprof2calltree)",
    suffixes=(".kgrind", ".callgrind", ".callgrind.out"),
    sniff=sniff,
    read=read,
    write=write,
)
