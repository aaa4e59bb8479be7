"""A program whose shares of processor time are known, to be sampled: `known_shares.py SECONDS [--workers N]`.

Of the main thread's time `heavy` has 70 % and `light` 30 %, since that is how the iterations of their equal loops are
counted out. `heavy` is called below `descend`, which calls itself until it is DEPTH deep and so has 70 % inclusive;
`turn` and `main` have all. The thread "idle" waits for the end of stdin. Each worker process is in `work` for a
part of its time and waits in `main_of_worker` for the rest.

It prints "ready PID WORKERPID..." once all of that runs, and at its end "turns N seconds S processor C": the work that
it got done so far; that is told for each line of input too. It ends after SECONDS, or when its stdin closes, and its
workers with it, even if it is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import subprocess
import sys
import threading
import time

DEPTH = 50
HEAVY, LIGHT = 7_000, 3_000  # short beside the time that a scheduler gives: on a busy machine, samples still vary
WORK = 70_000
PAUSE = 0.015

PR_SET_PTRACER, ANYONE = 0x59616D61, -1


def heavy() -> int:
    """70 % of a turn."""
    total = 0
    for number in range(HEAVY):
        total += number & 7
    return total


def light() -> int:
    """30 % of a turn."""
    total = 0
    for number in range(LIGHT):
        total += number & 7
    return total


def descend(depth: int) -> int:
    """Calls itself until it is DEPTH deep, then `heavy`."""
    return descend(depth + 1) if depth < DEPTH else heavy()


def turn() -> None:
    """A unit of work: a fraction of a millisecond."""
    descend(1)
    light()


def work() -> int:
    """What a worker does."""
    total = 0
    for number in range(WORK):
        total += number & 7
    return total


def main_of_worker() -> None:
    """Work and wait in turns until stdin closes."""
    print("ready", flush=True)
    while True:
        work()
        if select.select([0], [], [], PAUSE)[0] and not os.read(0, 1):
            return


def wait_for_end_of_input(asked: threading.Event, ended: threading.Event) -> None:
    """Idle until stdin closes, but for lines that ask how much is done."""
    while os.read(0, 4096):
        asked.set()
    ended.set()


def let_anyone_trace() -> None:
    """Where Yama lets only ancestors trace a process, allow it to a sampler beside this one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(ANYONE), 0, 0, 0)


def started_worker(number: int) -> subprocess.Popen[bytes]:
    """A worker process that is at work; it ends when its stdin, which this process holds, closes."""
    command = [sys.executable, __file__, "--worker", str(number)]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdout
    worker.stdout.readline()
    return worker


def main(seconds: float, workers: int) -> None:
    """Turn after turn until it is time."""
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(started_worker(number)) for number in range(1, workers + 1)]
        asked, ended = threading.Event(), threading.Event()
        threading.Thread(target=wait_for_end_of_input, args=(asked, ended), name="idle", daemon=True).start()
        print("ready", os.getpid(), *(worker.pid for worker in started), flush=True)
        begin, turns = time.monotonic(), 0
        while not ended.is_set() and time.monotonic() < begin + seconds:
            turn()
            turns += 1
            if asked.is_set():
                asked.clear()
                tell(turns, begin)
        tell(turns, begin)


def tell(turns: int, begin: float) -> None:
    """Say how much work is done."""
    with contextlib.suppress(BrokenPipeError):
        elapsed, processor = round(time.monotonic() - begin, 3), round(time.process_time(), 3)
        print("turns", turns, "seconds", elapsed, "processor", processor, flush=True)


if __name__ == "__main__":
    let_anyone_trace()
    if sys.argv[1] == "--worker":
        main_of_worker()
    else:
        main(float(sys.argv[1]), int(sys.argv[3]) if sys.argv[2:3] == ["--workers"] else 3)
