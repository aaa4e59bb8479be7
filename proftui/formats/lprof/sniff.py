"""Whether a file is a pickle of line_profiler's statistics."""

from __future__ import annotations

import re

MODULES = ("_line_profiler", "line_profiler", "line_profiler._line_profiler", "line_profiler.line_profiler")
"""Where LineStats was defined, from release to release."""

CLASSES = frozenset(f"{module}.LineStats" for module in MODULES)

_BEGIN = re.compile(
    rb"\x80[\x02-\x05]"  # protocol
    rb"(?:\x95.{8})?"  # frame
    rb"(?:c([\w.]+)\nLineStats\n"  # a class in one opcode, or as two texts
    rb"|[\x8cU].([\w.]+)\x94[\x8cU]\tLineStats\x94\x93)",
    re.DOTALL,
)


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin a pickle of an instance of LineStats, of one of the modules where it was."""
    del name
    begin = _BEGIN.match(head)
    return begin is not None and (begin[1] or begin[2]).decode() in MODULES
