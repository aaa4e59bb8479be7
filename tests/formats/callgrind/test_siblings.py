"""Which files belong to one dump."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from proftui.formats.callgrind import siblings


def dump(pid: int | str, part: int = 1, thread: int | None = None, cmd: str = "./a", creator: str = "callgrind") -> str:
    threads = f"thread: {thread}\n" if thread is not None else ""
    header = f"# callgrind format\ncreator: {creator}\npid: {pid}\ncmd: {cmd}\npart: {part}\n"
    return f"{header}{threads}events: Ir\nfn=f\n1 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "callgrind.out.7": dump(7, 12),
        **{f"callgrind.out.7.{part}": dump(7, part) for part in range(1, 12)},
        "callgrind.out.8": dump(8),
        "callgrind.out.7.99": dump(8, 99),
        "callgrind.out.70": dump(7, 3),
        "callgrind.out.7.bak": dump(7, 3),
        "callgrind.out.7-1": dump(7, 3),
        "callgrind.out.9": "",
        "callgrind.out.9-01": dump(9, 1, 1),
        "callgrind.out.9-02": dump(9, 1, 2),
        "callgrind.out.9-10": dump(9, 1, 10),
        "callgrind.out.9.1-01": "no dump",
        "lonely": "",
        "other": "text",
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def names(folder: Path, name: str) -> list[str]:
    return [Path(path).name for path in siblings(str(folder / name))]


@pytest.mark.parametrize("given", ["callgrind.out.7", "callgrind.out.7.1", "callgrind.out.7.10"])
def test_dumps_of_a_run_in_their_order(given: str, folder: Path) -> None:
    assert names(folder, given) == [*(f"callgrind.out.7.{part}" for part in range(1, 12)), "callgrind.out.7"]


@pytest.mark.parametrize("given", ["callgrind.out.9", "callgrind.out.9-02"])
def test_threads_without_the_empty_file_beside_them(given: str, folder: Path) -> None:
    assert names(folder, given) == ["callgrind.out.9-01", "callgrind.out.9-02", "callgrind.out.9-10"]


@pytest.mark.parametrize("given", ["callgrind.out.8", "lonely", "other", "missing"])
def test_alone(given: str, folder: Path) -> None:
    assert names(folder, given) == [given]


def test_files_that_name_no_run_are_not_taken_for_one(tmp_path: Path) -> None:
    for name in ("out", "out.1", "out.2"):
        (tmp_path / name).write_text("events: ns\nfl=a\nfn=f\n1 1\n")
    assert names(tmp_path, "out.1") == ["out.1"]


def test_exports_of_several_parts(tmp_path: Path) -> None:
    for part, name in enumerate(("jobs.kgrind", "jobs.kgrind.1", "jobs.kgrind.2"), 1):
        (tmp_path / name).write_text(dump("", part, cmd="", creator="proftui 0.1"))
    assert names(tmp_path, "jobs.kgrind.2") == ["jobs.kgrind", "jobs.kgrind.1", "jobs.kgrind.2"]


def test_the_path_stays_as_it_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert siblings("callgrind.out.9-02") == ["callgrind.out.9-01", "callgrind.out.9-02", "callgrind.out.9-10"]
    assert siblings("./callgrind.out.8") == ["./callgrind.out.8"]
    assert siblings("-") == ["-"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "callgrind.out.8.1")
    asking = threading.Thread(target=names, args=(folder, "callgrind.out.8.1"), daemon=True)
    asking.start()
    asking.join(10)
    assert not asking.is_alive()
    assert names(folder, "callgrind.out.8") == ["callgrind.out.8"]
