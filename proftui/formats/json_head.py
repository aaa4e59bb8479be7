"""What the beginning of a JSON file tells of the whole."""

from __future__ import annotations

import re
from functools import lru_cache

from proftui.formats.encoding import utf8_head

# a text that is cut off goes on to the end: not to be tried again from each quotation mark that is in it
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.?)*)(?:"(\s*:)?|\Z)|[\[{]|[\]}]', re.DOTALL)


@lru_cache(4)
def member_names(head: bytes) -> tuple[str, ...]:
    """The names of the outermost object's members, in order, as far as the first bytes of a file show them.

    None of them for what does not begin with an object.
    """
    text = utf8_head(head)
    if not text.lstrip().startswith(b"{"):
        return ()
    depth, names = 0, []
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            if depth == 1 and match[2] is not None:
                names.append(match[1].decode("utf-8", "replace"))
        elif match[0] in b"[{":
            depth += 1
        else:
            depth -= 1
            if not depth:
                break
    return tuple(names)
