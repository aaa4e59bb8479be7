"""The Python processes of this machine, and what each of them is. Nothing of theirs is run to find out."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import NamedTuple, TypeVar

import psutil

from proftui.live.commands import is_interpreter, version_in, what_of

Told = TypeVar("Told")

_LIBRARY = re.compile(rb"/libpython(\d\.\d+)")
_LIBRARY_FOLDER = re.compile(rb"/lib/python(\d\.\d+)/")
_PACKAGES = re.compile(r" (/[^\n]+?)/lib(?:64)?/python\d\.\d+/site-packages/")


@dataclass(frozen=True, slots=True)
class Process:
    """A Python process; what may not be read of it is None.

    parent       the process that started it, where that is one of these too
    cpu          share of one processor since the look before
    memory       resident bytes
    created      when it began, in seconds as time.time() has them
    version      of Python: "3.11"
    environment  the folder of its virtual environment; None where it has none too
    what         what it runs in short, for people
    command      its command line
    """

    pid: int
    parent: int | None
    user: str | None
    cpu: float | None
    memory: float | None
    created: float
    version: str | None
    environment: str | None
    what: str
    command: str

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return max(0.0, time.time() - self.created)


class _Kind(NamedTuple):
    """What does not change as long as a process runs the same program."""

    name: str
    python: bool
    version: str | None = None
    environment: str | None = None


class Census:
    """Looks at all processes time and again; what does not change is read once of each."""

    def __init__(self) -> None:
        self._kinds: dict[psutil.Process, _Kind] = {}
        self._cpu: dict[psutil.Process, tuple[float, float]] = {}

    def take(self) -> list[Process]:
        """The Python processes of now, the oldest first; not ourselves, nor py-spy."""
        found: list[Process] = []
        kinds: dict[psutil.Process, _Kind] = {}
        cpu: dict[psutil.Process, tuple[float, float]] = {}
        for process in psutil.process_iter():
            try:
                with process.oneshot():
                    kinds[process] = kind = self._kind(process)
                    words = _words(process, kind)
                    if words:
                        cpu[process] = time.monotonic(), _seconds(process)
                        found.append(_told(process, kind, words, self._share(process, cpu[process])))
            except (psutil.Error, OSError):
                continue
        self._kinds, self._cpu = kinds, cpu
        commands = {process.pid: process.command for process in found}
        return [_below_its_parent(process, commands) for process in sorted(found, key=lambda one: one.created)]

    def _kind(self, process: psutil.Process) -> _Kind:
        name = process.name()
        known = self._kinds.get(process)
        return known if known is not None and known.name == name else _kind_of(process, name)

    def _share(self, process: psutil.Process, now: tuple[float, float]) -> float | None:
        before = self._cpu.get(process)
        if before is None or now[0] <= before[0]:
            return None
        return max(0.0, now[1] - before[1]) / (now[0] - before[0])


def python_processes() -> list[Process]:
    """The Python processes of now; `cpu` is None as there was no look before."""
    return Census().take()


def find(text: str) -> list[Process]:
    """The process of that number, or those that run a script or module of that name, or else have it in their command.

    Letters of either case are the same.
    """
    processes = python_processes()
    if text.isdecimal():
        return [process for process in processes if process.pid == int(text)]
    wanted = text.casefold()
    named = [process for process in processes if wanted in process.what.casefold().split()]
    return named or [process for process in processes if wanted and wanted in process.command.casefold()]


def python_of(pid: int) -> tuple[bool, str | None]:
    """Whether a process runs Python as far as can be seen, and which version. Raises psutil.NoSuchProcess."""
    process = psutil.Process(pid)
    kind = _kind_of(process, process.name())
    return kind.python, kind.version


# ---------------------------------------------------------------------- one process


def _words(process: psutil.Process, kind: _Kind) -> list[str]:
    """The command line of a Python process that is to be told of; nothing for others."""
    if not kind.python or process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
        return []
    words = list(_unless_refused(process.cmdline) or [kind.name])
    return [] if PurePath(words[0]).name == "py-spy" else words  # it is about to begin


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _told(process: psutil.Process, kind: _Kind, words: Sequence[str], share: float | None) -> Process:
    return Process(
        pid=process.pid,
        parent=_unless_refused(process.ppid),
        user=_unless_refused(process.username),
        cpu=share,
        memory=_unless_refused(lambda: float(process.memory_info().rss)),
        created=process.create_time(),
        version=kind.version,
        environment=kind.environment,
        what=what_of(words),
        command=" ".join(words).strip(),
    )


def _below_its_parent(process: Process, commands: Mapping[int, str]) -> Process:
    """With the parent only where that is one of them; what was forked and runs the same is a worker of it."""
    if process.parent is None or process.parent not in commands:
        return replace(process, parent=None)
    same = commands[process.parent] == process.command
    return replace(process, what=f"worker of {process.what}") if same else process


def _kind_of(process: psutil.Process, name: str) -> _Kind:
    executable = _unless_refused(process.exe) or ""
    words = _unless_refused(process.cmdline) or []
    if not words and not executable:
        return _Kind(name, python=False)
    called = [PurePath(executable).name, PurePath(words[0]).name if words else "", name]
    maps = b""
    python = any(map(is_interpreter, called[:1] if executable else called))
    if executable and not python:
        maps = _maps(process.pid)
        python = _LIBRARY.search(maps) is not None
    if not python:
        return _Kind(name, python=False)
    version = next(filter(None, map(version_in, called)), None)
    if version is None or not (words and is_interpreter(PurePath(words[0]).name)):
        maps = maps or _maps(process.pid)
    if version is None and (match := _LIBRARY.search(maps) or _LIBRARY_FOLDER.search(maps)):
        version = match[1].decode()
    return _Kind(name, True, version, _environment(process, words, maps))


def _environment(process: psutil.Process, words: Sequence[str], maps: bytes) -> str | None:
    """The virtual or conda environment: its interpreter was started, or else packages in it are in use."""
    if words and is_interpreter(PurePath(words[0]).name):
        interpreter = _path_of(process, words[0])
        roots = [Path(interpreter).parent.parent] if interpreter else []
    else:
        roots = [Path(root) for root in dict.fromkeys(_PACKAGES.findall(os.fsdecode(maps)))]
    for root in roots:
        if (root / "pyvenv.cfg").is_file() or (root / "conda-meta").is_dir():
            return str(root)
    return None


def _path_of(process: psutil.Process, word: str) -> str | None:
    """The absolute path of the first word of a command line, as the process found it."""
    if Path(word).is_absolute():
        return os.path.normpath(word)
    if os.sep in word:
        folder = _unless_refused(process.cwd)
        return os.path.normpath(Path(folder, word)) if folder else None
    variables = _unless_refused(process.environ) or {}
    return shutil.which(word, path=variables["PATH"]) if "PATH" in variables else None


def _maps(pid: int) -> bytes:
    """What Linux tells of the files in the memory of a process; nothing where it may not be read."""
    return _unless_refused(partial(Path(f"/proc/{pid}/maps").read_bytes)) or b""


def _unless_refused(read: Callable[[], Told]) -> Told | None:
    try:
        return read()
    except (psutil.AccessDenied, OSError, NotImplementedError):  # the last where the platform does not tell it
        return None
