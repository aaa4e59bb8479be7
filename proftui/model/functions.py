"""The functions of a profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui.model.arrays import NO_LINE, Ids
from proftui.model.modules import module_of

NO_FILE = "~"
"""What pstats writes for the file of a built-in function; such a function has no file and no line."""


@dataclass(frozen=True, eq=False)
class Functions:
    """Columns of equal length F; a function's id is its index, shared by all parts of a profile.

    A function's identity is (name, file, line, object): `line` is the line of its definition or NO_LINE,
    `object` its binary, or for Python its dotted module where the file says so, else "".
    A *current* line belongs to a frame, never to the function.
    """

    name: tuple[str, ...]
    file: tuple[str, ...]
    line: Ids
    object: tuple[str, ...]

    @classmethod
    def of(cls, identities: Iterable[tuple[str, str, int, str]]) -> Functions:
        """From (name, file, line, object) tuples, in order of id."""
        rows = list(identities)
        names, files, lines, objects = zip(*rows, strict=True) if rows else ((), (), (), ())
        return cls(names, files, np.array(lines, np.int32), objects)

    def __len__(self) -> int:
        return len(self.name)

    def identity(self, function: int) -> tuple[str, str, int, str]:
        """(name, file, line, object) of one function."""
        return self.name[function], self.file[function], int(self.line[function]), self.object[function]

    def identities(self) -> list[tuple[str, str, int, str]]:
        """(name, file, line, object) of every function, in order of id."""
        return list(zip(self.name, self.file, self.line.tolist(), self.object, strict=True))

    @cached_property
    def module(self) -> tuple[str, ...]:
        """The module of every function, as `module_at` has it."""
        of_file = {file: module_of(file) for file in set(self.file)}
        return tuple(named or of_file[file] for named, file in zip(self.object, self.file, strict=True))

    def module_at(self, function: int) -> str:
        """The object where the file names one, else the dotted module that the path implies, else ""."""
        return self.object[function] or module_of(self.file[function])

    def location(self, function: int) -> str:
        """file:line, file without a line, or nothing for a built-in function."""
        file, line = self.file[function], int(self.line[function])
        if file in ("", NO_FILE):
            return ""
        return f"{file}:{line}" if line != NO_LINE else file
