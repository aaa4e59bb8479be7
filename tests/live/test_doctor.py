"""Refusals, provoked where this machine can: each has its own cause, and one thing that helps."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from proftui.live import doctor
from proftui.live.circumstances import Circumstances, circumstances
from proftui.live.doctor import Diagnosis, check_text, diagnose, explain, meaning
from proftui.live.pyspy_child import binary
from proftui.live.sampling import Refused
from tests.live.targets import WAITING, Target, running

DIAGNOSING = Path(__file__).parents[1] / "programs" / "diagnosing.py"
NOBODY = 65534

UNDUMPABLE = """
import ctypes, os
os.setgroups([]); os.setgid(65534); os.setuid(65534)
ctypes.CDLL(None).prctl(4, 0)
print('ready', flush=True); input()
"""
TRACER = """
import ctypes, sys
traced = ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), 0, 0) == 0
print('ready', traced, flush=True); input()
"""
FAKE = """
#include <stdio.h>
unsigned long Py_Version = %s;
int main(void) { puts("ready"); fflush(stdout); getchar(); return (int) (Py_Version >> 32); }
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="it is about Linux")
as_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def target() -> Iterator[Target]:
    with running(sys.executable, "-c", WAITING) as process:
        yield process


@pytest.fixture
def readable(target: Target) -> Target:
    """A process that may be sampled."""
    if not diagnose(target.pid).ok:
        pytest.skip("no process may be sampled here")
    return target


@pytest.fixture
def spy() -> Iterator[str]:
    """A py-spy that anybody may run."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103  # that is the point
        yield shutil.copy(binary(), folder)


@pytest.fixture
def sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is sudo."""
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")


