"""The blocks of a callgrind file: each function with its cost lines and its calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.formats.callgrind.comments import numbers
from proftui.formats.callgrind.naming import UNKNOWN, Written, escaped
from proftui.formats.callgrind.shown import Shown
from proftui.model import CallGraph, Floats, Ids, LineCosts


@dataclass(frozen=True, eq=False)
class Entries:
    """Cost lines or, with `callee` and `calls`, calls: k rows sorted by `row`, the function they belong to.

    `file` counts the files of a Layout, `line` is 0 where unknown, cost is M x k.
    """

    row: Ids
    file: Ids
    line: Ids
    cost: Floats
    callee: Ids | None = None
    calls: Floats | None = None


class Layout:
    """Functions in the order of the file, with the numbers of their names, files and objects."""

    def __init__(self, rows: Sequence[Written], lines: Ids) -> None:
        """`lines` are the functions' lines of definition, 0 where there is none."""
        self.lines = lines
        self.names = [row.name for row in rows]
        self._files: dict[str, int] = {}
        self._objects: dict[str, int] = {}
        self.file = np.array([self._files.setdefault(row.file, len(self._files)) for row in rows], np.int32)
        self.object = [self._objects.setdefault(row.object, len(self._objects)) for row in rows]

    @property
    def files(self) -> list[str]:
        """The files' names by number."""
        return list(self._files)

    @property
    def objects(self) -> list[str]:
        """The objects' names by number."""
        return list(self._objects)

    @property
    def has_objects(self) -> bool:
        """Whether any function's object is known."""
        return any(name != UNKNOWN for name in self._objects)

    def number_of_file(self, name: str) -> int:
        """The number of a file, a new one where no function lies in it."""
        return self._files.setdefault(escaped(name), len(self._files))


class _Compressed:
    """Names in callgrind's compression: `(id) name` when first mentioned, `(id)` from then on."""

    def __init__(self, names: Sequence[str]) -> None:
        self._next = [f"({number}) {name}" for number, name in enumerate(names, 1)]
        self._later = [f"({number})" for number in range(1, len(names) + 1)]

    def mention(self, number: int) -> str:
        text = self._next[number]
        self._next[number] = self._later[number]
        return text


def by_function(layout: Layout, stated: Shown) -> tuple[Entries, Entries]:
    """One cost line for each function and one call for each arc, all at the lines of definition."""
    rows = np.arange(len(layout.names), dtype=np.int32)
    caller = stated.caller
    return (
        Entries(rows, layout.file, layout.lines, stated.self_cost),
        Entries(
            caller, layout.file[caller], layout.lines[caller], stated.arc_cost, stated.callee, stated.arc_calls
        ),
    )  # fmt: skip


def by_line(layout: Layout, graph: CallGraph, stated: Shown, lines: LineCosts) -> tuple[Entries, Entries] | None:
    """The cost lines and calls of `lines`; None where they do not add up to what is stated for the functions.

    A function without either gets a cost line of zeros, as its block would be empty. `graph` is in the order of
    the file, and its `function` holds the ids that `lines` uses.
    """
    place = np.full(int(graph.function.max(initial=-1)) + 1, -1, np.int32)
    place[graph.function] = np.arange(len(graph), dtype=np.int32)
    try:
        row, caller, callee = place[lines.function], place[lines.site_caller], place[lines.site_callee]
    except IndexError:
        return None
    files = np.array([layout.number_of_file(name) for name in lines.files], np.int32)
    silent = np.setdiff1d(np.arange(len(graph)), np.concatenate([row, caller])).astype(np.int32)
    row = np.concatenate([row, silent])
    file = np.concatenate([files[lines.file], layout.file[silent]])
    line = np.concatenate([_line(lines.line), layout.lines[silent]])
    cost = np.concatenate([lines.cost, np.zeros((len(lines.cost), len(silent)))], axis=1)
    order = np.argsort(row, kind="stable")
    sites = np.argsort(caller, kind="stable")
    costs = Entries(row[order], file[order], line[order], cost[:, order])
    calls = Entries(
        caller[sites], files[lines.site_file][sites], _line(lines.site_line[sites]), lines.site_cost[:, sites],
        callee[sites], lines.site_calls[sites],
    )  # fmt: skip
    return (costs, calls) if _adds_up(costs, calls, stated) else None


def _line(lines: Ids) -> Ids:
    return np.maximum(lines, 0)


