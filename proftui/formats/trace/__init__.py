"""Chrome's trace events, in JSON: of VizTracer, Chrome, py-spy and many more."""

from proftui.formats.base import Format
from proftui.formats.trace.reader import read
from proftui.formats.trace.sniff import claims, sniff
from proftui.formats.trace.writer import write

__all__ = ["TRACE"]

TRACE = Format(
    name="trace",
    title="Chrome trace events",
    suffixes=(".trace.json", ".trace"),
    sniff=sniff,
    claims=claims,
    read=read,
    write=write,
    needs="tree",
)
