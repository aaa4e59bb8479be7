"""What `python -X importtime` says on stderr: the time that each import took."""

from proftui.formats.base import Format
from proftui.formats.importtime.reader import read
from proftui.formats.importtime.sniff import sniff

__all__ = ["IMPORTTIME"]

IMPORTTIME = Format(
    name="importtime",
    title="python -X importtime",
    suffixes=(".importtime",),
    sniff=sniff,
    read=read,
)
