"""Archives and folders made on the spot."""

from __future__ import annotations

import io
import marshal
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Files = Mapping[str, bytes]
Pack = Callable[[Files], bytes]


def profile(calls: int) -> bytes:
    """A dump of one function that was called so often."""
    return marshal.dumps({("a.py", 1, "f"): (calls, calls, 1.0, 1.0, {})})


PROFILES: Files = {
    "one.prof": profile(1),
    "two.prof": profile(2),
    "sub/ten.prof": profile(10),
    "sub/b/20.prof": profile(20),
}
CALLS = 33


def zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(files: Files, mode: str = "w:", kind: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, format=kind) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return packed.getvalue()


PACKS: dict[str, Pack] = {
    "zip": zipped,
    "tar": tarred,
    "gnu": lambda files: tarred(files, kind=tarfile.GNU_FORMAT),
    "ustar": lambda files: tarred(files, kind=tarfile.USTAR_FORMAT),
    "gz": lambda files: tarred(files, "w:gz"),
    "bz2": lambda files: tarred(files, "w:bz2"),
    "xz": lambda files: tarred(files, "w:xz"),
}


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    """Each way to make an archive of files."""
    return PACKS[request.param]


@pytest.fixture
def packed(tmp_path: Path, pack: Pack) -> Callable[[Files], Path]:
    """The archive of some files, whose name says nothing."""

    def packing(files: Files) -> Path:
        path = tmp_path / "unknown"
        path.write_bytes(pack(files))
        return path

    return packing
