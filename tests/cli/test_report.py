"""`proftui report`: figures by hand, exit codes, and what it does to pipes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import marshal
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Spawn


def test_text_is_the_default(run: Run, prof: Path) -> None:
    ran = run("report", prof)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:2] == [
        "run.prof: pstats, traced, time 15.00 ms in total",
        "5 functions, 6 calls (5 primitive)",
    ]
    assert lines[4].split()[:7] == ["33.3%", "66.7%", "5.000", "ms", "10.00", "ms", "1"]


def test_json(run: Run, prof: Path) -> None:
    report = json.loads(run("report", prof, "--format", "json", "--top", 1).out)
    assert report["profile"]["calls"] == 6
    assert [(row["name"], row["calls"]) for row in report["rows"]] == [("step", 1)]


def test_csv(run: Run, prof: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("report", prof, "--format", "csv", "--sort", "calls").out)))
    assert (rows[0]["name"], rows[0]["calls"], rows[0]["primitive_calls"]) == ("walk", "2", "1")


def test_markdown(run: Run, prof: Path) -> None:
    assert "| `step` |" in run("report", prof, "--format", "markdown").out


def test_several_files_are_added_up_and_parts_chosen(run: Run, prof: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.prof"
    other.write_bytes(prof.read_bytes())
    total = json.loads(run("report", prof, other, "-f", "json").out)["profile"]
    assert (total["metrics"][0]["total"], total["calls"], len(total["parts"])) == (0.03, 12, 2)
    for part in ("other.prof", "2"):
        chosen = json.loads(run("report", prof, other, "-f", "json", "--part", part).out)["profile"]
        assert [part["label"] for part in chosen["parts"]] == ["other.prof"]
        assert chosen["metrics"][0]["total"] == 0.015


def test_standard_input(run: Run, prof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(prof.read_bytes()))))
    assert "15.00 ms in total" in run("report", "-").out


def test_functions_that_match(run: Run, prof: Path) -> None:
    report = json.loads(run("report", prof, "-f", "json", "--function", "^l").out)
    assert [row["name"] for row in report["rows"]] == ["leaf", "load"]
    assert report["truncated"] == {"shown": 2, "of": 2}


def test_callers_and_callees(run: Run, prof: Path) -> None:
    callers = json.loads(run("report", prof, "-f", "json", "--view", "callers", "--function", "^walk$").out)
    assert [(row["name"], row["inclusive"]["time"]) for row in callers["rows"]] == [("main", 0.012), ("step", 0.005)]
    callees = json.loads(run("report", prof, "-f", "json", "--view", "callees", "--function", "^main$").out)
    assert [(row["name"], row["self"]["time"]) for row in callees["rows"]] == [("walk", 0.002), ("load", 0.002)]


def test_the_tree_shows_cycles_and_can_leave_them_open(run: Run, prof: Path) -> None:
    assert "<cycle: step, walk>" in run("report", prof, "--view", "tree").out
    assert "<cycle" not in run("report", prof, "--view", "tree", "--no-cycles").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--function", "("], "'(' is no regular expression"),
        (["--metric", "Ir"], "there is no metric 'Ir'; there are time"),
        (["--part", "nine"], "there is no part 'nine'; there are run.prof"),
        (["--sort", "size"], "'size' is not one of 'self'"),
        (["--top", "-1"], "-1 is not in the range"),
        (["--view", "tree", "--sort", "name"], "--sort and --reverse do not apply"),
        (["--view", "summary", "--reverse"], "--sort and --reverse do not apply"),
        (["--view", "tree", "--function", "x"], "--function does not apply to the tree"),
        (["--view", "matrix", "--sort", "calls"], "self, inclusive, name, location do"),
        (["--view", "tree", "--group", "file"], "Only functions are grouped"),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_usage_is_one_sentence(run: Run, prof: Path, words: list[str], said: str) -> None:
    ran = run("report", prof, *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("proftui: ")
    assert said in ran.err
    assert re.search(r"[^.]\. See 'proftui report --help'\.$", ran.err)


def test_the_reader_of_the_output_may_leave(prof: Path, tmp_path: Path) -> None:
    stats: dict[Any, Any] = {
        (f"/srv/{name}.py", 1, f"function_{name}"): (1, 1, 0.001, 0.001, {}) for name in range(5000)
    }
    prof.write_bytes(marshal.dumps(stats))
    program = f"{shlex.quote(sys.executable)} -m proftui report --top 0 {shlex.quote(str(prof))}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program} | head -n 1"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("run.prof: ")


def test_names_that_the_output_cannot_express_are_escaped(spawn: Spawn, prof: Path) -> None:
    prof.write_bytes(marshal.dumps({("/srv/a.py", 1, "naïve_名\udcff"): (1, 1, 0.001, 0.001, {})}))
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = spawn("report", prof, "--format", "csv", env=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"na\\xefve_\\u540d\\udcff" in done.stdout


def test_a_pipe_gets_no_colours(spawn: Spawn, prof: Path) -> None:
    assert b"\x1b" not in spawn("report", prof, env={**os.environ, "FORCE_COLOR": "1"}).stdout


def test_functions_are_printed_in_their_sources(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROFTUI_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "app.py").write_text("def work():\n    load()\n\n\ndef load(): ...\n")
    work, load = ("/srv/app.py", 1, "work"), ("/srv/app.py", 5, "load")
    stats: dict[Any, Any] = {work: (1, 1, 0.001, 0.003, {}), load: (2, 2, 0.002, 0.002, {work: (2, 2, 0.002, 0.002)})}
    (tmp_path / "app.prof").write_bytes(marshal.dumps(stats))
    words = ["report", tmp_path / "app.prof", "--view", "source", "--function", "work"]
    assert "/srv/app.py is not here; --source-map FROM=TO" in run(*words).out
    found = [line.split() for line in run(*words, "--source-map", f"/srv={tmp_path}").out.splitlines()]
    assert ["Σ33.3%", "Σ1.000", "ms", "1", "def", "work():"] in found
    assert ["66.7%", "2.000", "ms", "2", "2", "load()"] in found
    (tmp_path / "config.toml").write_text(f'[source-map]\n"/srv" = "{tmp_path.as_posix()}"\n')
    assert ["Σ33.3%", "Σ1.000", "ms", "1", "def", "work():"] in [line.split() for line in run(*words).out.splitlines()]
    refused = run(*words, "--source-map", "/srv")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "'/srv' maps no folder to another; write FROM=TO" in refused.err


def test_functions_are_added_up_by_file(run: Run, prof: Path) -> None:
    rows = json.loads(run("report", prof, "--group", "file", "-f", "json").out)["rows"]
    assert [(row["name"], row["self"]["time"]) for row in rows][:2] == [
        ("/srv/app/step.py", 0.005),
        ("/srv/app/leaf.py", 0.004),
    ]
