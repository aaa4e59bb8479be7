"""Writes the recording of a profile as a session."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from proftui.errors import Unwritable
from proftui.formats.session.table import COLUMNS, MAGIC, MOST_TEXT, SIZES, TEXTS, VERSION
from proftui.model import Profile, Recording

_LEVEL = 3
"""Of compression: higher ones take twice the time for a twentieth of the size."""


def write(profile: Profile) -> list[bytes]:
    """One file with all that was recorded. Raises Unwritable for a profile without a recording."""
    recording = profile.recording
    if recording is None:
        raise Unwritable(
            f"{profile.name}: a session holds samples over time, and of these there is only the sum, as behind filters;"
            " write folded stacks or speedscope"
        )
    if not recording.threads:
        raise Unwritable(f"{profile.name}: nothing was sampled, so that there is nothing to keep")
    sizes = sizes_of(recording)
    for size in SIZES:
        if sizes[size.name] > size.most:
            raise Unwritable(f"{profile.name}: has {sizes[size.name]:,} {size.name}, a session at most {size.most:,}")
    packer = zlib.compressobj(_LEVEL)
    blocks = [packer.compress(block) for block in _blocks(recording, sizes)]
    return [b"".join([b"%b%d\n" % (MAGIC, VERSION), *blocks, packer.flush()])]


def sizes_of(recording: Recording) -> dict[str, int]:
    """How many there are of what `SIZES` names."""
    counts = (
        len(recording.windows), len(recording.windows.leaf), len(recording), len(recording.frames.function),
        len(recording.functions), len(recording.threads), len(recording.marks), len(recording.about),
    )  # fmt: skip
    return {size.name: count for size, count in zip(SIZES, counts, strict=True)}


def _blocks(recording: Recording, sizes: Mapping[str, int]) -> Iterator[bytes]:
    yield planes(np.array(list(sizes.values()), "<u8"))
    columns = _columns(recording)
    for name, _, kind in COLUMNS:
        yield planes(columns[name].astype(kind))
    texts = _texts(recording)
    encoded = [text.encode("utf-8", "surrogatepass") for name, _ in TEXTS for text in texts[name]]
    if sum(map(len, encoded)) > MOST_TEXT:
        raise Unwritable(f"its names have more than {MOST_TEXT >> 20} MiB, too much for a session")
    yield planes(np.array([len(text) for text in encoded], "<i4"))
    yield b"".join(encoded)


def planes(column: npt.NDArray[np.number]) -> bytes:
    """The lowest byte of each number of a little-endian column, then the next of each, and so on."""
    split: npt.NDArray[np.uint8] = column.view(np.uint8).reshape(len(column), column.itemsize)
    stored: bytes = split.T.tobytes()
    return stored


def _columns(recording: Recording) -> dict[str, npt.NDArray[np.number]]:
    windows, frames = recording.windows, recording.frames
    rows = np.arange(len(recording))
    return {
        "start": windows.start, "seconds": windows.seconds, "errors": windows.errors,
        "cpu": windows.cpu, "memory": windows.memory, "sampler": windows.sampler,
        "entries": np.diff(windows.entries), "leaf": windows.leaf, "count": windows.count,
        "frame": recording.frame, "thread": recording.thread,
        "above": np.where(recording.parent < 0, 0, rows - recording.parent),
        "function": frames.function, "line": frames.line, "defined": recording.functions.line,
        "pid": np.array([_id(thread.pid) for thread in recording.threads], np.int64),
        "tid": np.array([_id(thread.tid) for thread in recording.threads], np.int64),
        "moment": np.array([mark.seconds for mark in recording.marks], np.float64),
    }  # fmt: skip


def _id(number: int | None) -> int:
    return -1 if number is None else number


def _texts(recording: Recording) -> dict[str, list[str]]:
    functions, threads = recording.functions, recording.threads
    return {
        "name": list(functions.name), "file": list(functions.file), "object": list(functions.object),
        "thread": [thread.name for thread in threads], "process": [thread.process for thread in threads],
        "label": [mark.label for mark in recording.marks],
        "key": list(recording.about), "value": list(recording.about.values()),
    }  # fmt: skip
