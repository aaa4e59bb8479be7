"""speedscope's files on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import proftui
from proftui.cli.group import proftui as command
from tests.formats.speedscope.conftest import DATA


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """The exit code of a command, and what it printed."""
    with pytest.raises(SystemExit) as left:
        command.main([str(word) for word in words], prog_name="proftui")
    return int(left.value.code or 0), *capsys.readouterr()


def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "report", DATA / "pyspy_threads.speedscope.json", "--format", "json", "--top", 1)
    told = json.loads(out)
    assert code == 0
    assert told["profile"]["format"] == "speedscope"
    assert told["profile"]["metrics"] == [{"name": "time", "unit": "seconds", "total": pytest.approx(0.415)}]
    assert told["rows"][0]["name"] == "inner.<locals>.<genexpr>"


@pytest.mark.parametrize("to", ["folded", "callgrind", "pstats", "speedscope"])
def test_export(capsys: pytest.CaptureFixture[str], tmp_path: Path, to: str) -> None:
    out = tmp_path / "out"
    assert run(capsys, "export", DATA / "pyinstrument.speedscope.json", "-o", out, "--to", to)[0] == 0
    (total,) = (float(part.graph.totals[0]) for part in proftui.load(out).parts)
    assert total == 236_348_184


def test_export_by_suffix_of_what_is_estimated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out.speedscope.json"
    code, _, said = run(capsys, "export", DATA.parent / "pstats" / "pure_py313.prof", "-o", out)
    assert code == 0
    assert "the stacks are estimated" in said
    assert json.loads(out.read_bytes())["name"] == "pure_py313.prof (the stacks are estimated)"
    code, told, _ = run(capsys, "report", out)
    assert code == 0
    assert "note: the stacks are estimated" in told


def test_damage_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "cut.speedscope.json"
    path.write_bytes((DATA / "pyspy_threads.speedscope.json").read_bytes()[:1000])
    assert run(capsys, "report", path) == (1, "", f"proftui: {path}: its JSON ends too early (byte 1,000)\n")
