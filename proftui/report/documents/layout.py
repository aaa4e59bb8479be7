"""Which columns a printed table has room for, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence

from proftui.report.rows import Column

GAP = 2

PIPED = 120
"""The width that columns are chosen for where the output is no terminal; names are written in full nevertheless."""

LONGEST_PADDED = 60
"""Names above that do not push the columns behind them to the right, where names are written in full."""


def fitting(columns: Sequence[Column], natural: Sequence[int], width: int | None) -> dict[int, int]:
    """The indices of the columns that fit, and the cells of each.

    `natural` is what each column's values take. Figures are never cut: when they do not fit, columns of the largest
    priority number go. On a terminal, `width` cells wide, texts share what is left; else they get all they need.
    """
    least = [
        need if column.align == "right" else min(need, column.width)
        for column, need in zip(columns, natural, strict=True)
    ]
    kept = list(range(len(columns)))
    room = PIPED if width is None else width
    while sum(least[index] + GAP for index in kept) - GAP > room:
        last = max(kept, key=lambda index: (columns[index].priority, index))
        if columns[last].priority == 0:
            break
        kept.remove(last)
    if width is None:
        return {index: min(natural[index], LONGEST_PADDED) for index in kept}
    left = room - sum(least[index] + GAP for index in kept) + GAP
    cells: dict[int, int] = {}
    for index in kept:
        # below zero where even the names' least width is too much
        more = min(left, natural[index] - least[index]) if left > 0 or columns[index].flexible else 0
        cells[index] = max(1, least[index] + more)
        left -= more
    return cells
