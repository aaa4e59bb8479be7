"""The text that `perf script` prints of Linux' perf.data."""

from proftui.formats.base import Format
from proftui.formats.perf.reader import read
from proftui.formats.perf.sniff import sniff

__all__ = ["PERF"]

PERF = Format(name="perf", title="perf script", suffixes=(".perf", ".perf.txt"), sniff=sniff, read=read, kind="sampled")
