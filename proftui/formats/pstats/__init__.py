"""pstats' format: the .prof files of cProfile, profile, Python 3.15's sampler, yappi and pyinstrument."""

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.pstats.losses import losses
from proftui.formats.pstats.reader import sniff

__all__ = ["PSTATS"]

PSTATS = Format(
    name="pstats",
    title="pstats (.prof of cProfile and profile)",
    suffixes=(".prof", ".pstats", ".pstat", ".profile"),
    sniff=sniff,
    read=deferred_read("proftui.formats.pstats.reader"),
    write=deferred_write("proftui.formats.pstats.writer"),
    losses=losses,
)
