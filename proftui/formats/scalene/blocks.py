"""Which function a line of source belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from proftui.formats.scalene.document import Line


def functions_of(lines: Sequence[Line], names: Mapping[int, str]) -> list[int]:
    """For each line the line at which its function is defined, 0 for what is outside of all.

    `names` are the functions by that line. Scalene writes all lines of a file: a function is what is indented further
    than its definition, which begins a line; lines without code belong to what is around them.
    """
    within: list[tuple[int, int]] = []
    found = []
    for line in lines:
        code = line.text.lstrip()
        indent = len(line.text) - len(code)
        if code and not code.startswith(("#", ")", "]", "}")):
            while within and indent <= within[-1][0]:
                within.pop()
        if line.number in names:
            within.append((indent, line.number))
        found.append(within[-1][1] if within else 0)
    return found
