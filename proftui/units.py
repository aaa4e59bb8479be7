"""Units, and the one function that draws a number with its unit."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """How one kind of quantity is scaled and drawn.

    `base` turns a stored number into base units (stored nanoseconds x 1e-9 = seconds). `steps` are pairs
    (size in stored units, symbol), largest first; without steps a number is drawn as a count.
    """

    name: str
    base: float = 1.0
    steps: tuple[tuple[float, str], ...] = ()


TIME = Unit("seconds", 1e-9, ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")))
BYTES = Unit("bytes", 1.0, ((2.0**40, "TiB"), (2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B")))
SAMPLES = Unit("samples")
COUNT = Unit("count")

BLANK = ""
"""What was not measured is drawn as nothing, never as 0."""


def draw(value: float | None, unit: Unit) -> str:
    """`value`, in stored units, with four significant digits and its symbol; counts in full up to 9 digits.

    None and NaN, which both mean "not measured", give an empty string.
    """
    if value is None or math.isnan(value):
        return BLANK
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if not unit.steps:
        return _count(value)
    if value == 0:
        return "0"
    size, symbol = next(
        # 0.99995: what rounds up to the next step's 1.000 is drawn in that step
        (step for step in unit.steps if abs(value) >= step[0] * 0.99995),
        unit.steps[-1],
    )
    return f"{_four_digits(value / size)} {symbol}"


def change(value: float | None, unit: Unit) -> str:
    """A difference as `draw` has it, with its sign: "+1.500 ms", "-2", "0"."""
    return f"+{draw(value, unit)}" if value is not None and value > 0 else draw(value, unit)


def counted(number: float, what: str) -> str:
    """How many there are of something: "1 call", "2,000 calls"."""
    return f"{draw(number, COUNT)} {what}" + ("" if number == 1 else "s")


def percent(part: float | None, whole: float | None) -> str:
    """`part` of `whole` in percent with one decimal; empty when either was not measured."""
    if part is None or whole is None or math.isnan(part) or math.isnan(whole) or whole == 0:
        return BLANK
    share = 100.0 * part / whole
    if share == 0:
        return "0.0%"
    return f"{share:.1f}%" if abs(share) >= 0.05 else ("<0.1%" if share > 0 else ">-0.1%")


def _four_digits(number: float) -> str:
    magnitude = abs(number)
    for limit, digits in ((9.9995, 3), (99.995, 2), (999.95, 1)):
        if magnitude < limit:
            return f"{number:.{digits}f}"
    return f"{number:,.0f}"


def _count(value: float) -> str:
    if abs(value) < 1e9:
        return f"{value:,.0f}" if value == int(value) else _four_digits(value)
    if abs(value) >= 1e21:
        return f"{value:.2e}"
    for size, symbol in ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G")):
        if abs(value) >= size:
            return f"{_four_digits(value / size)} {symbol}"
    raise AssertionError("unreachable: |value| >= 1e9")
