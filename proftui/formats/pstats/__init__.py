"""pstats' format: the .prof files of cProfile, profile, Python 3.15's sampler, yappi and pyinstrument."""

from proftui.formats.base import Format
from proftui.formats.pstats.reader import read, sniff
from proftui.formats.pstats.writer import write

__all__ = ["PSTATS"]

PSTATS = Format(
    name="pstats",
    title="pstats (.prof of cProfile and profile)",
    suffixes=(".prof", ".pstats", ".pstat", ".profile"),
    sniff=sniff,
    read=read,
    write=write,
)
