"""Reads the binary CPU profiles of gperftools and of Java's agent: machine words, and text behind them.

A header of five words: 0, 3, 0 (1 of Java), microseconds between samples, 0. Then a count, how many addresses, and
these, for each stack; the last one is 0, 1, 0. Behind it is what was mapped, or of Java the name of each address.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from proftui.errors import Malformed
from proftui.formats.pprof.document import About
from proftui.formats.pprof.legacy import Place, Recorded, before
from proftui.formats.pprof.memory_map import MemoryMap
from proftui.model import NO_LINE

_WORDS = ("<u4", ">u4", "<u8", ">u8")
_HEADER = 5

_LONGEST = 4096

_NAMED = re.compile(r"\s*0x([0-9A-Fa-f]{1,16})\s+(\S.*)")
_LINE = re.compile(r"(?=.*:-?\d{1,9}\)\Z)(.*)\s\((.+):(-?\d{1,9})\)")
_PATH = re.compile(r"(?=.*\)\Z)(.*)\s\((.*)\)")
"""The end is looked at first, or else each bracket would be tried with all that follows in vain."""


def is_binary(head: bytes) -> bool:
    """Whether the header is that of such a profile."""
    return _word(head) is not None


def _word(head: bytes) -> str | None:
    for word in _WORDS:
        start = np.frombuffer(head[: _HEADER * int(word[2])], word).tolist() if len(head) >= 40 else []
        if start[:2] == [0, 3] and start[2] in (0, 1) and start[3] > 0 and start[4] == 0:
            return word
    return None


def read_binary(data: bytes) -> Recorded:
    """The samples of such a profile. Raises Malformed."""
    word = _word(data)
    if word is None:
        raise Malformed("is no CPU profile", "byte 0")
    size = int(word[2])
    words: list[int] = np.frombuffer(data[: len(data) // size * size], word).tolist()
    java, period = words[2] == 1, words[3] * 1000
    samples, end = _samples(words)
    text = data[end * size :].decode("utf-8", "surrogateescape").split("\n")
    types = [("samples", "count"), ("cpu", "nanoseconds")]
    recorded = Recorded(About(types, "", types[1], period))
    if java:
        recorded.places = _places(text)
    else:
        recorded.mapped = MemoryMap(text)
        samples = _without_handlers([(count, before(addresses, leaf=True)) for count, addresses in samples])
    for count, addresses in samples:
        recorded.add(addresses, (count, count * period))
    return recorded


def _samples(words: list[int]) -> tuple[list[tuple[int, list[int]]], int]:
    """(count, addresses from the leaf on) of each stack, and behind which word they end."""
    found: list[tuple[int, list[int]]] = []
    at = _HEADER
    while at + 2 <= len(words):
        count, size = words[at : at + 2]
        addresses = words[at + 2 : at + 2 + size]
        if len(addresses) < size:
            raise Malformed("a stack is cut off", f"word {at:,}")
        at += 2 + size
        if (count, addresses) == (0, [0]):
            return found, at
        found.append((count, addresses))
    raise Malformed("ends without the mark of its end", f"word {at:,}")


def _without_handlers(samples: list[tuple[int, list[int]]]) -> list[tuple[int, list[int]]]:
    """Without up to two frames behind the leaf that almost all stacks share: those of the signal's handler.

    Nor with a second frame that is the leaf's again, as one of a call.
    """
    margin = len(samples) // 32
    for _ in range(2):
        second = Counter(addresses[1] for _, addresses in samples if len(addresses) > 1)
        for address, times in second.most_common(1):
            if times >= len(samples) - margin:
                samples = [
                    (count, found[:1] + found[2:] if found[1:2] == [address] else found) for count, found in samples
                ]
    return [
        (count, found[:1] + found[2:] if len(found) > 1 and found[0] == found[1] + 1 else found)
        for count, found in samples
    ]


def _places(lines: list[str]) -> dict[int, list[Place]]:
    """What Java's agent says of addresses."""
    found: dict[int, list[Place]] = {}
    files: dict[str, str] = {}
    for line in lines:
        match = _NAMED.fullmatch(line.rstrip()) if len(line) < _LONGEST else None
        if match is None:
            continue
        name, file, number = _place(match[2])
        found[int(match[1], 16)] = [(name, files.setdefault(name, file), number)]
    return found


def _place(text: str) -> Place:
    """Of "function (file:line)", "function (library)", or a state of the machine such as "GC"."""
    if located := _LINE.fullmatch(text):
        number = int(located[3])
        return located[1].rstrip(), located[2], number if number > 0 else NO_LINE
    if library := _PATH.fullmatch(text):
        return library[1].rstrip(), library[2].rpartition("/")[2], NO_LINE
    return ("STUB" if "generated stub/JIT" in text else text), "", NO_LINE
