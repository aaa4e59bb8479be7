"""memray's captures, read by memray itself in a process of its own."""

from proftui.formats.base import Format
from proftui.formats.memray.reader import read
from proftui.formats.memray.sniff import sniff

__all__ = ["MEMRAY"]

MEMRAY = Format(
    name="memray",
    title="memray capture",
    suffixes=(".bin",),
    sniff=sniff,
    read=read,
    kind="traced",
)
