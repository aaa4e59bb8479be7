"""Whether text holds the lines of `python -X importtime`, among others or not."""

from __future__ import annotations

from proftui.formats.encoding import utf8_head
from proftui.formats.importtime.lines import HEADER, LINE

_MOST_OTHERS = 200
"""Lines of something else that may come before the first."""


def sniff(head: bytes, name: str) -> bool:
    """Whether one of the first lines is the header or an import."""
    del name
    text = utf8_head(head)
    if b"import time:" not in text or b"\0" in text:
        return False
    return any(HEADER in line or LINE.search(line) for line in text.split(b"\n", _MOST_OTHERS)[:_MOST_OTHERS])
