"""memray's captures, read by memray itself in a process of its own."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.memray.sniff import sniff

__all__ = ["MEMRAY"]

MEMRAY = Format(
    name="memray",
    title="memray capture",
    suffixes=(".bin",),
    sniff=sniff,
    read=deferred_read("proftui.formats.memray.reader"),
    kind="traced",
)
