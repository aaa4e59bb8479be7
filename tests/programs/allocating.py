"""Allocates in the main thread and in two more, so that what memray must tell of `leaf` is known by hand.

    memray run [--aggregate] --no-compress --output CAPTURE allocating.py

A bytearray takes a byte more than it holds.
"""

import threading

KIB = 1024


def leaf(size: int) -> bytearray:
    return bytearray(size)


def keep(size: int) -> bytearray:
    return leaf(size)


def work(kept: "list[bytearray]", size: int) -> None:
    for _ in range(10):
        leaf(64 * KIB)
    kept.append(keep(size))


kept: "list[bytearray]" = []
for kibibytes in (300, 500):
    thread = threading.Thread(target=work, args=(kept, kibibytes * KIB), name=f"worker {kibibytes}")
    thread.start()
    thread.join()
peak = keep(2000 * KIB)
del peak
