"""The boxes of a flame graph, as they stand in the picture (https://www.w3.org/TR/SVG11/)."""

from __future__ import annotations

import math
from typing import NamedTuple
from xml.parsers import expat

from proftui.errors import Malformed
from proftui.formats.source import Source
from proftui.formats.svg.titles import Frame, frame_of

MOST_BYTES = 1 << 28
MOST_BOXES = 1_000_000

_SIZE = 1 << 20
_LONGEST = 1 << 20
"""Characters of a title."""


class Box(NamedTuple):
    """A frame from `x` to `end`, in samples where the file says so (inferno), else in units of the picture."""

    x: float
    end: float
    y: float
    frame: Frame


class Picture:
    """What a parser found: the boxes in the order of the file, and texts that are proftui's own.

    heading   the title of the whole picture
    remarks   the lines below it
    """

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.heading = ""
        self.remarks: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self._frame: Frame | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._started
        self.parser.EndElementHandler = self._ended
        self.parser.CharacterDataHandler = self._told
        self.parser.EntityDeclHandler = _refuse_entities

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        if name == "title" or (name == "text" and attributes.get("class") == "note"):
            self._text, self._length = [], 0
        elif name == "rect" and self._frame is not None:
            self.boxes.append(_box(attributes, self._frame, self.parser.CurrentLineNumber))
            self._frame = None
            if len(self.boxes) > MOST_BOXES:
                raise Malformed(f"has more than {MOST_BOXES:,} frames")

    def _told(self, text: str) -> None:
        if self._text is None:
            return
        self._text.append(text)
        self._length += len(text)
        if self._length > _LONGEST:
            raise Malformed("a title is too long", f"line {self.parser.CurrentLineNumber:,}")

    def _ended(self, name: str) -> None:
        if self._text is None or name not in ("title", "text"):
            return
        text, self._text = "".join(self._text), None
        if name == "text":
            self.remarks.append(text)
        else:
            self._frame = frame_of(text)
            if self._frame is None and not self.boxes:
                self.heading = text


def picture_of(source: Source) -> Picture:
    """The picture in a file. Nothing that the file refers to is read. Raises Malformed."""
    picture, seen = Picture(), 0
    try:
        for chunk in source.chunks(_SIZE):
            seen += len(chunk)
            if seen > MOST_BYTES:
                raise Malformed(f"holds more than {MOST_BYTES >> 20} MiB, too much for its format")
            picture.parser.Parse(chunk)
        picture.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Malformed("is not well-formed XML", f"line {error.lineno:,}") from None
    except (ValueError, LookupError):
        raise Malformed("is XML in an encoding that is not known") from None
    return picture


def _refuse_entities(*declared: object) -> None:
    del declared
    raise Malformed("declares entities of its own, which no flame graph does")


def _box(attributes: dict[str, str], frame: Frame, line: int) -> Box:
    """The box of a frame: `fg:x` and `fg:w` are inferno's, in samples. Raises Malformed."""
    keys = ("fg:x", "fg:w") if "fg:w" in attributes else ("x", "width")
    try:
        x, width, y = (float(attributes[key].rstrip("%")) for key in (*keys, "y"))
    except (KeyError, ValueError):
        raise Malformed("a frame has no place or no width", f"line {line:,}") from None
    if not (math.isfinite(x) and math.isfinite(y) and 0 <= width < math.inf):
        raise Malformed("a frame has no place or no width", f"line {line:,}")
    return Box(x, x + width, y, frame)
