"""A py-spy process that records for a while.

py-spy tells on its standard output what it does, and on its standard error why it fails. What it records goes to
/dev/stderr as well, since it then says nothing else there: so there are no files to be removed, whatever happens.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from proftui.live.sampling import Options, Refused

_ATTACHED = b"Sampling process"
_WROTE = re.compile(rb"Samples: [0-9]+ Errors: ([0-9]+)")
_BEHIND = re.compile(r"([0-9.]+)(s|ms|µs|ns) behind in sampling")
_SECONDS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}

_OBEY = """
exec 3<&0; "$@" 3<&- & spy=$!
{ read -r _ && kill -INT $spy; read -r _ && kill -KILL $spy; } <&3 >/dev/null 2>&1 &
wait $spy
"""
AT_A_WORD = ("sh", "-c", _OBEY, "sh")
"""Runs a command, interrupts it when a line comes in, and kills it when another does: we may not signal root's."""

_REAPING = 1.0
"""Seconds that a process may take to end when it has closed its outputs."""


def binary() -> str:
    """Where py-spy is: beside this interpreter, or on PATH. Raises Refused where it is nowhere, or of no use."""
    if sys.platform == "win32":
        raise Refused("running processes can be sampled on Linux and macOS only")
    beside = Path(sysconfig.get_path("scripts")) / "py-spy"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("py-spy")
    if found is None:
        raise Refused("py-spy is not installed", "python -m pip install py-spy")
    return found


def ceiling(options: Options) -> int:
    """Seconds after which a py-spy ends by itself when nobody ends it; py-spy knows whole ones only."""
    return math.ceil(options.window + 2 + 10 / options.rate)


def command(pid: int, options: Options, *, sudo: bool) -> list[str]:
    """The command that records a process. Raises Refused where there is no py-spy."""
    words = [
        binary(), "record", "--pid", str(pid), "--format", "raw", "--output", "/dev/stderr", "--full-filenames",
        "--threads", "--rate", str(options.rate), "--duration", str(ceiling(options)),
    ]  # fmt: skip
    asked = {
        "--gil": options.gil,
        "--idle": options.idle,
        "--native": options.native,
        "--subprocesses": options.subprocesses,
        "--nonblocking": not options.blocking,
    }
    words += [flag for flag, wanted in asked.items() if wanted]
    return ["sudo", "-n", "--", *AT_A_WORD, *words] if sudo else words


class Child:
    """A py-spy process; one thread reads it, any may end it.

    began      when it was started, as time.monotonic() has it
    attached   when it began to sample, None as long as it has not
    left       when it was told to stop, or when it ended by itself
    over       whether it has ended
    cpu        seconds of processor time that it took, NaN as long as it runs
    """

    def __init__(self, command: Sequence[str], *, at_a_word: bool = False) -> None:
        """Starts it; `at_a_word`: below AT_A_WORD. Where it cannot be started, it is over at once."""
        self.began = time.monotonic()
        self.attached: float | None = None
        self.left: float | None = None
        self.over = False
        self.cpu = math.nan
        self._asked = self._killed = False
        self._lock = threading.Lock()
        self._told, self._data = bytearray(), bytearray()
        self._process: subprocess.Popen[bytes] | None = None
        stdin = subprocess.PIPE if at_a_word else subprocess.DEVNULL
        try:
            # in a session of its own: Ctrl-C in the terminal is not for it
            self._process = subprocess.Popen(
                command, bufsize=0, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            self._data += f"{command[0]} cannot be started: {error.strerror}".encode()
            self.over = True
            self.left = self.began
        outputs = (self._process.stdout, self._process.stderr) if self._process else ()
        self.open = {output.fileno(): output for output in outputs if output}
        self._tells = next(iter(self.open), -1)

    def read(self, descriptor: int) -> None:
        """Take in what can be read from one of those that are open."""
        chunk = os.read(descriptor, 1 << 18)
        (self._told if descriptor == self._tells else self._data).extend(chunk)
        if not chunk:
            self.open.pop(descriptor).close()
        if self.attached is None and _ATTACHED in self._told:
            self.attached = time.monotonic()
        if not self.open and self._process is not None:
            self._reap(self._process)

    def interrupt(self) -> None:
        """Have it stop sampling and write what it has. It stops at once, and ends after its next sample."""
        with self._lock:
            if not self._asked and not self.over:
                self._asked = True
                self.left = self.left or time.monotonic()
                self._signal(signal.SIGINT, b"\n")

    def kill(self) -> None:
        """End it at once; what it has is lost."""
        with self._lock:
            self._killed = self._killed or not self.over
            self._signal(signal.SIGKILL, b"\n\n")

    def _signal(self, number: int, word: bytes) -> None:
        if self._process is None or self.over:
            return
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.write(word)
            else:
                os.kill(self._process.pid, number)

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            until = time.monotonic() + _REAPING
            while not self._ended(process) and time.monotonic() < until:
                time.sleep(0.001)
            self.left = self.left or time.monotonic()
            self.over = True
            if process.stdin is not None:
                process.stdin.close()

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it has; takes its processor time down, which Popen.wait would lose."""
        try:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        except ChildProcessError:  # another part of this program waits for any child
            process.returncode = 0
            return True
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            self.cpu = usage.ru_utime + usage.ru_stime
        return pid != 0

    # ------------------------------------------------------------------ what came of it

    @property
    def wrote(self) -> bool:
        """Whether it has written down all that it sampled."""
        return _WROTE.search(self._told) is not None

    @property
    def by_itself(self) -> bool:
        """Whether nobody asked it to end, and its target did not either: it was at its ceiling."""
        return self.wrote and not self._asked and b"process exited" not in self._told

    @property
    def data(self) -> bytes:
        """The lines that it recorded, once it `wrote` them."""
        return bytes(self._data)

    @property
    def errors(self) -> int:
        """Samples that failed."""
        match = _WROTE.search(self._told)
        return int(match[1]) if match else 0

    @property
    def behind(self) -> float:
        """Seconds by which it was late at worst; py-spy says nothing of less than one."""
        told = _BEHIND.findall(self._told.decode("utf-8", "replace"))
        return max((float(amount) * _SECONDS[unit] for amount, unit in told), default=0.0)

    @property
    def complaint(self) -> str:
        """Why it failed, in its own words, which may be many lines."""
        if self._killed:
            return "py-spy took too long, and was ended"
        if said := self._data.decode("utf-8", "replace").strip():
            return said
        code = self._process.returncode if self._process else 0
        return f"py-spy ended with exit code {code}" if code >= 0 else f"py-spy was ended by signal {-code}"


def listen(children: Collection[Child], seconds: float) -> bool:
    """Take in what children say, waiting for some time at most until one of them says anything: whether one did."""
    poll = select.poll()
    speakers = {descriptor: child for child in children for descriptor in child.open}
    for descriptor in speakers:
        poll.register(descriptor, select.POLLIN)
    ready = poll.poll(max(0, math.ceil(seconds * 1000)))
    for descriptor, _ in ready:
        speakers[descriptor].read(descriptor)
    return bool(ready)
