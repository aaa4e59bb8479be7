"""Which function of one profile is which of another: of a program that was run again, perhaps after an edit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from proftui.model.arrays import NO_LINE, Ids
from proftui.model.functions import Functions

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")

Key = TypeVar("Key")
Where = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Translation:
    """`new_of` has for every function before its id now, or -1 where it is gone; no id occurs twice.

    `count` is the number of functions now.
    """

    new_of: Ids
    count: int

    @cached_property
    def old_of(self) -> Ids:
        """For every function now its id before, or -1 where it is new."""
        old_of = np.full(self.count, -1, np.int32)
        there = np.flatnonzero(self.new_of >= 0)
        old_of[self.new_of[there]] = there
        return old_of


def translate(old: Functions, new: Functions) -> Translation:
    """Functions are the same by name, file, line and object.

    An edit moves lines, so of the others those are the same whose name and file occur but once on both sides; and
    where they occur more often, the one that stands as many lines further on as the function before or behind it.
    Addresses in names, which are others in each run, do not count.
    """
    new_of = np.full(len(old), -1, np.int32)
    # Python's own dicts: 200,000 identities take a tenth of a second
    by_identity = _first(zip(new.identities(), range(len(new)), strict=True))
    taken = np.zeros(len(new), np.bool_)
    for before, identity in enumerate(old.identities()):
        now = by_identity.get(identity, -1)
        if now >= 0 and not taken[now]:
            new_of[before], taken[now] = now, True
    pairs, olds, news = _alone(old, new, np.flatnonzero(new_of < 0).tolist(), np.flatnonzero(~taken).tolist())
    for before, now in pairs:
        new_of[before] = now
    if olds:
        _moved_along(old, new, new_of, olds, news)
    return Translation(new_of, len(new))


def _first(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """The first value of every key."""
    found: dict[Key, int] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


Groups = dict[Where, list[int]]


def _alone(
    old: Functions, new: Functions, before: list[int], now: list[int]
) -> tuple[list[tuple[int, int]], Groups, Groups]:
    """The pairs of functions that are alone with their name and file; and those that are not, by name and file."""
    olds, news = _groups(old, before), _groups(new, now)
    pairs, several = [], []
    for where in olds.keys() & news.keys():
        if len(olds[where]) == len(news[where]) == 1:
            pairs.append((olds[where][0], news[where][0]))
        else:
            several.append(where)
    return pairs, {where: olds[where] for where in several}, {where: news[where] for where in several}


def _groups(functions: Functions, ids: list[int]) -> Groups:
    groups: Groups = defaultdict(list)
    for function in ids:
        groups[_ADDRESS.sub(" at", functions.name[function]), functions.file[function]].append(function)
    return groups


def _moved_along(old: Functions, new: Functions, new_of: Ids, olds: Groups, news: Groups) -> None:
    """Settle those of which there are several in their file: they moved as what stands around them did."""
    shift = _shifts(old, new, new_of, {file for _, file in olds})
    found: list[tuple[int, int]] = []
    for where, befores in olds.items():
        at = _first((int(new.line[now]), now) for now in news[where])
        for before in befores:
            line = int(old.line[before])
            places = {at[line + step] for step in shift(where[1], line) if line + step in at}
            if len(places) == 1:
                found.append((before, places.pop()))
    times: dict[int, int] = defaultdict(int)
    for _, now in found:
        times[now] += 1
    for before, now in found:
        if times[now] == 1:
            new_of[before] = now


def _shifts(old: Functions, new: Functions, new_of: Ids, files: set[str]) -> Callable[[str, int], set[int]]:
    """Gives by how many lines the nearest functions before and behind a line of a file have moved."""
    anchors: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for before in np.flatnonzero((new_of >= 0) & (old.line != NO_LINE)).tolist():
        if (file := old.file[before]) in files:
            line = int(old.line[before])
            anchors[file].append((line, int(new.line[new_of[before]]) - line))
    for known in anchors.values():
        known.sort()

    def shift(file: str, line: int) -> set[int]:
        known = anchors.get(file, [])
        at = bisect_left(known, (line, 0))
        return {moved for _, moved in known[max(0, at - 1) : at + 1]}

    return shift
