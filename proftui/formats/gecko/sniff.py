"""Whether a file is the Firefox Profiler's: by members that its `meta` alone has."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from proftui.formats.encoding import utf8_head
from proftui.formats.json_head import member_names

_VERSIONED = re.compile(rb'"(?:preprocessedProfileVersion|processType|markerSchema|stackwalk)"\s*:')


def sniff(head: bytes, name: str) -> bool:
    """Whether a file begins with such a `meta`, or with its threads and has one later on."""
    del name
    names = member_names(head)
    return "meta" in names[:4] and _VERSIONED.search(utf8_head(head)) is not None


def claims(members: Mapping[str, msgspec.Raw]) -> bool:
    """Whether there are threads and such a `meta`."""
    meta = members.get("meta")
    return meta is not None and "threads" in members and _VERSIONED.search(bytes(meta)) is not None
