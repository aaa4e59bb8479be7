"""Signals that are not for us while a program has our terminal."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from typing import Any

_FROM_TERMINAL = ("SIGINT", "SIGQUIT")
"""The terminal sends these to all processes of its foreground group."""

_PASSED = (*_FROM_TERMINAL, "SIGTERM", "SIGHUP")


class Passing:
    """Passes signals on to a process, from its construction until its end, so that we outlive the program.

    Those that the terminal has told the program itself are dropped; those that were ignored before stay so. Only the
    main thread can ask for signals: in another one this does nothing.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []
        self._before: dict[int, Any] = {}
        if threading.current_thread() is not threading.main_thread():
            return
        for name in _PASSED:
            number = getattr(signal, name, None)
            # a handler is reset in the program that is started; what is ignored would be ignored there too
            if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
                self._before[number] = signal.signal(number, self._handle)

    def to(self, process: subprocess.Popen[bytes]) -> None:
        """The process that they are for; it gets those that came before."""
        self._process = process
        for number in self._early:
            process.send_signal(number)

    def end(self) -> None:
        """Let signals be ours again."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def _handle(self, number: int, _frame: object) -> None:
        if signal.Signals(number).name in _FROM_TERMINAL and _in_foreground():
            return
        if self._process is None:
            self._early.append(number)
        else:
            self._process.send_signal(number)


def _in_foreground() -> bool:
    """Whether our process group, which is the program's too, is the one that the terminal sends its signals to."""
    if not hasattr(os, "ctermid"):
        return False
    with contextlib.suppress(OSError):
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        finally:
            os.close(terminal)
    return False
