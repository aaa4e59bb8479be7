"""line_profiler's .lprof: hits and time of the lines of chosen functions."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.lprof.sniff import sniff

__all__ = ["LPROF"]

LPROF = Format(
    name="lprof",
    title="line_profiler .lprof",
    suffixes=(".lprof",),
    sniff=sniff,
    read=deferred_read("proftui.formats.lprof.reader"),
    kind="traced",
)
