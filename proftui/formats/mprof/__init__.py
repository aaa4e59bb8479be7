"""memory_profiler's mprof .dat: memory over time, and by call where functions were watched."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.mprof.sniff import sniff

__all__ = ["MPROF"]

MPROF = Format(
    name="mprof",
    title="memory_profiler mprof",
    suffixes=(".dat",),
    sniff=sniff,
    read=deferred_read("proftui.formats.mprof.reader"),
)
