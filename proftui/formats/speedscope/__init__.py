"""speedscope's JSON: stacks in samples or in events, of py-spy, pyinstrument, rbspy and many more."""

from proftui.formats.base import Format
from proftui.formats.speedscope.reader import read
from proftui.formats.speedscope.sniff import sniff
from proftui.formats.speedscope.writer import write

__all__ = ["SPEEDSCOPE"]

SPEEDSCOPE = Format(
    name="speedscope",
    title="speedscope JSON",
    suffixes=(".speedscope.json", ".speedscope"),
    sniff=sniff,
    read=read,
    write=write,
    needs="tree",
)
