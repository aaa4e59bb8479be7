"""Reading profiles for a command that shows or writes them and is done: quickly, and with a word to who waits."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proftui.model import Profile

_PATIENCE = 1.0
_BETWEEN = 0.2


def read(files: Sequence[str], *, single: bool = False, lines: bool = False) -> Profile:
    """The profile in the files, as `formats.load_all` reads it."""
    import_numpy()
    from proftui.formats import load_all

    # what is read stays to the end: nothing of it is garbage, now or at exit
    gc.disable()
    try:
        with _told() as progress:
            return load_all(files, single=single, lines=lines, progress=progress)
    finally:
        gc.freeze()
        gc.enable()


def import_numpy() -> None:
    """Import numpy without the threads of its linear algebra, which nothing here uses: starting them takes 40 ms."""
    name = "OPENBLAS_NUM_THREADS"
    if name in os.environ:
        return
    os.environ[name] = "1"
    try:
        import numpy as np  # noqa: F401
    finally:
        # programs that are started from here must not inherit it
        del os.environ[name]


@contextmanager
def _told() -> Iterator[Callable[[float], None] | None]:
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
