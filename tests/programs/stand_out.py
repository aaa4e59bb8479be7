"""One small program for each rule of the findings that it fires on, and one near miss; run under a profiler.

FIRES[rule] is (program, what the finding's sentence says), MISSES[rule] a program that does a little less of the same.
"""

from __future__ import annotations

import copy
import gc
import importlib
import inspect
import io
import json
import logging
import os
import pickle
import re
import select
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePath

Program = Callable[[], object]

SLOW_MODULE = "total = 0\nfor number in range(200_000):\n    total += number\n"
SUM = "with recursive n(i) as (select ? union all select i + 1 from n limit 20) select sum(i) from n"
QUICK_MODULE = "total = 1\n"


def spin(seconds: float) -> None:
    """Compute for so long, in few calls."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(20_000))


def imported(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "stand_out_module.py").write_text(text)
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            import stand_out_module  # type: ignore[import-not-found]  # noqa: F401
        finally:
            sys.path.remove(folder)
            sys.modules.pop("stand_out_module", None)


def fetched(cursor: sqlite3.Cursor, number: int) -> object:
    cursor.execute(SUM, (number,))
    return cursor.fetchone()


def queried(count: int) -> None:
    connection = sqlite3.connect(":memory:")
    cursor = connection.cursor()
    for number in range(count):
        fetched(cursor, number)
    connection.close()


def requested(count: int) -> None:
    for number in range(count):
        urllib.request.urlopen(f"data:,{number}").close()  # noqa: S310  # leads nowhere


def opened(count: int) -> None:
    for _ in range(count):
        open(os.devnull).close()  # noqa: PTH123  # what is looked for


def compiled(count: int) -> None:
    re.purge()
    for number in range(count):
        re.compile(f"(?:a{number}|b+)[c-z]{{1,{number + 1}}}(d|e|f)*")


def matched(count: int) -> None:
    for _ in range(count):
        re.match("a+", "aaa")


def copied(size: int) -> None:
    copy.deepcopy([[number] for number in range(size)])


def encoded(size: int) -> None:
    json.loads(json.dumps([{"number": number, "name": str(number)} for number in range(size)]))


def pickled(size: int) -> None:
    pickle.loads(pickle.dumps([{"number": number} for number in range(size)]))  # noqa: S301  # its own bytes


def logged(count: int) -> None:
    logger = logging.Logger("stand_out", logging.INFO)  # not one that stays
    logger.addHandler(logging.StreamHandler(io.StringIO()))
    for number in range(count):
        logger.info("number %d", number)


def dated(count: int) -> None:
    for _ in range(count):
        datetime.strptime("2024-02-29 12:30", "%Y-%m-%d %H:%M")


def failed(count: int, *, formatted: bool) -> None:
    for number in range(count):
        try:
            [][number]
        except IndexError:
            if formatted:
                traceback.format_exc()


def inspected(count: int) -> None:
    for _ in range(count):
        inspect.signature(spin)


def evaluated(count: int) -> None:
    for number in range(count):
        eval(f"{number} + 1")  # noqa: S307  # what is looked for


def joined(count: int) -> None:
    for number in range(count):
        str(PurePath("a", "b") / str(number))


def looked_up(count: int) -> None:
    for _ in range(count):
        os.stat(os.curdir)  # noqa: PTH116  # what is looked for


def searched(count: int, length: int) -> None:
    numbers = list(range(length))
    for _ in range(count):
        numbers.index(length - 1)


def locked(seconds: float) -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=seconds)


def received(seconds: float) -> None:
    here, there = socket.socketpair()
    here.settimeout(seconds)
    with suppress(TimeoutError, BlockingIOError):
        here.recv(1)
    here.close()
    there.close()


def tiny(number: int) -> int:
    return number


def exploded(count: int) -> None:
    for number in range(count):
        tiny(number)


def fibonacci(number: int) -> int:
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


def down(depth: int) -> None:
    if depth:
        down(depth - 1)


def descended(count: int) -> None:
    for _ in range(count):
        down(5)


def after(seconds: float, program: Program) -> Program:
    """The program, and much else besides."""

    def both() -> None:
        program()
        spin(seconds)

    return both


FIRES: dict[str, tuple[Program, str]] = {
    "imports": (lambda: imported(SLOW_MODULE), "went into importing; the heaviest: "),
    "repeated-query": (lambda: queried(2000), "2,000 database calls took"),
    "repeated-request": (lambda: requested(300), "300 requests took"),
    "repeated-open": (lambda: opened(600), "600 opened files took"),
    "regex": (lambda: compiled(30), "compiling 30 regular expressions took"),
    "regex-cache": (lambda: matched(25_000), "25,000 look-ups of patterns took"),
    "deepcopy": (lambda: copied(3000), "1 call of deepcopy took"),
    "json": (lambda: encoded(3000), "2 calls into json took"),
    "pickle": (lambda: pickled(20_000), "2 calls into pickle took"),
    "logging": (lambda: logged(1000), "calls into logging took"),
    "dates": (lambda: dated(1500), "parsing 1,500 dates by format took"),
    # Python 3.10 joins the lines of a generator in traceback, which str.join calls: more calls into it
    "traceback": (lambda: failed(200, formatted=True), "00 calls into traceback took"),
    "inspect": (lambda: inspected(300), "300 calls into inspect took"),
    "code": (lambda: evaluated(300), "300 calls of compile and eval took"),
    "paths": (lambda: joined(2000), "calls into pathlib took"),
    "stat": (lambda: looked_up(3000), "3,000 questions to the system about files"),
    "search": (lambda: searched(1500, 5000), "1,500 calls of list.index, remove, count or insert took"),
    "sleep": (lambda: time.sleep(0.03), "in 1 call"),
    "locks": (lambda: locked(0.03), "waits for locks, queues or threads"),
    "poll": (lambda: select.select([], [], [], 0.03), "went by in 1 wait of select, poll or epoll"),
    "network": (lambda: received(0.03), "went by in 1 socket call "),
    "processes": (lambda: subprocess.run([sys.executable, "-c", ""], check=True), "into subprocess took"),
    "gc": (lambda: [gc.collect() for _ in range(10)], "10 calls of gc.collect took"),
    "explosion": (lambda: exploded(150_000), "tiny: 150,000 calls of"),
    "recursion": (lambda: fibonacci(19), "fibonacci recurs: 1 call from outside became 13,529"),
}

MISSES: dict[str, Program] = {
    "imports": after(0.1, lambda: imported(QUICK_MODULE)),
    "repeated-query": lambda: queried(400),
    "repeated-request": lambda: requested(150),
    "repeated-open": lambda: opened(400),
    "regex": after(0.1, lambda: compiled(1)),
    "regex-cache": lambda: matched(15_000),
    "deepcopy": after(0.1, lambda: copied(10)),
    "json": after(0.1, lambda: encoded(10)),
    "pickle": after(0.1, lambda: pickled(100)),
    "logging": after(0.1, lambda: logged(5)),
    "dates": lambda: dated(900),
    "traceback": after(0.05, lambda: failed(2000, formatted=False)),
    "inspect": lambda: inspected(80),
    "code": lambda: evaluated(80),
    "paths": lambda: joined(100),
    "stat": lambda: looked_up(900),
    "search": lambda: searched(20_000, 5),
    # a wait that is over at once: how late a busy machine lets a program go on after a millisecond, nobody knows
    "sleep": after(0.1, lambda: time.sleep(0)),
    "locks": after(0.1, lambda: locked(0)),
    "poll": after(0.1, lambda: select.select([], [], [], 0)),
    "network": after(0.1, lambda: received(0)),
    "processes": after(0.05, lambda: subprocess.list2cmdline(["a", "b"])),
    "gc": after(0.1, lambda: gc.collect(0)),
    "explosion": lambda: exploded(90_000),
    "recursion": lambda: descended(3000),
}
