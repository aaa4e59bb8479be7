"""Which interpreter runs a program, and what it is told."""

from __future__ import annotations

import pstats
import subprocess
import sys
from pathlib import Path

import pytest

from proftui.live.interpreter import Unstartable, interpreter, profile_command, python_command, target_of


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_one_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = executable(tmp_path / "named")
    active = executable(tmp_path / "venv" / "bin" / "python")
    found = executable(tmp_path / "path" / "python3")
    monkeypatch.setenv("PATH", str(found.parent))
    environment = {"VIRTUAL_ENV": str(tmp_path / "venv")}
    assert interpreter(str(named), environment) == str(named)
    assert interpreter("python3", environment) == str(found), "a name is looked for on PATH"
    assert interpreter(None, environment) == str(active)
    assert interpreter(None, {}) == str(found)
    assert interpreter(None, {"VIRTUAL_ENV": str(tmp_path / "gone")}) == str(found)


def test_none_is_a_sentence_and_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unstartable, match="no python3 on PATH") as caught:
        interpreter(None, {})
    assert caught.value.exit_code == 127
    with pytest.raises(Unstartable, match="there is no interpreter /no/such") as caught:
        interpreter("/no/such", {})
    assert caught.value.exit_code == 127
    plain = tmp_path / "plain"
    plain.write_text("")
    for path in (plain, tmp_path):
        with pytest.raises(Unstartable, match="cannot be executed") as caught:
            interpreter(str(path), {})
        assert caught.value.exit_code == 126


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("a.py -x --y", ((), "", "a.py", ("-x", "--y"))),
        ("-m mod -m x", ((), "-m", "mod", ("-m", "x"))),
        ("-mmod x", ((), "-m", "mod", ("x",))),
        ("-I -X dev -Wignore a.py -c", (("-I", "-X", "dev", "-Wignore"), "", "a.py", ("-c",))),
        ("-u -Im mod x", (("-u", "-I"), "-m", "mod", ("x",))),
        ("-uImmod x", (("-uI",), "-m", "mod", ("x",))),
        ("-W error -c pass x", (("-W", "error"), "-c", "pass", ("x",))),
        ("--check-hash-based-pycs never a.py", (("--check-hash-based-pycs", "never"), "", "a.py", ())),
        ("-u - x", (("-u",), "-", "-", ("x",))),
    ],
)
def test_a_command_line_is_read_as_python_does(words: str, target: tuple[object, ...]) -> None:
    assert tuple(target_of(["python", *words.split()])) == target


@pytest.mark.parametrize("words", [[], ["-I"], ["-m"], ["-W", "error"], ["--version"]])
def test_without_a_program_there_is_nothing_to_run(words: list[str]) -> None:
    with pytest.raises(Unstartable, match="name a SCRIPT or -m MODULE") as caught:
        python_command(words, sys.executable)
    assert caught.value.exit_code == 125


def test_a_script_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "a.py"
    script.write_text("")
    assert python_command([str(script), "x"], sys.executable) == (sys.executable, str(script), "x")
    assert python_command([str(tmp_path)], sys.executable) == (sys.executable, str(tmp_path)), "a folder may be run"
    with pytest.raises(Unstartable, match=r"there is no script nosuch\.py$") as caught:
        python_command(["nosuch.py"], sys.executable)
    assert caught.value.exit_code == 127
    tool = executable(tmp_path / "bin" / "sometool")
    monkeypatch.setenv("PATH", str(tool.parent))
    with pytest.raises(Unstartable, match=f"the one on PATH is {tool}"):
        python_command(["sometool"], sys.executable)


# ---------------------------------------------------------------------- under cProfile


def traced(tmp_path: Path, text: str, *options: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    script, file = tmp_path / "program.py", tmp_path / "out.prof"
    script.write_text(text)
    command = profile_command((sys.executable, *options, str(script), "-x", "y"), str(file))
    return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False), file


WORK = "def work():\n    return sum(range(1000))\nwork()\n"


@pytest.mark.parametrize(
    ("text", "code", "complaint"),
    [
        ("", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('so not')", 1, "so not"),
        ("raise ValueError('bad')", 1, "ValueError: bad"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nsignal.pause()", -2, "KeyboardInterrupt"),
    ],
)
def test_the_exit_code_is_the_program_s_and_the_file_is_there(
    tmp_path: Path, text: str, code: int, complaint: str
) -> None:
    done, file = traced(tmp_path, WORK + text)
    assert done.returncode == code
    assert complaint in done.stderr
    stats = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
    assert [row[0] for (_, _, name), row in stats.items() if name == "work"] == [1]


@pytest.mark.parametrize("text", ["import os\nos._exit(4)", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"])
def test_a_program_that_ends_at_once_leaves_no_file(tmp_path: Path, text: str) -> None:
    done, file = traced(tmp_path, text)
    assert done.returncode in (4, -9)
    assert not file.exists()


SEEN = "import sys, pickle\nclass A: pass\npickle.dumps(A())\nprint(sys.argv, sys.path, __file__, __name__)\n"


@pytest.mark.parametrize("options", [(), ("-I",)])
def test_a_script_sees_what_it_sees_alone(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "profile.py").write_text("raise ImportError('the wrong one')")
    done, _ = traced(tmp_path, SEEN, *options)
    alone = [sys.executable, *options, str(tmp_path / "program.py"), "-x", "y"]
    assert done.stdout == subprocess.run(alone, capture_output=True, text=True, cwd=tmp_path, check=True).stdout
    assert done.stderr == ""


def test_a_module_sees_what_it_sees_alone(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__main__.py").write_text(SEEN)
    alone = (sys.executable, "-m", "package", "a", "-b")
    command = profile_command(alone, str(tmp_path / "out.prof"))
    seen = [
        subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=True).stdout
        for words in (command, alone)
    ]
    assert seen[0] == seen[1]
    assert "package/__main__.py" in seen[0]


def test_a_forked_child_does_not_write_the_parent_s_file(tmp_path: Path) -> None:
    text = "import os, sys\nif pid := os.fork():\n    os.waitpid(pid, 0)\n    WORK\nelse:\n    sys.exit()\n"
    done, file = traced(tmp_path, "def mine(): pass\n" + text.replace("WORK", "mine()"))
    assert done.returncode == 0
    assert any(name == "mine" for _, _, name in pstats.Stats(str(file)).stats)  # type: ignore[attr-defined]


def test_text_is_not_traced() -> None:
    with pytest.raises(Unstartable, match="not -c"):
        profile_command((sys.executable, "-c", "pass"), "out.prof")
    with pytest.raises(Unstartable, match="not standard input"):
        profile_command((sys.executable, "-"), "out.prof")
