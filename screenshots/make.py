"""Make the screenshots again: the viewer itself on a profile that is made on the spot, saved as SVG.

make screenshots        writes screenshots/*.svg
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from proftui.cli.demo import PROGRAM, make
from proftui.formats import load, save
from proftui.tui.app import ProftuiApp
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings

HERE = Path(__file__).parent

PICTURES: Sequence[tuple[str, tuple[int, int], str, Sequence[str]]] = (
    ("functions", (120, 32), "dark", ["down", "down"]),
    ("tree", (120, 32), "dark", ["4", "*", "down", "down", "down"]),
    ("callers", (120, 32), "dark", ["3"]),
    ("functions-light-80x24", (80, 24), "light", ["down"]),
    ("help", (120, 40), "dark", ["question_mark"]),
)
"""Name, size in cells, theme, and the keys pressed first."""

_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def picture(profile: str, size: tuple[int, int], theme: str, keys: Sequence[str]) -> str:
    """The screen as SVG, without the fonts that it would load from the network."""
    with tempfile.TemporaryDirectory() as scratch:
        opening = Opening((profile,))
        app = ProftuiApp(opening, settings=Settings(theme=theme), record=Path(scratch) / "recent.json")
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            for key in keys:
                await pilot.press(key)
                await app.workers.wait_for_complete()
            await pilot.pause()
            return _FONT_FACE.sub("", app.export_screenshot(title="proftui"))


def demo_profile(folder: str) -> str:
    """The path of a profile of the demo program in which the paths are not those of this machine."""
    profile = load(make())
    places = ((str(PROGRAM.parent), "/srv/demo"), (sys.prefix, "/srv/venv"), (sys.base_prefix, "/usr"))
    files = list(profile.functions.file)
    for here, there in places:
        files = [there + file.removeprefix(here) if file.startswith(here) else file for file in files]
    path = str(Path(folder) / "demo.prof")
    save(replace(profile, functions=replace(profile.functions, file=tuple(files))), path)
    return path


async def main() -> None:
    """Draw them all from one run of the demo program."""
    with tempfile.TemporaryDirectory() as folder:
        profile = demo_profile(folder)
        for name, size, theme, keys in PICTURES:
            (HERE / f"{name}.svg").write_text(await picture(profile, size, theme, keys), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
