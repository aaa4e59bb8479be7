"""Whether a file is a flame graph: a picture in SVG, with a title that tells a frame and its share."""

from __future__ import annotations

import re

from proftui.formats.encoding import utf8_head

_DOCTYPE = rb"""<!DOCTYPE\s+svg(?:[^>"'\[]|"[^"]*"|'[^']*'|\[[^\]]*\])*>"""
_PICTURE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|%b\s*|<!--(?:(?!-->).)*-->\s*)*<svg[\s>]" % _DOCTYPE, re.DOTALL)
_FRAME = re.compile(
    rb"<title>[^<]*(?:\([0-9][0-9,.]* [^()%,<]*, [0-9.]+%[^()<]*\)|; exact|; estimated, [^<]{0,99}"
    rb"|; at most; [^<]{0,99}|: its width says nothing[^<]{0,99})</title>"
)


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin as SVG, and a title among them is that of a frame."""
    del name
    text = utf8_head(head)
    return is_picture(text) and _FRAME.search(text) is not None


def is_picture(text: bytes) -> bool:
    """Whether the bytes begin as SVG."""
    return _PICTURE.match(text) is not None
