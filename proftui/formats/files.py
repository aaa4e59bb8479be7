"""Writing files without ever leaving half of one, or losing one that was there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from proftui.errors import Unwritable


def write_files(path: str, contents: Sequence[bytes], *, force: bool = False) -> list[str]:
    """Write `contents` to PATH, PATH.1, PATH.2, ...: each to a temporary file beside its target, then renamed.

    Returns the paths. Raises Unwritable when a target exists and `force` is not given, before anything is written.
    """
    targets = [Path(path if index == 0 else f"{path}.{index}") for index in range(len(contents))]
    for target in targets:
        if target.exists() and not target.is_file():
            raise Unwritable(f"{target}: is {'a directory' if target.is_dir() else 'not a regular file'}")
        if not force and target.exists():
            raise Unwritable(f"{target}: exists already; --force overwrites it")
    written: list[tuple[str, Path]] = []
    try:
        for target, content in zip(targets, contents, strict=True):
            written.append((_temporary(target, content), target))
        for temporary, target in written:
            Path(temporary).replace(target)
    except OSError as error:
        raise Unwritable(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)
    return [str(target) for target in targets]


def _temporary(target: Path, content: bytes) -> str:
    """The path of a new file in the target's directory that holds `content`, readable as the umask allows."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        if os.name == "posix":
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~mask)
    except BaseException:  # Ctrl-C too
        Path(name).unlink(missing_ok=True)
        raise
    return name
