"""The binaries that were mapped into a process, as the text behind Google's older profiles lists them.

00400000-00fcb000: /home/me/server
7f47a4d1e000-7f47a4f24000 r-xp 00000000 08:01 1234 /lib/libc-2.15.so
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from proftui.errors import Malformed

SENTINELS = ("--- Memory map: ---", "MAPPED_LIBRARIES:")
"""What the line before the list holds."""

_RANGE = re.compile(r"(?:0x)?([0-9A-Fa-f]{1,16})\s?-\s?(?:0x)?([0-9A-Fa-f]{1,16}):?(?:\s+(.*))?")
_DEFINITION = re.compile(r"(\w{1,100})\s*=([^$]*)")
_NAME = re.compile(r"\$(\w{1,100})")
_RIGHTS = re.compile(r"[-rwxps]{1,5}")
_DEVICE = re.compile(r"[0-9A-Fa-f]+:[0-9A-Fa-f]+")
_HEX = re.compile(r"[0-9A-Fa-f]{1,16}")
_OFFSET = re.compile(r"\(@([0-9A-Fa-f]{1,16})\)")

MOST_MAPPINGS = 100_000
_LONGEST = 4096
"""Letters of a line, before and after what it names is filled in."""


class _Mapping(NamedTuple):
    """From where to where a file is, and from which byte of it on."""

    start: int
    limit: int
    offset: int
    file: str


class MemoryMap:
    """Which binary is mapped at an address. Raises Malformed for more mappings than MOST_MAPPINGS."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        found = (_mapping(line) for line in _filled_in(lines))
        self._mappings = sorted(islice((mapping for mapping in found if mapping is not None), MOST_MAPPINGS + 1))
        if len(self._mappings) > MOST_MAPPINGS:
            raise Malformed(f"lists more than {MOST_MAPPINGS:,} mappings")

    def at(self, address: int) -> str:
        """The file, or "". The first part of a file may be missing from the list, as pprof knows too."""
        after = bisect_right(self._mappings, address, key=_start)
        if after and address < self._mappings[after - 1].limit:
            return self._mappings[after - 1].file
        if after < len(self._mappings):
            following = self._mappings[after]
            if following.start - following.offset <= address:
                return following.file
        return ""


def _filled_in(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with what some of them define in place of its name: "source=/home/me", then "$source/server"."""
    known: dict[str, str] = {}
    for line in filter(_is_short, map(str.strip, lines)):
        if match := _DEFINITION.fullmatch(line):
            known[match[1]] = match[2].strip()
        elif _is_short(filled := _NAME.sub(lambda name: known.get(name[1], name[0]), line)):
            yield filled


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST


def _start(mapping: _Mapping) -> int:
    return mapping.start


def _mapping(line: str) -> _Mapping | None:
    """What a line tells; nothing of what is not executable."""
    match = _RANGE.fullmatch(line)
    if match is None:
        return None
    words = (match[3] or "").split()
    if words and _RIGHTS.fullmatch(words[0]) and "x" not in words.pop(0):
        return None
    offset = "0"
    if len(words) > 2 and _HEX.fullmatch(words[0]) and _DEVICE.fullmatch(words[1]) and words[2].isdecimal():
        offset, words = words[0], words[3:]
    elif len(words) > 1 and (at := _OFFSET.fullmatch(words[1])):
        offset = at[1]
    return _Mapping(int(match[1], 16), int(match[2], 16), int(offset, 16), words[0] if words else "")
