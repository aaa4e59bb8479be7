"""What decides whether a process may be looked into, as far as the operating system tells: nothing is tried."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from proftui.live.processes import python_of

YAMA = Path("/proc/sys/kernel/yama/ptrace_scope")
SYS_PTRACE = 19
"""The number of CAP_SYS_PTRACE in capabilities(7)."""

_CONTAINERS = (
    ("Kubernetes", re.compile(r"kubepods")),
    ("Podman", re.compile(r"libpod")),
    ("Docker", re.compile(r"/docker[/-]|docker-[0-9a-f]{12}")),
)
"""What stands in the control groups of processes in a container, and whose it is."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of a process and of us; None is unknown, or does not exist on this platform.

    there      whether there is such a process; a zombie is not
    state      psutil's word
    parent     who started it
    command    its command line, on one line
    age        seconds since it began
    python     whether it looks like Python, and which `version`
    user       its user's name; `ours`: we run as the same one
    root       whether we are root
    holds      whether we have CAP_SYS_PTRACE
    could      whether root could have it here: it is in the bounding set
    stronger   whether it has capabilities that we have not
    dumpable   whether it lets processes of the same user look into it
    tracer     the process that traces it
    scope      kernel.yama.ptrace_scope, 0 to 3
    container  what we run in: "Docker", "Podman", "Kubernetes", or "" where that is none
    """

    pid: int
    there: bool = True
    state: str = ""
    parent: int | None = None
    command: str = ""
    age: float | None = None
    python: bool = False
    version: str | None = None
    user: str | None = None
    ours: bool | None = None
    root: bool = False
    holds: bool | None = None
    could: bool | None = None
    stronger: bool | None = None
    dumpable: bool | None = None
    tracer: int | None = None
    scope: int | None = None
    container: str = ""
    platform: str = sys.platform


def circumstances(pid: int) -> Circumstances:
    """What is known of a process now."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            return _of(process)
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return Circumstances(pid, there=False)


def _of(process: psutil.Process) -> Circumstances:
    pid, state, parent = process.pid, process.status(), process.ppid()
    if state == psutil.STATUS_ZOMBIE:
        return Circumstances(pid, there=False, state=state, parent=parent)
    python, version = python_of(pid)
    if sys.platform == "win32":
        return Circumstances(pid, state=state, parent=parent, python=python, version=version)
    user = process.uids().effective
    its, own = _status(pid), _status(os.getpid())
    wants, has, most = _bits(its.get("CapPrm")), _bits(own.get("CapEff")), _bits(own.get("CapBnd"))
    return Circumstances(
        pid=pid,
        state=state,
        parent=parent,
        command=_command(process),
        age=max(0.0, time.time() - process.create_time()),
        python=python,
        version=version,
        user=process.username(),
        ours=user == os.geteuid(),
        root=os.geteuid() == 0,
        holds=None if has is None else bool(has >> SYS_PTRACE & 1),
        could=None if most is None else bool(most >> SYS_PTRACE & 1),
        stronger=None if has is None or wants is None else bool(wants & ~has),
        dumpable=_dumpable(pid, user),
        tracer=int(its.get("TracerPid", "0")) or None,
        scope=_scope(),
        container=_container(),
    )


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(" ".join(process.cmdline()).split()) or process.name()
    except psutil.AccessDenied:
        return process.name()


def _status(pid: int) -> dict[str, str]:
    """Linux's /proc/PID/status by names; elsewhere empty."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _bits(hexadecimal: str | None) -> int | None:
    return None if hexadecimal is None else int(hexadecimal, 16)


def _dumpable(pid: int, user: int) -> bool | None:
    """Linux gives the files of a process that is not dumpable to root: see proc(5)."""
    if sys.platform != "linux" or user == 0:
        return None
    try:
        return Path(f"/proc/{pid}/stat").stat().st_uid == user
    except OSError:
        return None


def _scope() -> int | None:
    try:
        return int(YAMA.read_text())
    except (OSError, ValueError):
        return None


def _container() -> str:
    """Told by the control groups, else by the files and variables that container engines leave for that."""
    try:
        groups = Path("/proc/self/cgroup").read_text("utf-8", "replace")
    except OSError:
        groups = ""
    for name, pattern in _CONTAINERS:
        if pattern.search(groups):
            return name
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return "Kubernetes"
    if Path("/run/.containerenv").exists():
        return "Podman"
    return "Docker" if Path("/.dockerenv").exists() else ""
