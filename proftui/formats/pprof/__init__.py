"""pprof's profile.proto, of Go, Pyroscope, Parca, Austin and many more."""

from proftui.formats.base import Format
from proftui.formats.pprof.reader import read
from proftui.formats.pprof.sniff import sniff
from proftui.formats.pprof.writer import write

__all__ = ["PPROF"]

PPROF = Format(
    name="pprof",
    title="pprof (Go, Pyroscope, Parca, Google's older forms)",
    suffixes=(".pb.gz", ".pprof", ".pb"),
    sniff=sniff,
    read=read,
    write=write,
    needs="tree",
)
