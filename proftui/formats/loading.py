"""From paths to profiles and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import NamedTuple

from proftui.errors import ProftuiError, UnknownFormat
from proftui.formats.archives import archive_of
from proftui.formats.base import Format, ReadOptions
from proftui.formats.callgrind import CALLGRIND, siblings
from proftui.formats.files import write_files
from proftui.formats.folders import files_in
from proftui.formats.gathered import Gathered
from proftui.formats.registry import detect, read_as, writer
from proftui.formats.shares import spread
from proftui.formats.source import Progress, Source
from proftui.model import Profile

WORTH_SPREADING = 4 << 20
"""Bytes of input from which on several processes save time."""


def load(
    path: str | PathLike[str], *, lines: bool = False, single: bool = False, progress: Progress | None = None
) -> Profile:
    """The profile in a file, or of standard input for "-", in whatever format its content shows.

    Those in a folder, or in a zip or tar archive, become parts of one; what is no profile there is left out, with a
    note. A callgrind dump brings the other dumps of its run (OUT.1, OUT-01, ...) as parts, unless `single`.
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
    """One profile whose parts are those of all the files, each file read once.

    Raises as `load` does, with the first file that cannot be read in the sentence; and what `progress` raises.
    """
    if not paths:
        raise ProftuiError("there is no file to read")
    given = [fspath(path) for path in paths]
    files = _files(given, single)
    options = ReadOptions(lines=lines)
    name = _name(given)

    def read(share: Sequence[_File], here: bool) -> Gathered:
        return _gathered(share, options, progress, here, name)

    weights = [file.size for file in files]
    gathered, *others = spread(read, files, weights) if sum(weights) >= WORTH_SPREADING else [read(files, True)]
    gathered.join(others, name)
    return gathered.whole(given[0])


def _gathered(
    share: Sequence[_File], options: ReadOptions, progress: Progress | None, here: bool, name: str
) -> Gathered:
    """What is in some of the files; in those of a folder, some may be no profiles."""
    gathered = Gathered()
    for file, report in _reporting(share, progress, here):
        if file.name:
            gathered.attempt(file.name, partial(_read, file, options, report))
        else:
            gathered.add(_read(file, options, report))
    gathered.join((), name)
    return gathered


def _name(paths: Sequence[str]) -> str:
    """What a profile of these files and folders is called."""
    first = Source(paths[0]).name or Path(paths[0]).resolve().name
    return first if len(paths) == 1 else f"{first} and {len(paths) - 1} more"


class _File(NamedTuple):
    """A file to read, whose format may not be known yet: of standard input, which can be read only once, the size is 0.

    `name` is the path of a file from the folder in which it was found, and "" of a file that was given itself.
    """

    path: str
    size: int
    format: Format | None
    name: str = ""


def _files(paths: Sequence[str], single: bool) -> list[_File]:
    """The files at these paths and, unless `single`, the others of their dumps, each once."""
    files: dict[str, _File] = {}
    for path in paths:
        try:
            for file in _files_at(path, paths, single):
                files.setdefault(file.path, file)
        except OSError as error:
            raise ProftuiError(f"{path}: cannot be opened: {(error.strerror or str(error)).lower()}") from None
    if not files:
        raise UnknownFormat(f"{paths[0]}: holds no file")
    return list(files.values())


def _files_at(path: str, paths: Sequence[str], single: bool) -> Iterator[_File]:
    """Those to read for one of the paths. Raises OSError for a path that cannot be looked at."""
    if path == "-":
        yield _File(path, 0, None)
    elif Path(path).is_dir():
        for found in files_in(path):
            yield _File(found.path, found.size, None, found.name)
    elif not _is_left_over(path, paths):
        known, members = _dump(path, single)
        for other in members:
            yield _File(other, Path(other).stat().st_size, known)


def _dump(path: str, single: bool) -> tuple[Format, list[str]]:
    """The format of a file, and the files to read for it: valgrind leaves OUT empty beside the OUT-01 of a thread."""
    if not single and Path(path).is_file() and not Path(path).stat().st_size and (threads := siblings(path)) != [path]:
        return CALLGRIND, threads
    known = _format(Source(path))
    return known, siblings(path) if known is CALLGRIND and not single else [path]


def _format(source: Source) -> Format:
    """The format of a file or that of an archive. Raises UnknownFormat."""
    return archive_of(source) or detect(source)


def _is_left_over(path: str, paths: Sequence[str]) -> bool:
    """Whether it is the empty OUT that valgrind leaves beside OUT-01, OUT-02, ... of one thread each."""
    file = Path(path)
    return file.is_file() and not file.stat().st_size and any(other.startswith(f"{path}-") for other in paths)


def _reporting(
    files: Sequence[_File], progress: Progress | None, here: bool
) -> Iterator[tuple[_File, Progress | None]]:
    """The files, each with what it reports its progress to: a span of the whole, and only in the user's process."""
    total = sum(file.size for file in files) or 1
    before = 0
    for file in files:
        yield file, _span(progress, before / total, file.size / total) if progress and here else None
        before += file.size


def _span(progress: Progress, start: float, width: float) -> Progress:
    return lambda share: progress(start + width * share)


def _read(file: _File, options: ReadOptions, progress: Progress | None) -> Profile:
    """The profile in one file; the sentence of an error names the file."""
    source = Source(file.path, progress)
    return read_as(file.format or _format(source), source, options)


def save(profile: Profile, path: str | PathLike[str], *, to: str | None = None, force: bool = False) -> list[str]:
    """Write `profile` in the format called `to`, by default the one that the suffix of `path` suggests.

    Returns the paths written: one, or for callgrind PATH, PATH.1, ... with several parts. Raises Unwritable.
    """
    target = fspath(path)
    _, write = writer(target, to)
    return write_files(target, write(profile), force=force)
