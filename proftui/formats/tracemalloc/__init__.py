"""tracemalloc's snapshots: memory in use, by the traceback of where it was allocated."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.tracemalloc.sniff import sniff

__all__ = ["TRACEMALLOC"]

TRACEMALLOC = Format(
    name="tracemalloc",
    title="tracemalloc snapshot",
    suffixes=(".snapshot",),
    sniff=sniff,
    read=deferred_read("proftui.formats.tracemalloc.reader"),
    kind="traced",
)
