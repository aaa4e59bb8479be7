"""What proftui's writer says of a profile for which speedscope has no place, in a member of its own.

    {"version": 1, "kind": "traced", "creator": "", "command": "python app.py", "definitions": true,
     "notes": ["the stacks are estimated: ..."],
     "metrics": [{"name": "Ir", "unit": "count", "title": "", "formula": null, "signed": false}],
     "profiles": [{"part": 0, "metric": 0, "label": "...", "kind": "thread", "pid": 1, "tid": 2}],
     "frames": {"7": ["/lib/libc.so.6", 12, null]}}

definitions  lines of frames are those of definitions, not current ones
profiles     one for each profile of the file: the part it is of, and the metric it measures
frames       by their numbers: the object, and the lines of the definition and of what runs, where these say more
"""

from __future__ import annotations

from typing import Literal

import msgspec

from proftui.formats.encoding import utf8_text
from proftui.formats.json_faults import ERRORS
from proftui.formats.speedscope.document import Document
from proftui.formats.speedscope.measures import unit_of
from proftui.model import Kind, Metric, PartKind
from proftui.units import BYTES, COUNT, SAMPLES, TIME

UNITS = {unit.name: unit for unit in (TIME, BYTES, SAMPLES, COUNT)}

FrameRemark = tuple[str, int | None, int | None]


class MetricRemark(msgspec.Struct):
    """As `Metric` has it; of units the name."""

    name: str
    unit: str
    title: str = ""
    formula: str | None = None
    signed: bool = False

    @classmethod
    def of(cls, metric: Metric) -> MetricRemark:
        """That of a metric."""
        return cls(utf8_text(metric.name), metric.unit.name, utf8_text(metric.title), metric.formula, metric.signed)

    def metric(self) -> Metric:
        """The metric."""
        return Metric(self.name, UNITS.get(self.unit, COUNT), self.title, self.formula, self.signed)


class ProfileRemark(msgspec.Struct):
    """The part that a profile is of, and the metric that it measures."""

    part: int
    metric: int
    label: str
    kind: PartKind
    pid: int | None = None
    tid: int | None = None


class Remarks(msgspec.Struct):
    """All of it."""

    version: Literal[1]
    kind: Kind
    creator: str
    command: str
    definitions: bool
    notes: tuple[str, ...]
    metrics: list[MetricRemark]
    profiles: list[ProfileRemark]
    frames: dict[str, FrameRemark]

    def fits(self, document: Document) -> bool:
        """Whether the profiles of the file are still those that it was written of."""
        units = [unit_of(metric.metric()) for metric in self.metrics]
        places = {(remark.part, remark.metric) for remark in self.profiles}
        return len(places) == len(self.profiles) == len(document.profiles) and all(
            0 <= remark.metric < len(units) and units[remark.metric] == profile.unit
            for remark, profile in zip(self.profiles, document.profiles, strict=True)
        )


def remarks_of(document: Document) -> Remarks | None:
    """What proftui said of the file when it wrote it; None where nothing does, or where it no longer fits."""
    try:
        remarks = msgspec.json.decode(document.proftui, type=Remarks)
    except ERRORS:
        return None
    return remarks if remarks.fits(document) else None