@pytest.fixture
def fake(tmp_path: Path) -> Callable[[str], str]:
    """Makes a program that says that it is Python of a version, as Py_Version has it, and is not."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("there is no C compiler")

    def make(version: str) -> str:
        source, program = tmp_path / "fake.c", tmp_path / "python3"
        source.write_text(FAKE % version)
        subprocess.run([compiler, "-rdynamic", str(source), "-o", str(program)], check=True)
        return str(program)

    return make


def refused(diagnosis: Diagnosis) -> tuple[str, str]:
    assert not diagnosis.ok
    return diagnosis.cause, diagnosis.remedy


def demand_nobody() -> None:
    """Skip where another user may not look into the folder of the interpreter, from which a venv still reads."""
    reading = f"import os, sys; os.setgid({NOBODY}); os.setuid({NOBODY}); os.listdir(sys.prefix)"
    if subprocess.run([sys.executable, "-c", reading], capture_output=True, check=False).returncode:
        pytest.skip(f"another user may not look into {sys.prefix}")


def told_to(pid: int, uid: int, spy: str, *before: str) -> tuple[bool, str, str, dict[str, str]]:
    """What the doctor says to another user, or to one with fewer rights."""
    words = [*before, sys.executable, str(DIAGNOSING), str(pid), str(uid), spy]
    root = str(DIAGNOSING.parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True, cwd=root, env=environment)
    ok, cause, remedy, facts = json.loads(done.stdout)
    return ok, cause, remedy, facts


# ---------------------------------------------------------------------- provoked


def test_process_that_can_be_sampled(readable: Target) -> None:
    diagnosis = diagnose(readable.pid)
    assert (diagnosis.ok, diagnosis.cause) == (True, f"process {readable.pid} can be sampled")
    facts = dict(diagnosis.facts)
    assert facts["Python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert facts["py-spy"].startswith(f"{binary()}, py-spy 0.")
    assert facts["process"].endswith(WAITING)
    assert facts["user"].endswith(", as you")


def test_command_of_many_lines_is_told_on_one() -> None:
    with running(sys.executable, "-c", f"{WAITING}\n\nx = 1") as target:
        assert dict(diagnose(target.pid).facts)["process"].endswith(f"{WAITING} x = 1")


def test_no_such_process(target: Target) -> None:
    target.process.kill()
    target.process.wait()
    cause = f"there is no process {target.pid}"
    assert refused(diagnose(target.pid)) == (cause, "proftui attach")
    complaint = spied(target.pid)
    assert "No such file or directory" in complaint
    found = explain(complaint, target.pid)
    assert (found.cause, found.exit_code) == (cause, 3)


@pytest.mark.parametrize("pid", [-4, 10**11])
def test_number_that_no_process_can_have(pid: int) -> None:
    assert refused(diagnose(pid))[0] == f"there is no process {pid}"


def spied(pid: int) -> str:
    """What py-spy itself says of a process when it takes its stacks."""
    words = [binary(), "dump", "--pid", str(pid)]
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True)
    assert done.returncode != 0
    return done.stderr


@linux
def test_zombie(target: Target) -> None:
    target.process.kill()
    os.waitid(os.P_PID, target.pid, os.WEXITED | os.WNOWAIT)
    cause = f"process {target.pid} has ended; it is a zombie until its parent, process {os.getpid()}, notices"
    assert refused(diagnose(target.pid))[0] == cause
    assert explain(spied(target.pid), target.pid).exit_code == 3


@pytest.mark.skipif(shutil.which("cat") is None, reason="there is no cat")
def test_not_python(readable: Target) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as cat:
        assert refused(diagnose(cat.pid)) == (f"process {cat.pid} is not Python but cat", "proftui attach")


def test_other_program_in_the_meantime(readable: Target) -> None:
    code = "import os; print('ready', flush=True); os.read(0, 1); os.execvp('cat', ['cat'])"
    with running(sys.executable, "-c", code) as target:
        before = circumstances(target.pid)
        target.say()
        target.say("it runs")
        assert target.process.stdout
        assert target.process.stdout.readline() == "it runs\n"
        assert before.python
        assert explain(spied(target.pid), target.pid).cause == f"process {target.pid} is not Python but cat"


def test_version_that_py_spy_does_not_know(readable: Target, fake: Callable[[str], str]) -> None:
    with running(fake("0x031900f0")) as target:
        cause, remedy = refused(diagnose(target.pid))
        assert cause == f"process {target.pid} runs Python 3.25.0, which py-spy does not know"
        assert remedy == "python -m pip install --upgrade py-spy"


def test_version_that_is_too_old(readable: Target, fake: Callable[[str], str]) -> None:
    with running(fake("0x030200f0")) as target:
        cause, remedy = refused(diagnose(target.pid))
        assert "runs Python 3.2.0" in cause
        assert remedy == "run the program with a newer Python"


def test_interpreter_that_is_not_found(
    readable: Target, fake: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(fake("0x030c00f0")) as target:
        assert refused(diagnose(target.pid))[0] == f"the interpreter of process {target.pid} is still starting"
        monkeypatch.setattr(doctor, "YOUNG", 0.0)
        cause, remedy = refused(diagnose(target.pid))
        assert cause.endswith("it is statically linked, stripped, or not CPython")
        assert "symbols" in remedy


@linux
def test_stopped_process(readable: Target) -> None:
    os.kill(readable.pid, signal.SIGSTOP)
    while psutil.Process(readable.pid).status() != psutil.STATUS_STOPPED:
        pass
    expected = f"process {readable.pid} is stopped by a signal (SIGSTOP)", f"kill -CONT {readable.pid}"
    assert refused(diagnose(readable.pid)) == expected
    found = explain(spied(readable.pid), readable.pid)
    assert (found.cause, found.remedy) == expected


@linux
def test_process_that_is_traced(readable: Target) -> None:
    with running(sys.executable, "-c", TRACER, str(readable.pid)) as tracer:
        if tracer.told != ["ready", "True"]:
            pytest.skip("no process may be traced here")
        found = explain(spied(readable.pid), readable.pid)
        assert f"process {readable.pid} is traced by process {tracer.pid}" in found.cause
        assert found.remedy == f"proftui attach --nonblocking {readable.pid}"
        assert refused(diagnose(readable.pid)) == (found.cause, found.remedy)


@as_root
def test_process_of_another_user(readable: Target, spy: str) -> None:
    demand_nobody()
    ok, cause, remedy, facts = told_to(readable.pid, NOBODY, spy)
    assert not ok
    assert cause == f"process {readable.pid} belongs to another user, root"
    assert str(readable.pid) in remedy
    assert facts["user"] == "root, which is not you"
    assert facts["CAP_SYS_PTRACE"] == "no"


@as_root
def test_process_that_keeps_others_out(readable: Target, spy: str) -> None:
    demand_nobody()
    with running(sys.executable, "-c", UNDUMPABLE) as target:
        ok, cause, _, facts = told_to(target.pid, NOBODY, spy)
        assert not ok
        assert cause.startswith(f"process {target.pid} keeps others out")
        assert facts["user"].endswith(", as you")


@as_root
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv")
def test_capability_that_even_root_cannot_have(readable: Target, spy: str) -> None:
    ok, cause, remedy, facts = told_to(readable.pid, 0, spy, "setpriv", "--bounding-set", "-sys_ptrace")
    assert not ok
    assert "has no CAP_SYS_PTRACE, which sampling needs here" in cause
    assert ("--cap-add SYS_PTRACE" in remedy) == (facts.get("container") in ("Docker", "Podman"))
    assert facts["CAP_SYS_PTRACE"] == "no, nor can root have it"


def test_py_spy_that_is_not_there(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    diagnosis = diagnose(target.pid)
    assert refused(diagnosis) == ("py-spy is not installed", "python -m pip install py-spy")
    assert "py-spy" not in dict(diagnosis.facts)


@pytest.mark.parametrize(
    ("does", "cause"),
    [
        ("kill -SEGV $$", "py-spy was ended by signal 11"),
        ("echo \"thread 'main' panicked at src/main.rs:5\" >&2; exit 101", "py-spy crashed: thread 'main' panicked"),
        ("echo 'Error: what nobody has seen' >&2; exit 1", "py-spy cannot sample process {pid}: what nobody has seen"),
    ],
)
def test_py_spy_that_fails(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, cause: str
) -> None:
    spy = tmp_path / "py-spy"
    spy.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exec echo py-spy 9\n{does}\n')
    spy.chmod(0o755)
    monkeypatch.setattr(doctor, "binary", lambda: str(spy))
    diagnosis = diagnose(target.pid)
    assert diagnosis.cause.startswith(cause.format(pid=target.pid))
    assert diagnosis.remedy == "python -m pip install --upgrade py-spy"
    assert dict(diagnosis.facts)["py-spy"] == f"{spy}, py-spy 9"


def test_sudo_that_asks_for_a_password(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "sudo"
    script.write_text("#!/bin/sh\necho 'sudo: a password is required' >&2; exit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert refused(diagnose(target.pid, sudo=True)) == ("sudo refused: a password is required", "sudo -v")


# ---------------------------------------------------------------------- what this machine does not do

PLAIN = Circumstances(
    7, state="sleeping", command="python app.py", age=60.0, python=True, version="3.12", user="ann", ours=True,
    holds=False, could=True, stronger=False, dumpable=True, scope=0, platform="linux",
)  # fmt: skip
DENIED = "Permission Denied: Try running again with elevated permissions by going 'sudo env \"PATH=$PATH\" !!'\n"
DENIED_ROOT = """Error: Failed to get process executable name. Check that the process is running.

