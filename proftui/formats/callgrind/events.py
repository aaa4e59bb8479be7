"""What the events of a dump measure: units, titles, and metrics that a formula derives from others."""

from __future__ import annotations

import re

from proftui.model import Metric
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

_BRACKETED = re.compile(r"(?P<what>.*?)[ _]*\((?:elapsed )?(?P<times>[0-9]{0,9}) ?(?P<unit>[^\W\d_]+)\)")
_SCALES = ((TIME, _NANOSECONDS), (BYTES, _BYTES), (SAMPLES, _SAMPLES))


def unit_of(event: str, title: str = "", creator: str = "") -> tuple[Unit, float]:
    """The unit of an event and what its numbers are multiplied by to be in that unit's stored form.

    A unit is believed when name or title is one ("ns", "Nanoseconds") or ends in one in brackets ("Time_(10ns)",
    "cpu(ms)", "sysTime (elapsed ms)"), and for the bare "Time" (microseconds) and "Memory" of Xdebug 2. All else
    is a count.
    """
    if creator.lower().startswith("xdebug") and event in ("Time", "Memory"):
        return (TIME, 1e3) if event == "Time" else (BYTES, 1.0)
    for text in (event, title):
        bracketed = _BRACKETED.fullmatch(text)
        word = (bracketed["unit"] if bracketed else text).lower()
        times = float(bracketed["times"] or 1) if bracketed else 1.0
        # one letter alone names anything; in brackets it is a unit
        if len(word) > 1 or bracketed:
            for unit, scale in _SCALES:
                if word in scale:
                    return unit, scale[word] * times
    return COUNT, 1.0


def metric_of(event: str, title: str = "", creator: str = "") -> tuple[Metric, float]:
    """The metric of an event, and the factor from the file's numbers to the metric's stored ones."""
    unit, scale = unit_of(event, title, creator)
    if not title:
        bracketed = _BRACKETED.fullmatch(event)
        title = bracketed["what"] if bracketed and unit is not COUNT else _TITLES.get(event, "")
    return Metric(event, unit, title), scale
