"""What Python 3.15's sampler, profiling.sampling or Tachyon, writes in formats of its own."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.tachyon.sniff import sniff_binary, sniff_lines

__all__ = ["TACHYON_BINARY", "TACHYON_LINES"]

TACHYON_BINARY = Format(
    name="tachyon",
    title="profiling.sampling binary (--binary)",
    suffixes=(".bin",),
    sniff=sniff_binary,
    read=deferred_read("proftui.formats.tachyon.binary", "read_binary"),
    kind="sampled",
)

TACHYON_LINES = Format(
    name="tachyon-jsonl",
    title="profiling.sampling JSON lines (--jsonl)",
    suffixes=(".jsonl",),
    sniff=sniff_lines,
    read=deferred_read("proftui.formats.tachyon.lines", "read_lines"),
    kind="sampled",
)
