"""What the tests of the flame graph have in common: at 80 cells one cell is one of the 80 ms that were measured.

main (10 itself, walk 45, load 20) 75, other 5; walk (5 itself, step 30, leaf 6, load 4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from proftui.model import NO_LINE, WALL_TIME, CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.tui.widgets.flame import FlameGraph
from proftui.units import COUNT

if TYPE_CHECKING:
    from tests.tui.conftest import Opened

MAIN, LOAD, WALK, STEP, LEAF, OTHER = range(6)
NAMES = ("main", "load", "walk", "step", "leaf", "other")
MS = 1e6
STACKS = [([MAIN], 10), ([MAIN, LOAD], 20), ([MAIN, WALK], 5), ([MAIN, WALK, STEP], 30), ([MAIN, WALK, LEAF], 6),
          ([MAIN, WALK, LOAD], 4), ([OTHER], 5)]  # fmt: skip


def made(stacks: list[tuple[list[int], int]], names: tuple[str, ...] = NAMES) -> Profile:
    """Recorded stacks, with their number as second metric."""
    frames = Frames(np.arange(len(names), dtype=np.int32), np.full(len(names), NO_LINE, np.int32))
    tree = CallTree.of_stacks([(stack, [cost * MS, 1.0]) for stack, cost in stacks], frames)
    functions = Functions.of((name, f"/srv/app/{at % 3}.py", 10 + at, "") for at, name in enumerate(names))
    part = Part("run", tree.to_graph(), (0, 1), tree=tree)
    origin = Origin("run.txt", "folded", "sampled")
    return Profile("run.txt", origin, (WALL_TIME, Metric("stacks", COUNT)), functions, (part,))


def estimated(profile: Profile) -> Profile:
    return replace(profile, parts=tuple(replace(part, tree=None) for part in profile.parts))


def graph(screen: Opened) -> FlameGraph:
    return screen.viewer.query_one(FlameGraph)


def cursor(screen: Opened) -> tuple[int, ...]:
    box = graph(screen).cursor
    assert box is not None
    return box.path


def drawn(screen: Opened) -> list[str]:
    """The lines of the graph, without what is blank at their ends."""
    widget = graph(screen)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def detail(screen: Opened) -> str:
    return screen.lines[-2]


async def resize(screen: Opened, width: int, height: int) -> None:
    await screen.pilot.resize_terminal(width, height)
    await screen.until(lambda: graph(screen).size.width == width)
    await screen.settle()
