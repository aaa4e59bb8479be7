"""Why a process cannot be sampled, and the one command or setting that helps."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from proftui.live.circumstances import Circumstances, circumstances
from proftui.live.pyspy_child import binary
from proftui.live.sampling import Refused

PATIENCE = 10.0
"""Seconds that py-spy may take."""

YOUNG = 3.0
"""Seconds within which an interpreter may still be starting."""

SETTLING = 1.0
"""Seconds within which a stopped process that py-spy lets go is stopped again: it runs for a moment, by itself."""

GONE = 3
"""The exit code where there is no such process."""

INSTALL = "python -m pip install py-spy"
UPGRADE = "python -m pip install --upgrade py-spy"

_ABSENT = re.compile(r"os error [23]\)|No such (file|process)|ESRCH|Failed to open process")
_DENIED = re.compile(r"(?i)permission denied|os error 1(3?)\)|EPERM|EACCES|operation not permitted|requires root")
_UNSUPPORTED = re.compile(r"Unsupported version of Python: (\S+)")
_UNFOUND = re.compile(
    r"Failed to find a python interpreter|Failed to find _PyRuntime|Failed to parse python binary"
    r"|Both python and libpython are invalid|_PyRuntime symbol"
)
_NOT_PYTHON = re.compile(r"Failed to find python version|No python processes found|Failed to profile python")
_UNHALTED = re.compile(r"Failed to suspend process|unexpected waitpid result")
_CRASHED = re.compile(r"panicked at|ended by signal|ended with exit code|took too long|fatal runtime error")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Whether a process can be sampled; where it cannot, why, and what helps ("" where nothing is known to).

    `facts` are what was looked at: names and values, as far as they are known.
    """

    pid: int
    ok: bool
    cause: str
    remedy: str
    facts: tuple[tuple[str, str], ...]


def diagnose(pid: int, *, sudo: bool = False) -> Diagnosis:
    """Look at a process and its circumstances, then have py-spy read its stacks once, without halting it."""
    known = circumstances(pid)
    facts = _facts(known)
    try:
        program = binary()
        facts = (*facts, ("py-spy", f"{program}, {_version(program)}"))
        if known.there:
            _probe(program, known, sudo=sudo)
        if not known.there:
            raise _absent(known)
        if known.state == psutil.STATUS_STOPPED or known.tracer is not None:
            raise _unhalted(known)
    except Refused as refused:
        return Diagnosis(pid, False, refused.cause, refused.remedy, facts)
    return Diagnosis(pid, True, f"process {pid} can be sampled", "", facts)


def explain(stderr: str, pid: int) -> Refused:
    """What py-spy's complaint means, from its words and from how the process is now."""
    known, until = circumstances(pid), time.monotonic() + SETTLING
    if _UNHALTED.search(stderr):
        while known.state == psutil.STATUS_RUNNING and known.tracer is None and time.monotonic() < until:
            time.sleep(0.01)
            known = circumstances(pid)
    return meaning(stderr, known)


def check_text(diagnosis: Diagnosis) -> str:
    """The diagnosis in lines: the verdict, what helps, and the facts; names are as they are, safe to print or not."""
    lines = [f"{'yes' if diagnosis.ok else 'no'}: {diagnosis.cause}"]
    if diagnosis.remedy:
        lines.append(f"try: {diagnosis.remedy}")
    widest = max((len(name) for name, _ in diagnosis.facts), default=0)
    return "\n".join([*lines, "", *(f"  {name:<{widest}}  {value}" for name, value in diagnosis.facts)])


# ---------------------------------------------------------------------- trying


def _probe(program: str, known: Circumstances, *, sudo: bool) -> None:
    """Raises Refused where py-spy cannot read the process."""
    words = [program, "dump", "--nonblocking", "--json", "--pid", str(known.pid)]
    if sudo:
        words = ["sudo", "-n", "--", *words]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
            timeout=None if sudo else PATIENCE,  # we may not kill what root runs
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused(f"py-spy took more than {PATIENCE:.0f} seconds to read process {known.pid}", UPGRADE) from None
    except OSError as error:
        raise Refused(f"{words[0]} cannot be started: {error.strerror}", "" if sudo else INSTALL) from None
    if done.returncode < 0:
        raise _crashed(f"py-spy was ended by signal {-done.returncode}")
    if done.returncode:
        raise meaning(done.stderr.decode("utf-8", "replace"), known)


