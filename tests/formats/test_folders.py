"""The profiles in a folder become parts of one."""

from __future__ import annotations

import marshal
import os
from pathlib import Path

import pytest

from proftui.errors import ProftuiError, UnknownFormat
from proftui.formats import folders, load, load_all, loading
from proftui.model import Profile, merge


def profile(calls: int) -> bytes:
    """A dump of one function that was called so often."""
    return marshal.dumps({("a.py", 1, "f"): (calls, calls, 1.0, 1.0, {})})


def labels(found: Profile) -> list[str]:
    return [part.label for part in found.parts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """worker-1, -2 and -10, and one further down; notes, hidden files, and what was damaged."""
    made = tmp_path / "runs"
    (made / "sub" / "deep").mkdir(parents=True)
    for number in (1, 2, 10):
        (made / f"worker-{number}.prof").write_bytes(profile(number))
    (made / "sub" / "deep" / "x.prof").write_bytes(profile(100))
    (made / "notes.txt").write_text("What I did.\n")
    (made / ".hidden.prof").write_bytes(profile(1000))
    (made / ".git").mkdir()
    (made / ".git" / "y.prof").write_bytes(profile(1000))
    return made


def test_each_file_is_a_part_in_natural_order(folder: Path) -> None:
    found = load(folder)
    assert labels(found) == ["sub/deep/x.prof", "worker-1.prof", "worker-2.prof", "worker-10.prof"]
    assert found.name == "runs"
    assert found.notes == ("1 file that is no profile left out; the first is 'notes.txt'",)
    calls = merge(found).calls
    assert calls is not None
    assert calls.sum() == 113


def test_the_folder_that_one_is_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert load(".").name == "runs"
    assert len(load(".").parts) == 4


def test_a_damaged_profile_is_told(folder: Path) -> None:
    (folder / "cut.prof").write_bytes(profile(1)[:-9])
    found = load(folder)
    assert len(found.parts) == 4
    assert any(note.startswith(f"left out: {folder}/cut.prof: the data end") for note in found.notes)


def test_many_notes_are_counted(folder: Path) -> None:
    for number in range(60):
        (folder / f"odd-{number}.prof").write_bytes(profile(1) + b"more")
        (folder / f"cut-{number}.prof").write_bytes(profile(1)[:-9])
    notes = load(folder).notes
    assert sum("bytes after the table" in note for note in notes) == 40
    assert "20 more notes on single files" in notes
    assert "left out: 55 more files that cannot be read" in notes


def test_sharing_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "cut.prof").write_bytes(profile(1)[:-9])
    alone = load(folder)
    monkeypatch.setattr(loading, "WORTH_SPREADING", 0)
    shared = load(folder)
    assert labels(shared) == labels(alone)
    assert sorted(shared.notes) == sorted(alone.notes)


def test_a_file_is_read_once(folder: Path) -> None:
    assert len(load_all([folder, folder, folder / "worker-1.prof"]).parts) == 4


def test_dumps_of_a_run_are_read_once(tmp_path: Path) -> None:
    """valgrind's dumps of threads name each other, and it leaves an empty file beside them."""
    header = "version: 1\ncreator: test\ncmd: ./prog\npid: 7\nevents: Ir\nfn=main\n1 5\n"
    for ending in ("-01", "-02", ".1-01", ".1-02"):
        (tmp_path / f"callgrind.out.7{ending}").write_text(header)
    (tmp_path / "callgrind.out.7").touch()
    found = load(tmp_path)
    assert len(found.parts) == 4
    assert merge(found).totals[0] == 20
    assert found.notes == ()


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    (folder / "sub" / "again").symlink_to(folder)
    (folder / "linked.prof").symlink_to(folder / "worker-1.prof")
    (folder / "nowhere").symlink_to(folder / "none")
    (folder / "itself").symlink_to(folder / "itself")
    assert labels(load(folder)).count("linked.prof") == 1
    assert len(load(folder).parts) == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_pipes_are_passed_over(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert len(load(folder).parts) == 4


def test_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="holds no file"):
        load(tmp_path)
    (tmp_path / "a.txt").write_text("What I did.\n")
    with pytest.raises(UnknownFormat, match=r"holds no profile, but 'a\.txt'"):
        load(tmp_path)


def test_too_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FILES", 3)
    with pytest.raises(ProftuiError, match="holds more than 3 files"):
        load(folder)


def test_depth_is_bounded(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(folders.MOST_DEPTH + 1):
        deep = deep / "d"
        deep.mkdir()
        (deep / "one.prof").write_bytes(profile(1))
    assert len(load(tmp_path).parts) == folders.MOST_DEPTH


def test_a_trace_of_instruments(tmp_path: Path) -> None:
    (tmp_path / "form.template").write_bytes(b"bplist00")
    with pytest.raises(UnknownFormat, match="Apple's Instruments"):
        load(tmp_path)
