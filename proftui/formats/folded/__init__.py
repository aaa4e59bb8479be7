"""Folded stacks, one a line with its count: of FlameGraph, inferno, py-spy (raw) and Python 3.15's sampler."""

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.folded.losses import losses
from proftui.formats.folded.sniff import sniff

__all__ = ["FOLDED"]

FOLDED = Format(
    name="folded",
    title="folded stacks (FlameGraph, inferno, py-spy raw)",
    suffixes=(".folded", ".collapsed", ".collapse"),
    sniff=sniff,
    read=deferred_read("proftui.formats.folded.reader"),
    kind="sampled",
    write=deferred_write("proftui.formats.folded.writer"),
    needs="tree",
    losses=losses,
)
