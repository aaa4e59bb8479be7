"""The header lines of a callgrind dump, `key: value`, and how a dump is recognised.

https://valgrind.org/docs/manual/cl-format.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from proftui.formats.callgrind.digits import number
from proftui.formats.encoding import utf8_head

_MAGIC = re.compile(rb"\s*# callgrind format")
_EVENTS = re.compile(rb"^events:[ \t]*\S", re.MULTILINE)
_CREATOR = re.compile(rb"^creator:", re.MULTILINE)
_BODY = re.compile(rb"^(?:ob|fl|fi|fe|fn)=", re.MULTILINE)
_HEADER = re.compile(rb"^(?:version|creator|pid|cmd|part|thread|desc|positions|summary|totals):", re.MULTILINE)

KEYS = frozenset(
    (
        b"version", b"creator", b"pid", b"cmd", b"part", b"thread", b"desc", b"positions", b"events", b"event",
        b"summary", b"totals", b"arch", b"timeframe (BB)",
    )
)  # fmt: skip

STARTS_PART = frozenset((b"version", b"creator", b"pid", b"part", b"thread", b"positions", b"events"))
"""Header keys that begin a further part when they come after cost lines."""

MOST_EVENTS = 200
"""More events than any processor counts; further ones are not read."""

_POSITIONS = ("instr", "bb", "line")


class Said(NamedTuple):
    """A header line: in which line of its block (from 1), its key and what stands behind the colon."""

    line: int
    key: bytes
    value: bytes

    def numbers(self) -> list[float | None]:
        """The numbers of a line `summary:` or `totals:`; None for what is none."""
        return [number(word) for word in self.value.split()[:MOST_EVENTS]]


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001  # a dump is told by its content
    """Whether `head` looks like a dump of callgrind, cachegrind or a program that writes their format."""
    text = utf8_head(head)
    if _MAGIC.match(text):
        return True
    if _EVENTS.search(text):
        return bool(_BODY.search(text) or _HEADER.search(text))
    return bool(_CREATOR.search(text) and _BODY.search(text))


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
    described: tuple[str, ...] = ()

    def next_part(self) -> Header:
        """The header that a further part of the same file starts from: its run and layout, without its own marks."""
        return replace(self, part=None, thread=None, trigger="")

    @property
    def layout(self) -> tuple[int, int | None, int]:
        """What the reading of a cost line depends on: how many positions and costs it has, which is the line."""
        return self.positions, self.line_position, len(self.events or ())

    def having(self, said: Said) -> Header:
        """This header with one more line; keys without a meaning for the reader change nothing."""
        key, text = said.key, text_of(said.value.strip())
        if key == b"events":
            return replace(self, events=_different(text.split()[:MOST_EVENTS]) or self.events)
        if key == b"positions":
            return self._positioned(text)
        if key == b"event" and len(self.described) < MOST_EVENTS:
            return replace(self, described=(*self.described, text))
        if key in (b"creator", b"cmd"):
            return replace(self, creator=text) if key == b"creator" else replace(self, command=text)
        if key in (b"pid", b"part", b"thread"):
            numbered = {key.decode(): int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None}
            return replace(self, **numbered)  # type: ignore[arg-type]  # the three fields of this type
        if key == b"desc" and text.startswith("Trigger:"):
            return replace(self, trigger=text.removeprefix("Trigger:").strip())
        return self

    def _positioned(self, text: str) -> Header:
        """`positions:` names one to three of instr, bb and line: so many numbers precede the costs of a line."""
        words = [word for word in text.split() if word in _POSITIONS] or ["line"]
        return replace(self, positions=len(words), line_position=words.index("line") if "line" in words else None)


def _different(names: list[str]) -> tuple[str, ...]:
    """`names`, a second of the same name with its place behind it."""
    return tuple(f"{name} ({at})" if name in names[:at] else name for at, name in enumerate(names))


def text_of(raw: bytes) -> str:
    """A name as text; bytes that are no UTF-8 become lone surrogates and can be written back as they were."""
    return raw.decode("utf-8", "surrogateescape")
