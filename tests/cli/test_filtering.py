"""Filters on the command line, with figures counted by hand: what they keep, say and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proftui.formats import load

if TYPE_CHECKING:
    from tests.cli.conftest import Run

STACKS = """\
main (/srv/app/main.py:1);load (/srv/app/main.py:10);loads (/usr/lib/python3.11/json/__init__.py:299) 4
main (/srv/app/main.py:1);load (/srv/app/main.py:10) 2
main (/srv/app/main.py:1);walk (/srv/app/walk.py:1);step (/srv/app/walk.py:9) 3
other (/srv/app/other.py:1);idle (/venv/lib/python3.11/site-packages/idler.py:5) 5
"""


@pytest.fixture
def folded(tmp_path: Path) -> Path:
    path = tmp_path / "run.folded"
    path.write_text(STACKS)
    return path


@pytest.fixture(autouse=True)
def _no_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROFTUI_CONFIG", str(tmp_path / "config.toml"))


def own(run: Run, *words: object) -> dict[str, float]:
    rows = json.loads(run("report", "--format", "json", "--top", 0, *words).out)["rows"]
    return {row["name"]: row["self"]["samples"] for row in rows}


def test_focus_keeps_the_stacks_that_match(run: Run, folded: Path) -> None:
    assert own(run, folded, "--filter", "focus:name=^load$") == {"loads": 4, "load": 2, "main": 0}


def test_filters_apply_in_their_order(run: Run, folded: Path) -> None:
    words = (folded, "-F", "ignore:idle", "-F", "hide:name=^load$", "-F", "show-from:loads|walk")
    assert own(run, *words) == {"loads": 4, "step": 3, "walk": 0}


def test_my_code_hands_the_cost_of_libraries_to_their_callers(run: Run, folded: Path) -> None:
    assert own(run, folded, "--my-code") == {"load": 6, "other": 5, "step": 3, "main": 0, "walk": 0}


def test_the_config_says_what_my_code_is(run: Run, folded: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[my-code]\nmine = ["idler"]\n')
    assert own(run, folded, "--my-code")["idle"] == 5


def test_what_a_filter_keeps_is_said(run: Run, folded: Path) -> None:
    ran = run("report", folded, "--filter", "focus:walk")
    assert "note: focus:walk keeps 3 of 14" in ran.out
    assert "samples 3 in total" in ran.out
    assert not ran.err
    ran = run("report", folded, "--filter", "focus:walk", "--format", "csv")
    assert "focus:walk keeps 3 of 14" in ran.err


@pytest.mark.parametrize("name", ["out.html", "out.svg", "out.dot", "out.speedscope.json", "out.callgrind", "out.json"])
def test_what_a_filter_keeps_stands_in_what_is_exported(name: str, run: Run, folded: Path, tmp_path: Path) -> None:
    ran = run("export", folded, "-o", tmp_path / name, "--filter", "focus:walk")
    assert ran.code == 0
    assert "focus:walk keeps 3 of 14" in (tmp_path / name).read_text()


def test_what_is_no_filter_is_a_usage_error(run: Run, folded: Path) -> None:
    ran = run("report", folded, "--filter", "focus:(")
    assert ran.code == 2
    assert "no regular expression" in ran.err


def test_figures_of_a_filtered_graph_are_marked(run: Run, prof: Path) -> None:
    ran = run("report", prof, "--filter", "ignore:name=^load$")
    assert "estimates" in ran.out
    # without load's 2 ms, which main calls directly, 13 ms are left; all of main's own 1 ms is known to stay
    assert "time 13.00 ms in total" in ran.out


def test_exports_go_through_filters(run: Run, folded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.folded"
    ran = run("export", folded, "-o", out, "-F", "ignore:idle")
    assert ran.code == 0
    left = load(out)
    assert float(left.parts[0].graph.totals[0]) == 9
    assert "idle" not in left.functions.name


def test_the_bytes_of_another_program_are_not_filtered(run: Run, prof: Path, tmp_path: Path) -> None:
    ran = run("export", prof, "-o", tmp_path / "out.callgrind", "--compat", "--my-code")
    assert ran.code == 2
    assert "filters do not apply" in ran.err
