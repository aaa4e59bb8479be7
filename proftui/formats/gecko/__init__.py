"""The Firefox Profiler's JSON: of Firefox, samply, perf's converters, Python 3.15's sampler and many more."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.gecko.sniff import claims, sniff

__all__ = ["GECKO"]

GECKO = Format(
    name="gecko",
    title="Firefox Profiler JSON (gecko)",
    suffixes=(".gecko.json",),
    sniff=sniff,
    read=deferred_read("proftui.formats.gecko.reader"),
    kind="either",
    claims=claims,
)
