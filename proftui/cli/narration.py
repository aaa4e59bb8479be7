"""What the program is doing, on stderr, when it takes long and a person is watching."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proftui.formats import Progress

_PATIENCE = 1.0
_BETWEEN = 0.2


@contextmanager
def reading() -> Iterator[Progress | None]:
    """A callback that shows the share read so far once a second has passed; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    shown_at = time.monotonic() + _PATIENCE - _BETWEEN
    begun = False

    def progress(share: float) -> None:
        nonlocal shown_at, begun
        if time.monotonic() - shown_at >= _BETWEEN:
            shown_at, begun = time.monotonic(), True
            print(f"\rproftui: reading {share:4.0%}", end="", file=sys.stderr, flush=True)

    try:
        yield progress
    finally:
        if begun:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def say(sentence: str) -> None:
    """Tell what was done."""
    from proftui.report.text import safe

    print(f"proftui: {safe(sentence)}", file=sys.stderr)
