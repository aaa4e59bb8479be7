"""What Python 3.15's sampler, profiling.sampling or Tachyon, writes in formats of its own."""

from proftui.formats.base import Format
from proftui.formats.tachyon.binary import read_binary, sniff_binary
from proftui.formats.tachyon.lines import read_lines, sniff_lines

__all__ = ["TACHYON_BINARY", "TACHYON_LINES"]

TACHYON_BINARY = Format(
    name="tachyon",
    title="profiling.sampling binary (--binary)",
    suffixes=(".bin",),
    sniff=sniff_binary,
    read=read_binary,
    kind="sampled",
)

TACHYON_LINES = Format(
    name="tachyon-jsonl",
    title="profiling.sampling JSON lines (--jsonl)",
    suffixes=(".jsonl",),
    sniff=sniff_lines,
    read=read_lines,
    kind="sampled",
)
