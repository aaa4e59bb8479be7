"""Where the commands that take samples write them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from proftui.cli.failures import say
from proftui.errors import Unwritable

if TYPE_CHECKING:
    from proftui.model import Profile, Recording


def demand_writable(path: str, to: str | None, *, force: bool) -> None:
    """Make sure, before anything is sampled, that the samples can be written in the end. Raises Unwritable."""
    from proftui.formats.registry import writer

    known, _ = writer(path, to)
    if known.needs == "time":
        raise Unwritable(f"{path}: {known.title} tell what ran when, which samples by the window do not")
    if Path(path).exists() and not force:
        raise Unwritable(f"{path}: exists already; --force replaces it")
    if not Path(path).absolute().parent.is_dir():
        raise Unwritable(f"{path}: there is no such folder")


def write(recording: Recording, name: str, path: str, to: str | None, *, force: bool) -> None:
    """Write what was sampled, and say so."""
    from proftui.formats import save

    profile = recording.profile(None, name)
    written = save(profile, path, to=to, force=force)
    say(f"wrote {', '.join(written)}: {told(profile)}")


def told(profile: Profile) -> str:
    """How much was sampled."""
    samples = sum(float(part.graph.totals[0]) for part in profile.parts)
    threads = len(profile.parts)
    return f"{samples:,.0f} thread samples of {threads:,} thread{'s' * (threads != 1)}"
