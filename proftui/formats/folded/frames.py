"""The texts of frames: functions with what the tools add to their names, and back.

    name (file:line)     py-spy; V8 adds a column          name (file), name (object)    py-spy, without a line, native
    file:name:line       Python 3.15's sampler             object!name, object`name      Windows, DTrace
    name_[k], name_[j]   FlameGraph: in the kernel, compiled at run time; further letters say no object

`%{3B}` stands for the character with that number in hexadecimal, here ";", which no frame can hold. Only proftui's
writer does that, and only to ";", to line breaks, and to a blank before "(" in a name in front of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from proftui.model import NO_FILE, NO_LINE

Identity = tuple[str, str, int, str]
"""(name, file, line, object), as `Functions` has it; a frame's line is its current one, so this one is NO_LINE."""

_LOCATED = re.compile(rb"(.+?) \((.+?)(?::([0-9]{1,9}))?(?::[0-9]{1,9})?\)", re.DOTALL)
_COLONS = re.compile(rb"((?:[A-Za-z]:[\\/])?[^:]*):(.*):([0-9]{1,9})", re.DOTALL)
_IN_OBJECT = re.compile(rb"([\w.+\-\[\]/\\]+)[!`](.+)", re.DOTALL)
_SOURCE = re.compile(
    rb"<.*>|\?\?\?"  # callgrind's and perf's sign for a file that is not known
    rb"|.*\.(?:py[wxi]?|[ch](?:c|h|pp|xx|\+\+)?|tcc|[sS]|rs|go|[cm]?[jt]sx?|java|kt|scala|rb|php|pl|cs|swift)",
    re.DOTALL,
)
_NATIVE_MARKS = {"_[k]": "[kernel]", "_[j]": "[jit]"}
_UNSAFE = re.compile(r"[;\r\n]|%(?=\{)")
_ESCAPED = re.compile(r"%\{([0-9A-F]{1,6})\}")


def text_of(raw: bytes) -> str:
    """A name as text; bytes that are no UTF-8 become lone surrogates and can be written back as they were."""
    text = raw.decode("utf-8", "surrogateescape")
    return _ESCAPED.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), text) if "%{" in text else text


def raw_of(text: str) -> bytes:
    """A name as bytes that can stand in a line; surrogates that stand for no byte become "?"."""
    safe = _UNSAFE.sub(lambda match: f"%{{{ord(match[0]):X}}}", text)
    try:
        return safe.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return safe.encode("utf-8", "replace")


def _located(frame: bytes) -> re.Match[bytes] | None:
    # without the bracket, every " (" would be tried in vain with all that follows
    return _LOCATED.fullmatch(frame) if frame.endswith(b")") else None


def is_located(frame: bytes) -> bool:
    """Whether it is a name with a source file behind it, as py-spy has it."""
    match = _located(frame)
    return match is not None and (match[3] is not None or _SOURCE.fullmatch(match[2]) is not None)


@dataclass(frozen=True)
class Dialect:
    """What a file's frames are like: `located` as py-spy writes them, or else `colons` as Python's own sampler does."""

    located: bool = False
    colons: bool = False

    @classmethod
    def of(cls, frames: Iterable[bytes], *, colons: bool) -> Dialect:
        """Of files with such frames; `colons` where the lines begin as those of Python's sampler."""
        return cls(located=not colons and any(map(is_located, frames)), colons=colons)

    def parsed(self, frame: bytes) -> tuple[Identity, int]:
        """The function and its current line, or NO_LINE."""
        if self.colons and (match := _COLONS.fullmatch(frame)):
            line = int(match[3]) or NO_LINE
            return (text_of(match[2]), text_of(match[1]), NO_LINE, ""), line
        if self.located and (match := _located(frame)):
            where = text_of(match[2])
            if match[3] is not None:
                return (text_of(match[1]), where, NO_LINE, ""), int(match[3])
            file, binary = (where, "") if _SOURCE.fullmatch(match[2]) else ("", where)
            return (text_of(match[1]), file, NO_LINE, binary), NO_LINE
        if not (self.colons or self.located) and (match := _IN_OBJECT.fullmatch(frame)):
            return (text_of(match[2]), "", NO_LINE, text_of(match[1])), NO_LINE
        name = text_of(frame)
        return (name, "", NO_LINE, _NATIVE_MARKS.get(name[-4:], "")), NO_LINE

    def written(self, identity: Identity, line: int) -> bytes:
        """The frame of a function at its current line, or at that of its definition where the current is not known."""
        name, file, defined, binary = identity
        if file not in ("", NO_FILE):
            at = line if line != NO_LINE else defined
            where = raw_of(f" ({file})" if at == NO_LINE else f" ({file}:{at})")
            return raw_of(name).replace(b" (", b"%{20}(") + where
        if not binary or binary == _NATIVE_MARKS.get(name[-4:]):
            return raw_of(name)
        return raw_of(f"{name} ({binary})" if self.located else f"{binary}!{name}")
