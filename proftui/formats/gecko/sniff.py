"""Whether a file is the Firefox Profiler's: by members that its `meta` alone has."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from proftui.formats.encoding import utf8_head
from proftui.formats.json_head import member_names

_VERSIONED = re.compile(rb'"(?:preprocessedProfileVersion|processType|markerSchema|stackwalk)"\s*:')


def sniff(head: bytes, name: str) -> bool:
    """Whether such a `meta` is near the beginning."""
    del name
    return "meta" in member_names(head)[:4] and _VERSIONED.search(utf8_head(head)) is not None


def claims(members: Mapping[str, msgspec.Raw]) -> bool:
    """Whether there are threads and such a `meta`, or a profile that has them, as old developer tools saved it."""
    meta = members.get("meta")
    if meta is not None and "threads" in members:
        return _VERSIONED.search(bytes(meta)) is not None
    profile = bytes(members.get("profile", b""))
    return "label" in members and b'"threads"' in profile and _VERSIONED.search(profile) is not None