def _version(program: str) -> str:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.SubprocessError):
        return "which does not run"
    return told.stdout.strip() or "which tells no version"


# ---------------------------------------------------------------------- what it means


def meaning(complaint: str, known: Circumstances) -> Refused:
    """What py-spy's complaint means in these circumstances."""
    first = complaint.strip().partition("\n")[0].removeprefix("Error: ")
    if complaint.startswith("sudo:"):
        return Refused(f"sudo refused: {first.removeprefix('sudo: ')}", "sudo -v")
    if "cannot be started" in first:
        return Refused(first, INSTALL)
    if not known.there:
        return _absent(known)
    if _CRASHED.search(complaint):
        return _crashed(first)
    if match := _UNSUPPORTED.search(complaint):
        return _unsupported(match[1], known)
    for pattern, refused in _MEANINGS:
        if pattern.search(complaint):
            return refused(known)
    return Refused(f"py-spy cannot sample process {known.pid}: {first or 'it does not say why'}", UPGRADE)


def _absent(known: Circumstances) -> Refused:
    if known.state == psutil.STATUS_ZOMBIE:
        cause = f"process {known.pid} has ended; it is a zombie until its parent, process {known.parent}, notices"
        return Refused(cause, "proftui attach", exit_code=GONE)
    return Refused(f"there is no process {known.pid}", "proftui attach", exit_code=GONE)


def _changed(known: Circumstances) -> Refused:
    """It is there, yet py-spy did not find something of it."""
    if not known.python:
        return _not_python(known)
    cause = f"process {known.pid} became another program, or was replaced, while py-spy attached"
    return Refused(cause, f"proftui attach {known.pid}")


def _not_python(known: Circumstances) -> Refused:
    if known.python:
        return _unfound(known)
    what = f" but {known.command}" if known.command else ""
    return Refused(f"process {known.pid} is not Python{what}", "proftui attach")


def _unfound(known: Circumstances) -> Refused:
    if known.age is not None and known.age < YOUNG:
        return Refused(f"the interpreter of process {known.pid} is still starting", f"proftui attach {known.pid}")
    why = "it is statically linked, stripped, or not CPython"
    return Refused(
        f"py-spy does not find the interpreter in process {known.pid}: {why}",
        "run the program with an interpreter that has its symbols, such as that of 'uv python install'",
    )


def _unsupported(version: str, known: Circumstances) -> Refused:
    major, _, rest = version.partition(".")
    minor = rest.partition(".")[0]
    old = (major, int(minor) if minor.isdigit() else 0) < ("3", 10)
    cause = f"process {known.pid} runs Python {version}, which py-spy does not know"
    return Refused(cause, "run the program with a newer Python" if old else UPGRADE)


def _crashed(said: str) -> Refused:
    said = said if "py-spy" in said else f"py-spy crashed: {said}"
    return Refused(said, UPGRADE)


def _unhalted(known: Circumstances) -> Refused:
    """It can be read, but not halted for as long as a sample takes."""
    pid = known.pid
    if known.state == psutil.STATUS_STOPPED:
        return Refused(f"process {pid} is stopped by a signal (SIGSTOP)", f"kill -CONT {pid}")
    cause = f"process {pid} cannot be halted for a sample"
    if known.tracer is not None:
        by = f"process {known.tracer}{_named(known.tracer)}"
        cause = f"process {pid} is traced by {by}, and only one can halt it at a time"
    return Refused(cause, f"proftui attach --nonblocking {pid}")


def _named(pid: int) -> str:
    try:
        return f" ({psutil.Process(pid).name()})"
    except psutil.Error:
        return ""


# ---------------------------------------------------------------------- no permission


