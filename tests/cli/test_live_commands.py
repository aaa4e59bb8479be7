"""`attach`, `run` and `record`: what they write, what they refuse, and their exit codes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import proftui
from proftui.live.doctor import diagnose
from tests.live.targets import known_shares

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Spawn


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A recorded session, and how many samples the command said it holds."""
    path = tmp_path_factory.mktemp("recorded") / "known.proftui"
    with known_shares() as target:
        diagnosis = diagnose(target.pid)
        if not diagnosis.ok:
            pytest.skip(f"processes cannot be sampled here: {diagnosis.cause}")
        words = ["-m", "proftui", "record", str(target.pid), "-d", "2.5", "-o", str(path)]
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
        assert target.process.poll() is None
    (said,) = re.findall(r"wrote .*known\.proftui: ([\d,]+) thread samples", done.stderr)
    assert done.stdout == ""
    return path, float(said.replace(",", ""))


def total(path: Path | str) -> float:
    """The samples in all parts of a file."""
    return sum(float(part.graph.totals[0]) for part in proftui.load(path).parts)


def test_a_session_holds_what_was_said_and_when(session: tuple[Path, float]) -> None:
    path, samples = session
    profile = proftui.load(path)
    assert total(path) == samples > 50
    recording = profile.recording
    assert recording is not None
    assert len(recording.windows) >= 2
    assert 2 <= float(recording.windows.seconds.sum()) < 5
    assert recording.about["rate"] == "100"
    assert "known_shares.py" in recording.about["command"]


@pytest.mark.parametrize("name", ["out.folded", "out.speedscope.json", "out.kgrind", "out.prof"])
def test_each_format_holds_the_same_total(session: tuple[Path, float], run: Run, tmp_path: Path, name: str) -> None:
    path, samples = session
    done = run("export", str(path), "-o", str(tmp_path / name), "--parts", "merge")
    assert done.code == 0
    again = total(tmp_path / name)
    # pstats has no samples but seconds, of which a sample is a hundredth at this rate, or counts as one
    assert again == samples or (name == "out.prof" and again % samples == 0)


@pytest.mark.skipif(not shutil.which("callgrind_annotate"), reason="callgrind_annotate comes with valgrind")
def test_callgrind_annotate_shows_the_same_total(session: tuple[Path, float], run: Run, tmp_path: Path) -> None:
    path, samples = session
    out = tmp_path / "out.kgrind"
    assert run("export", str(path), "-o", str(out), "--parts", "merge").code == 0
    shown = subprocess.run(["callgrind_annotate", "--auto=no", str(out)], capture_output=True, text=True, check=True)
    (said,) = re.findall(r"([\d,]+) \(100\.0%\)  PROGRAM TOTALS", shown.stdout)
    assert float(said.replace(",", "")) == samples
    assert shown.stderr == ""


def test_a_session_is_reported_like_any_profile(session: tuple[Path, float], run: Run) -> None:
    ran = run("report", str(session[0]))
    assert ran.code == 0
    assert "heavy" in ran.out


def test_a_file_that_exists_is_kept_and_nothing_is_sampled(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.folded"
    out.write_text("mine")
    ran = run("record", "1", "-o", str(out))
    assert (ran.code, ran.err) == (1, f"proftui: {out}: exists already; --force replaces it\n")
    assert out.read_text() == "mine"


def test_a_format_that_tells_when_what_ran_is_refused_before_anything_is_sampled(run: Run, tmp_path: Path) -> None:
    ran = run("record", "1", "-o", str(tmp_path / "out.trace.json"))
    assert ran.code == 1
    assert "tell what ran when" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("record", "999999999", "-o", "x.folded"), 3, "there is no process 999999999; try: proftui attach"),
        (("record", "9" * 40, "-o", "x.folded"), 3, "there is no process"),
        (("record", "no such program here", "-o", "x.folded"), 3, "no Python process has"),
        (("record", "1", "-o", "x.what"), 1, "no writable format"),
        (("record", "1", "-o", "no/such/folder/x.folded"), 1, "there is no such folder"),
        (("record", "1", "-o", "x.folded", "--idle", "--gil"), 2, "exclude each other"),
        (("run", "--no-tui", "program.py"), 2, "needs -o FILE"),
        (("run", "program.py"), 2, "needs a terminal; --no-tui -o FILE needs none"),
        (("attach", "1"), 2, "needs a terminal; 'proftui record PID -o FILE' samples without one"),
        (("attach", "--check"), 2, "needs the PID or NAME"),
        (("attach", "--check", "999999999"), 3, "there is no process"),
        (("run", "--no-tui", "-o", "x.folded", "no_such_program.py"), 127, "no_such_program.py"),
        (("run", "--no-tui", "-o", "x.folded", "--python", "/no/such/python", "x.py"), 127, "/no/such/python"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*words)
    assert ran.code == code
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


PROGRAM = """
import sys, time
print(sys.argv[1:], input())
end = time.monotonic() + 1.5
while time.monotonic() < end:
    sum(range(1000))
sys.exit(7)
"""


@pytest.mark.parametrize("profiler", ["py-spy", "cprofile"])
def test_a_program_keeps_its_terminal_and_its_exit_code(spawn: Spawn, tmp_path: Path, profiler: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    out = "out.folded" if profiler == "py-spy" else "out.prof"
    words = ("run", "--no-tui", "--with", profiler, "--python", sys.executable, "-o", out, "program.py", "-o", "mine")
    done = spawn(*words, cwd=tmp_path, input=b"typed\n")
    assert (done.returncode, done.stdout) == (7, b"['-o', 'mine'] typed\n")
    if b"nothing was sampled" not in done.stderr:
        assert "<module>" in proftui.load(tmp_path / out).functions.name


def test_a_profile_in_a_format_of_ones_own_choice(spawn: Spawn, tmp_path: Path) -> None:
    words = ("run", "--no-tui", "--with", "cprofile", "--python", sys.executable, "-o", "out.kgrind", "-m", "timeit")
    done = spawn(*words, "-n", "1", "sorted([3, 1])", cwd=tmp_path)
    assert done.returncode == 0
    assert b"loop" in done.stdout
    assert "<built-in method builtins.sorted>" in proftui.load(tmp_path / "out.kgrind").functions.name
