"""What the titles of a flame graph's boxes say.

NAME (1,234 samples, 5.67%)               flamegraph.pl and inferno; "; +0.12%" at the end where two were compared
NAME  PLACE  12.73 ms 5.7%, ... self 5.735 µs <0.1%; exact      proftui, with place and self cost where known
3 frames too thin to draw, together 12.73 ms 5.7%               proftui
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proftui.errors import Malformed
from proftui.units import BYTES, COUNT, SAMPLES, TIME, Unit

_TOTAL = re.compile(r"(.*) \(([0-9][0-9,.]*) ([^()%,]*), ([0-9.]+)%(; ?[-+]?[0-9.]+%)?\)", re.DOTALL)

_COST = r"([0-9][0-9,.]*)(?: ([^\W\d]+))? <?[0-9.]+%"
_FIGURES = re.compile(rf"{_COST}(?:, .*)?", re.DOTALL)
_OWN = re.compile(rf"self {_COST}")
_TOO_THIN = re.compile(rf"([0-9,]+ frames? too thin to draw), together {_COST}")
_EXACT = "; exact"
_ESTIMATED = re.compile(r".*(?:; (?:estimated, .*|at most; .*)|: its width says nothing; .*)", re.DOTALL)

_TELLS_LESS = "is a picture of estimates, or of costs below zero; open the profile that it was drawn from"

_UNITS = {
    "samples": SAMPLES, "sample": SAMPLES, "ns": TIME, "us": TIME, "µs": TIME, "ms": TIME, "s": TIME, "seconds": TIME,
    "bytes": BYTES, "B": BYTES, "KiB": BYTES, "MiB": BYTES, "GiB": BYTES, "TiB": BYTES,
}  # fmt: skip
_SCALES = {
    "us": 1e3, "seconds": 1e9, "bytes": 1.0, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    **{symbol: size for unit in (TIME, BYTES) for size, symbol in unit.steps},
}  # fmt: skip

MOST = 2.0**53


@dataclass(frozen=True, slots=True)
class Frame:
    """`text` as folded stacks have it, `amount` of all that lies above it, `own` where that is told; in stored units.

    counted     the word for what was counted; "" where the picture is proftui's
    everything  it is no frame, but what flamegraph.pl and inferno lay below all frames: they write "100%" on
                that alone, and "100.00%" on others
    """

    text: bytes
    amount: float
    counted: str
    unit: Unit
    own: float | None = None
    compared: bool = False
    everything: bool = False


def frame_of(title: str) -> Frame | None:
    """The frame that a title tells, None for a title of something else. Raises Malformed where it is not exact."""
    if match := _TOTAL.fullmatch(title):
        name, amount, word, share, change = match.groups()
        everything = name == "all" and share == "100"
        return Frame(
            name.encode(),
            _amount(amount, word),
            word or COUNT.name,
            unit_of(word),
            compared=change is not None,
            everything=everything,
        )
    if match := _TOO_THIN.fullmatch(title):
        cost = _amount(match[2], match[3])
        return Frame(match[1].encode(), cost, "", unit_of(match[3]), cost)
    if title.endswith(_EXACT):
        return _ours(title.removesuffix(_EXACT))
    if _ESTIMATED.fullmatch(title):
        raise Malformed(_TELLS_LESS)
    return None


def _ours(title: str) -> Frame | None:
    """The frame that a title of proftui tells: name, place and figures are apart by two spaces. Raises Malformed."""
    where, _, figures = title.rpartition("  ")
    match = _FIGURES.fullmatch(figures)
    if match is None:
        return None
    cost = _amount(match[1], match[2])
    told = figures.rpartition(", ")[2]
    own = _OWN.fullmatch(told)
    if own is None and told.startswith("self "):
        raise Malformed(_TELLS_LESS)
    name, apart, place = where.rpartition("  ")
    text = f"{name} ({place})" if apart else place
    return Frame(text.encode(), cost, "", unit_of(match[2]), cost if own is None else _amount(own[1], own[2]))


def unit_of(word: str | None) -> Unit:
    """The unit that a word or a symbol stands for."""
    return _UNITS.get(word or "", COUNT)


def _amount(text: str, symbol: str | None) -> float:
    """A number with thousands separated by commas, in stored units. Raises Malformed."""
    try:
        amount = float(text.replace(",", "")) * _SCALES.get(symbol or "", 1.0)
    except ValueError:
        raise Malformed("a title has a number that is none") from None
    if amount > MOST:
        raise Malformed("a title has a number above 2^53")
    return amount
