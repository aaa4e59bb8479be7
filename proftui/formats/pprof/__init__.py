"""pprof's profile.proto, of Go, Pyroscope, Parca, Austin and many more."""

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.pprof.sniff import sniff

__all__ = ["PPROF"]

PPROF = Format(
    name="pprof",
    title="pprof (Go, Pyroscope, Parca, Google's older forms)",
    suffixes=(".pb.gz", ".pprof", ".pb"),
    sniff=sniff,
    read=deferred_read("proftui.formats.pprof.reader"),
    write=deferred_write("proftui.formats.pprof.writer"),
    needs="tree",
)
