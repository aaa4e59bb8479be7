"""Whether a file is pyinstrument's: by the names of its outermost members."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from proftui.formats.json_head import member_names

_KINDS = (
    {"start_time", "duration", "sample_count", "frame_records"},
    {"start_time", "duration", "sample_count", "root_frame"},
    {"session", "frame_tree"},
)
"""The members of a session, of what `-r json` prints, and of what lies in the pages of `-r html`."""

_BEGINNINGS = (("start_time", "duration"), ("session", "frame_tree"))


def sniff(head: bytes, name: str) -> bool:
    """Whether the members are such in the order in which pyinstrument writes them."""
    del name
    names = member_names(head)
    if names == ("frame_records",):  # up to pyinstrument 4 they come first
        return True
    return _fits(names) or (names[:2] in _BEGINNINGS and (names[0] == "session" or "sample_count" in names))


def claims(members: Mapping[str, msgspec.Raw]) -> bool:
    """Whether all members of one of the kinds are there."""
    return _fits(members)


def _fits(names: Collection[str]) -> bool:
    return any(kind.issubset(names) for kind in _KINDS)
