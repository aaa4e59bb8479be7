"""Processes to be sampled."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KNOWN_SHARES = Path(__file__).parents[1] / "programs" / "known_shares.py"

WAITING = "print('ready', flush=True); input()"


class Target:
    """A process that has said that it is ready, and the process ids that it told with that."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.pid = process, process.pid
        assert process.stdout
        self.told = process.stdout.readline().split()
        assert self.told[:1] == ["ready"]

    def say(self, line: str = "") -> None:
        """Give it a line."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


@contextlib.contextmanager
def running(*words: str) -> Iterator[Target]:
    """A process with these words; it has ended after the block."""
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Target(process)
        finally:
            process.kill()


def known_shares(python: str = sys.executable, workers: int = 0) -> contextlib.AbstractContextManager[Target]:
    """tests/programs/known_shares.py; with workers, their process ids are told after its own."""
    return running(python, str(KNOWN_SHARES), "120", "--workers", str(workers))


def pythons() -> list[pytest.ParameterSet]:
    """The interpreter that runs the tests, and one of each other version that there is, from 3.10 on."""
    found = [pytest.param(sys.executable, id="own")]
    for minor in range(10, 15):
        name = f"python3.{minor}"
        kept = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
        python = str(kept[-1]) if kept else shutil.which(name)
        if python and minor != sys.version_info.minor:
            found.append(pytest.param(python, id=name, marks=pytest.mark.once))
    return found
