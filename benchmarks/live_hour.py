"""An hour of samples in the viewer: memory, and what a refresh of each view takes.

3,600 windows of 100 Hz and two threads with 50,000 different stacks, 30 frames deep, of 5,000 functions are replayed as
fast as they are taken in; then a window at a time, as one watches. Run: python benchmarks/live_hour.py
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, cast

import psutil

from proftui.live.live import Live
from proftui.live.recorder import Recorder
from proftui.live.sampling import Frame, Options, Sampled, Stack
from proftui.model import Thread
from proftui.tui.app import ProftuiApp
from proftui.tui.attaching import Attached
from proftui.tui.memory import give_back_arrays
from proftui.tui.settings import Settings

if TYPE_CHECKING:
    from proftui.tui.screens.viewer.live import LiveViewer

WINDOWS, STACKS, DEPTH, FUNCTIONS = 3_600, 50_000, 30, 5_000
VIEWS = {"2": "functions", "3": "callers", "4": "tree", "5": "bottom-up", "6": "flame", "8": "parts", "1": "summary"}


def made_stacks() -> list[Stack]:
    """Stacks that share their beginnings with others, as those of a service do."""
    random.seed(7)
    threads = [Thread(1, 10, "MainThread"), Thread(1, 11, "worker")]
    frames = [Frame(f"function_{at}", f"/srv/app/module_{at % 200}.py", at % 900 + 1) for at in range(FUNCTIONS)]
    stacks: list[Stack] = []
    for at in range(STACKS):
        begins = stacks[-(at % 50)].frames[: random.randint(DEPTH - 8, DEPTH - 2)] if at % 50 else frames[:4]
        rest = random.choices(frames, k=DEPTH - len(begins))
        stacks.append(Stack(threads[at % 2], (*begins, *rest)))
    return stacks


class Hours:
    """A sampler of made-up stacks; `allowed` windows come at once, further ones when it is raised."""

    name = "made up"
    remark = ""
    options = Options()
    end = None

    def __init__(self) -> None:
        self.stacks = made_stacks()
        self.allowed = WINDOWS
        self.given = 0
        self.stopped = False

    def windows(self) -> Iterator[Sampled]:
        """As many as are allowed."""
        while not self.stopped:
            if self.given < self.allowed:
                first = self.given * 14
                chosen = [(self.stacks[(first + place) % STACKS], 1 + place % 3) for place in range(100)]
                yield Sampled(self.given * 1.01, 1.0, chosen)
                self.given += 1
            else:
                time.sleep(0.001)

    def stop(self) -> None:
        """Give no more."""
        self.stopped = True


async def main() -> None:
    """Print what there is to say."""
    give_back_arrays()  # as the viewer of live data does
    sampler = Hours()
    before = memory()
    live = Live(sampler, Recorder({"pid": "1", "command": "service", "rate": "100"}))
    attached = Attached(live, "service-1").start()
    while sampler.given < WINDOWS:
        await asyncio.sleep(0.01)
    settings = Settings(theme="dark", view="functions")
    with tempfile.TemporaryDirectory() as scratch:
        app = ProftuiApp(attached=attached, settings=settings, record=Path(scratch) / "recent.json")
        async with app.run_test(size=(120, 40)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            viewer = cast("LiveViewer", app.screen)
            recording = live.recording()
            rows, windows = len(recording), len(recording.windows)
            print(f"{windows:,} windows, {rows:,} rows, {len(recording.functions):,} functions")
            print(f"{'view':<12}{'a refresh, ms':>16}{'MiB':>8}")
            for key, name in VIEWS.items():
                await pilot.press(key)
                await app.workers.wait_for_complete()
                times = []
                for _ in range(7):
                    session, began = viewer.session, time.perf_counter()
                    viewer._rest_until = 0.0
                    sampler.allowed += 1
                    while viewer.session is session:
                        await asyncio.sleep(0.001)
                    times.append(1e3 * (time.perf_counter() - began))
                    await app.workers.wait_for_complete()
                print(f"{name:<12}{median(times):>10.0f} ({max(times):.0f}){memory():>8.0f}")
    live.stop()
    print(f"before the first window {before:.0f} MiB, which hold the stacks that are given")


def memory() -> float:
    """Resident MiB of this process."""
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    asyncio.run(main())
