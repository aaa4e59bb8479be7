"""Make the screenshots again: the viewer itself on profiles that are made on the spot, saved as SVG.

make screenshots        writes screenshots/*.svg
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from proftui.cli.demo import PROGRAM, make
from proftui.formats import load, save
from proftui.live.demo_recording import demo_recording
from proftui.live.live import Live
from proftui.live.recorder import Recorder
from proftui.live.replay import Replay
from proftui.live.sampling import Sampled
from proftui.tui.app import ProftuiApp
from proftui.tui.attaching import Attached
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings

HERE = Path(__file__).parent

SHOWN_FOLDER = "/srv/demo"
"""Where the demo program stands in the pictures."""

WIDE, SMALL, LARGE = (120, 40), (80, 24), (200, 60)

Recording = Literal["calls", "stacks", "workers", "service"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot's name, the keys pressed before it is taken, and what is on the screen."""

    name: str
    keys: Sequence[str] = ()
    size: tuple[int, int] = WIDE
    theme: str = "dark"
    of: Recording = "calls"


SUMMARY: Sequence[str] = ("1",)
FUNCTIONS = ("2", "down", "down")
FLAME = ("6", "g", "down", "down")
LIVE = ("2", "down")
SOURCE = ("2", "slash", *"step", "enter", "7")

FOREMOST: Sequence[tuple[str, Sequence[str], Recording]] = (
    ("summary", SUMMARY, "calls"),
    ("functions", FUNCTIONS, "calls"),
    ("flame", FLAME, "stacks"),
    ("source", SOURCE, "calls"),
    ("live", LIVE, "service"),
)
"""Name, keys and recording of what is drawn small and light, and large, too."""

PICTURES = (
    Picture("summary", SUMMARY),
    Picture("functions", FUNCTIONS),
    Picture("callers", ("2", "slash", *"expression", "enter", "3")),
    Picture("tree", ("4", "H")),
    Picture("bottom-up", ("5", "H")),
    Picture("flame", FLAME, of="stacks"),
    Picture("source", SOURCE),
    Picture("parts", ("8", "t"), of="workers"),
    Picture("filters", ("2", "c", "f", *"hide:genexpr")),
    Picture("help", ("question_mark",)),
    Picture("live", LIVE, of="service"),
    Picture("live-flame", ("6",), of="service"),
    *(
        Picture(f"{name}-{theme}-{width}x{height}", keys, (width, height), theme, of)
        for name, keys, of in FOREMOST
        for theme, (width, height) in (("light", SMALL), ("dark", LARGE))
    ),
)

_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)

_SAMPLER = """
import collections, runpy, signal, sys

stacks = collections.Counter()

def sample(signum, frame):
    names = []
    while frame is not None and frame.f_globals.get("__name__") != "runpy":
        code = frame.f_code
        file = code.co_filename.replace(sys.argv[2], sys.argv[3])
        names.append(f"{code.co_name} ({file}:{frame.f_lineno})")
        frame = frame.f_back
    if names and frame is not None:
        stacks[";".join(reversed(names))] += 1

signal.signal(signal.SIGPROF, sample)
signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
for _ in range(8):
    runpy.run_path(sys.argv[1], run_name="__main__")
signal.setitimer(signal.ITIMER_PROF, 0)
with open(sys.argv[4], "w", encoding="utf-8") as file:
    file.writelines(f"{stack} {count}\\n" for stack, count in sorted(stacks.items()))
"""
"""Runs a program and records its stack every millisecond of processor time, in the words of py-spy's raw format."""


async def drawn(picture: Picture, files: tuple[str, ...]) -> str:
    """The screen as SVG, without the fonts that it would load from the network."""
    settings = Settings(theme=picture.theme, source_maps=((SHOWN_FOLDER, str(PROGRAM.parent)),))
    with tempfile.TemporaryDirectory() as scratch:
        opening = Opening(files, settings=settings) if files else None
        attached = None if files else watched()
        record = Path(scratch) / "recent.json"
        app = ProftuiApp(opening, attached=attached, settings=settings, record=record)
        async with app.run_test(size=picture.size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            for key in picture.keys:
                await pilot.press(key)
                await app.workers.wait_for_complete()
                await pilot.pause()
            drawn = _FONT_FACE.sub("", app.export_screenshot(title="proftui"))
        if attached is not None:
            attached.live.stop()
        return drawn


class Lasting(Replay):
    """A replay that does not end with its recording."""

    def windows(self) -> Iterator[Sampled]:
        """All of them; the next one is waited for."""
        yield from super().windows()
        self._end = None
        self._stopped.wait()


def watched() -> Attached:
    """A service that is watched and has been for two minutes."""
    recording = demo_recording()
    live = Live(Lasting(recording), Recorder({name: text for name, text in recording.about.items() if name != "ended"}))
    attached = Attached(live, "shop-4100").start()
    while len(live.recording().windows) < len(recording.windows):
        attached.begun(0.01)
    return attached


def recorded_calls(path: Path) -> tuple[str, ...]:
    """A profile of the demo program in which the paths are not those of this machine."""
    made = make()
    profile = load(made)
    shutil.rmtree(Path(made).parent)
    places = ((str(PROGRAM.parent), SHOWN_FOLDER), (sys.prefix, "/srv/venv"), (sys.base_prefix, "/usr"))
    files = list(profile.functions.file)
    for here, there in places:
        files = [there + file.removeprefix(here) if file.startswith(here) else file for file in files]
    save(replace(profile, functions=replace(profile.functions, file=tuple(files))), str(path))
    return (str(path),)


def recorded_stacks(path: Path) -> tuple[str, ...]:
    """Stacks of the demo program, sampled."""
    run = [sys.executable, "-I", "-c", _SAMPLER, str(PROGRAM), str(PROGRAM.parent), SHOWN_FOLDER, str(path)]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    return (str(path),)


async def main() -> None:
    """Draw them all from a few runs of the demo program."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        recordings: dict[Recording, tuple[str, ...]] = {
            "calls": recorded_calls(place / "demo.prof"),
            "stacks": recorded_stacks(place / "demo.folded"),
            "workers": tuple(recorded_calls(place / f"worker-{number}.prof")[0] for number in range(1, 9)),
        }
        for picture in PICTURES:
            svg = await drawn(picture, recordings.get(picture.of, ()))
            (HERE / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
