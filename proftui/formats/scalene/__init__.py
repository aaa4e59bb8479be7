"""Scalene's JSON: time in Python, native code and the system, and memory, line by line."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.scalene.sniff import claims, sniff

__all__ = ["SCALENE"]

SCALENE = Format(
    name="scalene",
    title="Scalene JSON",
    suffixes=(".scalene.json",),
    sniff=sniff,
    claims=claims,
    read=deferred_read("proftui.formats.scalene.reader"),
    kind="sampled",
)
