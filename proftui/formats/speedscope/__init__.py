"""speedscope's JSON: stacks in samples or in events, of py-spy, pyinstrument, rbspy and many more."""

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.speedscope.sniff import sniff

__all__ = ["SPEEDSCOPE"]

SPEEDSCOPE = Format(
    name="speedscope",
    title="speedscope JSON",
    suffixes=(".speedscope.json", ".speedscope"),
    sniff=sniff,
    read=deferred_read("proftui.formats.speedscope.reader"),
    write=deferred_write("proftui.formats.speedscope.writer"),
    needs="tree",
)
