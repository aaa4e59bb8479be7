"""Filters as text, and as what the text means.

A filter is WORD:CONDITION. The words are pprof's, and mean what they mean there:

    focus:C      keep the stacks in which any function matches C
    ignore:C     drop the stacks in which any function matches C
    hide:C       take the functions that match C out of all stacks; their cost is their callers'
    show:C       take out all other functions
    show-from:C  cut off what is above the outermost function that matches C; drop the stacks without one
    my-code      hide what is not yours: the standard library, installed packages, frozen and built-in functions

What hide, show and my-code leave no function of is dropped. A condition is one of

    REGEX                     found anywhere in the function's name, file or object, in the same case
    name=REGEX                found in its name
    file=GLOB, file~REGEX     its file matches the glob, wholly or from a "/" on; the expression is found in it
    module=NAME, module~REGEX it is in that dotted module or one below; "*" stands for any characters
    self>1%                   its self cost in the whole profile; inclusive and calls as well, with > >= < <=;
                              in %, s, ms, us, ns, KiB, MiB, GiB, or a count with k, M, G

Figures are those of the profile before any filter, of its first metric with such a unit. Without a word, a figure
is to `show:` and all else to `focus:`. Filters apply one after the other.
"""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import dataclass
from typing import Literal, get_args

from proftui.errors import ProftuiError
from proftui.units import BYTES, TIME, Unit

Word = Literal["focus", "ignore", "hide", "show", "show-from", "my-code"]
Field = Literal["", "name", "file", "module"]
FigureName = Literal["self", "inclusive", "calls"]
Operator = Literal[">=", "<=", ">", "<"]

WORDS: tuple[Word, ...] = get_args(Word)

_FIELD = re.compile(r"(name|file|module)([=~])(.*)", re.DOTALL)
_FIGURE = re.compile(r"(self|inclusive|calls)\s*(>=|<=|>|<)\s*(.*)", re.DOTALL)
_AMOUNT = re.compile(r"([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(\S*)")
_SPACE = re.compile(r"\\ ")
_WORD = re.compile(r"(focus|ignore|hide|show[-_]from|show):(.*)|([a-z][a-z_-]+):(?!:).*", re.DOTALL)

_SIZES: dict[str, tuple[Unit | None, float]] = {
    "": (None, 1.0), "k": (None, 1e3), "M": (None, 1e6), "G": (None, 1e9), "us": (TIME, 1e3),
    **{symbol: (TIME, size) for size, symbol in TIME.steps},
    **{symbol: (BYTES, size) for size, symbol in BYTES.steps},
}  # fmt: skip


class FilterError(ProftuiError):
    """A text is no filter."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Text:
    """Functions by what they are called: `pattern` in a `field`, or with field "" in name, file or object.

    A pattern is a regular expression that is found anywhere, in the given case; where `plain`, that of a file is
    a glob and that of a module a dotted name.
    """

    pattern: str
    field: Field = ""
    plain: bool = False

    def __str__(self) -> str:
        if not self.field:
            return self.pattern
        return f"{self.field}{'=' if self.plain or self.field == 'name' else '~'}{self.pattern}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Functions by a figure, compared with an `amount` of a `unit`: "%" of the total, a symbol as "ms", or ""."""

    figure: FigureName
    operator: Operator
    amount: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.figure}{self.operator}{repr(self.amount).removesuffix('.0')}{self.unit}"

    @property
    def measure(self) -> Unit | None:
        """The unit that a metric must have to be compared with, None where any will do."""
        return None if self.unit == "%" else _SIZES[self.unit][0]

    @property
    def size(self) -> float:
        """The amount in stored units; not for "%"."""
        return self.amount * _SIZES[self.unit][1]


Condition = Text | Figure


@dataclass(frozen=True, slots=True)
class Filter:
    """One step of the stack. `str` gives a text that `parse` turns into the same filter; my-code has no condition."""

    word: Word
    condition: Condition | None = None

    def __str__(self) -> str:
        return self.word if self.condition is None else f"{self.word}:{self.condition}"


ONLY_MY_CODE = Filter("my-code")
"""Hides the functions that are not yours and hands their cost to the nearest caller that is."""


def parse(text: str) -> Filter:
    """The filter that a text means; FilterError where it means none."""
    text = text.strip()
    if text == ONLY_MY_CODE.word:
        return ONLY_MY_CODE
    match = _WORD.fullmatch(text)
    if match and match[3]:
        raise FilterError(
            f"no filter is called {match[3]!r}: there are focus:, ignore:, hide:, show:, show-from: and my-code"
        )
    if match:
        word, rest = _word(match[1]), match[2].strip()
        if not rest:
            raise FilterError(f"{word}: needs something to look for, as in {word}:json")
        return Filter(word, _condition(rest))
    if not text:
        raise FilterError("a filter needs something to look for, as in focus:json")
    condition = _condition(text)
    return Filter("show" if isinstance(condition, Figure) else "focus", condition)


def _word(text: str) -> Word:
    wanted = text.replace("_", "-")
    return next(word for word in WORDS if word == wanted)


def _condition(text: str) -> Condition:
    if match := _FIGURE.fullmatch(text):
        return _figure(match)
    match = _FIELD.fullmatch(text)
    if match is None:
        return Text(_regex(text))
    field, plain, pattern = match[1], match[2] == "=", match[3]
    if not pattern:
        raise FilterError(f"{text} needs something to look for, as in {text}json")
    if field == "name":
        return Text(_regex(pattern), "name")
    if field == "file":
        return Text(pattern if plain else _regex(pattern), "file", plain)
    return Text(pattern if plain else _regex(pattern), "module", plain)


def _regex(pattern: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # "[[" may mean something else one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise FilterError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern


def _figure(match: re.Match[str]) -> Figure:
    figure, operator, rest = match[1], match[2], match[3]
    amount = _AMOUNT.fullmatch(rest)
    unit = amount[2].replace("μ", "µ") if amount else ""
    if amount is None or not math.isfinite(float(amount[1])) or not (unit == "%" or unit in _SIZES):
        raise FilterError(f"{match[0]!r}: {rest!r} is no amount; amounts are like 1%, 10ms, 4KiB, 2000 or 2k")
    if figure == "calls" and (unit == "%" or _SIZES[unit][0] is not None):
        raise FilterError(f"{match[0]!r}: calls are counted, as in calls>1000")
    name: FigureName = next(name for name in get_args(FigureName) if name == figure)
    comparison: Operator = next(known for known in get_args(Operator) if known == operator)
    return Figure(name, comparison, float(amount[1]), unit)


def named(word: Word, name: str) -> Filter:
    """The filter on functions that are called exactly so."""
    return Filter(word, Text(f"^{_SPACE.sub(' ', re.escape(name))}$", "name"))
