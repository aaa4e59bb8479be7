"""Whether a file holds folded stacks: by its lines, as the format begins with no word of its own."""

from __future__ import annotations

import re

from proftui.formats.encoding import utf8_head
from proftui.formats.folded.counts import counted, is_counted_twice, is_remark
from proftui.formats.folded.frames import is_located
from proftui.formats.source import HEAD

_OWNED = (b"# austin:", b"CMDLINE ", b"MEM ", b"FUNC ")
"""How files of Austin and memory_profiler begin, whose lines look like folded stacks and count something else."""

_AUSTIN = re.compile(rb"P[0-9]+;T[^;]*[; ].*", re.DOTALL)
"""A line of Austin's, which counts microseconds or bytes."""

_MOST_UNLIKE = 0.1
"""Share of stacks that do not look like one, as a C++ function in a header without a suffix."""

_CODE = frozenset(b'{}="')


def sniff(head: bytes, name: str) -> bool:
    """Whether at least half of the lines end in a count, and what stands before it looks like stacks.

    That is a ";" in one of them, or else that all lines are counted, and 9 of 10 are a single word, a function with
    its file, or in brackets as what is built-in or has no stack. Of a first line longer than what is looked at, all
    must look like frames.
    """
    del name
    text = utf8_head(head)
    if text.startswith(_OWNED):
        return False
    lines = text.split(b"\n")
    if len(head) >= HEAD:
        cut_off = lines.pop()
        if not lines:
            return b";" in cut_off and _CODE.isdisjoint(cut_off)
    lines = [line for line in lines if line.strip()]
    found = [line for line in map(counted, lines) if line is not None]
    told = [line for line in lines if not is_remark(line)]
    if not found or 2 * len(found) < len(told) or (told and all(map(_AUSTIN.fullmatch, told))):
        return False
    if any(b";" in line.stack for line in found):
        return True
    names = [stack for stack, _ in found if not stack.startswith(b"#")]
    unlike = sum(not _is_name(name) for name in names)
    return (
        len(found) >= len(told)
        and not any(map(is_counted_twice, lines))
        and bool(names)
        and unlike <= _MOST_UNLIKE * len(names)
    )


def _is_name(stack: bytes) -> bool:
    """Whether it can be a stack of one frame, and hardly anything else."""
    is_word = len(stack.split()) == 1 and not stack.isdigit()
    return is_word or stack.startswith((b"<", b"{", b"(")) or is_located(stack)
