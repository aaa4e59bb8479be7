"""What each thread of a process does at this moment, with the variables of its frames, by `py-spy dump`.

py-spy's JSON: a list of threads, each with its frames from the innermost one. Of what is below the process it tells
in its text only, so each of those is asked for by itself.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import psutil

from proftui.live.pyspy_child import AT_A_WORD, binary
from proftui.live.sampling import Refused

PATIENCE = 10.0
"""Seconds that py-spy may take."""

VERBOSITY = "-llll"
"""Lets values be 512 characters long; py-spy cuts them."""

AT_ONCE = 4
"""How many processes are asked at the same time."""


class Variable(msgspec.Struct, frozen=True):
    """A local variable: its name, its value as py-spy writes it, and whether it is an argument."""

    name: str
    value: str | None = msgspec.field(default=None, name="repr")
    argument: bool = msgspec.field(default=False, name="arg")


class StackFrame(msgspec.Struct, frozen=True):
    """A function, and the line at which it is: 0 where unknown. Of a native one `file` is the binary."""

    name: str
    file: str = msgspec.field(default="", name="filename")
    line: int = 0
    locals: tuple[Variable, ...] | None = None

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Its local variables, none where they were not asked for."""
        return self.locals or ()

    @property
    def place(self) -> str:
        """FILE:LINE, as far as known."""
        return f"{self.file}:{self.line}" if self.file and self.line > 0 else self.file


class ThreadStack(msgspec.Struct, frozen=True):
    """A thread, and its frames from the innermost one on.

    tid      the operating system's number of the thread, None where unknown
    ident    Python's own: threading.get_ident()
    active   it runs; else it waits
    gil      it holds the global interpreter lock
    """

    pid: int
    ident: int = msgspec.field(name="thread_id")
    name: str | None = msgspec.field(default=None, name="thread_name")
    tid: int | None = msgspec.field(default=None, name="os_thread_id")
    active: bool = False
    gil: bool = msgspec.field(default=False, name="owns_gil")
    frames: tuple[StackFrame, ...] = ()

    @property
    def title(self) -> str:
        """Its name; Python knows none before it has imported threading."""
        if self.name:
            return self.name
        number = f"{self.ident:#x}" if self.tid is None else str(self.tid)
        return "main thread" if self.tid == self.pid else f"thread {number}"

    @property
    def state(self) -> str:
        """In words."""
        return "active, holds the GIL" if self.active and self.gil else ("active" if self.active else "idle")


HALTS = 4
"""How often halting a process is tried: who samples it halts it for a moment a hundred times a second."""

_decode = msgspec.json.Decoder(tuple[ThreadStack, ...]).decode


def stacks_now(
    pid: int, *, locals: bool = True, native: bool = False, sudo: bool = False, subprocesses: bool = False  # noqa: A002  # what they are called
) -> tuple[ThreadStack, ...]:  # fmt: skip
    """The threads of a process, the oldest first; with `subprocesses` those of its Python children too.

    Raises Refused where they cannot be had, and when it takes too long. The process is halted for some milliseconds.
    """
    words = [binary(), "dump", "--json", *([VERBOSITY] if locals else [])]
    first = _dumped(pid, words, native=native, sudo=sudo)
    if not subprocesses:
        return first

    def child(one: int) -> tuple[ThreadStack, ...]:
        with contextlib.suppress(Refused):  # most likely not Python, or gone
            return _dumped(one, words, native=native, sudo=sudo)
        return ()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return first + tuple(thread for threads in pool.map(child, _below(pid)) for thread in threads)


def _below(pid: int) -> list[int]:
    with contextlib.suppress(psutil.Error):
        return [process.pid for process in psutil.Process(pid).children(recursive=True)]
    return []