def _denied(known: Circumstances) -> Refused:
    """Which of the things that keep us out does: first those that even root cannot change."""
    if known.platform == "darwin":
        return Refused("macOS lets only root look into other processes", _as_root(known))
    if known.scope == 3:
        cause = "kernel.yama.ptrace_scope is 3: nobody may look into processes until the machine is restarted"
        return Refused(cause, "set kernel.yama.ptrace_scope = 1 in /etc/sysctl.d, and restart the machine")
    if known.could is False:
        return _incapable(known)
    if known.scope == 2 and not known.holds:
        cause = "kernel.yama.ptrace_scope is 2: only who has CAP_SYS_PTRACE may look into processes"
        return Refused(cause, _as_root(known))
    if known.root and not known.holds:
        cause = f"root has dropped CAP_SYS_PTRACE here, which process {known.pid} of {known.user} asks for"
        return Refused(cause, "run the same from a root shell that has all capabilities")
    return _kept_out(known)


def _incapable(known: Circumstances) -> Refused:
    """Root has not got CAP_SYS_PTRACE, and cannot get it."""
    lacks = "has no CAP_SYS_PTRACE, which sampling needs here"
    if known.container == "Kubernetes":
        remedy = 'securityContext: {capabilities: {add: ["SYS_PTRACE"]}}'
        return Refused(f"this Kubernetes container {lacks}", f"{remedy} in the container's specification")
    if known.container:
        remedy = f"{known.container.lower()} run --cap-add SYS_PTRACE ..."
        return Refused(f"this {known.container} container {lacks}", remedy)
    return Refused(f"this session {lacks}, and cannot get it", "run the same outside of whatever took it away")


def _kept_out(known: Circumstances) -> Refused:
    if known.ours is False:
        return Refused(f"process {known.pid} belongs to another user, {known.user}", _as_root(known))
    if known.scope == 1:
        cause = "kernel.yama.ptrace_scope is 1: only its ancestors may look into a process"
        return Refused(cause, _as_root(known))
    if known.dumpable is False:
        cause = f"process {known.pid} keeps others out: it changed its user, or asked for that (PR_SET_DUMPABLE)"
        return Refused(cause, _as_root(known))
    if known.stronger and not known.root:
        return Refused(f"process {known.pid} has capabilities that you have not", _as_root(known))
    cause = f"the system does not let us look into process {known.pid}: it is in another namespace or confined"
    return Refused(cause, "run the same where the process was started, as root" if known.root else _as_root(known))


def _as_root(known: Circumstances) -> str:
    """What gives root's rights: to py-spy alone where there is sudo."""
    if shutil.which("sudo"):
        return f"proftui attach --sudo {known.pid}"
    return f"""su -c "PATH='$PATH' proftui attach {known.pid}\""""


_MEANINGS: tuple[tuple[re.Pattern[str], Callable[[Circumstances], Refused]], ...] = (
    (_UNHALTED, _unhalted),
    (_DENIED, _denied),
    (_UNFOUND, _unfound),
    (_NOT_PYTHON, _not_python),
    (_ABSENT, _changed),
)
"""What py-spy says, and what that means in the circumstances; the first that fits."""


# ---------------------------------------------------------------------- facts


def _facts(known: Circumstances) -> tuple[tuple[str, str], ...]:
    scopes = {0: "same user", 1: "ancestors only", 2: "CAP_SYS_PTRACE only", 3: "nobody"}
    capability = None
    if known.holds is not None:
        capability = "yes" if known.holds else ("no" if known.could else "no, nor can root have it")
    whose = None if known.user is None else f"{known.user}, {'as you' if known.ours else 'which is not you'}"
    told = (
        ("process", known.command or None),
        ("state", known.state or None),
        ("Python", known.version or ("yes, of an unknown version" if known.python else "no") if known.there else None),
        ("user", whose),
        ("you are root", ("yes" if known.root else "no") if known.there else None),
        ("CAP_SYS_PTRACE", capability),
        ("ptrace_scope", None if known.scope is None else f"{known.scope}: {scopes.get(known.scope, 'unknown')}"),
        ("traced by", f"process {known.tracer}{_named(known.tracer)}" if known.tracer else None),
        ("container", known.container or None),
        ("platform", known.platform),
    )
    return tuple((name, value) for name, value in told if value is not None)
