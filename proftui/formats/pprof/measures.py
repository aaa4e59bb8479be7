"""The sample types of a profile as metrics."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

from proftui.model import Metric
from proftui.units import BYTES, COUNT, SAMPLES, TIME, Unit

SampleType = tuple[str, str]
"""What is measured, and its unit: ("cpu", "nanoseconds")."""

_TIMES = (
    (1.0, ("nanoseconds", "nanosecond", "ns")),
    (1e3, ("microseconds", "microsecond", "us", "μs", "µs")),
    (1e6, ("milliseconds", "millisecond", "ms")),
    (1e9, ("seconds", "second", "sec", "s")),
    (6e10, ("minutes", "minute", "min")),
    (3.6e12, ("hours", "hour", "hrs")),
)
_SIZES = (
    (1.0, ("bytes", "byte", "b")),
    (2.0**10, ("kilobytes", "kilobyte", "kb", "kib")),
    (2.0**20, ("megabytes", "megabyte", "mb", "mib")),
    (2.0**30, ("gigabytes", "gigabyte", "gb", "gib")),
)
_UNITS: dict[str, tuple[Unit, float]] = {
    name: (unit, scale) for unit, table in ((TIME, _TIMES), (BYTES, _SIZES)) for scale, names in table for name in names
}


def unit_of(kind: SampleType) -> tuple[Unit, float]:
    """The unit of a sample type, and what one of its numbers is in stored units."""
    name, written = kind
    known = _UNITS.get(written.casefold())
    if known is not None:
        return known
    return (SAMPLES if name.casefold() in ("samples", "sample") else COUNT), 1.0


def metrics_of(kinds: Sequence[SampleType], signed: Sequence[bool]) -> list[Metric]:
    """A metric for each type, called as it is; of several types of one name with the unit, or a number, behind it."""
    found: dict[str, Metric] = {}
    for kind, below_zero in zip(kinds, signed, strict=True):
        plain = kind[0] or kind[1] or "value"
        with_unit = f"{plain} ({kind[1]})"
        names = chain((plain, with_unit), (f"{with_unit} {number}" for number in count(len(found) + 1)))
        name = next(name for name in names if name not in found)
        found[name] = Metric(name, unit_of(kind)[0], signed=below_zero)
    return list(found.values())


def shown_first(kinds: Sequence[SampleType], default: str) -> list[int]:
    """The types in the order of metrics: first the one that the file, or else its place at the end, makes the default.

    As in pprof (https://github.com/google/pprof/blob/main/doc/README.md): the last one is shown where none is named.
    """
    named = [index for index, (name, _) in enumerate(kinds) if default and name == default]
    first = named[0] if named else len(kinds) - 1
    return [first, *(index for index in range(len(kinds)) if index != first)]


def sample_type(metric: Metric) -> SampleType:
    """What a metric is in a file: numbers are written in stored units."""
    unit = "nanoseconds" if metric.unit is TIME else "bytes" if metric.unit is BYTES else "count"
    return metric.name, unit
