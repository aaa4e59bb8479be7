"""The command line of a program that is to be run: its interpreter, and what that is told to run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from proftui.errors import ProftuiError

OURS, NOT_EXECUTABLE, NOT_FOUND = 125, 126, 127
"""Exit codes of failures that are not the program's, as shells and `env` have them."""

_NAMES = ("python.exe",) if sys.platform == "win32" else ("python", "python3")
_FOLDER = "Scripts" if sys.platform == "win32" else "bin"


class Unstartable(ProftuiError):
    """A program that cannot be started; `exit_code` is 125, 126 (cannot be run) or 127 (is not there)."""

    def __init__(self, what: str, exit_code: int = OURS) -> None:
        super().__init__(what)
        self.exit_code = exit_code


class Target(NamedTuple):
    """What an interpreter is told to run: the words before it (options), its kind, itself, and the words behind it."""

    options: tuple[str, ...]
    kind: str
    """"-m", "-c", "-" for standard input, or "" for a script, a folder or an archive."""
    name: str
    arguments: tuple[str, ...]


def interpreter(python: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """`python` where it is given, else that of the active virtual environment, else the first python3 on PATH.

    Raises Unstartable where there is none.
    """
    if python is not None:
        return _named(python)
    if active := environment.get("VIRTUAL_ENV"):
        for name in _NAMES:
            if os.access(path := Path(active, _FOLDER, name), os.X_OK):
                return str(path)
    found = shutil.which("python3") or shutil.which("python")
    if found is None:
        raise Unstartable("there is no python3 on PATH; --python names an interpreter", NOT_FOUND)
    return found


def _named(python: str) -> str:
    found = shutil.which(python)
    if found is not None:
        return found
    if Path(python).exists():
        raise Unstartable(f"{python} cannot be executed", NOT_EXECUTABLE)
    raise Unstartable(f"there is no interpreter {python}", NOT_FOUND)


def python_command(program: Sequence[str], python: str | None) -> tuple[str, ...]:
    """The command that runs `[OPTIONS] SCRIPT|-m MODULE|-c TEXT [ARGS]` as an interpreter takes it.

    Raises Unstartable where there is no interpreter or no such script, or nothing is said to be run.
    """
    words = (interpreter(python), *program)
    target = target_of(words)
    if target.kind == "" and not Path(target.name).exists():
        elsewhere = shutil.which(target.name)
        hint = f"; the one on PATH is {elsewhere}" if elsewhere else ""
        raise Unstartable(f"there is no script {target.name}{hint}", NOT_FOUND)
    return words


def target_of(command: Sequence[str]) -> Target:
    """What a command whose first word is an interpreter runs. Raises Unstartable where it is nothing."""
    place = 1
    while place < len(command):
        word = command[place]
        if word == "-" or not word.startswith("-"):
            return Target(tuple(command[1:place]), word if word == "-" else "", word, tuple(command[place + 1 :]))
        letter, value = _option(word)
        place += 1
        if letter and not value:
            value, place = command[place] if place < len(command) else "", place + 1
        if letter in ("m", "c") and value:
            flags = word[: word.index(letter)]
            before = command[1 : place - 2 if word.endswith(letter) else place - 1]
            options = (*before, flags) if len(flags) > 1 else tuple(before)
            return Target(options, f"-{letter}", value, tuple(command[place:]))
    raise Unstartable("nothing is said to be run: name a SCRIPT or -m MODULE")


def _option(word: str) -> tuple[str, str]:
    """The letter in an interpreter's option that takes a value, and that value; each "" where there is none."""
    if word.startswith("--"):
        return ("-", "") if word == "--check-hash-based-pycs" else ("", "")
    place = next((place for place, letter in enumerate(word) if letter in "cmWX"), None)
    return ("", "") if place is None else (word[place], word[place + 1 :])


def profile_command(command: Sequence[str], file: str) -> tuple[str, ...]:
    """The command that runs the same under cProfile and writes `file` when it ends, in the same interpreter.

    The program's exit code stays what it is. No file is left by a program that ends by os._exit or by a signal that
    it does not handle (Ctrl-C is handled). As always with cProfile, one thread is traced: the main one.
    Raises Unstartable for what is neither a script nor a module.
    """
    target = target_of(command)
    if target.kind not in ("", "-m"):
        what = "standard input" if target.kind == "-" else "-c"
        raise Unstartable(f"cProfile runs a SCRIPT or -m MODULE, not {what}")
    tracer = (files("proftui.live") / "under_cprofile.py").read_text("utf-8")
    what_runs = ("-m", target.name) if target.kind else (target.name,)
    return (command[0], *target.options, "-c", tracer, file, *what_runs, *target.arguments)
