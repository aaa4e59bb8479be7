"""Reads the profiles in an archive into one, a part or more for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from proftui.formats.archives import tarred, zipped
from proftui.formats.archives.member import Budget, Member
from proftui.formats.base import Format, ReadOptions
from proftui.formats.gathered import Gathered
from proftui.formats.registry import detect, may_be_profile, read_as
from proftui.formats.source import Source
from proftui.model import Profile


def read_zip(source: Source, options: ReadOptions) -> Profile:
    """The profiles in a zip archive. Raises ProftuiError."""
    return _read(source, options, zipped.members(source, Budget()))


def read_tar(source: Source, options: ReadOptions) -> Profile:
    """The profiles in a tar archive. Raises ProftuiError."""
    return _read(source, options, tarred.members(source, Budget(), may_be_profile))


ZIP = Format("zip", "zip archives of profiles", (".zip",), zipped.sniff, read_zip)
TAR = Format("tar", "tar archives of profiles", (".tar", ".tgz"), tarred.sniff, read_tar)


def archive_of(source: Source) -> Format | None:
    """ZIP or TAR for an archive; None for what is none."""
    head = source.head
    return next((known for known in (ZIP, TAR) if known.sniff(head, source.name)), None)


def _read(source: Source, options: ReadOptions, members: Iterator[Member]) -> Profile:
    gathered = Gathered()
    for member in members:
        if not _is_hidden(member.within):
            gathered.attempt(member.within, partial(_profile, member, options))
    gathered.join((), source.name)
    whole = gathered.whole(source.path)
    return replace(whole, origin=replace(whole.origin, path=source.path))


def _is_hidden(name: str) -> bool:
    """What no folder shows either: on macOS an archive holds `__MACOSX/._NAME` beside each NAME."""
    return PurePosixPath(name).name.startswith(".")


def _profile(member: Member, options: ReadOptions) -> Profile:
    return read_as(detect(member), member, options)