Caused by:
    0: Permission denied (os error 13)
    1: Permission denied (os error 13)

Stack backtrace:
   0: <E as anyhow::context::ext::StdError>::ext_context
"""
ON_MACOS = "This program requires root on OSX.\nTry running again with elevated permissions by going 'sudo !!'\n"

AS_ROOT = "proftui attach --sudo 7"


@pytest.mark.parametrize(
    ("complaint", "known", "cause", "remedy"),
    [
        (DENIED, replace(PLAIN, scope=1), "ptrace_scope is 1: only its ancestors may", AS_ROOT),
        (DENIED, replace(PLAIN, scope=2), "ptrace_scope is 2: only who has CAP_SYS_PTRACE may", AS_ROOT),
        (DENIED_ROOT, replace(PLAIN, scope=3, holds=True, root=True), "ptrace_scope is 3: nobody may", "sysctl.d"),
        (DENIED, replace(PLAIN, ours=False, user="bob"), "belongs to another user, bob", AS_ROOT),
        (DENIED, replace(PLAIN, ours=False, scope=1), "belongs to another user", AS_ROOT),
        (DENIED, replace(PLAIN, dumpable=False), "keeps others out", AS_ROOT),
        (DENIED, replace(PLAIN, stronger=True), "has capabilities that you have not", AS_ROOT),
        (DENIED, PLAIN, "in another namespace or confined", AS_ROOT),
        (DENIED_ROOT, replace(PLAIN, root=True), "root has dropped CAP_SYS_PTRACE", "from a root shell"),
        (DENIED_ROOT, replace(PLAIN, root=True, could=False, container="Docker"), "this Docker container has no CAP",
         "docker run --cap-add SYS_PTRACE"),
        (DENIED, replace(PLAIN, could=False, scope=1, container="Podman"), "this Podman container has no CAP",
         "podman run --cap-add SYS_PTRACE"),
        (DENIED, replace(PLAIN, could=False, container="Kubernetes"), "this Kubernetes container has no CAP",
         'securityContext: {capabilities: {add: ["SYS_PTRACE"]}}'),
        (DENIED, replace(PLAIN, could=False), "this session has no CAP_SYS_PTRACE", "outside of"),
        (ON_MACOS, Circumstances(7, platform="darwin", python=True), "macOS lets only root", AS_ROOT),
        ("Error: Failed to find a python interpreter in the .data section", PLAIN, "stripped", "symbols"),
        ("Error: Failed to find python version from target process", PLAIN, "statically linked", "symbols"),
        ("Error: Failed to open process - check if it is running.", PLAIN, "became another program", "attach 7"),
        ("Error: Unsupported version of Python: 3.16.0", PLAIN, "runs Python 3.16.0", "--upgrade py-spy"),
        ("py-spy took too long, and was ended", PLAIN, "py-spy took too long, and was ended", "--upgrade py-spy"),
        ("/x/py-spy cannot be started: Exec format error", PLAIN, "cannot be started", "pip install py-spy"),
        ("sudo: a password is required", replace(PLAIN, ours=False), "sudo refused: a password", "sudo -v"),
        ("Error: Failed to suspend process", PLAIN, "cannot be halted", "proftui attach --nonblocking 7"),
        (DENIED, Circumstances(7, there=False), "there is no process 7", "proftui attach"),
        ("", PLAIN, "it does not say why", "--upgrade py-spy"),
    ],
)  # fmt: skip
def test_complaint_in_its_circumstances(
    sudo: None, complaint: str, known: Circumstances, cause: str, remedy: str
) -> None:
    found = meaning(complaint, known)
    assert isinstance(found, Refused)
    assert cause in found.cause
    assert remedy in found.remedy
    assert "\n" not in str(found)


def test_without_sudo_root_is_become_by_su(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert meaning(DENIED, replace(PLAIN, scope=1)).remedy == "su -c \"PATH='$PATH' proftui attach 7\""


def test_text_of_a_diagnosis() -> None:
    diagnosis = Diagnosis(7, False, "it cannot be", "do this", (("process", "python app.py"), ("state", "sleeping")))
    assert check_text(diagnosis).splitlines() == [
        "no: it cannot be",
        "try: do this",
        "",
        "  process  python app.py",
        "  state    sleeping",
    ]
    assert check_text(replace(diagnosis, ok=True, remedy="")).splitlines()[:2] == ["yes: it cannot be", ""]


# ---------------------------------------------------------------------- circumstances


@linux
def test_capabilities_are_those_of_the_system(target: Target) -> None:
    known = circumstances(target.pid)
    effective = int(Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0], 16)
    assert known.holds == bool(effective & 1 << 19)
    assert (known.ours, known.root) == (True, os.geteuid() == 0)
    assert known.parent == os.getpid()
    assert known.tracer is None


def test_scope_is_what_yama_says(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yama = tmp_path / "ptrace_scope"
    monkeypatch.setattr("proftui.live.circumstances.YAMA", yama)
    assert circumstances(target.pid).scope is None
    yama.write_text("1\n")
    assert circumstances(target.pid).scope == 1
    assert dict(diagnose(target.pid).facts)["ptrace_scope"] == "1: ancestors only"
