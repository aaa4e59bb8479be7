"""The text that `perf script` prints of Linux' perf.data."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.perf.sniff import sniff

__all__ = ["PERF"]

PERF = Format(
    name="perf",
    title="perf script",
    suffixes=(".perf", ".perf.txt"),
    sniff=sniff,
    read=deferred_read("proftui.formats.perf.reader"),
    kind="sampled",
)
