"""What a report can be asked for. Cheap to import: the command line's help needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from proftui.analysis.grouping import Group

View = Literal[
    "summary", "functions", "callers", "callees", "all-callers", "all-callees", "tree", "bottom-up", "source", "parts",
    "matrix",
]  # fmt: skip

VIEWS: tuple[View, ...] = get_args(View)

FIGURES = ("self", "inclusive", "calls", "primitive_calls", "self_per_call", "inclusive_per_call")
TEXTS = ("name", "location", "module")

SORTS = FIGURES + TEXTS
"""What functions can be ordered by: figures from the largest down, texts from A on."""

DEFAULT_SORT: dict[View, str] = {
    "summary": "self", "functions": "self", "callers": "self", "callees": "inclusive",
    "all-callers": "self", "all-callees": "inclusive", "tree": "inclusive", "bottom-up": "self",
    "source": "self", "parts": "self", "matrix": "self",
}  # fmt: skip
"""In the matrix it is what is compared between parts; what stands out most in it comes first."""

ORDERS: dict[View, tuple[str, ...]] = {
    "summary": (), "tree": (), "bottom-up": (), "source": (),
    "parts": ("self", "calls", "name"), "matrix": ("self", "inclusive", "name", "location"),
}  # fmt: skip
"""What rows can be ordered by, of views that cannot by all of SORTS."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to report.

    sort, reverse  one of SORTS, "" for the view's default; the other way round
    top            how many functions, or rows of the tree, at most; 0 = all
    pattern        only functions whose name or file:line it is found in
    depth, least   of a tree: levels at most (0 = all), and the least share of the total (0 to 1) of a row
    group          what the functions are grouped by
    maps           (path as recorded, path here) of source files
    """

    view: View = "functions"
    metric: int = 0
    sort: str = ""
    reverse: bool = False
    top: int = 0
    pattern: re.Pattern[str] | None = None
    depth: int = 0
    least: float = 0.0
    group: Group = "function"
    maps: tuple[tuple[str, str], ...] = ()
