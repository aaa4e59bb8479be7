"""The callees of a profile's functions on the lines of their callers, by the sources that are at hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from proftui.analysis.call_lines import NOWHERE, Callee, Placement, place
from proftui.analysis.outline import Definition
from proftui.model import NO_FILE, Functions
from proftui.report.source import Sources

_SEPARATE = ("<listcomp>", "<setcomp>", "<dictcomp>")


@lru_cache(maxsize=8)
def inlines_comprehensions(functions: Functions) -> bool:
    """Whether no list comprehension is a function of its own: Python 3.12 and later, or a program without any."""
    return not any(name.endswith(_SEPARATE) for name in functions.name)


class Placing:
    """Tells for any function of a profile where it calls its callees."""

    def __init__(self, functions: Functions, sources: Sources) -> None:
        self.functions = functions
        self.sources = sources

    def definitions(self, function: int) -> list[Definition]:
        """Where a function is defined, as far as the source says so on the line that the profile names."""
        source = self.sources.find(self.functions.file[function])
        if source is None or source.outline is None:
            return []
        return source.outline.at(self.functions.name[function], int(self.functions.line[function]))

    def placements(self, caller: int, callees: Sequence[int]) -> list[Placement]:
        """For each callee where in the caller it is called; nowhere when the caller's source is not at hand."""
        definitions = self.definitions(caller)
        if not definitions:
            return [NOWHERE] * len(callees)
        known = [self._callee(callee) for callee in callees]
        return place(definitions, known, inlined=inlines_comprehensions(self.functions))

    def _callee(self, function: int) -> Callee:
        compiled = self.functions.file[function] in ("", NO_FILE)
        found = [] if compiled else self.definitions(function)
        return Callee(self.functions.name[function], compiled, found[0] if len(found) == 1 else None)
