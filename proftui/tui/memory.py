"""Memory that is given back."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_M_MMAP_THRESHOLD = -3
LARGE = 256 << 10
"""Bytes from which on an array has memory of its own, which the system gets back when the array is gone."""


def give_back_arrays() -> None:
    """Have large arrays' memory given back at once.

    glibc lets its limit for that grow to 32 MiB with the arrays that it sees, and keeps what is below for each
    thread: a viewer that makes new arrays each second in a thread of its own then holds twice what it needs.
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library: it has its own ways
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)
