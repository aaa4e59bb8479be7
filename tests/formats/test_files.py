"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from proftui.errors import Unwritable
from proftui.formats.files import write_files


def test_several_contents_are_numbered(tmp_path: Path) -> None:
    out = tmp_path / "out.kgrind"
    assert write_files(str(out), [b"a", b"b"]) == [str(out), f"{out}.1"]
    assert (out.read_bytes(), Path(f"{out}.1").read_bytes()) == (b"a", b"b")


def test_an_existing_file_needs_force_and_nothing_is_written_without(tmp_path: Path) -> None:
    out = tmp_path / "out"
    Path(f"{out}.1").write_bytes(b"old")
    with pytest.raises(Unwritable, match="--force"):
        write_files(str(out), [b"a", b"b"])
    assert not out.exists()
    write_files(str(out), [b"a", b"b"], force=True)
    assert Path(f"{out}.1").read_bytes() == b"b"


def test_a_failed_write_leaves_the_old_file_and_no_scraps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unwritable, match="no space left"):
        write_files(str(out), [b"new"], force=True)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(os.name != "posix", reason="permission bits are a POSIX thing")
@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_an_interrupted_write_leaves_no_scraps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def interrupted(self: Path, target: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files(str(tmp_path / "out"), [b"new", b"more"])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="no such file or directory"):
        write_files(str(tmp_path / "none" / "out"), [b""])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_pipe_or_a_device_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to(os.devnull)
    for name in ("pipe", "null"):
        with pytest.raises(Unwritable, match="not a regular file"):
            write_files(str(tmp_path / name), [b"new"], force=True)
    assert (tmp_path / "null").is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="permission bits are a POSIX thing")
def test_permissions_follow_the_umask_or_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    old = os.umask(0o027)
    try:
        write_files(str(out), [b"a"])
    finally:
        os.umask(old)
    assert out.stat().st_mode & 0o777 == 0o640
    out.chmod(0o600)
    write_files(str(out), [b"b"], force=True)
    assert out.stat().st_mode & 0o777 == 0o600
