"""What proftui's writer says of a profile for which profile.proto has no place: in comments, as pprof -comments shows.

    proftui 1.2.0: traced
    creator: cProfile
    command: python app.py
    the stacks are estimated: ...

The first is there always; behind these are the profile's notes, one each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from proftui import __version__
from proftui.model import Kind, Origin, Profile

_FIRST = re.compile(r"proftui \S+: (traced|sampled)")
_CREATOR, _COMMAND = "creator: ", "command: "


def comments_of(profile: Profile) -> list[str]:
    """The comments to write."""
    origin = profile.origin
    said = [f"proftui {__version__}: {origin.kind}"]
    said += [_CREATOR + origin.creator] if origin.creator else []
    said += [_COMMAND + origin.command] if origin.command else []
    return [*said, *profile.notes]


def understood(comments: Sequence[str], path: str) -> tuple[Origin, list[str]]:
    """Where a profile with these comments came from, and what they say beyond that."""
    first = _FIRST.fullmatch(comments[0]) if comments else None
    if first is None:
        return Origin(path, "pprof", "sampled"), list(comments)
    rest, found = list(comments[1:]), {_CREATOR: "", _COMMAND: ""}
    for begins in found:
        if rest and rest[0].startswith(begins):
            found[begins] = rest.pop(0).removeprefix(begins)
    return Origin(path, "pprof", cast(Kind, first[1]), found[_CREATOR], found[_COMMAND]), rest
