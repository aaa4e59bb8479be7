"""A program whose stacks are known, to be looked at: `waiting.py`. It ends when its stdin closes.

The main thread waits in `read`, which `main` calls with two arguments; "idle" waits in `rest` below a lock, and "busy"
runs in `spin` for as long as there is input to wait for. Prints "ready PID" once all are there, from `read`.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading

ENDED = threading.Event()
RESTING = threading.Event()
BUSY = threading.Event()


def rest(secret: str) -> None:
    """Waits for the end."""
    copy = secret + " \x1b[31m\u202e"
    RESTING.set()
    ENDED.wait()
    del copy


def spin() -> None:
    """Does not wait."""
    count = 0
    while not ENDED.is_set():
        count += 1
        BUSY.set()


def read(first: int, second: str = "two") -> int:
    """Waits for the end of stdin."""
    numbers = [first, 22, 333]
    missing = None
    print("ready", os.getpid(), flush=True)
    os.read(0, 1)
    return len(numbers) + len(second) + (missing or 0)


def main() -> None:
    """All threads, in the order in which they are told of."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # any process may trace this one
    threading.Thread(target=rest, args=("word",), name="idle [bold]", daemon=True).start()
    RESTING.wait()
    threading.Thread(target=spin, name="busy", daemon=True).start()
    BUSY.wait()
    read(1)
    ENDED.set()


if __name__ == "__main__":
    main()
