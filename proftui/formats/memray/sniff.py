"""Whether a file is a capture of memray, and of which version."""

from __future__ import annotations

_MAGIC = b"memray\0"
_LZ4 = b"\x04\x22\x4d\x18"
_LZ4_HEADERS = 24
"""Bytes of lz4's frame and block headers at most; what comes first is never compressed."""


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin with memray's word for itself, as they are or in lz4's frame."""
    del name
    return _begin(head) >= 0


def version_of(head: bytes) -> int | None:
    """The version of the file's format, None where it is cut off."""
    at = _begin(head) + len(_MAGIC)
    return int.from_bytes(head[at : at + 4], "little") if len(head) >= at + 4 else None


def _begin(head: bytes) -> int:
    if head.startswith(_MAGIC):
        return 0
    return head.find(_MAGIC, 0, _LZ4_HEADERS + len(_MAGIC)) if head.startswith(_LZ4) else -1
