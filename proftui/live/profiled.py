"""cProfile around a block or a function, written in any format that can be written."""

from __future__ import annotations

import inspect
import marshal
import os
import shlex
import sys
import tempfile
import warnings
from collections.abc import Callable
from cProfile import Profile as Profiler
from dataclasses import dataclass, replace
from functools import wraps
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar

from proftui.errors import ProftuiError, Unwritable
from proftui.formats import Format, load, write_files, writer

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False)
class _Session:
    """A running profiler; `inherited`: the process that began it is not the one that named its file."""

    profiler: Profiler
    pid: int
    inherited: bool


_SUSPENDING = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)

_running: list[_Session] = []
"""The sessions of this process, and those that a forked child inherits from its parent."""


class profiled:  # noqa: N801  # reads as a statement: `with profiled(...)`, `@profiled(...)`
    """`with profiled("job-57.kgrind"):` or `@profiled("job.prof")`: runs cProfile and writes the profile at the end.

    The format is the one called `to`, by default the one that the suffix suggests. A file that is there is replaced
    as a whole. The profile is written also when the block raises, and the error goes on. All that a decorated
    function calls, itself included, is part of one profile; each call from outside writes anew.

    A forked child that ends a block which its parent began, calls a function which its parent decorated, or begins
    a block while the parent's profiler runs, writes NAME.PID.SUFFIX, and only what it did itself.

    Raises ProftuiError when another profiler is active, and Unwritable, before the block runs, when the format or
    the folder does not exist. When the file cannot be written at the end, the profile is kept as a temporary .prof
    file that the Unwritable error names; if the block itself raised, that is a warning, so that its error goes on.
    """

    def __init__(self, path: str | PathLike[str], *, to: str | None = None) -> None:
        self.path = fspath(path)
        self.format, _ = writer(self.path, to)
        self._pid = os.getpid()
        self._sessions: list[_Session] = []

    def __enter__(self) -> None:
        folder = Path(self.path).parent
        if not folder.is_dir():
            raise Unwritable(f"{self.path}: no such folder: {folder}")
        pid = os.getpid()
        session = _Session(Profiler(), pid, _stop_inherited(pid) or pid != self._pid)
        # noted before the start, as what follows it is in the profile
        self._sessions.append(session)
        _running.append(session)
        try:
            _start(session.profiler)
        except ProftuiError:
            self._sessions.remove(session)
            _running.remove(session)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session = self._sessions[-1]
        session.profiler.disable()
        self._sessions.remove(session)
        _running.remove(session)
        inherited = session.inherited or session.pid != os.getpid()
        try:
            _write(session.profiler, _of_process(self.path, self.format) if inherited else self.path, self.format)
        except ProftuiError as failure:
            if error is None:
                raise
            warnings.warn(str(failure), RuntimeWarning, stacklevel=2)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """`function`, profiled whenever it is called from outside itself."""
        if any(suspends(function) for suspends in _SUSPENDING):
            name = function.__qualname__
            raise TypeError(f"{name} returns before it has run; put `with profiled(...)` where it is run")

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if any(session.pid == os.getpid() for session in self._sessions):
                return function(*args, **kwargs)
            with self:
                return function(*args, **kwargs)

        return call


def _start(profiler: Profiler) -> None:
    """Start cProfile; ProftuiError when a profiler is active: one at a time can be."""
    # until Python 3.11 cProfile replaces the active one without a word, from 3.12 on it raises ValueError
    if sys.version_info < (3, 12) and sys.getprofile() is not None:
        raise ProftuiError("another profiler is active; only one can be at a time")
    try:
        profiler.enable()
    except ValueError:
        raise ProftuiError("another profiler is active; only one can be at a time") from None


def _stop_inherited(pid: int) -> bool:
    """Stop the profilers that run in this process because it was forked; whether there were any."""
    inherited = [session for session in _running if session.pid != pid]
    for session in inherited:
        session.profiler.disable()
    return bool(inherited)


def _forget_parent() -> None:
    """In a forked child: drop what the parent has spent so far."""
    for session in _running:
        session.profiler.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)


def _of_process(path: str, known: Format) -> str:
    """NAME.PID.SUFFIX for this process."""
    fitting = [suffix for suffix in known.suffixes if path.lower().endswith(suffix)]
    suffix = max(fitting, key=len) if fitting else Path(path).suffix
    name = path[: len(path) - len(suffix)]
    return f"{name}.{os.getpid()}{path[len(name) :]}"


def _write(profiler: Profiler, path: str, known: Format) -> None:
    """Write what was measured; when that fails the error names the temporary file that keeps it."""
    profiler.create_stats()
    measured = marshal.dumps(profiler.stats)
    try:
        handle, kept = tempfile.mkstemp(prefix="proftui-", suffix=".prof")
        with os.fdopen(handle, "wb") as stream:
            stream.write(measured)
    except OSError as error:
        raise Unwritable(f"{path}: no space for temporary files: {error.strerror}") from None
    try:
        write_files(path, _encoded(kept, measured, path, known), force=True)
    except ProftuiError as error:
        raise Unwritable(f"{error}; the profile is kept in {kept}") from None
    Path(kept).unlink()


def _encoded(kept: str, measured: bytes, path: str, known: Format) -> list[bytes]:
    """What was measured, in another format where that is not cProfile's own."""
    _, write = writer(path, known.name)
    if known.name == "pstats":
        return [measured]
    profile = load(kept, single=True)
    origin = replace(profile.origin, path=path, creator="cProfile", command=shlex.join(sys.argv))
    parts = tuple(replace(part, label=Path(path).name, pid=os.getpid()) for part in profile.parts)
    return write(replace(profile, name=Path(path).name, origin=origin, parts=parts))
