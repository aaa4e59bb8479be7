"""Austin's files made on the spot, and MOJO event by event."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "austin"

Read = Callable[[bytes], Profile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The profile in the bytes of a file whose name says nothing."""

    def reading(data: bytes) -> Profile:
        path = tmp_path / "unknown"
        path.write_bytes(data)
        return load(path)

    return reading


def number(value: int) -> bytes:
    """A number as MOJO has it: six bits and the sign, then seven bits a byte."""
    rest, sign = abs(value), 0x40 if value < 0 else 0
    groups = [rest & 0x3F | sign]
    rest >>= 6
    while rest:
        groups.append(rest & 0x7F)
        rest >>= 7
    return bytes(group | 0x80 for group in groups[:-1]) + bytes(groups[-1:])


def string(text: str) -> bytes:
    return text.encode() + b"\0"


def header(version: int, mode: str) -> bytes:
    return b"MOJ" + number(version) + b"\x01" + string("mode") + string(mode)


def stack(version: int, pid: int, thread: str, interpreter: int = 0) -> bytes:
    return b"\x02" + number(pid) + (number(interpreter) if version >= 3 else b"") + string(thread)


def new_text(key: int, text: str) -> bytes:
    return b"\x0b" + number(key) + string(text)


def new_frame(version: int, key: int, file: int, scope: int, line: int) -> bytes:
    position = number(line) + number(5) + number(9) if version >= 2 else b""
    return b"\x03" + b"".join(map(number, (key, file, scope, line))) + position


def frame(key: int) -> bytes:
    return b"\x05" + number(key)


def time(value: int) -> bytes:
    return b"\x09" + number(value)


def memory(value: int) -> bytes:
    return b"\x0a" + number(value)


REPEAT, INVALID, GC, IDLE = b"\x0d", b"\x04", b"\x07", b"\x08"
