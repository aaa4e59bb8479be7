"""What sampling a process costs, beside py-spy's own commands: blind time, processor time, and the target's loss.

python benchmarks/live_cost.py blind [--seconds 10] [--python PYTHON]       windows that follow each other in three ways
python benchmarks/live_cost.py processor [--seconds 30] [--rounds 2] ...    of samplers and viewers, in turns
python benchmarks/live_cost.py slowdown [--seconds 5] [--rounds 5] ...      of the target, in turns
python benchmarks/live_cost.py shares [--seconds 30] [--rounds 3] ...       of its functions, in turns

The target is tests/programs/known_shares.py. Processor time of a command is that of all its processes.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import itertools
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from proftui.live.pyspy import PySpy
from proftui.live.pyspy_child import Child, binary, command, listen
from proftui.live.pyspy_lines import Lines
from proftui.live.sampling import Options, Stack

PROGRAM = Path(__file__).parent.parent / "tests" / "programs" / "known_shares.py"
RATE = 100
WARM = 4.0
SAMPLER = f"""
import sys
from proftui.live.pyspy import PySpy
from proftui.live.recorder import Recorder
from proftui.live.sampling import Options
recorder = Recorder({{}})
for window in PySpy(int(sys.argv[1]), Options(rate={RATE}, window=float(sys.argv[2]))).windows():
    recorder.add(window)
"""


@contextlib.contextmanager
def target(python: str, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """The target, at work, without workers; it ends with the block."""
    words = [python, str(PROGRAM), str(seconds), "--workers", "0"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        said_by(process)
        yield process


def said_by(process: subprocess.Popen[str]) -> list[str]:
    """The words of the next line that it says."""
    return process.stdout.readline().split() if process.stdout else []


def done_by(process: subprocess.Popen[str]) -> tuple[float, float]:
    """The turns that it has made, and the seconds that it took for them."""
    if process.stdin:
        process.stdin.write("\n")
        process.stdin.flush()
    words = said_by(process)
    return float(words[1]), float(words[3])


# ---------------------------------------------------------------------- processor time


def tree_seconds(process: psutil.Process) -> float:
    """Processor time of a process, of its descendants, and of those that have ended and were waited for."""
    total = 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        for member in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = member.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total


def share_in_terminal(
    words: Sequence[str], seconds: float, *, warm: float = WARM, size: tuple[int, int] = (120, 40), last: bytes = b"q"
) -> float:
    """Processor time a second that a command takes in a pseudo-terminal of (columns, rows), all its processes together.

    It is watched for `seconds` after `warm` ones; then the keys `last` and a SIGINT end it.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp(words[0], list(words))  # noqa: S606
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = psutil.Process(pid)
    _show(terminal, warm)
    begin, before = time.monotonic(), tree_seconds(process)
    _show(terminal, seconds)
    used, took = tree_seconds(process) - before, time.monotonic() - begin
    os.write(terminal, last)
    _show(terminal, 0.5)
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGINT)
    _show(terminal, 2)
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
    os.close(terminal)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    return used / took


