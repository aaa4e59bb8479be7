"""Files of Python's sampler made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "tachyon"

Read = Callable[[bytes], Profile]

TEXTS = ("f.py", "a", "b", "c", "/lib/profiling/sampling/_sync_coordinator.py", "")
FRAMES = ((0, 1, 10), (0, 2, 20), (0, 3, -1), (4, 1, 5), (0, 2, 21))
"""a at line 10, b at 20, c without one, a frame of the sampler's own, b at 21."""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The profile in the bytes of a file whose name says nothing."""

    def reading(data: bytes) -> Profile:
        path = tmp_path / "unknown"
        path.write_bytes(data)
        return load(path)

    return reading


def unsigned(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    return bytes([number & 127 | 128]) + unsigned(number >> 7) if number > 127 else bytes([number])


def signed(number: int) -> bytes:
    return unsigned(number * 2 if number >= 0 else -number * 2 - 1)


def record(how: int, *numbers: int, tid: int = 7, interpreter: int = 0, order: str = "<") -> bytes:
    """A record with a stack, whose first two numbers are a time and a status."""
    since, status, *stack = numbers
    head = struct.pack(f"{order}QIB", tid, interpreter, how)
    return head + unsigned(since) + bytes([status]) + b"".join(map(unsigned, stack))


def repeated(*times: tuple[int, int], tid: int = 7, order: str = "<") -> bytes:
    """A record of samples with the last stack, each a time and a status."""
    head = struct.pack(f"{order}QIB", tid, 0, 0) + unsigned(len(times))
    return head + b"".join(unsigned(since) + bytes([status]) for since, status in times)


def binary(
    samples: bytes, count: int, *, order: str = "<", old: bool = False, compression: int = 0, version: int = 1
) -> bytes:
    """A file with these samples, TEXTS and FRAMES; start 1000, interval 500 microseconds."""
    texts = b"".join(unsigned(len(text.encode())) + text.encode() for text in TEXTS)
    frames = b"".join(
        unsigned(file) + unsigned(name) + signed(line) + signed(0) + signed(3) + signed(2) + b"\xff"
        for file, name, line in FRAMES
    )
    strings_at = 64 + len(samples)
    layout = "IIQQI" if old else "QIQQI"
    figures = struct.pack(f"{order}QQ{layout}", 1000, 500, count, 1, strings_at, strings_at + len(texts), compression)
    magic = {"<": b"HCAT", ">": b"TACH"}[order]
    header = magic + struct.pack(f"{order}I", version) + bytes([3, 15, 0, 0]) + figures
    size = 64 + len(samples) + len(texts) + len(frames) + 32
    footer = struct.pack(f"{order}IIQ", len(TEXTS), len(FRAMES), size) + bytes(16)
    return header.ljust(64, b"\0") + samples + texts + frames + footer
