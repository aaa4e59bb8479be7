"""Whether a JSON file is pytest-benchmark's: by its outermost members."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from proftui.formats.json_head import member_names

_ALL = frozenset(("machine_info", "commit_info", "benchmarks"))
_FIRST = _ALL - {"benchmarks"}


def sniff(head: bytes, name: str) -> bool:
    """Whether an object begins with the machine and the commit that benchmarks ran on."""
    del name
    return _FIRST.issubset(member_names(head))


def claims(members: Mapping[str, msgspec.Raw]) -> bool:
    """Whether an object has these members, in whatever order."""
    return members.keys() >= _ALL
