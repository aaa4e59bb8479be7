"""What the viewer can write, and writing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from proftui.analysis.stacks import ALONE, ESTIMATED_STACKS, with_stacks
from proftui.errors import ProftuiError
from proftui.formats import FORMATS, Progress, load_all, write_files
from proftui.model import Profile, Span
from proftui.report.documents import DOCUMENTS, Document


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of file: what it is called, and the contents of the files for a profile."""

    name: str
    title: str
    suffix: str
    contents: Callable[[Profile], list[bytes]]
    needs_tree: bool = False


def targets(own: str = "") -> list[Target]:
    """Profiles first, then reports; of the profiles the one in the format called `own` is the least wanted."""
    others_first = sorted(FORMATS, key=lambda known: known.name == own)
    profiles = [
        Target(known.name, known.title, known.suffixes[0], known.write, known.needs == "tree")
        for known in others_first
        if known.write
    ]
    documents = [Target(kind.name, kind.title, kind.suffixes[0], partial(_report, kind)) for kind in DOCUMENTS.values()]
    return profiles + documents


def suggestion(profile: Profile, target: Target) -> str:
    """A name for the file in the current folder."""
    stem = re.sub(r" and \d+ more$", "", Path(profile.name).name) or "profile"
    known = sorted({suffix for kind in FORMATS for suffix in kind.suffixes}, key=len, reverse=True)
    stem = next((stem[: -len(suffix)] for suffix in known if stem.lower().endswith(suffix) and stem != suffix), stem)
    return stem + target.suffix


def write(profile: Profile, target: Target, path: str, *, force: bool) -> str:
    """Write, and say what was written. Raises Unwritable."""
    made = with_stacks(profile) if target.needs_tree else profile
    contents = target.contents(made)
    written = write_files(str(Path(path).expanduser()), contents, force=force)
    more = f" and {len(written) - 1} more, one for each part" if len(written) > 1 else ""
    guessed = ""
    if target.needs_tree and ESTIMATED_STACKS in made.notes:
        guessed = ", its stacks estimated"
    elif target.needs_tree and ALONE in made.notes:
        guessed = ", each function a stack of its own"
    elif any(part.graph.bounds is not None for part in made.parts):
        guessed = ", its figures estimated behind the filters"
    return f"wrote {written[0]}{more}{guessed} ({sum(map(len, contents)):,} bytes)"


def chosen(profile: Profile, span: Span | None, parts: tuple[int, ...] | None) -> Profile:
    """The chosen parts of a profile, and of one that was recorded over time a range of it; None is all.

    Threads that have no samples in the range are left out, unless none has any.
    """
    recording = profile.recording
    if recording is not None and (span is not None or parts is not None):
        profile = recording.cut(span, parts).profile(None, profile.name, profile.origin)
        there = tuple(part for part in profile.parts if len(part.graph))
        return replace(profile, parts=there or profile.parts[:1])
    return profile if parts is None else replace(profile, parts=tuple(profile.parts[part] for part in parts))


def with_lines(profile: Profile, paths: Sequence[str], single: bool, progress: Progress) -> Profile:
    """The profile read again with the costs by line that views of functions do without.

    Raises ProftuiError where the files no longer say what is on screen.
    """
    if not paths or "-" in paths:
        return profile
    again = load_all(paths, lines=True, single=single, progress=progress)
    shown, now = _totals(profile), _totals(again)
    if len(again.functions) != len(profile.functions) or shown.shape != now.shape or not np.array_equal(shown, now):
        raise ProftuiError(f"{paths[0]}: has changed since it was opened; open it again to export it")
    return replace(again, name=profile.name)


def _totals(profile: Profile) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.concatenate([part.graph.totals for part in profile.parts])


def _report(document: Document, profile: Profile) -> list[bytes]:
    return [document.contents(profile)]
