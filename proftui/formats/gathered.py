"""Profiles gathered from a folder or an archive, in which some files are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from proftui.errors import Cancelled, Malformed, ProftuiError, UnknownFormat
from proftui.model import Profile, combine
from proftui.units import counted

MOST_TOLD = 5
"""Unreadable files of which the notes tell what is wrong."""

MOST_NOTES = 40
"""Notes of the files themselves."""


@dataclass
class Gathered:
    """Grows file by file.

    profiles    what was read, without notes
    notes       (name of a file, note) of each
    remarks     notes on what was read together
    others      how many files are no profiles; `first_other` is the name of one
    damaged     a sentence for each file that is a profile and cannot be read
    """

    profiles: list[Profile] = field(default_factory=list)
    files: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    others: int = 0
    first_other: str = ""
    damaged: list[str] = field(default_factory=list)

    def add(self, profile: Profile) -> None:
        """Take up the profile of a file."""
        self.files += 1
        self.notes += [(profile.name, note) for note in profile.notes]
        self.profiles.append(replace(profile, notes=()))

    def attempt(self, name: str, read: Callable[[], Profile]) -> None:
        """Take up what `read` gives for a file, whose parts bear its name; or remember why there is nothing.

        Raises Cancelled.
        """
        try:
            self.add(_labelled(read(), name))
        except Cancelled:
            raise
        except UnknownFormat:
            self.first_other = self.first_other or name
            self.others += 1
        except ProftuiError as error:
            self.damaged.append(str(error))

    def join(self, others: Sequence[Gathered], name: str) -> None:
        """Take up what was gathered elsewhere, and make one profile of all that there is."""
        for other in others:
            self.profiles += other.profiles
            self.files += other.files
            self.notes += other.notes
            self.remarks += other.remarks
            self.first_other = self.first_other or other.first_other
            self.others += other.others
            self.damaged += other.damaged
        if self.profiles:
            whole = combine(self.profiles, name)
            self.remarks += whole.notes
            self.profiles = [replace(whole, notes=())]

    def whole(self, path: str) -> Profile:
        """What `join` made. Raises ProftuiError where nothing was read, with what was there instead."""
        if self.profiles:
            (whole,) = self.profiles
            return replace(whole, notes=tuple(dict.fromkeys(self._told())))
        if self.damaged:
            raise Malformed(self.damaged[0])
        if not self.others:
            raise UnknownFormat(f"{path}: holds no file")
        more = f" and {counted(self.others - 1, 'file')} more" if self.others > 1 else ""
        raise UnknownFormat(f"{path}: holds no profile, but {self.first_other!r}{more}")

    def _told(self) -> Iterator[str]:
        if self.others:
            which = "file that is no profile" if self.others == 1 else "files that are no profiles"
            yield f"{self.others:,} {which} left out; the first is {self.first_other!r}"
        for sentence in self.damaged[:MOST_TOLD]:
            yield f"left out: {sentence}"
        if len(self.damaged) > MOST_TOLD:
            yield f"left out: {counted(len(self.damaged) - MOST_TOLD, 'more file')} that cannot be read"
        for name, note in self.notes[:MOST_NOTES]:
            yield note if self.files == 1 else f"{name}: {note}"
        if len(self.notes) > MOST_NOTES:
            yield f"{counted(len(self.notes) - MOST_NOTES, 'more note')} on single files"
        yield from self.remarks


def _labelled(profile: Profile, name: str) -> Profile:
    """`profile` whose parts bear the name of its file."""
    single = len(profile.parts) == 1
    parts = tuple(replace(part, label=name if single else f"{name}: {part.label}") for part in profile.parts)
    return replace(profile, name=name, parts=parts)
