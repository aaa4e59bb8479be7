r"""The frames of a file.

A session writes a frame as "name\0file\0line of the definition", and behind it attributes of what runs, each after a
\1: "l" and the current line, "c" and the class of `self`, "h" and whether it hides from tracebacks. Frames that are no
functions have a name that tells it: [await], [out-of-context], [self], [root]; older releases give them files, too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from proftui.formats.folded.owners import NOBODY, Owner
from proftui.formats.frame_ids import FrameIds
from proftui.model import NO_LINE, Ids

THREAD = "<thread>"
"""The file of the frame that names a thread; its line is the thread's number."""

_NO_FUNCTIONS = ("[await]", "[out-of-context]", "[self]", "[root]")


class Identity(NamedTuple):
    """What a frame is of; `line` as it is written."""

    name: str
    file: str = ""
    line: str = ""

    @property
    def owner(self) -> Owner | None:
        """The thread that it names, or None."""
        if self.file != THREAD:
            return None
        number = int(self.line) if self.line.isascii() and self.line.isdecimal() and len(self.line) < 20 else None
        return Owner(tid=number, name=self.name)

    @classmethod
    def of(cls, name: str, file: str = "", line: str = "") -> Identity:
        """That of what is written; of frames that are no functions just the name."""
        return cls(name) if name in _NO_FUNCTIONS else cls(name, file, line)


class FrameTable:
    """Grows frame by frame.

    A method is called by its class too, where all frames of it had the same.
    """

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._kinds: dict[tuple[Identity, int], int] = {}
        self._classes: dict[Identity, set[str]] = {}

    def of_text(self, text: str) -> int:
        """The number of a frame that is written as above."""
        known = self._texts.get(text)
        if known is None:
            identifier, _, attributes = text.partition("\1")
            known = self._texts[text] = self.of(identified(identifier), attributes.split("\1"))
        return known

    def of(self, identity: Identity, attributes: list[str]) -> int:
        """The number of a frame with these attributes."""
        lines = [attribute[1:] for attribute in attributes if attribute[:1] == "l"]
        classes = [attribute[1:] for attribute in attributes if attribute[:1] == "c"]
        self._classes.setdefault(identity, set()).update(classes or [""])
        line = _line(lines[0]) if len(lines) == 1 else NO_LINE
        return self._kinds.setdefault((identity, line), len(self._kinds))

    def frames(self) -> tuple[FrameIds, Ids]:
        """The frames, and for each number given so far which frame it is."""
        ids = FrameIds()
        which = [
            ids.frame(ids.function(self._called(identity), identity.file, _line(identity.line)), line)
            for identity, line in self._kinds
        ]
        return ids, np.array(which, np.int32)

    def _called(self, identity: Identity) -> str:
        classes = self._classes[identity]
        alone = next(iter(classes)) if len(classes) == 1 else ""
        return f"{alone}.{identity.name}" if alone else identity.name


def identified(identifier: str) -> Identity:
    """The parts of an identifier; neither files nor lines have the character between them."""
    return Identity.of(*identifier.rsplit("\0", 2))


def owner_of(text: str) -> Owner:
    """The thread that a frame names, or else nobody."""
    return (identified(text.partition("\1")[0]).owner or NOBODY) if f"\0{THREAD}\0" in text else NOBODY


def _line(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else 0
    return number if 0 < number < 1 << 31 else NO_LINE