def _dumped(pid: int, words: Sequence[str], *, native: bool, sudo: bool) -> tuple[ThreadStack, ...]:
    words = [*words, "--pid", str(pid)]
    halting = [*words, *(["--native"] if native else [])]
    looking = [*words, "--nonblocking"]
    # py-spy cannot halt what is halted, and need not; nor what a sampler halts at the same moment
    tries = [looking] if _is_stopped(pid) else [*[halting] * HALTS, looking]
    code, told, complaint = _run(tries[0], sudo=sudo)
    for again in tries[1:]:
        if code in (0, None) or not psutil.pid_exists(pid):
            break
        code, told, _ = _run(again, sudo=sudo)
    if code is None:
        raise Refused(f"py-spy has not told the stacks of process {pid} after {PATIENCE:.0f} seconds")
    if code != 0:
        from proftui.live.doctor import explain

        raise explain(complaint, pid)
    try:
        return _decode(told)[::-1]
    except msgspec.MsgspecError:
        raise Refused("py-spy told the stacks in a way that is not known here", "py-spy --version") from None


def _is_stopped(pid: int) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    return False


_running: set[subprocess.Popen[bytes]] = set()
"""What is to be ended when we end in the middle: threads that wait for it are not waited for."""

_beginning = threading.Lock()
"""Held from before a process is there until it is among those: else we could end between the two."""

_ended = threading.Event()


def _run(words: Sequence[str], *, sudo: bool) -> tuple[int | None, bytes, str]:
    """The exit code of a command (None when it took too long), and what it wrote to standard output and error."""
    words = ["sudo", "-n", "--", *AT_A_WORD, *words] if sudo else list(words)
    stdin = subprocess.PIPE if sudo else subprocess.DEVNULL
    with tempfile.TemporaryFile() as complaint:
        with _beginning:
            if _ended.is_set():
                raise Refused("proftui is ending")
            try:
                process = subprocess.Popen(
                    words, bufsize=0, stdin=stdin, stdout=subprocess.PIPE, stderr=complaint, start_new_session=True
                )
            except OSError as error:
                raise Refused(f"{words[0]} cannot be started: {error.strerror}") from None
            _running.add(process)
        late = threading.Event()
        timer = threading.Timer(PATIENCE, _kill, (process, late))
        timer.daemon = True
        with process, _until_over(process):
            timer.start()
            told = process.stdout.read() if process.stdout else b""
            if process.stdin is not None:
                process.stdin.close()
            code = process.wait()
            timer.cancel()
        complaint.seek(0)
        said = complaint.read().decode("utf-8", "replace")
    return None if late.is_set() else code, told, said


@contextlib.contextmanager
def _until_over(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        _running.discard(process)


def _kill(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    if late is not None:
        late.set()
    with contextlib.suppress(OSError, ValueError):
        if process.stdin is not None:
            process.stdin.write(b"\n\n")  # two words to AT_A_WORD: we may not signal root's processes
        else:
            os.kill(process.pid, signal.SIGKILL)


@atexit.register
def _kill_all() -> None:
    with _beginning:
        _ended.set()
    for process in list(_running):
        _kill(process)


# ---------------------------------------------------------------------- as text


def lines_of(stacks: Iterable[ThreadStack]) -> list[str]:
    """The stacks as `py-spy dump` writes them, names as they are: what they hold may not be safe for a terminal."""
    lines: list[str] = []
    pid = None
    for thread in stacks:
        if thread.pid != pid:
            lines += ["", f"Process {thread.pid}"] if lines else [f"Process {thread.pid}"]
            pid = thread.pid
        number = f"{thread.ident:#x}" if thread.tid is None else str(thread.tid)
        lines.append(f"Thread {number} ({thread.state})" + (f': "{thread.name}"' if thread.name else ""))
        for frame in thread.frames:
            lines.append(f"    {frame.name}" + (f" ({frame.place})" if frame.place else ""))
            for title, argument in (("Arguments", True), ("Locals", False)):
                variables = [one for one in frame.variables if one.argument is argument]
                lines += [f"        {title}:"] * bool(variables)
                lines += [f"            {one.name}: {one.value or ''}" for one in variables]
    return lines


def text_of(stacks: Iterable[ThreadStack]) -> str:
    """The stacks as text; see `lines_of`."""
    return "\n".join(lines_of(stacks))
