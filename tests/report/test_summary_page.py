"""The summary as lines of text, at the sizes of terminals."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.model import CallGraph, Functions, Metric, Origin, Part, Profile, Series
from proftui.report.summary import Summary
from proftui.report.summary_lines import bar, wrapped
from proftui.report.summary_page import Page, laid_out
from proftui.report.text import width
from proftui.units import BYTES

SIZES = [(80, 20), (120, 36), (200, 56), (40, 10)]


@pytest.fixture
def page(scope: Scope) -> Page:
    return laid_out(Summary(scope, 0), 80, 20)


def test_80_cells_show_the_essential_below_each_other(page: Page) -> None:
    assert page.text()[:13] == [
        " run: test, sampled: costs are estimates from the stacks that were seen",
        " time 15.00 ms, 5 functions, at most 5 frames deep",
        "",
        " Most self cost  5 of 5 functions",
        "    33.3%   5.000 ms  step                           /srv/app/step.py:13",
        "    26.7%   4.000 ms  leaf                           /srv/app/leaf.py:14",
        "    20.0%   3.000 ms  walk                           /srv/app/walk.py:12",
        "    13.3%   2.000 ms  load                           /srv/app/load.py:11",
        "     6.7%   1.000 ms  main                           /srv/app/main.py:10",
        "",
        " Findings",
        "  nothing that the rules know stands out",
        "",
    ]


def test_the_path_goes_down_by_a_cell_a_step(page: Page) -> None:
    text = page.text()
    at = text.index(" Heaviest path")
    assert text[at + 1 : at + 6] == [
        "   100.0%  main",
        "    80.0%   walk",
        "    66.7%    step",
        "    33.3%     walk",
        "    26.7%      leaf",
    ]


def test_wider_windows_have_columns(scope: Scope) -> None:
    def columns(cells: int) -> list[list[str]]:
        page = laid_out(Summary(scope, 0), cells, 36)
        found: dict[int, list[str]] = {}
        for line in page.lines[3:]:
            for part in line:
                if part.pieces[0].tone == "title" and part.item is None:
                    found.setdefault(part.x, []).append(part.pieces[0].text.strip())
        return list(found.values())

    lists = ["Most self cost", "Most inclusive cost", "Self cost by package"]
    assert columns(99) == [[lists[0], "Findings", lists[1], "Heaviest path", lists[2]]]
    assert columns(100) == [["Findings", "Heaviest path"], lists]
    assert columns(160) == [lists[:2], ["Findings"], ["Heaviest path", lists[2]]]


@pytest.mark.parametrize(("cells", "height"), SIZES)
def test_no_line_is_wider_than_the_window(profile: Profile, cells: int, height: int) -> None:
    names = tuple(name * 20 for name in ("main", "漢字", "\x1b[31m", "a b ", "<module>"))
    functions = replace(profile.functions, name=names)
    hostile = replace(profile, functions=functions, name="\u202e" * 90, notes=("\x1b]0;x\x07 " * 40,))
    page = laid_out(Summary(Scope(hostile), 0), cells, height)
    assert max(map(width, page.text())) <= cells
    assert "\x1b" not in "".join(page.text())


@pytest.mark.parametrize(("cells", "height"), SIZES)
def test_slices_lie_beside_each_other_and_items_where_they_say(scope: Scope, cells: int, height: int) -> None:
    page = laid_out(Summary(scope, 0), cells, height)
    for line in page.lines:
        assert all(left.x + left.cells <= right.x for left, right in pairwise(line))
        assert all(sum(width(piece.text) for piece in part.pieces) <= part.cells for part in line)
    for index, placed in enumerate(page.items):
        on = [at for at, line in enumerate(page.lines) if any(part.item == index for part in line)]
        assert on == list(range(placed.top, placed.bottom))
    assert len({placed.item.key for placed in page.items}) == len(page.items)


@pytest.mark.parametrize(("cells", "height"), SIZES)
def test_remarks_beside_titles_are_whole_or_shorter(scope: Scope, cells: int, height: int) -> None:
    for line in laid_out(Summary(scope, 0), cells, height).lines:
        titles = ["".join(piece.text for piece in part.pieces) for part in line if part.pieces[0].tone == "title"]
        assert not [title for title in titles if title.startswith((" Most", " Self")) and "…" in title]


def test_bars_of_packages_begin_in_one_column_after_their_names(scope: Scope) -> None:
    text = laid_out(Summary(scope, 0), 80, 20).text()
    first = next(at for at, line in enumerate(text) if "Self cost by package" in line)
    bars = text[first:]
    starts = {line.index("█") for line in bars if "█" in line}
    assert len(starts) == 1
    assert all(not line[max(starts) :].strip(" ▏▎▍▌▋▊▉█") for line in bars[1:])


def test_costs_in_place_of_shares(scope: Scope) -> None:
    page = laid_out(Summary(scope, 0), 80, 20, absolute=True)
    assert page.text()[4].split() == ["5.000", "ms", "step", "/srv/app/step.py:13"]


def test_what_is_not_ready_is_not_made(scope: Scope) -> None:
    summary = Summary(scope, 0)
    text = laid_out(summary, 80, 20, ready=False).text()
    assert not summary.finished
    assert text[text.index(" Findings") + 1] == "  ..."
    assert [len(laid_out(summary, 80, 20, ready=ready).items) for ready in (False, True)] == [10, 16]


def test_estimates_are_marked(profile: Profile) -> None:
    """Without the recorded stacks, walk and step are one cycle, of whose members only bounds are known."""
    graph = replace(profile, parts=(replace(profile.parts[0], tree=None),))
    lines = laid_out(Summary(Scope(graph), 0), 80, 20).text()
    assert any("<cycle: step, walk>" in line for line in lines)
    assert not any("frames deep" in line for line in lines)


def test_lines_are_broken_at_blanks() -> None:
    assert wrapped("one two three four", 9, 3) == ["one two", "three", "four"]
    assert wrapped("one two three four", 9, 2) == ["one two", "three fo…"]
    assert wrapped("", 9, 2) == [""]


def test_bars() -> None:
    assert (bar(0.5, 4), bar(0.03125, 4), bar(2.0, 2), bar(0, 3)) == ("██  ", "▏   ", "██", "   ")


MEMORY = Series("memory", BYTES, np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.0]) * 2**20)


def test_quantities_over_time_are_drawn_above_the_lists(scope: Scope) -> None:
    over = Scope(replace(scope.profile, series=(MEMORY,)))
    text = laid_out(Summary(over, 0), 80, 20).text()
    at = text.index(" Over time")
    assert text[at + 1] == " memory: peak 3.000 MiB at 1.000 s, last 2.000 MiB, 3 measurements"
    assert text[at + 2].startswith(" 3.000 MiB │")
    assert text[at + 6].endswith("─ 2.000 s")
    assert " Most self cost  5 of 5 functions" in text[at + 7 :]


def test_without_functions_nothing_else_is_told() -> None:
    graph = CallGraph.empty(1)
    profile = Profile("m.dat", Origin("m.dat", "mprof", "sampled"), (Metric("memory", BYTES),), Functions.of([]),
                      (Part("m.dat", graph),), series=(MEMORY,) * 6)  # fmt: skip
    text = laid_out(Summary(Scope(profile), 0), 80, 40).text()
    assert text[0] == " m.dat: mprof, measured from time to time: what came and went in between was not seen"[:80]
    assert " Over time  4 of 6, by peak" in text
    assert not [line for line in text if "function" in line or "self cost" in line]


@pytest.mark.parametrize(
    ("cells", "height", "drawn"), [(80, 18, 1), (80, 19, 2), (80, 24, 2), (80, 25, 3), (120, 36, 4)]
)
def test_plots_leave_the_first_item_in_sight(scope: Scope, cells: int, height: int, drawn: int) -> None:
    """Two lines of facts, six for each plot, and five for blanks, titles and the item."""
    over = Scope(replace(scope.profile, series=(MEMORY,) * 4))
    page = laid_out(Summary(over, 0), cells, height)
    assert sum("└" in line for line in page.text()) == drawn
    assert page.items[0].top < height
    told = next(line for line in page.text() if line.startswith(" Over time"))
    assert told == (" Over time" if drawn == 4 else f" Over time  {drawn} of 4, by peak")


@pytest.mark.parametrize(("cells", "height"), SIZES)
def test_plots_stay_within_the_page(scope: Scope, cells: int, height: int) -> None:
    over = Scope(replace(scope.profile, series=(MEMORY, replace(MEMORY, label="memory of child 3"))))
    page = laid_out(Summary(over, 0), cells, height)
    assert all(width(line) <= cells for line in page.text())
