"""The Python processes of this machine are found, and told for what they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic

import psutil
import pytest

from proftui.live.processes import Census, Process, find, python_of, python_processes
from tests.live.targets import WAITING, known_shares, pythons, running

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

FORKS = """
import os
child = os.fork()
if child:
    print('ready', child, flush=True)
    input()
else:
    os.read(os.pipe()[0], 1)
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")


def found(pid: int) -> Process | None:
    return next((process for process in python_processes() if process.pid == pid), None)


def test_process_is_told_in_full() -> None:
    with running(sys.executable, "-c", WAITING) as target:
        process = found(target.pid)
        assert process is not None
        own = psutil.Process(target.pid)
        assert process.user == own.username()
        assert process.command == " ".join([sys.executable, "-c", WAITING])
        assert process.what == f"-c {WAITING}"
        assert process.memory is not None
        assert 1e6 < process.memory < 1e9
        assert process.created == own.create_time()
        assert 0 <= process.age < 60
        assert process.version == HERE
        assert process.cpu is None, "nothing is known at the first look"
    assert found(target.pid) is None


@pytest.mark.parametrize("python", pythons())
def test_version_is_that_of_the_interpreter(python: str) -> None:
    ask = "import sys; print('ready', '%d.%d' % sys.version_info[:2], flush=True); input()"
    with running(python, "-c", ask) as target:
        process = found(target.pid)
        assert process is not None
        assert process.version == target.told[1]


def test_we_are_not_among_them() -> None:
    assert found(os.getpid()) is None


@pytest.mark.skipif(shutil.which("cat") is None, reason="there is no cat")
def test_other_programs_are_not_among_them() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as cat:
        assert found(cat.pid) is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot fork here")
def test_fork_is_a_worker_of_its_parent() -> None:
    with running(sys.executable, "-c", FORKS) as target:
        number = int(target.told[1])
        parent, child = found(target.pid), found(number)
        os.kill(number, 9)
        assert parent is not None
        assert child is not None
        assert child.parent == target.pid
        assert child.what == f"worker of {parent.what}"
        assert not parent.what.startswith("worker")


@posix
def test_child_of_another_program_is_a_root() -> None:
    tells = "import os; print('ready', os.getpid(), flush=True); os.read(os.pipe()[0], 1)"
    with running("sh", "-c", '"$0" -c "$1"; :', sys.executable, tells) as target:
        pid = int(target.told[1])
        process = found(pid)
        os.kill(pid, 9)
        assert process is not None
        assert process.parent is None


@pytest.mark.skipif(sys.platform != "linux", reason="it is told from /proc")
@pytest.mark.parametrize("how", ["path", "PATH", "folder"])
def test_virtual_environment_is_where_its_interpreter_stands(tmp_path: Path, how: str) -> None:
    home = tmp_path / "shop"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (home / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    word = {"path": str(home / "bin" / "python"), "PATH": "python", "folder": "bin/python"}[how]
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with running("env", "-C", str(home), f"PATH={path}", word, "-c", WAITING) as target:
        process = found(target.pid)
        assert process is not None
        assert process.environment == str(home)


def test_processor_share_is_known_from_the_second_look_on() -> None:
    with known_shares() as target:
        census, until = Census(), monotonic() + 10
        share = None
        while not share and monotonic() < until:
            share = next(process.cpu for process in census.take() if process.pid == target.pid)
        assert share is not None
        assert share > 0


@posix
def test_program_that_becomes_another_is_told_anew() -> None:
    with running("sh", "-c", 'echo ready; read line; exec "$0" -c "$1"', sys.executable, WAITING) as target:
        census = Census()
        assert target.pid not in {process.pid for process in census.take()}
        target.say()
        assert target.process.stdout
        assert target.process.stdout.readline() == "ready\n"
        assert target.pid in {process.pid for process in census.take()}


def test_find_by_number_and_by_what_stands_in_the_command(tmp_path: Path) -> None:
    script, other = tmp_path / "Unmistakable.py", tmp_path / "other.py"
    script.write_text(WAITING)
    other.write_text(WAITING)
    with running(sys.executable, str(script)) as target, running(sys.executable, str(other), str(script)) as second:
        assert [process.pid for process in find(str(target.pid))] == [target.pid]
        assert [process.pid for process in find("unmistakable.py")] == [target.pid]
        assert {process.pid for process in find("UNMISTAKABLE")} == {target.pid, second.pid}
    assert find("unmistakable.py") == []
    assert find("") == []


def test_python_of_a_process() -> None:
    with running(sys.executable, "-c", WAITING) as target:
        assert python_of(target.pid) == (True, HERE)
    with pytest.raises(psutil.NoSuchProcess):
        python_of(target.pid)
