"""Whether a JSON file has trace events: as its outermost array, or as the member `traceEvents` of an object."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from proftui.formats.encoding import utf8_head
from proftui.formats.json_head import member_names

_BESIDE_PHASE = {"name", "ts", "pid", "tid", "cat"}


def sniff(head: bytes, name: str) -> bool:
    """Whether an object has the member, as far as it is seen, or the first item of an array has a phase."""
    del name
    text = utf8_head(head).lstrip()
    if text.startswith(b"["):
        names = member_names(text[1:])
        return "ph" in names and not _BESIDE_PHASE.isdisjoint(names)
    return "traceEvents" in member_names(head)


def claims(members: Mapping[str, msgspec.Raw]) -> bool:
    """Whether the member is there."""
    return "traceEvents" in members
