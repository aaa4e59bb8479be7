"""Whether a file is what `mprof run` wrote: by its first line."""

from __future__ import annotations

import re

from proftui.formats.encoding import utf8_head

_NUMBER = rb" [0-9]+\.[0-9]+"

_FIRST = re.compile(
    rb"CMDLINE [^\n]|MEM%b%b\r?(?:\n|\Z)|CHLD [0-9]+%b%b\r?(?:\n|\Z)|FUNC [^ \n]+(?:%b){4}(?: [0-9]+)?\r?(?:\n|\Z)"
    % ((_NUMBER,) * 5)
)


def sniff(head: bytes, name: str) -> bool:
    """Whether the first line is the command, or a measurement."""
    del name
    return _FIRST.match(utf8_head(head)) is not None
