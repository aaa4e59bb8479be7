"""Functions and frames, numbered as they turn up."""

from __future__ import annotations

import numpy as np

from proftui.model import NO_LINE, Frames, Functions


class FrameIds:
    """Grows frame by frame; ids never change."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, str, int, str], int] = {}
        self._frames: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self._frames)

    def function(self, name: str, file: str = "", defined: int = NO_LINE, object: str = "") -> int:  # noqa: A002  # as Functions has it
        """The id of a function, by its identity."""
        return self._functions.setdefault((name, file, defined, object), len(self._functions))

    def frame(self, function: int, line: int = NO_LINE) -> int:
        """The id of a function at its current line."""
        return self._frames.setdefault((function, line), len(self._frames))

    def functions(self) -> Functions:
        """All functions so far."""
        return Functions.of(self._functions)

    def frames(self) -> Frames:
        """All frames so far."""
        columns = np.array(list(self._frames), np.int32).reshape(-1, 2)
        return Frames(columns[:, 0], columns[:, 1])
