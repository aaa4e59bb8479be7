"""Frames that a file asks to leave out, with all that they call: those of the profiler itself, or of an allocator.

As pprof does it (https://github.com/google/pprof/blob/main/profile/prune.go). The pattern comes from a file and could
take for ever: those alone are followed that are alternatives of plain names, with options and one repetition in each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from proftui.formats.pprof.locations import Locations
from proftui.formats.pprof.wire import Places

_LONGEST_NAME, _LONGEST_PATTERN, _MOST_WORK = 1000, 10_000, 500_000_000
"""Letters of a name, of a pattern; letters of all names times how often each is looked at."""

_ATOM = r"(?:\\[^A-Za-z0-9]|\[-?\w+(?:-\w+)*-?\]|[^\\()\[\]{}|*+?^$])"
_OPTION = rf"\({_ATOM}*(?:\|{_ATOM}*)*\)\??"
_ALTERNATIVE = rf"(?:{_ATOM}\??|{_OPTION})*(?:{_ATOM}[*+](?:{_ATOM}\??|{_OPTION})*)?"
_SIMPLE = re.compile(rf"{_ALTERNATIVE}(?:\|{_ALTERNATIVE})*")
_PIECE = re.compile(rf"(?P<option>{_OPTION})|{_ATOM}(?P<mark>[?*+]?)|(?P<bar>\|)")

_BRACKET = re.compile(r"\(anonymous namespace\)|operator\(\)|\(")

KEPT, WHOLE, INLINED = range(3)
"""Of a location: nothing is dropped, all of it, or what is inlined in its outer functions."""

Kinds = npt.NDArray[np.uint8]
"""One of these for each location."""


@dataclass(frozen=True)
class Dropped:
    """Locations without what is inlined below a frame to drop, what is dropped of each, and the functions' names."""

    locations: Locations
    kinds: Kinds
    names: tuple[str, ...]


def dropped(locations: Locations, drop: str, keep: str) -> Dropped | None:
    """What frames with names like `drop`, and not like `keep`, take with them; None where a pattern is not simple."""
    names = locations.functions.name
    letters = sum(map(len, names))
    if not all(_is_simple(pattern, letters) for pattern in (drop, keep)):
        return None
    try:
        wanted, kept = re.compile(drop), re.compile(keep) if keep else None
    except re.error:
        return None
    matching = [_is_dropped(name, wanted, kept) for name in names]
    of_line = np.array(matching, np.bool_)[locations.frames.function[locations.frame]]
    line = np.arange(len(of_line))
    owner = np.repeat(np.arange(len(locations)), locations.count)
    inner = np.full(len(locations), -1, np.int64)  # the outermost line that is dropped
    np.maximum.at(inner, owner[of_line], line[of_line])
    hit = inner >= 0
    outermost = inner == locations.start + locations.count - 1
    cut = np.where(hit & ~outermost, inner + 1 - locations.start, 0)
    return Dropped(
        replace(locations, start=locations.start + cut, count=locations.count - cut),
        np.where(hit, np.where(outermost, WHOLE, INLINED), KEPT).astype(np.uint8),
        tuple(name for name, is_dropped in zip(names, matching, strict=True) if is_dropped),
    )


def _is_simple(pattern: str, letters: int) -> bool:
    return (
        len(pattern) <= _LONGEST_PATTERN
        and _SIMPLE.fullmatch(pattern) is not None
        and letters * _looks(pattern) <= _MOST_WORK
    )


def _looks(pattern: str) -> int:
    """How often a letter of a name is looked at, at most, when the name is held against alternatives of pieces.

    Each option doubles the ways to go on, or more; what is behind a repetition is tried at each letter.
    """
    total, ways, behind = 0, 1, 0
    for piece in _PIECE.finditer(f"{pattern}|"):
        if piece["bar"]:
            total += ways * max(behind, 1)
            ways, behind = 1, 0
        elif piece["option"]:
            ways *= piece["option"].count("|") + 2
        elif piece["mark"] == "?":
            ways *= 2
        elif piece["mark"] or behind:
            behind += 1
    return total


def _is_dropped(name: str, drop: re.Pattern[str], keep: re.Pattern[str] | None) -> bool:
    """Whether a function matches by its name, which is taken without its arguments."""
    if len(name) > _LONGEST_NAME:
        return False
    plain = name.removeprefix(".")
    for bracket in _BRACKET.finditer(plain):
        if bracket[0] == "(":
            plain = plain[: bracket.start()]
            break
    return drop.fullmatch(plain) is not None and (keep is None or keep.fullmatch(plain) is None)


def shortened(kinds: Kinds, location: Places, starts: Places, length: Places) -> Places:
    """How long stacks are that end at the first location that is dropped, below one that is not.

    The first location of each, which says whose it is, is one of those behind all that `kinds` has.
    """
    none = len(location)
    index = np.arange(none)
    kind = np.append(kinds, KEPT)[np.minimum(location, len(kinds))]
    plain = (kind == KEPT) & (location < len(kinds))
    first = np.minimum.reduceat(np.where(plain, index, none), starts)
    found = (kind != KEPT) & (index > np.repeat(first, length))
    hit = np.minimum.reduceat(np.where(found, index, none), starts)
    at = np.minimum(hit, none - 1)
    shorter: Places = np.where(hit < none, hit - starts + (kind[at] == INLINED), length)
    return shorter
