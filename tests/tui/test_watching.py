"""When files have changed: figures of files that are made up, one look after the other."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.tui.watching import EVERY, GONE, Stamp, Watch, Watcher, stamps


class Disk:
    """Files as one wants them: None is one that is not there."""

    def __init__(self, **files: Stamp | None) -> None:
        self.files = files
        self.looks = 0

    def stat(self, path: str) -> os.stat_result:
        self.looks += 1
        found = self.files[path]
        if found is None:
            raise FileNotFoundError(path)
        # mode, inode, device, links, user, group, size, three times in seconds, then the same in floats and nanoseconds
        return os.stat_result(
            (0o100644, found.inode, 0, 1, 0, 0, found.size, 0, 0, 0, 0.0, 0.0, 0.0, 0, found.modified, 0)
        )


def watch(disk: Disk) -> Watch:
    paths = tuple(disk.files)
    return Watch(paths, stamps(paths, disk.stat), disk.stat)


def looks(disk: Disk, one: Watch, *files: Stamp | None) -> list[bool]:
    """What a look at each state of the file "a" says."""
    said = []
    for disk.files["a"] in files:
        said.append(one.look())
    return said


A, B, C = Stamp(1, 10, 100), Stamp(2, 10, 100), Stamp(3, 30, 100)


def test_stamps_are_read_off_files(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("abc")
    found = path.stat()
    assert stamps([str(path), str(tmp_path / "none"), "-", "\0"]) == (
        (found.st_mtime_ns, 3, found.st_ino), GONE, GONE, GONE,
    )  # fmt: skip


def test_nothing_is_said_of_files_that_stay() -> None:
    disk = Disk(a=A)
    assert looks(disk, watch(disk), A, A, A) == [False, False, False]


@pytest.mark.parametrize("then", [Stamp(2, 10, 100), Stamp(1, 11, 100), Stamp(1, 10, 101)], ids=["time", "size", "new"])
def test_a_change_is_told_once_it_has_settled(then: Stamp) -> None:
    disk = Disk(a=A)
    assert looks(disk, watch(disk), then, then, then, then) == [False, True, False, False]


def test_a_file_that_grows_is_waited_for() -> None:
    disk = Disk(a=A)
    grown = [Stamp(5 + size, size, 100) for size in (20, 30, 40)]
    assert looks(disk, watch(disk), *grown, grown[-1], grown[-1]) == [False, False, False, True, False]


def test_a_file_that_is_gone_is_waited_for() -> None:
    disk = Disk(a=A)
    assert looks(disk, watch(disk), None, None, B, B) == [False, False, False, True]


def test_a_file_that_was_emptied_is_about_to_be_written() -> None:
    disk = Disk(a=A)
    empty = Stamp(2, 0, 100)
    assert looks(disk, watch(disk), empty, empty, empty, C, C) == [False, False, False, False, True]


def test_after_a_change_the_next_one_is_told_too() -> None:
    disk = Disk(a=A)
    assert looks(disk, watch(disk), B, B, C, C, A, A) == [False, True, False, True, False, True]


def test_all_files_must_be_there() -> None:
    disk = Disk(a=A, b=A)
    one = watch(disk)
    disk.files["b"] = None
    assert looks(disk, one, B, B) == [False, False]
    disk.files["b"] = C
    assert looks(disk, one, B, B) == [False, True]


def test_what_was_read_meanwhile_is_no_change() -> None:
    disk = Disk(a=A)
    one = watch(disk)
    disk.files["a"] = B
    one.seen = stamps(["a"], disk.stat)
    assert looks(disk, one, B, B, B) == [False, False, False]


class Clock:
    """Lets the watcher's thread go on for one look at a time."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._go = threading.Semaphore(0)
        self._waiting = threading.Semaphore(0)
        self._over = False

    def pause(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self._waiting.release()
        assert self._go.acquire(timeout=10)
        return self._over

    def tick(self) -> None:
        assert self._waiting.acquire(timeout=10)
        self._go.release()

    def end(self) -> None:
        assert self._waiting.acquire(timeout=10)
        self._over = True
        self._go.release()


def test_the_watcher_looks_once_a_second_and_tells() -> None:
    disk, clock, told = Disk(a=A), Clock(), []
    tell: Callable[[], object] = lambda: told.append(disk.looks)  # noqa: E731
    one = watch(disk)
    disk.looks = 0
    watcher = Watcher(one, tell, clock.pause)
    clock.tick()
    disk.files["a"] = B
    for _ in range(4):
        clock.tick()
    watcher.end()
    clock.end()
    assert set(clock.waits) == {EVERY}
    assert len(told) == 1
