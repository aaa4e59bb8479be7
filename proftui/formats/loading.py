"""From paths to profiles and back."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.callgrind import siblings
from proftui.formats.files import write_files
from proftui.formats.registry import detect, writer
from proftui.formats.source import Progress, Source
from proftui.model import Profile, combine


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
    given = [fspath(path) for path in paths]
    profiles = [_read(Source(path, progress), lines) for path in (given if single else _with_siblings(given))]
    return combine(profiles, profiles[0].name)


def _with_siblings(paths: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(file for path in paths for file in siblings(path)))


def _read(source: Source, lines: bool) -> Profile:
    """The profile in one file; the sentence of an error names the file."""
    try:
        return detect(source).read(source, ReadOptions(lines=lines))
    except Malformed as error:
        if error.what.startswith(source.path):
            raise
        raise Malformed(f"{source.path}: {error.what}", error.where) from None


def save(profile: Profile, path: str | PathLike[str], *, to: str | None = None, force: bool = False) -> list[str]:
    """Write `profile` in the format called `to`, by default the one that the suffix of `path` suggests.

    Returns the paths written: one, or for callgrind PATH, PATH.1, ... with several parts. Raises Unwritable.
    """
    target = fspath(path)
    _, write = writer(target, to)
    return write_files(target, write(profile), force=force)
