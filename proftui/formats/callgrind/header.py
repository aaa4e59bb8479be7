"""The header lines of a callgrind dump, `key: value`, and how a dump is recognised.

https://valgrind.org/docs/manual/cl-format.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from proftui.errors import Malformed

_MAGIC = re.compile(rb"\s*# callgrind format")
_EVENTS = re.compile(rb"^events:[ \t]*\S", re.MULTILINE)
_CREATOR = re.compile(rb"^creator:", re.MULTILINE)
_BODY = re.compile(rb"^(?:ob|fl|fi|fe|fn)=", re.MULTILINE)
_HEADER = re.compile(rb"^(?:version|creator|pid|cmd|part|thread|desc|positions|summary|totals):", re.MULTILINE)

STARTS_PART = frozenset((b"version", b"creator", b"pid", b"part", b"thread", b"positions", b"events"))
"""Header keys that begin a further part when they come after cost lines."""

_POSITIONS = ("instr", "bb", "line")


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001  # a dump is told by its content
    """Whether `head` looks like a dump of callgrind, cachegrind or a program that writes their format."""
    text = plain(head)
    if _MAGIC.match(text):
        return True
    if _EVENTS.search(text):
        return bool(_BODY.search(text) or _HEADER.search(text))
    return bool(_CREATOR.search(text) and _BODY.search(text))


def plain(head: bytes) -> bytes:
    """The first bytes of a file as UTF-8 without a byte order mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


@dataclass(frozen=True)
class Header:
    """What the lines before a part's costs say. `events` is None until there is such a line."""

    events: tuple[str, ...] | None = None
    positions: int = 1
    line_position: int | None = 0
    creator: str = ""
    command: str = ""
    pid: int | None = None
    part: int | None = None
    thread: int | None = None
    trigger: str = ""
    described: tuple[bytes, ...] = field(default=())

    def next_part(self) -> Header:
        """The header that a further part of the same file starts from: its run and layout, without its own marks."""
        return replace(self, part=None, thread=None, trigger="")

    def having(self, key: bytes, value: bytes, line: int) -> Header:
        """This header with one more line; keys without a meaning for the reader change nothing."""
        text = text_of(value.strip())
        if key == b"events":
            events = tuple(text.split())
            if not events:
                raise Malformed("'events:' names no event", f"line {line}")
            return replace(self, events=events)
        if key == b"positions":
            return self._positioned(text)
        if key == b"event":
            return replace(self, described=(*self.described, value.strip()))
        if key in (b"creator", b"cmd"):
            return replace(self, creator=text) if key == b"creator" else replace(self, command=text)
        if key in (b"pid", b"part", b"thread"):
            number = int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
            return replace(self, **{key.decode(): number})
        if key == b"desc" and text.startswith("Trigger:"):
            return replace(self, trigger=text.removeprefix("Trigger:").strip())
        return self

    def _positioned(self, text: str) -> Header:
        """`positions:` names one to three of instr, bb and line: so many numbers precede the costs of a line."""
        words = [word for word in text.split() if word in _POSITIONS] or ["line"]
        return replace(self, positions=len(words), line_position=words.index("line") if "line" in words else None)


def text_of(raw: bytes) -> str:
    """A name as text; bytes that are no UTF-8 become lone surrogates and can be written back as they were."""
    return raw.decode("utf-8", "surrogateescape")
