"""Flame graphs as SVG: of FlameGraph's flamegraph.pl, inferno (py-spy, cargo flamegraph, rbspy), and proftui itself."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.svg.sniff import sniff

__all__ = ["SVG"]

SVG = Format(
    name="svg",
    title="SVG flame graphs (flamegraph.pl, inferno, py-spy)",
    suffixes=(".svg",),
    sniff=sniff,
    read=deferred_read("proftui.formats.svg.reader"),
)
