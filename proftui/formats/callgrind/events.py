"""What the events of a dump measure: units, titles, and metrics that a formula derives from others."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from proftui.formats.callgrind.formula import described, weights
from proftui.formats.callgrind.header import Header
from proftui.model import Floats, Metric
from proftui.model.profile import Kind
from proftui.units import BYTES, COUNT, SAMPLES, TIME, Unit

_TITLES = {
    "Ir": "Instruction Fetch",
    "Dr": "Data Read Access",
    "Dw": "Data Write Access",
    "I1mr": "L1 Instr. Fetch Miss",
    "D1mr": "L1 Data Read Miss",
    "D1mw": "L1 Data Write Miss",
    "ILmr": "LL Instr. Fetch Miss",
    "DLmr": "LL Data Read Miss",
    "DLmw": "LL Data Write Miss",
    "I2mr": "L2 Instr. Fetch Miss",
    "D2mr": "L2 Data Read Miss",
    "D2mw": "L2 Data Write Miss",
    "Bc": "Conditional Branch",
    "Bcm": "Mispredicted Cond. Branch",
    "Bi": "Indirect Branch",
    "Bim": "Mispredicted Ind. Branch",
    "Ge": "Global Bus Event",
    "sysCount": "System Calls",
    "AcCost1": "L1 Access Cost",
    "AcCost2": "LL Access Cost",
    "SpLoss1": "L1 Spatial Loss",
    "SpLoss2": "LL Spatial Loss",
}
"""Titles of the events of callgrind and cachegrind, in the words of their manuals and of KCachegrind."""

_NANOSECONDS = {
    "ns": 1.0,
    "nsec": 1.0,
    "nanoseconds": 1.0,
    "us": 1e3,
    "µs": 1e3,
    "usec": 1e3,
    "microseconds": 1e3,
    "ms": 1e6,
    "msec": 1e6,
    "milliseconds": 1e6,
    "s": 1e9,
    "sec": 1e9,
    "seconds": 1e9,
}
_BYTES = {"b": 1.0, "bytes": 1.0, "kb": 2.0**10, "mb": 2.0**20, "gb": 2.0**30}
_SAMPLES = {"samples": 1.0, "sample": 1.0}

_SPELLED = re.compile(
    r"(?P<what>.+) in (?P<times>)(?P<unit>nanoseconds|microseconds|milliseconds|seconds|bytes|samples)"
)
_BRACKETED = re.compile(r"(?P<what>.*?)[ _]*\((?:elapsed )?(?P<times>[0-9]{0,9}) ?(?P<unit>[^\W\d_]+)\)")
_SCALES = ((TIME, _NANOSECONDS), (BYTES, _BYTES), (SAMPLES, _SAMPLES))


def unit_of(event: str, title: str = "", creator: str = "") -> tuple[Unit, float]:
    """The unit of an event and what its numbers are multiplied by to be in that unit's stored form.

    A unit is believed when name or title is one ("ns", "Nanoseconds") or ends in one, in brackets ("Time_(10ns)",
    "cpu(ms)", "sysTime (elapsed ms)") or in words ("time in nanoseconds"), and for the bare "Time" (microseconds)
    and "Memory" of Xdebug 2. All else is a count.
    """
    if creator.lower().startswith("xdebug") and event in ("Time", "Memory"):
        return (TIME, 1e3) if event == "Time" else (BYTES, 1.0)
    for text in (event, title):
        stated = _stated(text)
        word, times = (stated["unit"], float(stated["times"] or 1)) if stated else (text, 1.0)
        # one letter alone names anything; behind a name it is a unit
        if len(word) > 1 or stated:
            for unit, scale in _SCALES:
                if word.lower() in scale:
                    return unit, scale[word.lower()] * times
    return COUNT, 1.0


def _stated(text: str) -> re.Match[str] | None:
    return _BRACKETED.fullmatch(text) or _SPELLED.fullmatch(text)


def metric_of(event: str, title: str = "", creator: str = "") -> tuple[Metric, float]:
    """The metric of an event, and the factor from the file's numbers to the metric's stored ones."""
    unit, scale = unit_of(event, title, creator)
    if not title:
        stated = _stated(event)
        title = stated["what"] if stated and unit is not COUNT else _TITLES.get(event, "")
    return Metric(event, unit, title), scale


@dataclass(frozen=True, eq=False)
class Scaling:
    """From a part's M events to its metrics: `factors` M, and for each of d derived ones `weights`, d x M."""

    factors: Floats
    weights: Floats

    def of(self, numbers: Floats) -> Floats:
        """(M + d) x k in stored units, of M x k in the file's."""
        measured = numbers * self.factors[:, np.newaxis]
        return np.concatenate([measured, self.weights @ measured]) if len(self.weights) else measured


class Events:
    """The events of a file's parts as the metrics of its profile: measured ones first, then derived ones."""

    def __init__(self, headers: Sequence[Header]) -> None:
        self.notes: list[str] = []
        self._measured: dict[str, tuple[Metric, float]] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self._derived: dict[str, Metric] = {}
        creator = headers[0].creator
        lines = dict.fromkeys(line for header in headers for line in header.described)
        about = {each[0]: each for each in map(described, lines) if each}
        for name in dict.fromkeys(event for header in headers for event in header.events or ()):
            self._measured[name] = metric_of(name, about.get(name, ("", "", ""))[2], creator)
        for name, formula, title in about.values():
            if formula and name not in self._measured:
                self._derive(name, formula, title)

    def _derive(self, name: str, formula: str, title: str) -> None:
        factors = weights(formula, self._weights)
        if factors is None or not factors.keys() <= self._measured.keys():
            self.notes.append(f"the event {name} is left out: its formula is not understood: {formula}")
            return
        self._weights[name] = factors
        units = {self._measured[event][0].unit for event in factors}
        signed = any(factor < 0 for factor in factors.values())
        unit = units.pop() if len(units) == 1 else COUNT
        self._derived[name] = Metric(name, unit, title or _TITLES.get(name, ""), formula, signed)

    @property
    def kind(self) -> Kind:
        """Sampled where samples are counted (pprof's export), otherwise traced."""
        return "sampled" if any(metric.unit == SAMPLES for metric, _ in self._measured.values()) else "traced"

    def metrics(self, below_zero: Set[str]) -> tuple[Metric, ...]:
        """The metrics of the profile, signed where an event has costs `below_zero`."""
        signed = below_zero | {name for name, factors in self._weights.items() if factors.keys() & below_zero}
        all_metrics = (*(metric for metric, _ in self._measured.values()), *self._derived.values())
        return tuple(replace(metric, signed=True) if metric.name in signed else metric for metric in all_metrics)

    def _computable(self, header: Header) -> list[str]:
        """The derived events whose operands a part measures."""
        return [name for name in self._derived if self._weights[name].keys() <= set(header.events or ())]

    def places(self, header: Header) -> tuple[int, ...]:
        """Which of the metrics a part has."""
        names = [*self._measured, *self._derived]
        return tuple(names.index(name) for name in (*(header.events or ()), *self._computable(header)))

    def scaling(self, header: Header) -> Scaling:
        """What makes the part's metrics out of its numbers."""
        events = header.events or ()
        rows = [[self._weights[name].get(event, 0.0) for event in events] for name in self._computable(header)]
        return Scaling(
            np.array([self._measured[event][1] for event in events]), np.array(rows).reshape(-1, len(events))
        )
