"""Chrome's trace events, in JSON: of VizTracer, Chrome, py-spy and many more."""

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.trace.sniff import claims, sniff

__all__ = ["TRACE"]

TRACE = Format(
    name="trace",
    title="Chrome trace events",
    suffixes=(".trace.json", ".trace"),
    sniff=sniff,
    claims=claims,
    read=deferred_read("proftui.formats.trace.reader"),
    write=deferred_write("proftui.formats.trace.writer"),
    needs="time",
)
