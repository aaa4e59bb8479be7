"""`proftui formats`, `demo` and `completion`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proftui.cli.formats import _table
from proftui.formats import FORMATS

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Spawn


def test_formats_says_what_is_read_and_written(run: Run) -> None:
    rows = {line.split()[0]: line for line in run("formats").out.splitlines() if line}
    figures = {"traced": "exact", "sampled": "sampled", "either": "either"}
    for known in FORMATS:
        writes = known.write is not None or known.name == "svg"
        words = ["yes", *(["yes"] if writes else []), figures[known.kind], *known.suffixes]
        assert rows[known.name].split()[1 : 1 + len(words)] == words
        assert known.title in rows[known.name]
    assert rows["html"].split()[1:3] == ["yes", ".html"]
    assert {"zip", "tar", "folder"} <= set(rows)
    assert "PROFTUI" not in rows


def test_formats_fit_a_narrow_terminal() -> None:
    rows = [("pstats", "yes", "yes", "either", ".prof .pstats", "what cProfile writes and pstats prints")] * 2
    lines = list(_table(rows, 60))
    assert max(map(len, lines)) <= 60
    assert [line.strip() for line in lines[1:3]] == ["prints", ".prof .pstats"]
    assert len(list(_table(rows, 80))) == 2


def test_demo_without_a_terminal_prints_a_report(spawn: Spawn, tmp_path: Path) -> None:
    done = spawn("demo", env={**os.environ, "TMPDIR": str(tmp_path)})
    assert done.returncode == 0
    assert "demo.prof: pstats, traced" in done.stdout.decode()
    (path,) = tmp_path.glob("proftui-demo-*/demo.prof")
    assert f"into {path}" in done.stderr.decode()
    report = json.loads(spawn("report", path, "-f", "json", "--top", "0").stdout)
    functions = {row["name"]: row for row in report["rows"]}
    # 12 bodies, 11 others each, 1300 steps; the parser is mutually recursive
    assert functions["attraction"]["calls"] == 12 * 11 * 1300
    assert functions["expression"]["primitive_calls"] < functions["expression"]["calls"]
    assert any(row["cycle"] and row["name"].endswith(" 3 functions>") for row in report["rows"])


def test_demo_imports_nothing_from_the_current_folder(tmp_path: Path) -> None:
    for name in ("random.py", "collections.py", "cProfile.py", "pstats.py"):
        (tmp_path / name).write_text("raise SystemExit('imported')")
    done = subprocess.run(
        [sys.executable, "-I", "-m", "proftui", "demo"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0
    assert "attraction" in done.stdout


def completed(shell: str, words: str, incomplete: str) -> list[str]:
    """What the program answers to a shell that completes."""
    environment = {
        **os.environ,
        "_PROFTUI_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": incomplete if shell == "fish" else str(len(words.split()) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "proftui"], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(("shell", "command"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_completion_prints_a_script(run: Run, shell: str, command: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert command in ran.out
    assert "_PROFTUI_COMPLETE" in ran.out


def test_first_words_are_commands_and_files() -> None:
    assert completed("bash", "proftui rep", "rep") == ["file,rep", "plain,report"]


def test_options_and_their_values() -> None:
    assert "plain,--metric" in completed("bash", "proftui report --me", "--me")
    assert completed("bash", "proftui report --view cal", "cal") == ["plain,callers", "plain,callees"]
    assert completed("bash", "proftui export x --to call", "call") == ["plain,callgrind"]
    assert completed("fish", "proftui report --view tr", "tr") == ["plain,tree"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_script_works_in_bash(run: Run, tmp_path: Path) -> None:
    script = run("completion", "bash").out
    program = tmp_path / "proftui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m proftui "$@"\n')
    program.chmod(0o755)
    use = 'COMP_WORDS=(proftui expo); COMP_CWORD=1; _proftui_completion proftui; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", f"{script}\n{use}"],
        capture_output=True, text=True, check=False, env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.stdout.split() == ["export"]
