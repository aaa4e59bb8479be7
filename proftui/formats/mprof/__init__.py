"""memory_profiler's mprof .dat: memory over time, and by call where functions were watched."""

from proftui.formats.base import Format
from proftui.formats.mprof.reader import read
from proftui.formats.mprof.sniff import sniff

__all__ = ["MPROF"]

MPROF = Format(
    name="mprof",
    title="memory_profiler mprof",
    suffixes=(".dat",),
    sniff=sniff,
    read=read,
)
