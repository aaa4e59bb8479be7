"""Behaves like `py-spy record -f raw -o /dev/stderr`, or fails in a way that it is told to.

The next line of the file named by FAKE_PYSPY says how, and is taken out; without a line it is "good":

    good      samples until it is interrupted or its time is over, and writes two stacks
    late      good, but behind in sampling
    refuse    cannot sample the process
    hang      never gets to the process
    deaf      samples and hears no interrupt
    die       is killed while it samples
    gone      its target exits
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

LINES = "thread (5): MainThread;main (a.py:1);work (a.py:2) 30\nthread (5): MainThread;main (a.py:3) 10\n"


def next_way() -> str:
    """How to behave; py-spies start one after the other."""
    ways = Path(os.environ["FAKE_PYSPY"])
    first, _, rest = ways.read_text().partition("\n")
    ways.write_text(rest)
    return first or "good"


def main(way: str, duration: float) -> None:
    """Behave so."""
    signals = {signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    if way == "refuse":
        sys.exit("Error: Failed to find python version from target process\n\nStack backtrace:\n   0: main")
    if way == "hang":
        signal.pause()
    print(
        f"py-spy> Sampling process 100 times a second for {duration:g} seconds. Press Control-C to exit.\n", flush=True
    )
    if way == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if way == "deaf":
        time.sleep(duration)
    if way == "late":
        print("py-spy> 1.25s behind in sampling, results may be inaccurate. Try reducing the sampling rate", flush=True)
    if way == "gone":
        print("\npy-spy> Stopped sampling because process exited")
    elif signal.sigtimedwait(signals, duration):
        print("\npy-spy> Stopped sampling because Control-C pressed")
    with Path(sys.argv[sys.argv.index("--output") + 1]).open("w") as output:
        output.write(LINES)
    print("py-spy> Wrote raw flamegraph data to '/dev/stderr'. Samples: 40 Errors: 2")


if __name__ == "__main__":
    main(next_way(), float(sys.argv[sys.argv.index("--duration") + 1]))
