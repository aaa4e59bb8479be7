"""The other files of a dump: callgrind.out.123 beside callgrind.out.123.1, callgrind.out.123-01, ..."""

from __future__ import annotations

import re
from pathlib import Path

from proftui.formats.callgrind.header import plain, sniff

_HEAD = 1 << 16
_RUN = re.compile(rb"^(pid|cmd):[ \t]*(.*?)\s*$", re.MULTILINE)


def siblings(path: str) -> list[str]:
    """The files of the run that dumped `path`, in the order of the dumps, `path` among them.

    A run leaves OUT.1, OUT.2, ... and last OUT; with a file for each thread OUT-01, OUT.1-02, ... and an empty OUT,
    which is left out. A file belongs when its name is OUT with such an ending and its command and pid are equal.
    """
    given = Path(path)
    run = _run_of(given)
    if run is None:
        return [path]
    groups = [_group(given, base, run) for base in _bases(given.name)]
    best = max(groups, key=len, default=[])
    return [str(given.with_name(name)) if name != given.name else path for name in best] or [path]


def _bases(name: str) -> list[str]:
    """What OUT may be in a name: the whole of it, or the part before .N, -NN or .N-NN."""
    endings = (r"\.[0-9]+", r"-[0-9]{2,}", r"\.[0-9]+-[0-9]{2,}")
    return [name, *(found[1] for ending in endings if (found := re.fullmatch(rf"(.+?){ending}", name)))]


def _group(given: Path, base: str, run: tuple[bytes, bytes]) -> list[str]:
    """The names beside `given` that are `base` with or without an ending and hold a dump of `run`, in order."""
    ending = re.compile(re.escape(base) + r"(?:\.([0-9]+))?(?:-([0-9]{2,}))?")
    found = []
    for path in given.parent.iterdir():
        match = ending.fullmatch(path.name)
        if match and path.is_file() and _run_of(path) == run:
            dump, thread = match.groups()
            found.append(((int(dump) if dump else float("inf"), int(thread or 0)), path.name))
    return [name for _, name in sorted(found)]


def _run_of(path: Path) -> tuple[bytes, bytes] | None:
    """(pid, command) in the header of a dump, empty where it says none; None for any other file."""
    try:
        with path.open("rb") as stream:
            head = plain(stream.read(_HEAD))
    except OSError:
        return None
    if not sniff(head, path.name):
        return None
    said = dict(reversed(_RUN.findall(head)))
    return said.get(b"pid", b""), said.get(b"cmd", b"")
