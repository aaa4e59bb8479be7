"""Reads a flame graph back into the stacks that it was drawn from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.folded.parts import parts_of
from proftui.formats.source import Source
from proftui.formats.svg.boxes import Picture, picture_of
from proftui.formats.svg.nesting import Nested
from proftui.formats.svg.titles import Frame
from proftui.model import Frames, Kind, Metric, Origin, Profile
from proftui.model.forest import planted
from proftui.units import TIME, counted, draw

_READING = 0.6
"""The share of the work that is done when the boxes are known."""

_NARROWEST = 1e-4
"""The share below which inferno draws no frame; flamegraph.pl's is 0.85 of that."""

_ROUNDED = 1e-3
"""Share of a frame's cost that rounding may take from what its callees leave of it."""

_KIND = re.compile(r", (traced|sampled), [^,]{1,40} in total")


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile that a flame graph shows. Raises Malformed."""
    del options
    source.share = _READING
    picture = picture_of(source)
    if not picture.boxes:
        raise Malformed("has no box with the title of a frame")
    first = picture.boxes[0].frame
    if any((box.frame.counted, box.frame.unit) != (first.counted, first.unit) for box in picture.boxes):
        raise Malformed("its titles count different things")
    nested = Nested(picture.boxes)
    texts: dict[bytes, int] = {}
    frame = np.array([texts.setdefault(box.frame.text, len(texts)) for box in nested.boxes], np.int32)
    own = [_own(box.frame, left) for box, left in zip(nested.boxes, nested.left, strict=True)]
    number = np.arange(len(texts), dtype=np.int32)
    tree = planted(
        Frames(number, np.full_like(number, -1)), frame, np.array(nested.parent, np.int32), np.array([own], np.float64)
    )
    functions, parts = parts_of(tree, list(texts), source)
    origin = Origin(source.path, "svg", _kind(picture))
    metric = _metric(first, picture)
    notes = tuple(_notes(picture, nested, metric))
    profile = Profile(source.name, origin, (metric,), functions, parts).checked()
    return replace(profile, notes=(*notes, *profile.notes))


def _own(frame: Frame, left: float) -> float:
    """What a frame costs itself: as its title says, unless that lies on it as frames, as the own of a cycle does."""
    if frame.own is None or frame.own > left + frame.amount * _ROUNDED:
        return left
    return frame.own


def _kind(picture: Picture) -> Kind:
    """As a picture of proftui says; other tools draw samples."""
    found = next((match[1] for remark in picture.remarks if (match := _KIND.search(remark))), "sampled")
    return "traced" if found == "traced" else "sampled"


def _metric(frame: Frame, picture: Picture) -> Metric:
    """What the boxes count: by their titles, or by the name that a picture of proftui has for it."""
    if frame.counted:
        return Metric("time" if frame.unit is TIME else frame.counted, frame.unit)
    return Metric(picture.heading.rpartition(": ")[2] or frame.unit.name, frame.unit)


def _notes(picture: Picture, nested: Nested, metric: Metric) -> Iterator[str]:
    total = sum(box.frame.amount for box, parent in zip(nested.boxes, nested.parent, strict=True) if parent < 0)
    ours = not picture.boxes[0].frame.counted
    if ours:
        yield "read from a picture, whose figures are rounded to four digits and whose threads are merged"
    elif total * _NARROWEST > 1:
        yield (
            f"read from a picture, which leaves out what is narrower than some {draw(total * _NARROWEST, metric.unit)};"
            " that counts as the own of what it was called by"
        )
    if nested.without > 0:
        yield f"{draw(nested.without, metric.unit)} {metric.name} without a frame in the picture left out of the total"
    if any(box.frame.compared for box in picture.boxes):
        yield "the picture compares two profiles; only the one that its widths show was read"
    if nested.unsound and not ours:
        yield f"{counted(nested.unsound, 'frame')} of less than what lies on it: its own is taken as 0"
