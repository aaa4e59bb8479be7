"""Text from a profile, made safe to draw, and cut to a number of terminal cells."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import Literal

from rich.cells import cell_len

ELLIPSIS = "…"

Cut = Literal["middle", "start", "end"]
"""What goes first of a text that is too long."""


@lru_cache(maxsize=1 << 16)
def safe(text: str) -> str:
    """`text` with every character replaced that could steer the terminal or upset alignment.

    Control characters become their pictures (ESC is ␛); direction marks, zero-width and other format characters,
    lone surrogates and unassigned code points become U+FFFD. Files keep the original: this is for the screen alone.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _picture(ord(character)) for character in text)


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def width(text: str) -> int:
    """How many terminal cells `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """Exactly `cells` cells: padded (on the left where `right`), or cut at the end with an ellipsis."""
    have = width(text)
    if have > cells:
        text = head(text, cells - 1) + ELLIPSIS if cells > 0 else ""
        have = width(text)
    padding = " " * (cells - have)
    return padding + text if right else text + padding


def middle(text: str, cells: int) -> str:
    """At most `cells` cells, cut in the middle: the last two thirds, where a function's own name stands, goes last."""
    if width(text) <= cells:
        return text
    if cells <= 1:
        return ELLIPSIS[:cells]
    last = max(1, (cells - 1) * 2 // 3)
    return head(text, cells - 1 - last) + ELLIPSIS + tail(text, last)


def ending(text: str, cells: int) -> str:
    """At most `cells` cells, cut at the start: of a path the file's name is what counts."""
    return text if width(text) <= cells else (ELLIPSIS + tail(text, cells - 1))[: max(cells, 0)]


def shortened(text: str, cells: int, cut: Cut) -> str:
    """At most `cells` cells; `cut` is what goes where it is too long."""
    if cut == "end":
        return text if width(text) <= cells else fit(text, cells)
    return ending(text, cells) if cut == "start" else middle(text, cells)


def head(text: str, cells: int) -> str:
    """As much of the start of `text` as fits into `cells`."""
    if text.isascii():
        return text[: max(cells, 0)]
    kept = sum(1 for used in accumulate(map(cell_len, text)) if used <= cells)
    return text[:kept]


def tail(text: str, cells: int) -> str:
    """As much of the end of `text` as fits into `cells`."""
    return head(text[::-1], cells)[::-1]
