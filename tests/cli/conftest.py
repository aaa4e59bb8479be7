"""A profile as cProfile writes it, with figures that can be added up by hand, and a way to run commands.

main 1 ms -> load 2 ms; main -> walk 3 ms <-> step 5 ms (they call each other) -> leaf 4 ms. Total 15 ms, 6 calls.
"""

from __future__ import annotations

import marshal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from proftui.cli.group import proftui

Key = tuple[str, int, str]

MAIN, LOAD, WALK, STEP, LEAF = (
    (f"/srv/app/{name}.py", 10 + at, name) for at, name in enumerate(("main", "load", "walk", "step", "leaf"))
)

STATS: dict[Key, tuple[int, int, float, float, dict[Key, tuple[int, int, float, float]]]] = {
    MAIN: (1, 1, 0.001, 0.015, {}),
    LOAD: (1, 1, 0.002, 0.002, {MAIN: (1, 1, 0.002, 0.002)}),
    WALK: (1, 2, 0.003, 0.012, {MAIN: (1, 1, 0.002, 0.012), STEP: (1, 0, 0.001, 0.005)}),
    STEP: (1, 1, 0.005, 0.010, {WALK: (1, 1, 0.005, 0.010)}),
    LEAF: (1, 1, 0.004, 0.004, {WALK: (1, 1, 0.004, 0.004)}),
}


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Spawn = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(autouse=True)
def _buffered(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is for users: what a process prints is kept back until there is enough of it, or it ends."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.fixture
def prof(tmp_path: Path) -> Path:
    path = tmp_path / "run.prof"
    path.write_bytes(marshal.dumps(STATS))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""

    def ran(*words: Any) -> Ran:
        with pytest.raises(SystemExit) as left:
            proftui.main([str(word) for word in words], prog_name="proftui")
        out, err = capsys.readouterr()
        return Ran(int(left.value.code or 0), out, err)

    return ran


@pytest.fixture
def spawn() -> Spawn:
    """Runs a command in a process of its own, its output a pipe."""

    def spawned(*words: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "proftui", *map(str, words)]
        return subprocess.run(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}, check=False)

    return spawned
