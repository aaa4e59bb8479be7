"""The other files of a dump: callgrind.out.123 beside callgrind.out.123.1, callgrind.out.123-01, ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from proftui.formats.callgrind.header import sniff
from proftui.formats.encoding import utf8_head

_HEAD = 1 << 16
_ENDING = r"(?:\.[0-9]+)?(?:-[0-9]{2,})?"
_SAID = re.compile(rb"^(creator|pid|cmd|part|thread):[ \t]*(.*?)\s*$", re.MULTILINE)

_SMALL = re.compile(rb"[0-9]{1,9}")


class _Dump(NamedTuple):
    """What the header of a dump says: of which run it is (creator, pid, command), and which of its dumps."""

    run: tuple[bytes, bytes, bytes]
    part: int
    thread: int


def siblings(path: str) -> list[str]:
    """The files of the run that dumped `path`, in the order of the dumps; `path` alone when there is no other.

    A run leaves OUT.1, OUT.2, ... and last OUT; with a file for each thread OUT-01, OUT.1-02, ... and an empty OUT,
    which is left out. A file belongs when its name is OUT with such an ending, and its creator, pid and command
    are those of `path`. A file that names neither pid nor command belongs to nothing, unless proftui wrote it.
    """
    given = Path(path)
    own = _read(given)
    if own is None and not _is_empty(given):
        return [path]
    try:
        beside = list(given.parent.iterdir())
    except OSError:
        return [path]
    groups = [_group(beside, base, own) for base in _bases(given.name)]
    found = max(groups, key=len)
    return [path if each.name == given.name else str(each) for each in found] or [path]


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


def _bases(name: str) -> list[str]:
    """What OUT may be in a name: the whole of it, or what is left without an ending."""
    endings = (r"\.[0-9]+", r"-[0-9]{2,}", r"\.[0-9]+-[0-9]{2,}")
    return [name, *(found[1] for ending in endings if (found := re.fullmatch(rf"(.+?){ending}", name)))]


def _group(beside: Sequence[Path], base: str, own: _Dump | None) -> list[Path]:
    """The dumps `beside` that `base` begins, of the run of `own` or, where that is None, of the only one."""
    named = re.compile(re.escape(base) + _ENDING)
    found = [
        (dump, path)
        for path in beside
        if named.fullmatch(path.name) and (dump := _read(path)) is not None and _tells_a_run(dump)
    ]
    runs = {dump.run for dump, _ in found} if own is None else {own.run}
    if len(runs) != 1:
        return []
    ordered = sorted(((dump.part, dump.thread, _natural(path.name)), path) for dump, path in found if dump.run in runs)
    return [path for _, path in ordered]


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts numbers in names by their value."""
    return [(int(word) if word.isdigit() else -1, word) for word in re.split(r"([0-9]+)", name)]


def _tells_a_run(dump: _Dump) -> bool:
    creator, pid, command = dump.run
    return bool(pid or command or creator.startswith(b"proftui"))


def _read(path: Path) -> _Dump | None:
    """What the header of a dump says; None for any other file."""
    try:
        # a pipe would wait for its writer
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            head = utf8_head(stream.read(_HEAD))
    except OSError:
        return None
    if not sniff(head, path.name):
        return None
    said = dict(reversed(_SAID.findall(head)))
    part, thread = (int(said[key]) if _SMALL.fullmatch(said.get(key, b"")) else 0 for key in (b"part", b"thread"))
    return _Dump((said.get(b"creator", b""), said.get(b"pid", b""), said.get(b"cmd", b"")), part, thread)
