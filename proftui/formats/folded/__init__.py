"""Folded stacks, one a line with its count: of FlameGraph, inferno, py-spy (raw) and Python 3.15's sampler."""

from proftui.formats.base import Format
from proftui.formats.folded.reader import read
from proftui.formats.folded.sniff import sniff
from proftui.formats.folded.writer import write

__all__ = ["FOLDED"]

FOLDED = Format(
    name="folded",
    title="folded stacks (FlameGraph, inferno, py-spy raw)",
    suffixes=(".folded", ".collapsed", ".collapse"),
    sniff=sniff,
    read=read,
    kind="sampled",
    write=write,
    needs="tree",
    counts=True,
)
