"""Writes call trees as speedscope's JSON, which speedscope.app opens as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from proftui import __version__
from proftui.errors import Unwritable
from proftui.formats.encoding import utf8_text
from proftui.formats.speedscope.activations import events, samples, steps, told_in_time
from proftui.formats.speedscope.document import SCHEMA
from proftui.formats.speedscope.in_time import recorded_stacks
from proftui.formats.speedscope.measures import unit_of
from proftui.formats.speedscope.remarks import FrameRemark, MetricRemark, ProfileRemark, Remarks
from proftui.formats.speedscope.stack_texts import Sample, StackTexts
from proftui.model import NO_FILE, NO_LINE, CallTree, Floats, Frames, Ids, Part, Profile

ESTIMATED = "the stacks are estimated"
"""How the note begins that a profile has whose stacks were not recorded."""


def write(profile: Profile) -> list[bytes]:
    """One file, with a profile for each metric of every part, as speedscope itself has it of callgrind's events.

    What kept the order of time is written in it: what was traced as events, and what was sampled, which a recording's
    windows are too, as samples. Else each different stack is one sample, in the tree's order. Time is in nanoseconds.
    The part that costs most is shown first. Where stacks are estimated, the name that speedscope shows says so. Raises
    Unwritable for parts without a tree, for costs below zero, and for more than speedscope reads.
    """
    frames = _FrameList(profile, definitions=_are_definitions(profile))
    profiles: list[dict[str, Any]] = []
    remarks: list[ProfileRemark] = []
    recorded = recorded_stacks(profile, frames.numbers)
    texts = StackTexts(profile.name)
    for number, part in enumerate(profile.parts):
        tree = _tree(part)
        written = [] if recorded else frames.numbers(tree.frames, tree.frame)
        for row, metric in enumerate(part.metrics):
            measured = profile.metrics[metric]
            label = part.label if len(part.metrics) == 1 else f"{part.label} -- {measured.label}"
            unit = unit_of(measured)
            if recorded:
                profiles.append(_sampled(label, unit, texts.of(recorded[number])))
            else:
                profiles.append(_of_tree(label, unit, tree, row, written, texts))
            remarks.append(ProfileRemark(number, metric, utf8_text(part.label), part.kind, part.pid, part.tid))
    estimated = any(note.startswith(ESTIMATED) for note in profile.notes)
    content = {
        "$schema": SCHEMA,
        "exporter": f"proftui@{__version__}",
        "name": utf8_text(f"{profile.name} ({ESTIMATED})" if estimated else profile.name),
        "activeProfileIndex": _heaviest(profile, remarks),
        "profiles": profiles,
        "shared": {"frames": frames.written},
        "proftui": _remarks(profile, remarks, frames),
    }
    return [msgspec.json.encode(content) + b"\n"]


def _tree(part: Part) -> CallTree:
    if part.tree is None:
        raise Unwritable(f"part {part.label!r}: speedscope's stacks are written from call trees, and it has none")
    if (part.tree.self_cost < 0).any():
        raise Unwritable(f"part {part.label!r}: has costs below zero, which speedscope refuses")
    return part.tree


def _are_definitions(profile: Profile) -> bool:
    """Whether no tree knows current lines, so that those of definitions are written."""
    return all(
        not (tree.frames.line[tree.frame] != NO_LINE).any() for part in profile.parts if (tree := part.tree) is not None
    )


@dataclass(eq=False)
class _FrameList:
    """The frames that were written, each once; what the file has no place for is in `remarks`."""

    profile: Profile
    definitions: bool
    written: list[dict[str, Any]] = field(default_factory=list)
    remarks: dict[str, FrameRemark] = field(default_factory=dict)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def numbers(self, frames: Frames, frame: Ids) -> list[int]:
        """The numbers of these `frame` ids."""
        used = np.flatnonzero(np.bincount(frame, minlength=len(frames.function)))
        of_frame = np.zeros(len(frames.function), np.int64)
        pairs = zip(frames.function[used].tolist(), frames.line[used].tolist(), strict=True)
        of_frame[used] = [self._number(function, line) for function, line in pairs]
        numbers: list[int] = of_frame[frame].tolist()
        return numbers

    def _number(self, function: int, line: int) -> int:
        number = self._known.setdefault((function, line), len(self.written))
        if number == len(self.written):
            self._write(function, line)
        return number

    def _write(self, function: int, line: int) -> None:
        name, file, defined, binary = self.profile.functions.identity(function)
        frame: dict[str, Any] = {"name": utf8_text(name)}
        if file not in ("", NO_FILE):
            frame["file"] = utf8_text(file)
        shown = line if line != NO_LINE else defined
        if shown != NO_LINE:
            frame["line"] = shown
        if binary or (shown, NO_LINE) != ((defined, line) if self.definitions else (line, defined)):
            self.remarks[str(len(self.written))] = (utf8_text(binary), _known(defined), _known(line))
        self.written.append(frame)


def _known(line: int) -> int | None:
    return None if line == NO_LINE else line


def _sampled(label: str, unit: str, samples: tuple[msgspec.Raw, Floats]) -> dict[str, Any]:
    stacks, weights = samples
    return {
        "type": "sampled",
        "name": utf8_text(label),
        "unit": unit,
        "startValue": 0,
        "endValue": _numbers(weights.sum(keepdims=True))[0],
        "samples": stacks,
        "weights": _numbers(weights),
    }


def _of_tree(label: str, unit: str, tree: CallTree, row: int, frames: list[int], texts: StackTexts) -> dict[str, Any]:
    """A metric of a tree: the first one in the order of time, where that was kept."""
    timeline = told_in_time(tree) if row == 0 else None
    if timeline is None:
        return _sampled(label, unit, texts.of(_stacks(tree, row, frames)))
    if not timeline.gaps:
        return _sampled(label, unit, texts.of(samples(tree, timeline, frames)))
    return {
        "type": "evented",
        "name": utf8_text(label),
        "unit": unit,
        "startValue": 0,
        "endValue": _numbers(timeline.end.max(keepdims=True))[0],
        "events": msgspec.Raw(events(steps(tree, timeline), frames)),
    }


def _stacks(tree: CallTree, row: int, frames: list[int]) -> Iterator[Sample]:
    """The stacks that cost something of a metric, in the tree's order; with the first, those that cost nothing too.

    Each is valid until the next one is asked for.
    """
    cost = np.nan_to_num(tree.self_cost[row])
    rows = np.arange(len(tree))
    wanted = cost > 0
    if row == 0:
        wanted |= tree.end == rows + 1
    depth = rows - np.cumsum(np.bincount(tree.end, minlength=len(tree) + 1))[: len(tree)]
    path: list[int] = []
    for above, frame, is_wanted, weight in zip(depth.tolist(), frames, wanted.tolist(), cost.tolist(), strict=True):
        del path[above:]
        path.append(frame)
        if is_wanted:
            yield path, weight


def _numbers(values: Floats) -> list[int] | list[float]:
    """Numbers as JSON has them, without a fraction where none of them has one."""
    if len(values) and (values == np.rint(values)).all() and values.max() < 1 << 53:
        whole: list[int] = values.astype(np.int64).tolist()
        return whole
    numbers: list[float] = values.tolist()
    return numbers


def _heaviest(profile: Profile, remarks: list[ProfileRemark]) -> int:
    """The number of the profile that costs most of the first metric."""
    totals = [
        float(np.nan_to_num(_tree(part := profile.parts[remark.part]).self_cost[part.metrics.index(0)]).sum())
        if remark.metric == 0
        else -1.0
        for remark in remarks
    ]
    return totals.index(max(totals)) if totals else 0


def _remarks(profile: Profile, profiles: list[ProfileRemark], frames: _FrameList) -> Remarks:
    return Remarks(
        version=1,
        kind=profile.origin.kind,
        creator=utf8_text(profile.origin.creator),
        command=utf8_text(profile.origin.command),
        definitions=frames.definitions,
        notes=tuple(map(utf8_text, profile.notes)),
        metrics=[MetricRemark.of(metric) for metric in profile.metrics],
        profiles=profiles,
        frames=frames.remarks,
    )
