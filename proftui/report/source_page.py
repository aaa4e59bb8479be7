"""The source of a function with its figures, put together from a scope and the files that are at hand."""

from __future__ import annotations

from pathlib import PurePath

from proftui.analysis.line_figures import LineFigures, elsewhere, figures_of
from proftui.analysis.outline import Outline
from proftui.analysis.scope import Scope
from proftui.model import Functions
from proftui.report.call_placement import Placing
from proftui.report.neighbours import Base
from proftui.report.source import NoSource, Sources, SourceText
from proftui.report.source_rows import SourceRows
from proftui.report.text import safe
from proftui.units import counted, percent

AROUND = 3
"""Lines before and after a function that a document shows too."""


def file_figures(scope: Scope, metric: int, file: str, sources: Sources) -> LineFigures:
    """The figures of all lines of a file."""
    return figures_of(scope, metric, file, Placing(scope.functions, sources).placements)


def source_rows(
    scope: Scope, metric: int, function: int, sources: Sources, *, base: Base = "total", file: str | None = None,
    figures: LineFigures | None = None, second: int | None = None,
) -> SourceRows:  # fmt: skip
    """The file of a function, or another `file` with the block of that function; `figures` where they are known."""
    name = scope.functions.file[function] if file is None else file
    figures = figures or file_figures(scope, metric, name, sources)
    source: SourceText | None = None
    notes: tuple[str, ...] = ()
    try:
        source = sources.read(name)
    except NoSource as error:
        notes = (str(error),)
    definitions = definitions_in(scope.functions, figures, source)
    return SourceRows(scope, metric, name, figures, source, notes, function, definitions, base, second=second)


def definitions_in(
    functions: Functions, figures: LineFigures, source: SourceText | None
) -> tuple[tuple[int, int, int], ...]:
    """(first line, last line, function) of the profile's functions in a file, outer ones before what they hold.

    As the syntax of Python says; elsewhere from the first to the last line that has figures.
    """
    outline = source.outline if source is not None else None
    found = []
    for function, (first, last) in figures.extent.items():
        span = _span(functions, function, outline, first) if outline is not None else None
        found.append((*(span or (first, last)), function))
    return tuple(sorted(found, key=lambda each: (each[0], -each[1])))


def _span(functions: Functions, function: int, outline: Outline, line: int) -> tuple[int, int] | None:
    name, begins = functions.name[function], int(functions.line[function])
    if begins > 0:
        found = outline.at(name, begins)
        return (found[0].line, min(found[0].last, 2**30)) if found else None
    around = outline.around(line)
    return (around.line, min(around.last, 2**30)) if around.name == name.rpartition(".")[2] else None


def window_of(rows: SourceRows, function: int) -> tuple[int, int]:
    """The first and last line of a function with some around it; of one that is not found, where it has figures."""
    span = next(((first, last) for first, last, known in rows.definitions if known == function), None)
    if span is None:
        line = rows.row(rows.row_of(function)).line
        span = (line, line)
    return max(1, span[0] - AROUND), span[1] + AROUND


def remarks(rows: SourceRows, sources: Sources) -> list[str]:
    """What one should know about the lines: that they are not those of the run, where else the function lies."""
    source, function = rows.source, rows.focus
    if source is None:
        return list(rows.notes)
    found = [*source.notes]
    if function is not None and (moved := moved_away(rows, function)):
        found.append(moved)
    if newer := sources.newer(source):
        found.append(newer)
    if rows.figures.telling == "functions" and source.is_python and source.unparsable:
        found.append(f"calls are not placed: {safe(source.path)} is {source.unparsable}")
    if not len(rows.figures.line) and not rows.figures.calls:
        found.append("this profile does not say what its lines cost")
    if function is not None and rows.figures.telling == "lines":
        found += _inlined(rows, function)
    return found


def moved_away(rows: SourceRows, function: int) -> str:
    """A sentence where the file no longer holds a function on the line that the profile names, else ""."""
    functions, source = rows.scope.functions, rows.source
    if source is None or functions.file[function] != rows.file:
        return ""
    name, line = functions.name[function], int(functions.line[function])
    shown = PurePath(source.path).name
    if line > len(source.lines) or rows.figures.line.max(initial=0) > len(source.lines):
        lines = counted(len(source.lines), "line")
        return f"{safe(shown)} has changed since the profile was made: it has only {lines} now"
    if source.outline is None or line <= 0 or source.outline.at(name, line):
        return ""
    return f"{safe(shown)} has changed since the profile was made: line {line} does not begin {safe(name)}"


def _inlined(rows: SourceRows, function: int) -> list[str]:
    total = rows.scope.total(rows.metric)
    others = elsewhere(rows.scope, rows.metric, function)
    name = safe(rows.scope.functions.name[function])
    return [
        f"{percent(cost, total)} of the total is code inlined into {name} from {safe(file)}"
        for file, cost in others[:3]
        if file
    ]
