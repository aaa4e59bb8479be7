"""`proftui export`."""

from __future__ import annotations

import io
import json
import pstats
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import proftui

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Spawn

DATA = Path(__file__).parents[1] / "data"


def total(path: Path) -> float:
    return float(pstats.Stats(str(path)).total_tt)  # type: ignore[attr-defined]  # typeshed omits it


def test_to_callgrind_by_suffix(run: Run, prof: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.kgrind"
    ran = run("export", prof, "-o", out)
    assert (ran.code, ran.out, ran.err) == (0, "", f"proftui: wrote {out}\n")
    written = proftui.load(out)
    assert written.origin.format == "callgrind"
    assert written.parts[0].graph.totals.tolist() == [15e6]


def test_to_pstats_by_name(run: Run, prof: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("export", prof, "-o", out, "--to", "pstats").code == 0
    assert total(out) == pytest.approx(0.015)


@pytest.mark.parametrize("name", ["out.folded", "out.pb.gz", "out.speedscope.json", "out.prof", "out.kgrind"])
def test_quantities_over_time_alone_are_written_nowhere(name: str, run: Run, tmp_path: Path) -> None:
    ran = run("export", DATA / "mprof" / "children.dat", "-o", tmp_path / name)
    assert ran.code == 1
    assert "holds quantities over time and nothing else" in ran.err


def test_what_pstats_cannot_tell_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "run.folded").write_text("main;work 3\n")
    ran = run("export", tmp_path / "run.folded", "-o", tmp_path / "out.prof")
    assert "pstats knows seconds alone: those in the file are samples" in ran.err
    assert "calls were not counted" in ran.err


def test_stacks_of_a_call_graph_are_estimated_and_said_to_be(run: Run, prof: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.folded"
    ran = run("export", prof, "-o", out)
    assert (ran.code, ran.out) == (0, "")
    first, second, third = ran.err.splitlines()
    assert first.startswith("proftui: the stacks are estimated: ")
    assert (second, third) == ("proftui: the counts are nanoseconds of time", f"proftui: wrote {out}")
    assert sum(int(line.rpartition(" ")[2]) for line in out.read_text().splitlines()) == 15_000_000


def test_recorded_stacks_are_written_as_they_are(run: Run, tmp_path: Path) -> None:
    recorded, out = tmp_path / "run.folded", tmp_path / "again.folded"
    recorded.write_text("thread (1): a;main;work 3\nthread (1): a;main 1\nthread (2): b;main;work 4\n")
    assert run("export", recorded, "-o", out).err == f"proftui: wrote {out}\n"
    assert sorted(out.read_text().splitlines()) == sorted(recorded.read_text().splitlines())
    assert run("export", recorded, "-o", out, "--parts", "merge", "--force").code == 0
    assert sorted(out.read_text().splitlines()) == ["main 1", "main;work 7"]


def test_to_documents(run: Run, prof: Path, tmp_path: Path) -> None:
    for suffix in ("json", "csv", "md", "txt"):
        assert run("export", prof, "-o", tmp_path / f"out.{suffix}").code == 0
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["truncated"]["shown"] >= 5
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) >= 6


def test_to_standard_output(spawn: Spawn, prof: Path, tmp_path: Path) -> None:
    done = spawn("export", prof, "-o", "-", "--to", "pstats")
    assert (done.returncode, done.stderr) == (0, b"")
    out = tmp_path / "out.prof"
    out.write_bytes(done.stdout)
    assert total(out) == pytest.approx(0.015)


def test_an_existing_file_needs_force(run: Run, prof: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.prof"
    out.write_text("kept")
    ran = run("export", prof, "-o", out)
    assert (ran.code, ran.err) == (1, f"proftui: {out}: exists already; --force overwrites it\n")
    assert out.read_text() == "kept"
    assert run("export", prof, "-o", out, "--force").code == 0
    assert total(out) == pytest.approx(0.015)


def test_parts_as_files_or_added_up(run: Run, prof: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.prof"
    other.write_bytes(prof.read_bytes())
    apart, merged = tmp_path / "apart.kgrind", tmp_path / "merged.kgrind"
    assert run("export", prof, other, "-o", apart).code == 0
    assert (tmp_path / "apart.kgrind.1").exists()
    assert run("export", prof, other, "-o", merged, "--parts", "merge").code == 0
    assert not (tmp_path / "merged.kgrind.1").exists()
    assert proftui.load(merged).parts[0].graph.totals.tolist() == [30e6]
    ran = run("export", prof, other, "-o", "-", "--to", "callgrind")
    assert (ran.code, ran.err) == (1, "proftui: 2 parts need as many files; --parts merge makes them one\n")


def test_compat_is_pyprof2calltree_itself(run: Run, prof: Path, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.kgrind", tmp_path / "theirs.kgrind"
    assert run("export", prof, "-o", ours, "--compat").code == 0
    program = "import sys, pyprof2calltree; pyprof2calltree.convert(sys.argv[1], sys.argv[2])"
    subprocess.run([sys.executable, "-c", program, str(prof), str(theirs)], check=True)
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "out.xyz"], "There is no format to write for the suffix of 'out.xyz'; --to takes pstats, callgrind"),
        (["-o", "out.prof", "--to", "xyz"], "There is no format to write for 'xyz'"),
        (["-o", "-"], "There is no format to write for the suffix of '-'"),
        ([], "Missing option '--output'"),
        (["other.prof", "-o", "out.kgrind", "--compat"], "--compat converts one file"),
    ],
)
def test_wrong_usage(run: Run, prof: Path, words: list[str], said: str) -> None:
    ran = run("export", prof, *words)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert said in ran.err


def test_a_terminal_gets_no_profile(run: Run, prof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert run("export", prof, "-o", "-", "--to", "callgrind").code == 2
    assert screen.getvalue() == ""
