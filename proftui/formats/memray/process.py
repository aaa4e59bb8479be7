"""Has memray read a file, in a process that may crash, hang or want all memory without harm to this one."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from proftui.errors import Malformed, ProftuiError
from proftui.formats.memray.sniff import version_of
from proftui.formats.source import Source

INSTALL = 'pip install "proftui[memray]"'

MEMORY, MEMORY_PER_BYTE = 1 << 30, 32
SECONDS, SECONDS_PER_MIB = 4, 5
"""What memray may take for any file, and beyond that by its size: some ten times what it takes for sound ones."""

PATIENCE = 10
"""Seconds on the clock for each second of work, as other processes may want the processor too."""

MOST_BYTES = 1 << 30
"""Of an answer."""

MOST_COPIED = 1 << 31
"""Bytes of what is piped in or compressed once more, which memray cannot read without a copy."""

_TOO_LONG = "memray's reader was ended, as it took too long"

_CHILD = Path(__file__).with_name("child.py")


def answer_of(source: Source) -> bytes:
    """What the child process says of a capture. Raises ProftuiError where memray is not there, else Malformed."""
    if sys.platform == "win32":
        raise ProftuiError(f"{source.path}: is a capture of memray, which reads its files on Linux and macOS only")
    if find_spec("memray") is None:
        raise _missing(source)
    try:
        with _on_disk(source) as path:
            answer, status = _said(path, source)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProftuiError(f"{source.path}: cannot be handed to memray: {reason}") from None
    if b"\n" not in answer:
        raise Malformed(_why(status))
    if answer.startswith(b'{"error"'):
        raise _refusal(answer, source)
    return answer


@contextlib.contextmanager
def _on_disk(source: Source) -> Iterator[str]:
    """The path of a file with just the bytes of the source."""
    if source.is_file:
        with Path(source.path).open("rb") as file:
            is_plain = file.read(len(source.head)) == source.head
        if is_plain:
            yield str(Path(source.path).absolute())
            return
    with tempfile.NamedTemporaryFile(prefix="proftui-", suffix=".bin") as copy:
        size = 0
        for chunk in source.chunks():
            size += len(chunk)
            if size > MOST_COPIED:
                raise Malformed(f"holds more than {MOST_COPIED >> 20} MiB, too much for a copy that memray can read")
            copy.write(chunk)
        copy.flush()
        yield copy.name


def _said(path: str, source: Source) -> tuple[bytes, int]:
    """What the child wrote on the file at `path`, and the status that it ended with."""
    size = Path(path).stat().st_size
    seconds = SECONDS + SECONDS_PER_MIB * (size >> 20)
    arguments = (path, str(MEMORY + MEMORY_PER_BYTE * size), str(seconds), json.dumps([p for p in sys.path if p]))
    # debuginfod: names of native functions are looked up here, never in the network
    environment = {name: value for name, value in os.environ.items() if name != "DEBUGINFOD_URLS"}
    process = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), *arguments], env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE * seconds
    with process:
        try:
            return _all_of(cast(BinaryIO, process.stdout), source, until), process.wait()
        finally:
            process.kill()


def _all_of(pipe: BinaryIO, source: Source, until: float) -> bytes:
    """All that a process writes until it closes a pipe. Raises Malformed when it is late, or writes too much."""
    output = bytearray()
    while time.monotonic() < until:
        if source.progress:
            source.progress(0.0)  # how far memray is it does not tell; but this is where the user may have it stop
        if not select.select([pipe], [], [], 0.1)[0]:
            continue
        chunk = os.read(pipe.fileno(), 1 << 20)
        output += chunk
        if not chunk:
            return bytes(output)
        if len(output) > MOST_BYTES:
            raise Malformed(f"memray's reader finds more than {MOST_BYTES >> 20} MiB of stacks in it")
    raise Malformed(_TOO_LONG)


def _why(status: int) -> str:
    """Why there is no answer."""
    if status == -signal.SIGXCPU:
        return _TOO_LONG
    if status < 0:
        return f"memray's reader crashed on it ({signal.strsignal(-status) or -status})"
    return "memray's reader broke off"


class _Refusal(msgspec.Struct):
    error: str
    memray: str = ""


def _refusal(answer: bytes, source: Source) -> ProftuiError:
    refusal = msgspec.json.decode(answer, type=_Refusal)
    if refusal.error == "missing":
        return _missing(source)
    if refusal.error == "version":
        version = version_of(source.head)
        return Malformed(
            f"is a capture of version {version}, which memray {refusal.memray}, installed here, does not read;"
            " the release that made it does"
        )
    if refusal.error == "memory":
        return Malformed("memray's reader wants more memory than a capture of this size can need")
    return Malformed(f"memray {refusal.memray} cannot read it: it is damaged or cut off")


def _missing(source: Source) -> ProftuiError:
    return ProftuiError(f"{source.path}: is a capture of memray, which is needed to read it: {INSTALL}")
