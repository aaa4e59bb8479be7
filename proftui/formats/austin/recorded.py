"""What a file of Austin's holds, whether it is text or MOJO."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from proftui.errors import Malformed
from proftui.formats.austin.frames import AustinFrames
from proftui.formats.samples import Samples

MOST_PARTS = 20_000
_MOST_METADATA = 1000
_WIDTH = 3
"""How many numbers a sample has, those that its mode does not measure being 0."""

_DECIMAL = re.compile(r"[0-9]{1,19}")
_HEXADECIMAL = re.compile(r"(?:0x)?([0-9a-f]{1,16})")


@dataclass(frozen=True)
class Owner:
    """Whose samples they are: a thread in one interpreter of a process. `tid` is None where it goes by `name` alone."""

    pid: int
    interpreter: int
    tid: int | None
    name: str = ""

    @property
    def label(self) -> str:
        """The thread with its process, and the interpreter where it is not the main one."""
        thread = self.name or f"thread {self.tid}"
        within = f" (interpreter {self.interpreter})" if self.interpreter else ""
        return f"{thread}{within} [{self.pid}]"

    @classmethod
    def of(cls, pid: int, interpreter: int, thread: str, *, base: int) -> Owner:
        """That of a thread's id in decimal or hexadecimal, or else of a thread's name."""
        if base == 10 and _DECIMAL.fullmatch(thread):
            return cls(pid, interpreter, int(thread))
        if match := _HEXADECIMAL.fullmatch(thread):
            return cls(pid, interpreter, int(match[1], 16))
        return cls(pid, interpreter, None, thread)


@dataclass
class Recorded:
    """`metadata` by key; `left_out`: how many lines say nothing, `first_left_out` the number of one.

    `columns` is how many numbers a sample has in the file, and `broken_off` where MOJO ends in what is not whole.
    """

    frames: AustinFrames = field(default_factory=AustinFrames)
    samples: dict[Owner, Samples] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    columns: int = 1
    left_out: int = 0
    first_left_out: int = 0
    broken_off: int | None = None

    def of(self, owner: Owner) -> Samples:
        """The samples of a thread. Raises Malformed for more threads than MOST_PARTS."""
        known = self.samples.get(owner)
        if known is None:
            if len(self.samples) >= MOST_PARTS:
                raise Malformed(f"names more than {MOST_PARTS:,} threads")
            known = self.samples[owner] = Samples(_WIDTH)
        return known

    def tell(self, key: str, value: str) -> None:
        """Take up one of the metadata."""
        if key == "map":
            self.frames.map(value)
        elif len(self.metadata) < _MOST_METADATA:
            self.metadata.setdefault(key, value)
