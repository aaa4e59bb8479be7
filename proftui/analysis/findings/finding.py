"""What one rule found in one profile, with its proof."""

from __future__ import annotations

from dataclasses import dataclass

from proftui import units
from proftui.analysis.findings.evidence import Amount
from proftui.analysis.findings.rules import Rule
from proftui.model import Functions, Ids
from proftui.units import Unit

MODULE = "<module>"
"""What Python calls the code of a module."""


class _Count:
    """A count in a template: {calls} is its number, {calls:date} "1 date" or "20 dates"."""

    def __init__(self, number: float | None) -> None:
        self.number = float("nan") if number is None else number

    def __format__(self, what: str) -> str:
        return units.counted(self.number, what) if what else units.draw(self.number, units.COUNT)


@dataclass(frozen=True, eq=False)
class Finding:
    """`rows` of the graph are what it is about.

    function the id of the function that it is about, or of the heaviest of several: where to look
    cost     what is at stake, in stored units; `total` is what it is a share of
    calls    how often, None where not counted
    caller   the id of the heaviest caller, or of the loop; None where nobody is known
    times    how often that caller called, how often a recursion was begun, or how deep it goes
    within   the place in the list of the finding that most of this one's cost is part of, or None
    """

    rule: Rule
    rows: Ids
    function: int
    cost: Amount
    total: float
    calls: float | None = None
    caller: int | None = None
    times: float | None = None
    within: int | None = None

    @property
    def share(self) -> float:
        """At least which part of the total, 0 to 1."""
        return self.cost.low / self.total if self.total else 0.0

    @property
    def each(self) -> float | None:
        """At least what one call cost."""
        return self.cost.low / self.calls if self.calls else None

    def sentence(self, functions: Functions, unit: Unit) -> str:
        """What was found, with its figures; names are as in the profile."""
        template = self.rule.uncounted if self.calls is None else self.rule.sentence
        return template.format(
            cost=("" if self.cost.exact else "at least ") + units.draw(self.cost.low, unit),
            share=units.percent(self.cost.low, self.total),
            calls=_Count(self.calls),
            each=units.draw(self.each, unit),
            name=name_of(functions, self.function),
            caller="" if self.caller is None else name_of(functions, self.caller),
            times=_Count(self.times),
        )


def name_of(functions: Functions, function: int) -> str:
    """A function's name; of a module's own code the module."""
    name = functions.name[function]
    return functions.module_at(function) or functions.file[function] if name == MODULE else name
