"""Whether a file is Austin's: by its metadata or its lines, or by how MOJO begins."""

from __future__ import annotations

import re

from proftui.formats.austin.mojo import MAGIC
from proftui.formats.austin.text import SAMPLE
from proftui.formats.encoding import utf8_head
from proftui.formats.source import HEAD

_MOJO = re.compile(rb"MOJ[\x01-\x3f](?:[\x01\x02\x0b]|\Z)")
"""The magic word, a version of one byte, and what an event can begin with in the beginning."""


def sniff(head: bytes, name: str) -> bool:
    """Whether it is MOJO, begins with Austin's metadata, or has nothing but samples in its lines."""
    del name
    if head.startswith(MAGIC):
        return _MOJO.match(head) is not None
    text = utf8_head(head)
    if text.startswith(b"# austin:"):
        return True
    if text[:1] not in (b"P", b"#"):
        return False
    lines = text.split(b"\n")
    if len(head) >= HEAD:
        lines.pop()
    lines = [line for line in lines if line.strip() and not line.startswith(b"# ")]
    return bool(lines) and all(map(SAMPLE.fullmatch, lines))