def _adds_up(costs: Entries, calls: Entries, stated: Shown) -> bool:
    if min(costs.row.min(initial=0), calls.row.min(initial=0), _callees(calls).min(initial=0)) < 0:
        return False
    size = stated.self_cost.shape[1]
    pairs = calls.row.astype(np.int64) * size + _callees(calls)
    arcs, arc = np.unique(pairs, return_inverse=True)
    if not np.array_equal(arcs, stated.caller.astype(np.int64) * size + stated.callee):
        return False
    counted = np.zeros(len(pairs)) if calls.calls is None else calls.calls
    return (
        _sums_are(stated.self_cost, costs.cost, costs.row)
        and _sums_are(stated.arc_cost, calls.cost, arc)
        and _sums_are(stated.arc_calls[None], counted[None], arc)
    )


def _sums_are(sums: Floats, values: Floats, group: npt.NDArray[np.integer]) -> bool:
    """Whether `values` are what callgrind can hold and add up to `sums` by group."""
    if not ((values >= 0) & (values == np.rint(values))).all():
        return False
    added = (np.bincount(group, row, sums.shape[1]) for row in values)
    return all(np.array_equal(row, whole) for row, whole in zip(added, sums, strict=True))


def _callees(calls: Entries) -> Ids:
    return np.zeros(0, np.int32) if calls.callee is None else calls.callee


def blocks(layout: Layout, costs: Entries, calls: Entries) -> Iterator[str]:
    """The text of each function's block."""
    objects, files, names = map(_Compressed, (layout.objects, layout.files, layout.names))
    file_of: list[int] = layout.file.tolist()
    has_objects = layout.has_objects
    cost_lines, cost_of = _texts(costs), _starts(costs, len(file_of))
    call_texts, call_of = _call_texts(calls, layout), _starts(calls, len(file_of))
    current_file = current_object = -1
    for row, own_file in enumerate(file_of):
        text: list[str] = ["\n"]
        own_object = layout.object[row]
        if has_objects and own_object != current_object:
            text.append(f"ob={objects.mention(own_object)}\n")
            current_object = own_object
        if own_file != current_file:
            text.append(f"fl={files.mention(own_file)}\n")
            current_file = own_file
        text.append(f"fn={names.mention(row)}\n")
        for file, line in cost_lines[cost_of[row] : cost_of[row + 1]]:
            if file != current_file:
                text.append(f"{'fe' if file == own_file else 'fi'}={files.mention(file)}\n")
                current_file = file
            text.append(line)
        for file, callee, lines in call_texts[call_of[row] : call_of[row + 1]]:
            if file != current_file:
                text.append(f"{'fe' if file == own_file else 'fi'}={files.mention(file)}\n")
                current_file = file
            if has_objects and layout.object[callee] != own_object:
                text.append(f"cob={objects.mention(layout.object[callee])}\n")
            if file_of[callee] != current_file:
                text.append(f"cfi={files.mention(file_of[callee])}\n")
            text.append(f"cfn={names.mention(callee)}\n{lines}")
        yield "".join(text)


def _starts(entries: Entries, size: int) -> list[int]:
    """The entries of row r are starts[r]:starts[r + 1]."""
    starts: list[int] = np.searchsorted(entries.row, np.arange(size + 1)).tolist()
    return starts


def cost_texts(cost: Floats) -> list[str]:
    """k texts out of M x k costs."""
    columns = [map(str, numbers(row)) for row in cost]
    return [" ".join(row) for row in zip(*columns, strict=True)]


def _texts(costs: Entries) -> list[tuple[int, str]]:
    lines: list[int] = costs.line.tolist()
    texts = [f"{line} {cost}\n" for line, cost in zip(lines, cost_texts(costs.cost), strict=True)]
    return list(zip(costs.file.tolist(), texts, strict=True))


def _call_texts(calls: Entries, layout: Layout) -> list[tuple[int, int, str]]:
    """For each call its file, its callee, and the lines that follow the callee's name."""
    callee = _callees(calls)
    targets: list[int] = layout.lines[callee].tolist()
    counts = numbers(np.zeros(0) if calls.calls is None else calls.calls)
    lines: list[int] = calls.line.tolist()
    texts = [
        f"calls={count} {target}\n{line} {cost}\n"
        for count, target, line, cost in zip(counts, targets, lines, cost_texts(calls.cost), strict=True)
    ]
    return list(zip(calls.file.tolist(), callee.tolist(), texts, strict=True))
