"""Boxes in whole cells, and the styles that they are drawn in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.style import Style

from proftui.analysis.exact import ExactTree
from proftui.analysis.flame import Box, Flame
from proftui.model import NO_LINE, CallTree, Frames
from proftui.tui.themes import DARK, TERMINAL, THEMES
from proftui.tui.widgets.flame_inks import Inks
from proftui.tui.widgets.flame_paint import Look, Placed, placed, row_strip

FRAMES = Frames(np.arange(6, dtype=np.int32), np.full(6, NO_LINE, np.int32))

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=15,
)


def flame_of(recorded: list[tuple[list[int], list[float]]], cells: int) -> Flame:
    flame = Flame(ExactTree(((CallTree.of_stacks(recorded, FRAMES), 0),)), least=1 / cells)
    flame.grow(100)
    return flame


IN_HALVES = [([0], [22.0]), ([1], [3.0]), ([1], [3.0]), ([2], [1.0]), ([3, 0], [5.0]), ([3, 1], [2.0])]
"""In 18 cells, the last box begins and ends in the middle of one."""


@given(stacks, st.integers(1, 130))
@example(IN_HALVES, 18)
def test_cells_nest_as_boxes_do(recorded: list[tuple[list[int], list[float]]], cells: int) -> None:
    above: dict[Box, Placed] = {}
    for boxes in flame_of(recorded, cells).rows:
        places = placed(boxes, cells)
        frames = {box for box in boxes if box.node.kind != "rest"}
        assert frames <= {place.box for place in places}, "what is as wide as a cell is drawn"
        x = 0
        for place in places:
            assert x <= place.start < place.end <= cells
            x = place.end
            if place.box.above is not None:
                caller = above[place.box.above]
                assert caller.start <= place.start
                assert place.end <= caller.end
        above = {place.box: place for place in places}


@given(stacks, st.integers(1, 130), st.sampled_from(["", "x", "漢字漢", "a long name"]), st.booleans())
def test_a_row_is_as_wide_as_the_screen(
    recorded: list[tuple[list[int], list[float]]], cells: int, text: str, hatched: bool
) -> None:
    style = Style()
    for boxes in flame_of(recorded, cells).rows:
        places = placed(boxes, cells)
        strip = row_strip(places, cells, lambda _: Look(text, style, style, hatched=hatched), style, style)
        assert strip.cell_length == cells
        assert sum(segment.cell_length for segment in strip) == cells


def test_what_is_unknown_is_hatched_behind_its_name() -> None:
    boxes = flame_of([([0], [1.0])], 20).rows[0]
    style = Style()
    strip = row_strip(placed(boxes, 20), 20, lambda _: Look("?name", style, style, hatched=True), style, style)
    assert strip.text == "▏?name " + "░" * 13


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_cursor_match_and_boxes_have_styles_of_their_own(theme: object) -> None:
    inks = Inks.of(theme, no_color=False)  # type: ignore[arg-type]
    boxes = {inks.text(colour, "") for colour in (*inks.colours.packages, inks.colours.plain, *inks.colours.heats)}
    assert len({inks.cursor, inks.match, inks.empty} | boxes) == 3 + len(boxes)
    assert all(inks.text(colour, "~") not in boxes for colour in inks.colours.packages)
    assert all(inks.twin(style) not in boxes for style in boxes)


def test_without_colours_styles_do_not_need_them() -> None:
    inks = Inks.of(TERMINAL, no_color=True)
    box, guess = inks.text("bright_blue", ""), inks.text("bright_blue", "~")
    styles = [box, guess, inks.cursor, inks.match, inks.twin(box), inks.text(inks.colours.rest, "")]
    plain = [(style.reverse, style.bold, style.dim, style.underline) for style in styles]
    assert len(set(plain)) == len(plain)


def test_sixteen_colours_are_the_terminals_own() -> None:
    inks = Inks.of(TERMINAL, no_color=False)
    colours = {inks.colours.of_module(package, package) for package in "abcdefghijklmnop"}
    assert colours == set(inks.colours.packages)
    assert all(Style(bgcolor=colour).bgcolor.number is not None for colour in colours)  # type: ignore[union-attr]
    assert Inks.of(DARK, no_color=False).kind == "rgb"
