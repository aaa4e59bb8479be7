"""pytest-benchmark's JSON: how long benchmarks took, and what cProfile saw of each with `--benchmark-cprofile`."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.benchmark.sniff import claims, sniff

__all__ = ["BENCHMARK"]

BENCHMARK = Format(
    name="pytest-benchmark",
    title="pytest-benchmark JSON (best with --benchmark-cprofile)",
    suffixes=(".json",),
    sniff=sniff,
    read=deferred_read("proftui.formats.benchmark.reader"),
    kind="traced",
    claims=claims,
)
