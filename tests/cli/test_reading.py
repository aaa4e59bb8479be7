"""What a command says while it reads, and what it leaves behind."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import proftui.formats
from proftui.cli.reading import read
from proftui.errors import ProftuiError


class Terminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def slow_reader(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading take so long by the clock, half of it before the one report of progress."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    load_all = proftui.formats.load_all

    def slow(files: Any, *, progress: Callable[[float], None] | None, **options: Any) -> Any:
        clock[0] += seconds / 2
        if progress:
            progress(0.5)
        clock[0] += seconds / 2
        return load_all(files, **options)

    monkeypatch.setattr(proftui.formats, "load_all", slow)


def test_a_quick_read_is_silent(prof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", told := Terminal())
    slow_reader(1.5, monkeypatch)
    read([str(prof)])
    assert told.getvalue() == ""


def test_a_slow_read_shows_its_share_and_cleans_up(prof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", told := Terminal())
    slow_reader(4, monkeypatch)
    read([str(prof)])
    assert told.getvalue() == "\rproftui: reading  50%\r\x1b[K"


def test_nobody_watches_a_pipe(prof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", told := io.StringIO())
    slow_reader(4, monkeypatch)
    read([str(prof)])
    assert told.getvalue() == ""


def test_collection_goes_on_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ProftuiError):
        read([str(tmp_path / "missing")])
    assert gc.isenabled()


@pytest.mark.parametrize(("given", "left"), [(None, "None"), ("3", "3")])
def test_the_limit_on_threads_is_not_inherited(prof: Path, given: str | None, left: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if given:
        environment["OPENBLAS_NUM_THREADS"] = given
    program = "import os, sys; from proftui.cli.reading import read; read(sys.argv[1:]);"
    done = subprocess.run(
        [sys.executable, "-c", program + "print(os.environ.get('OPENBLAS_NUM_THREADS'))", str(prof)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    assert done.stdout.strip() == left
