"""Reads sessions, and believes nothing in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.session.soundness import demand_sound
from proftui.formats.session.stream import Stream
from proftui.formats.session.table import COLUMNS, MAGIC, MOST_TEXT, SIZES, TEXTS, VERSION
from proftui.formats.source import Source
from proftui.model import Frames, Functions, Moment, Origin, Profile, Recording, Thread, Windows

Columns = Mapping[str, npt.NDArray[Any]]


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile of all that was recorded, and the recording with it. Raises Malformed."""
    del options
    stream = Stream(source)
    _demand_known(stream.line(80))
    sizes = _sizes(stream)
    columns = {name: stream.column(sizes[of], kind, f"column {name}") for name, of, kind in COLUMNS}
    texts = _texts(stream, sizes)
    stream.finish()
    demand_sound(columns, sizes)
    recording = _recording(columns, texts)
    origin = Origin(
        source.path, "session", "sampled", recording.about.get("sampler", ""), recording.about.get("command", "")
    )
    return recording.profile(None, source.name, origin).checked()


def _demand_known(line: bytes) -> None:
    """Raise Malformed unless it is the first line of a session that can be read."""
    version = line.removeprefix(MAGIC)
    if not version.isdigit() or len(version) > 9 or int(version) < 1:
        raise Malformed("the line that tells the session's version is damaged", "line 1")
    if int(version) > VERSION:
        raise Malformed(f"is a session of version {int(version)}, and this proftui reads {VERSION}; update proftui")


def _sizes(stream: Stream) -> dict[str, int]:
    counts = stream.column(len(SIZES), "<u8", "sizes").tolist()
    for size, count in zip(SIZES, counts, strict=True):
        if count > size.most:
            raise Malformed(f"claims to have {count:,} {size.name}; at most {size.most:,} can be", "sizes")
    sizes = {size.name: count for size, count in zip(SIZES, counts, strict=True)}
    if not sizes["threads"]:
        raise Malformed("nothing was sampled in it", "sizes")
    return sizes


def _texts(stream: Stream, sizes: Mapping[str, int]) -> dict[str, list[str]]:
    counts = [sizes[of] for _, of in TEXTS]
    lengths = stream.column(sum(counts), "<i4", "lengths of texts")
    total = int(lengths.sum(dtype=np.int64))
    if (lengths < 0).any() or total > MOST_TEXT:
        raise Malformed("the lengths of texts are impossible", "lengths of texts")
    packed = bytes(stream.take(total, "texts"))
    try:
        texts = list(_cut(packed, lengths.tolist()))
    except UnicodeDecodeError:
        raise Malformed("a text is not in UTF-8", "texts") from None
    starts = accumulate(counts, initial=0)
    return {name: texts[begin:end] for (name, _), (begin, end) in zip(TEXTS, pairwise(starts), strict=True)}


def _cut(packed: bytes, lengths: list[int]) -> Iterator[str]:
    """The texts that stand end to end; the same object for the same text, as files have many functions."""
    known: dict[bytes, str] = {}
    for begin, end in pairwise(accumulate(lengths, initial=0)):
        text = packed[begin:end]
        found = known.get(text)
        if found is None:
            found = known[text] = text.decode("utf-8", "surrogatepass")
        yield found


def _recording(columns: Columns, texts: Mapping[str, list[str]]) -> Recording:
    above = columns["above"]
    rows = np.arange(len(above), dtype=np.int32)
    return Recording(
        Functions(tuple(texts["name"]), tuple(texts["file"]), columns["defined"], tuple(texts["object"])),
        Frames(columns["function"], columns["line"]),
        tuple(
            Thread(_known(pid), _known(tid), name, process)
            for pid, tid, name, process in zip(
                columns["pid"].tolist(), columns["tid"].tolist(), texts["thread"], texts["process"], strict=True
            )
        ),
        columns["frame"],
        np.where(above == 0, np.int32(-1), rows - above),
        columns["thread"],
        Windows(
            columns["start"], columns["seconds"], np.concatenate([[0], np.cumsum(columns["entries"], dtype=np.int64)]),
            columns["leaf"], columns["count"], columns["errors"], columns["cpu"], columns["memory"], columns["sampler"],
        ),
        tuple(map(Moment, columns["moment"].tolist(), texts["label"])),
        dict(zip(texts["key"], texts["value"], strict=True)),
    )  # fmt: skip


def _known(number: int) -> int | None:
    return None if number < 0 else number
