"""Whether a JSON file is Scalene's: by its outermost members."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from proftui.formats.json_head import member_names

_ALL = frozenset(("alloc_samples", "elapsed_time_sec", "files"))


def sniff(head: bytes, name: str) -> bool:
    """Whether an object begins as Scalene's, whose members are in the order of the alphabet."""
    del name
    return member_names(head)[:2] == ("alloc_samples", "args")


def claims(members: Mapping[str, msgspec.Raw]) -> bool:
    """Whether an object has these members, in whatever order."""
    return members.keys() >= _ALL
