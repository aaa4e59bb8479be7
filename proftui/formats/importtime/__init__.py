"""What `python -X importtime` says on stderr: the time that each import took."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.importtime.sniff import sniff

__all__ = ["IMPORTTIME"]

IMPORTTIME = Format(
    name="importtime",
    title="python -X importtime",
    suffixes=(".importtime",),
    sniff=sniff,
    read=deferred_read("proftui.formats.importtime.reader"),
)
