"""Metrics as the events of a callgrind file, and metrics out of comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from proftui.formats.callgrind.events import unit_of
from proftui.model import WALL_TIME, Metric
from proftui.units import BYTES, COUNT, SAMPLES, TIME, Unit

_BLANK = re.compile("[\\s\x00-\x1f\x7f\ud800-\udc7f\udd00-\udfff]+")
_BRACKETS = re.compile(r"[ _]*\([^()]*\)$")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNITS = {unit.name: unit for unit in (TIME, BYTES, SAMPLES, COUNT)}
_IN_BRACKETS = {TIME: "ns", BYTES: "bytes", SAMPLES: "samples"}
_SPELLED = {TIME: "nanoseconds"}


@dataclass(frozen=True)
class Event:
    """A metric under the name that it has in the file; `computed` from others by its formula, so without costs."""

    name: str
    metric: Metric
    computed: bool

    def line(self) -> str:
        """The `event:` line that gives formula, title and unit; nothing where there is nothing to give.

        KCachegrind takes none for a name that is no identifier.
        """
        metric = self.metric
        if not (metric.title or self.computed or metric.unit != COUNT) or not _IDENTIFIER.fullmatch(self.name):
            return ""
        formula = f" = {one_line(metric.formula or '')}" if self.computed else ""
        spelled = _SPELLED.get(metric.unit, metric.unit.name)
        title = metric.title or (metric.name if metric.unit == COUNT else f"{metric.name} in {spelled}")
        return f"event: {self.name}{formula} : {one_line(title)}\n"

    def as_json(self) -> dict[str, Any]:
        """What `metric_from` makes the metric of again."""
        metric = self.metric
        unit: str | list[Any] = metric.unit.name
        if metric.unit != _UNITS.get(metric.unit.name):
            unit = [metric.unit.name, metric.unit.base, metric.unit.steps]
        return {
            "event": self.name, "name": metric.name, "unit": unit, "title": metric.title,
            "formula": metric.formula, "signed": metric.signed, "computed": self.computed,
        }  # fmt: skip


def events_of(metrics: Sequence[Metric], *, formulas: bool) -> list[Event]:
    """The events of `metrics`, with names of one word each that differ and say the unit in which numbers are stored.

    With `formulas` a metric computed from others in the file is stated as its formula alone.
    """
    names: list[str] = []
    for metric in metrics:
        name = _named(metric)
        while name in names:
            name += "_"
        names.append(name)
    plain = {name for name, metric in zip(names, metrics, strict=True) if metric.formula is None}
    return [
        Event(name, metric, formulas and metric.formula is not None and _operands(metric.formula) <= plain)
        for name, metric in zip(names, metrics, strict=True)
    ]


def _named(metric: Metric) -> str:
    """One word for a metric; `Time_(10ns)` becomes `Time_(ns)`, as time is stored and written in nanoseconds."""
    if metric == WALL_TIME:
        return "ns"
    name = _BLANK.sub("_", metric.name) or "event"
    unit, scale = unit_of(name)
    if (unit, scale) == (metric.unit, 1.0) or (scale == 1.0 and metric.unit not in _IN_BRACKETS):
        return name
    return f"{_BRACKETS.sub('', name)}_({_IN_BRACKETS.get(metric.unit, 'count')})"


def _operands(formula: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", formula))


def metric_from(stated: dict[str, Any]) -> Metric:
    """The metric that `Event.as_json` was made of; raises KeyError, TypeError or ValueError for anything else."""
    unit = stated["unit"]
    known = _UNITS[unit] if isinstance(unit, str) else _unit(*unit)
    name, title, formula = stated["name"], stated["title"], stated["formula"]
    if not (isinstance(name, str) and isinstance(title, str) and isinstance(formula, (str, type(None)))):
        raise TypeError("a metric's texts are no texts")
    return Metric(name, known, title, formula, bool(stated["signed"]))


def _unit(name: str, base: float, steps: Sequence[Sequence[Any]]) -> Unit:
    return Unit(str(name), float(base), tuple((float(size), str(symbol)) for size, symbol in steps))


def one_line(text: str) -> str:
    """`text` without line breaks, control characters, and surrogates that stand for no byte."""
    return _BLANK.sub(" ", text).strip()