def _show(terminal: int, seconds: float) -> None:
    """Be a terminal for a while: read what is drawn, or until nobody draws any more."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                os.read(terminal, 1 << 16)
            except OSError:  # the other side is closed
                return


def samplers(pid: int) -> dict[str, list[str]]:
    """The commands that are measured, by their names."""
    spy, of = binary(), ["--pid", str(pid), "--rate", str(RATE)]
    ours = [sys.executable, "-c", SAMPLER, str(pid)]
    viewer = [sys.executable, "-m", "proftui", "attach", str(pid), "--rate", str(RATE)]
    return {
        "py-spy top": [spy, "top", *of],
        "py-spy record": [spy, "record", *of, "-f", "raw", "-o", os.devnull, "--full-filenames", "--threads"],
        "sampler, windows of 1 s": [*ours, "1"],
        "sampler, windows of 2 s": [*ours, "2"],
        "proftui attach": viewer,
        "proftui attach, flame graph": [*viewer, "--view", "flame"],
        "proftui attach --window 2": [*viewer, "--window", "2"],
    }


def processor(python: str, seconds: float, rounds: int) -> None:
    """Measure and print the processor time of samplers of one process."""
    print(f"processor time at {RATE} Hz, {rounds} x {seconds / rounds:g} s each in turns; {load()}")
    with target(python, 3600) as process:
        commands = samplers(process.pid)
        shares: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, words in commands.items():
                shares[name].append(share_in_terminal(words, seconds / rounds))
    base = statistics.fmean(shares["py-spy top"])
    for name, each in shares.items():
        mean = statistics.fmean(each)
        print(f"{name:28}{mean:8.2%} of a core {mean / base:8.2f} x py-spy top   {'  '.join(f'{x:.2%}' for x in each)}")
    print(load())


# ---------------------------------------------------------------------- blind time


def blind(python: str, seconds: float) -> None:
    """Measure and print which part of the time no sampler was there, and which part two were."""
    print(f"blind and doubly sampled time at {RATE} Hz, {seconds:g} s each; {load()}")
    with target(python, 3600) as process:
        for length in (0.5, 1.0, 2.0, 5.0):
            words = command(process.pid, Options(rate=RATE, window=length), sudo=False)
            for name, method in (("one after the other", 0), ("next at the signal", 1), ("next is there first", 2)):
                spans, samples = windows(words, length, max(2, round(seconds / length)), method)
                gaps = [after[0] - before[1] for before, after in itertools.pairwise(spans)]
                whole = spans[-1][1] - spans[0][0]
                without = sum(max(gap, 0.0) for gap in gaps) / whole
                twice = sum(max(-gap, 0.0) for gap in gaps) / whole
                shown = f"blind {without:7.3%}   twice {twice:7.3%}   {samples / whole:6.1f} samples/s"
                print(f"{length:4.1f} s  {name:22}{shown}")
    print(load())


def windows(words: Sequence[str], length: float, count: int, method: int) -> tuple[list[tuple[float, float]], int]:
    """When each of some windows began and ended, and the samples that they have together.

    The next one is started when the one before (0) has ended, (1) is told to end, or (2) early enough to be there then.
    """
    spans, samples, lead = [], 0, 0.0
    child: Child | None = None
    for _ in range(count):
        child = child or attached(words, [])
        lead = (child.attached or 0.0) - child.began
        until = (child.attached or 0.0) + length - (lead if method == 2 else 0)
        while (left := until - time.monotonic()) > 0:
            listen([child], left)
        following = attached(words, [child]) if method == 2 else None
        child.interrupt()
        following = attached(words, [child]) if method == 1 else following
        while not child.over:
            listen([child], 1)
        spans.append((child.attached or 0.0, child.left or 0.0))
        samples += sum(int(line.rpartition(b" ")[2]) for line in child.data.splitlines())
        child = following
    if child is not None:
        child.kill()
        while not child.over:
            listen([child], 1)
    return spans, samples


def attached(words: Sequence[str], others: list[Child]) -> Child:
    """A py-spy that has begun to sample."""
    child = Child(words)
    while child.attached is None and not child.over:
        listen([child, *others], 1)
    return child


# ---------------------------------------------------------------------- slowdown


def slowdown(python: str, seconds: float, rounds: int) -> None:
    """Measure and print how much work the target gets done with a sampler at it and without."""
    print(f"work done by the target, {rounds} x {seconds:g} s each in turns, at {RATE} Hz; {load()}")
    turns: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name in ("nothing", *samplers(0)):
            with target(python, 3600) as process, sampled(name, process.pid):
                time.sleep(WARM)  # what it takes to start a sampler is not meant here
                before = done_by(process)
                time.sleep(seconds)
                after = done_by(process)
                turns.setdefault(name, []).append((after[0] - before[0]) / (after[1] - before[1]))
                process.kill()
    base, least = statistics.median(turns["nothing"]), max(turns["nothing"])
    for name, each in turns.items():
        middle, best = statistics.median(each), max(each)
        shown = f"median {middle:7.1f} turns/s {middle / base - 1:+8.2%}   best {best:7.1f} {best / least - 1:+8.2%}"
        print(f"{name:28}{shown}   {'  '.join(f'{x:.0f}' for x in each)}")
    print(load())


@contextlib.contextmanager
def sampled(name: str, pid: int) -> Iterator[None]:
    """A block while a sampler is at a process; it ends with the process."""
    if name == "nothing":
        yield
        return
    inside, outside = pty.openpty()
    with subprocess.Popen(
        samplers(pid)[name], stdin=outside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        yield
        process.send_signal(signal.SIGINT)
    os.close(inside)
    os.close(outside)


# ---------------------------------------------------------------------- shares


def shares(python: str, seconds: float, rounds: int) -> None:
    """Measure and print the share of `heavy` in the main thread, which is 70 %, and that of the idle thread."""
    print(f"shares at {RATE} Hz, {rounds} x {seconds / rounds:g} s each in turns; {load()}")
    with target(python, 3600) as process:
        words = command(process.pid, Options(rate=RATE, window=seconds / rounds), sudo=False)
        for _ in range(rounds):
            ours = PySpy(process.pid, Options(rate=RATE, duration=seconds / rounds))
            _shown("sampler", [entry for window in ours.windows() for entry in window.stacks])
            child = attached(words, [])
            while time.monotonic() < (child.attached or 0.0) + seconds / rounds:
                listen([child], 0.1)
            child.interrupt()
            while not child.over:
                listen([child], 1)
            _shown("py-spy record", Lines(process.pid).stacks(child.data))
    print(load())


def _shown(name: str, stacks: list[tuple[Stack, int]]) -> None:
    busy = sum(count for stack, count in stacks if stack.thread.name == "MainThread")
    heavy = sum(count for stack, count in stacks if stack.frames[-1].name == "heavy")
    total = sum(count for _, count in stacks)
    spread = 1.96 * (heavy / busy * (1 - heavy / busy) / busy) ** 0.5
    print(
        f"{name:16}{total:6} samples   heavy {heavy / busy:6.1%} +- {spread:.1%}   idle thread {1 - busy / total:6.1%}"
    )


def load() -> str:
    """How busy the machine is."""
    return "load average " + " ".join(f"{value:.2f}" for value in os.getloadavg())


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("blind", "processor", "slowdown", "shares"))
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    if asked.what == "blind":
        blind(asked.python, asked.seconds or 10)
    elif asked.what == "processor":
        processor(asked.python, asked.seconds or 30, asked.rounds or 2)
    elif asked.what == "shares":
        shares(asked.python, asked.seconds or 30, asked.rounds or 3)
    else:
        slowdown(asked.python, asked.seconds or 5, asked.rounds or 5)


if __name__ == "__main__":
    main()
