"""What is written on boxes and said of them, and their colours."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from proftui.analysis.calltree import call_tree
from proftui.analysis.cover import Cover
from proftui.analysis.flame import Flame
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import Figure
from proftui.model import Profile
from proftui.report.flame import FlameText, clipped, covering, family, known_share
from proftui.report.flame_colours import DARK, HIGH_CONTRAST, LIGHT, Colours, mixed
from proftui.report.text import width


def text_of(scope: Scope, zoom: tuple[int, ...] = ()) -> FlameText:
    flame = Flame(call_tree(scope, 0), zoom, 0.01)
    flame.grow(10)
    return FlameText(flame, scope, 0)


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("collections.OrderedDict.popitem", 40, "collections.OrderedDict.popitem"),
        ("collections.OrderedDict.popitem", 18, "collec…ict.popitem"),
        ("collections.OrderedDict.popitem", 12, "popitem"),
        ("collections.OrderedDict.popitem", 5, "popi…"),
        ("execute_pass_list(function*, opt_pass*)", 18, "execute_pass_list"),
        ("execute_pass_list(function*, opt_pass*)", 10, "execute_p…"),
        ("std::vector<int, std::allocator<int> >::push_back(int&&) const", 10, "push_back"),
        ("(below main)", 8, "(below …"),
        ("漢字の関数名", 6, "漢字…"),
        ("漢字の関数名", 7, "漢字の…"),
    ],
)
def test_names_are_clipped_to_the_functions_own(name: str, cells: int, expected: str) -> None:
    assert clipped(name, cells) == expected
    assert width(clipped(name, cells)) <= cells


def test_labels_have_a_mark_a_name_and_a_figure_where_there_is_room(profile: Profile) -> None:
    """walk: 12 of 15 ms."""
    text = text_of(Scope(profile))
    walk = text.flame.rows[1][0]
    labels = {cells: text.label(walk, cells) for cells in (20, 12, 11, 10, 4, 3, 2, 1, 0)}
    assert labels == {
        20: "walk  80.0%", 12: "walk  80.0%", 11: "walk  80.0%", 10: "walk", 4: "walk", 3: "wa…", 2: "", 1: "", 0: ""
    }  # fmt: skip
    assert replace(text, base="parent").label(walk, 20) == "walk  80.0%"
    assert replace(text, base="absolute").label(walk, 20) == "walk  12.00 ms"
    step = text.flame.rows[2][0]
    assert replace(text, base="parent").label(step, 20) == "step  83.3%"


def test_an_upper_bound_is_a_share_of_the_callers_upper_bound(profile: Profile) -> None:
    """At most 9 ms of a caller with probably 3 and at most 12 ms is at most 75 % of it, not 300 %."""
    text = replace(text_of(Scope(profile)), base="parent")
    step = text.flame.rows[2][0]
    assert step.node.parent is not None
    above = replace(step.node.parent, inclusive=Figure(3e6, 0.0, 12e6, "<="))
    box = replace(step, node=replace(step.node, parent=above, inclusive=Figure(2e6, 0.0, 9e6, "<=")))
    assert text.label(box, 20) == "<=step  75.0%"
    assert "75.0% of caller" in text.detail(box)


def test_details_say_how_far_costs_are_known(profile: Profile) -> None:
    text = text_of(Scope(profile))
    recursive = text.flame.rows[3][0]
    assert text.detail(recursive) == (
        "walk  /srv/app/walk.py:12  5.000 ms 33.3%, 50.0% of caller, self 1.000 ms 6.7%; exact"
    )
    assert text.name(recursive) == "walk ↻"
    assert width(text.detail(recursive, 76)) == 76
    assert text.detail(recursive, 76).endswith("  5.000 ms 33.3%, 50.0% of caller, self 1.000 ms 6.7%; exact")
    assert text.detail(recursive, 60).endswith("  5.000 ms 33.3%, self 1.000 ms 6.7%; exact")
    assert text.detail(recursive, 40).endswith("  5.000 ms 33.3%; exact")
    assert known_share(text.flame.rows) == 1.0
    assert known_share([]) is None


def test_what_is_inside_of_a_cycle_is_told_as_that(profile: Profile) -> None:
    graphs = replace(profile, parts=tuple(replace(part, tree=None) for part in profile.parts))
    text = text_of(Scope(graphs))
    cycle = text.flame.rows[1][0]
    inside = next(box for box in text.flame.rows[2] if box.node.kind == "inside")
    member = text.flame.rows[3][0]
    assert text.name(cycle) == "<cycle: step, walk>"
    assert text.function(cycle) == 3
    assert text.detail(inside) == "(inside the cycle)  8.000 ms 53.3%, 66.7% of cycle; exact"
    assert text.detail(member) == "step  /srv/app/step.py:13  5.000 ms 33.3%, 62.5% of cycle's own; exact"


def test_shares_of_matches_in_words() -> None:
    assert covering(Cover(25, 25), 100) == "25.0% of the total"
    assert covering(Cover(25, 50), 100) == "25.0% to 50.0% of the total"
    assert covering(Cover(0, 50), 100) == "at most 50.0% of the total"
    assert covering(Cover(0, 0), 100) == "0.0% of the total"


# ---------------------------------------------------------------------- colours


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1, 1 to 21: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT, HIGH_CONTRAST], ids=["dark", "light", "high-contrast"])
def test_names_can_be_read_on_every_box(colours: Colours) -> None:
    least = 7.0 if colours is HIGH_CONTRAST else 4.5
    shades = [
        colours.of_module(f"package{at}", f"package{at}.module{shade}") for at in range(100) for shade in range(9)
    ]
    tints = [colours.tinted(colour, f"function{at}") for colour in (*shades, colours.plain) for at in range(9)]
    for colour in (*shades, *tints, *colours.packages, colours.plain, *colours.heats):
        assert contrast(colours.text, colour) >= least
        assert contrast(colours.text, colours.faded(colour)) >= least
    assert contrast(colours.match_text, colours.match) >= least
    for colour in (colours.background, colours.rest):
        assert contrast(colours.thin, colour) >= least


def test_a_module_has_one_colour_in_every_run() -> None:
    """Python's own hashes of strings differ from run to run."""
    ask = "from proftui.report.flame_colours import DARK as D; print([D.of_module(n, n) for n in ('json', 'rich', '')])"
    seen = {
        subprocess.run([sys.executable, "-c", ask], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    (colours,) = seen
    assert colours.count("#") == 3
    assert DARK.plain in colours


def test_functions_of_a_module_stand_apart_less_than_exact_from_estimated() -> None:
    hue = DARK.packages[0]
    tints = {DARK.tinted(hue, f"function{at}") for at in range(20)}
    assert tints == {mixed(hue, DARK.background, share) for share in (0, 0.06, 0.12, 0.18)}
    assert DARK.faded(hue) == mixed(hue, DARK.background, 0.45)


def test_modules_of_a_package_are_shades_of_one_colour() -> None:
    shades = {DARK.of_module("rich", f"rich.{name}") for name in "abcdefghij"}
    (hue,) = [hue for hue in DARK.packages if hue in shades or mixed(hue, DARK.background, 0.1) in shades]
    assert shades == {mixed(hue, DARK.background, share) for share in (0, 0.1, 0.2)}


@pytest.mark.parametrize(
    ("name", "package", "module"),
    [
        ("v8::internal::Call", "v8", "v8::internal"), ("uv__io_poll", "uv", ""), ("__libc_start_main", "libc", ""),
        ("org/mozilla/Kit.run", "org", "org/mozilla/Kit"), ("std::vector<a::b>::at(int)", "std", "std::vector<a::b>"),
        ("main", "", ""), ("<built-in method builtins.len>", "", ""), ("(below main)", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_names_alone_suggest_a_family(name: str, package: str, module: str) -> None:
    assert family(name) == (package, module)


def test_heat_goes_by_share() -> None:
    assert [DARK.of_share(share) for share in (0, 0.02, 0.1, 0.3, 0.9)] == list(DARK.heats)
