"""The frames of a file, which its profiles share."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from proftui.errors import Malformed
from proftui.formats.folded.parts import NO_STACK
from proftui.formats.json_arrays import BETWEEN_OBJECTS, Array
from proftui.formats.speedscope.document import Document, Frame, Number
from proftui.formats.speedscope.remarks import FrameRemark, Remarks
from proftui.model import NO_LINE, CallTree, Frames, Functions, Ids

MOST_FRAMES = 5_000_000

Identity = tuple[str, str, int, str]

_FRAMES = msgspec.json.Decoder(list[Frame])


@dataclass(frozen=True, eq=False)
class FrameTable:
    """The different frames of a file.

    frames      what they are; the functions are numbers of `identities`
    identities  the functions
    which       for each frame of the file the one that it is
    no_stack    the frame of what costs something although nothing is on the stack
    """

    frames: Frames
    identities: list[Identity]
    which: Ids
    no_stack: int

    def name(self, frame: int) -> str:
        """The name of a frame's function; "" where it has a file, as those have that are no functions."""
        name, file, _, _ = self.identities[self.frames.function[frame]]
        return name if not file else ""

    def functions(self, trees: Sequence[CallTree]) -> tuple[Functions, Frames]:
        """The functions of the frames that are in trees; and the frames, with these functions."""
        used = np.zeros(len(self.frames.function), np.bool_)
        for tree in trees:
            used[tree.frame] = True
        ids = np.full(len(self.identities), 0, np.int32)
        functions = np.flatnonzero(np.bincount(self.frames.function[used], minlength=len(self.identities)))
        ids[functions] = np.arange(len(functions), dtype=np.int32)
        identities = (self.identities[function] for function in functions.tolist())
        return Functions.of(identities), Frames(ids[self.frames.function], self.frames.line)


def frames_of(document: Document, remarks: Remarks | None, report: Callable[[int], None]) -> FrameTable:
    """The frames of a file. Raises Malformed.

    Lines are current ones, as py-spy and speedscope itself have them; pyinstrument writes those of definitions.
    """
    definitions = remarks.definitions if remarks else (document.exporter or "").startswith("pyinstrument")
    said = remarks.frames if remarks else {}
    functions: defaultdict[Identity, int] = defaultdict(itertools.count().__next__)
    kinds: defaultdict[tuple[int, int], int] = defaultdict(itertools.count().__next__)
    which: list[int] = []
    for frames in Array(document.shared.frames, "shared.frames", BETWEEN_OBJECTS, report).items(_FRAMES):
        if len(which) + len(frames) > MOST_FRAMES:
            raise Malformed(f"has more than {MOST_FRAMES:,} frames", "shared.frames")
        for frame in frames:
            identity, line = _parsed(frame, said.get(str(len(which))), definitions=definitions)
            which.append(kinds[functions[identity], line])
    no_stack = kinds[functions[NO_STACK.decode(), "", NO_LINE, ""], NO_LINE]
    columns = np.array(list(kinds), np.int32)
    return FrameTable(
        Frames(columns[:, 0], columns[:, 1]), list(functions), np.array(which, np.int32), no_stack
    )  # fmt: skip


def _parsed(frame: Frame, said: FrameRemark | None, *, definitions: bool) -> tuple[Identity, int]:
    """The function and its current line, or NO_LINE."""
    name, file, line = frame.name, frame.file or "", _line(frame.line)
    if said is not None:
        binary, defined, current = said
        return (name, file, _line(defined), binary), _line(current)
    return ((name, file, line, ""), NO_LINE) if definitions else ((name, file, NO_LINE, ""), line)


def _line(line: Number | None) -> int:
    """A line's number; NO_LINE for what is none, as the 0 of many tools."""
    return int(line) if line is not None and 0 < line < 1 << 31 and line == int(line) else NO_LINE
