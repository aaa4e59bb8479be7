"""A program that we start: in a terminal of its own, what it prints being kept, or in ours as if it ran alone."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import psutil

from proftui.live.interpreter import (
    NOT_EXECUTABLE,
    NOT_FOUND,
    OURS,
    Unstartable,
    interpreter,
    profile_command,
    python_command,
)
from proftui.live.passing import Passing
from proftui.live.printed import Output, Printed

__all__ = ["Program", "Unstartable", "interpreter", "profile_command", "python_command", "start"]

GRACE = 2.0
"""Seconds that a program has to end after each of the signals that ask for it."""

YAMA = Path("/proc/sys/kernel/yama/ptrace_scope")
_PR_SET_PDEATHSIG, _PR_SET_PTRACER, _ANYONE = 1, 0x59616D61, 2**64 - 1 if sys.maxsize > 2**32 else 2**32 - 1

_ENDING = ("SIGINT", "SIGTERM", "SIGKILL") if sys.platform != "win32" else ("SIGTERM",)
"""The signals that end a program, the most polite first; on Windows the only one ends it at once."""

_DRAINING = 0.2
"""Seconds in which the rest of what it printed is read; it may have left others that go on printing."""

_LOOK = 0.02
"""Seconds between two looks at whether a program has ended."""


class Program:
    """A program that runs or has ended. As a context it is stopped at the end.

    pid       its process
    command   the words that it was started with
    captured  whether what it prints is kept; else it has our terminal
    """

    def __init__(
        self, command: Sequence[str], process: subprocess.Popen[bytes], output: Output | None, passing: Passing | None
    ) -> None:
        self.pid = process.pid
        self.command = tuple(command)
        self.captured = output is not None
        self._process = process
        self._output = output
        self._passing = passing

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def poll(self) -> int | None:
        """Its exit code, as shells have it: 128 + N after signal N. None as long as it runs."""
        return _as_shells_do(self._process.poll())

    @property
    def exit_code(self) -> int:
        """Its exit code as `poll` gives it; 125, as of a failure of ours, where even SIGKILL has not ended it yet."""
        code = self.poll()
        return OURS if code is None else code

    def wait(self, seconds: float | None = None) -> int:
        """Wait for its end, and give its exit code. Raises TimeoutError when it has not ended after `seconds`.

        Signals that we get meanwhile are the program's in our terminal: Ctrl-C does not end us.
        """
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"process {self.pid} runs on") from None
        self._settle()
        return self.exit_code

    def output(self) -> Printed:
        """What it has printed so far, if that is kept; the same object as long as there is no more."""
        return self._output.printed() if self._output is not None else Printed()

    def stop(self, grace: float = GRACE) -> None:
        """End it and what it has started: by SIGINT, then SIGTERM, each with some time, then SIGKILL.

        As with Ctrl-C in a terminal, processes that made a session of their own go on: daemons, and browsers. Does
        nothing where all have ended.
        """
        left: list[psutil.Process] = []
        for name in _ENDING:
            left = self._left(left)
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.send_signal(getattr(signal, name))
                    if process.status() == psutil.STATUS_STOPPED:
                        process.resume()
            until = time.monotonic() + (GRACE if name == _ENDING[-1] else grace)
            while (left := self._left(left)) and time.monotonic() < until:
                time.sleep(_LOOK)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LOOK)  # it may have ended since it was last looked at
        self._settle()

    def _left(self, known: Sequence[psutil.Process]) -> list[psutil.Process]:
        """What runs of it, some of which is `known`: its parent may have ended meanwhile."""
        return list({process: None for process in (*self._found(), *known) if _runs(process)})

    def _found(self) -> list[psutil.Process]:
        """The program and its descendants, or what is in the session that it leads; what has ended may be among it."""
        ended = self._process.poll() is not None
        if self.captured and sys.platform != "win32":
            if ended and psutil.pid_exists(self.pid):  # its number is another's now, and so may the session be
                return []
            return [process for process in psutil.process_iter() if _session_of(process.pid) == self.pid]
        with contextlib.suppress(psutil.Error):
            if not ended:
                own, session = psutil.Process(self.pid), _session_of(self.pid)
                return [own, *(one for one in own.children(recursive=True) if _session_of(one.pid) == session)]
        return []

    def _settle(self) -> None:
        """It has ended: our signals are ours again, and the rest of its output is here."""
        if self._passing is not None:
            self._passing.end()
        if self._output is not None:
            self._output.finish(_DRAINING)


def start(command: Sequence[str], *, capture: bool, traceable: bool) -> Program:
    """Start a program. Raises Unstartable, with exit code 126 or 127, where that is not possible.

    With `capture` it gets a session and a pseudo-terminal of its own (a pipe where there is none) for what it
    prints, and nothing to read: it finds a terminal of our size, but none that it could ask for a password. Without,
    it shares our terminal, process group and standard input, so that Ctrl-C and Ctrl-Z reach it as if it ran alone.

    With `traceable` any process of the same user may trace it where Yama (ptrace_scope 1) lets only ancestors do so:
    that holds for the process, not for its children.

    On Linux the program gets SIGTERM when we die, by kill -9 too: nobody would know of it any more, and who wants it
    to go on starts it alone. That needs the thread which starts it to last, so only the main one asks for it.
    """
    passing = None if capture else Passing()
    ours, theirs = _channel() if capture else (-1, -1)
    try:
        process = subprocess.Popen(  # type: ignore[call-overload]  # the options depend on the platform
            list(command), preexec_fn=_before_exec(traceable=traceable), **_streams(theirs)
        )
    except (OSError, ValueError) as error:
        if passing is not None:
            passing.end()
        if capture:
            os.close(ours)
        raise _unstartable(command[0], error) from None
    finally:
        if capture:
            os.close(theirs)
    if passing is not None:
        passing.to(process)
    return Program(command, process, Output(ours) if capture else None, passing)


def _streams(theirs: int) -> dict[str, object]:
    if theirs < 0:
        return {}
    streams: dict[str, object] = {
        "stdin": subprocess.DEVNULL, "stdout": theirs, "stderr": theirs, "start_new_session": True,
    }  # fmt: skip
    if not os.isatty(theirs):  # Python would keep back what it prints into a pipe
        streams["env"] = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return streams


def _channel() -> tuple[int, int]:
    """Two descriptors: from the first can be read what is written to the other, a terminal where there is one."""
    try:
        import fcntl
        import struct
        import termios

        ours, theirs = os.openpty()
    except (ImportError, OSError):
        return os.pipe()
    size = shutil.get_terminal_size()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
    settings = termios.tcgetattr(theirs)
    settings[1] &= ~termios.OPOST  # what is printed comes as it is
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    return ours, theirs


def _before_exec(*, traceable: bool) -> Callable[[], None] | None:
    """What a child does between fork and exec, or None.

    All that it needs is made here, in the parent: the child only calls the kernel, since with other threads around
    a lock that one of them held when it was forked stays locked for ever.
    """
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()
    calls = []
    if threading.current_thread() is threading.main_thread():
        calls.append(tuple(map(ctypes.c_ulong, (_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0))))
    if traceable and _only_ancestors_trace():
        calls.append(tuple(map(ctypes.c_ulong, (_PR_SET_PTRACER, _ANYONE, 0, 0, 0))))

    def prepare() -> None:
        for call in calls:
            prctl(*call)
        if os.getppid() != parent:  # it died before it could be followed
            os._exit(OURS)

    return prepare if calls else None


def _only_ancestors_trace() -> bool:
    try:
        return YAMA.read_text().strip() == "1"
    except OSError:
        return False


def _unstartable(program: str, error: OSError | ValueError) -> Unstartable:
    if isinstance(error, FileNotFoundError):
        # the file may be there, and the interpreter that it asks for not
        missing = "is there, but not what it needs to run" if Path(program).exists() else "is not there"
        return Unstartable(f"{program} {missing}", NOT_EXECUTABLE if Path(program).exists() else NOT_FOUND)
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.ENOEXEC, errno.EISDIR):
        return Unstartable(f"{program} cannot be executed", NOT_EXECUTABLE)
    return Unstartable(f"{program} cannot be started: {getattr(error, 'strerror', None) or error}")


def _as_shells_do(code: int | None) -> int | None:
    return code if code is None or code >= 0 else 128 - code


def _session_of(pid: int) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
