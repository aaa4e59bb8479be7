"""From paths to profiles and back."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath

from proftui.errors import Unwritable
from proftui.formats.files import write_files
from proftui.formats.registry import FORMATS, for_path, named
from proftui.formats.source import Progress
from proftui.model import Profile


def load(
    path: str | PathLike[str], *, lines: bool = False, single: bool = False, progress: Progress | None = None
) -> Profile:
    """The profile in a file, or of standard input for "-", in whatever format its content shows.

    A callgrind dump brings the other dumps of its run (OUT.1, OUT-01, ...) as parts, unless `single`.
    `lines` keeps costs by source line. Raises ProftuiError: UnknownFormat, Malformed or SourceLost.
    """
    return load_all([path], lines=lines, single=single, progress=progress)


def load_all(
    paths: Sequence[str | PathLike[str]],
    *,
    lines: bool = False,
    single: bool = False,
    progress: Progress | None = None,
) -> Profile:
    """One profile whose parts are those of all the files, each file read once."""
    raise NotImplementedError


def save(profile: Profile, path: str | PathLike[str], *, to: str | None = None, force: bool = False) -> list[str]:
    """Write `profile` in the format called `to`, by default the one that the suffix of `path` suggests.

    Returns the paths written: one, or for callgrind PATH, PATH.1, ... with several parts. Raises Unwritable.
    """
    target = fspath(path)
    known = named(to) if to else for_path(target)
    if known is None or known.write is None:
        raise Unwritable(f"{target}: no writable format {to or 'for this suffix'}; there are {_writable()}")
    return write_files(target, known.write(profile), force=force)


def _writable() -> str:
    return ", ".join(f"{known.name} ({', '.join(known.suffixes)})" for known in FORMATS if known.write)
