"""A report as plain text, to read in a terminal or to paste into a pull request."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from proftui import units
from proftui.report.documents.layout import GAP, fitting
from proftui.report.documents.report import Report, Section, Style
from proftui.report.plot import caption
from proftui.report.rows import Cell, Column
from proftui.report.text import Cut, fit, middle, safe, shortened, width

_TONES = {"dim": "2", "mark": "33", "link": "4", "cycle": "36"}
"""The terminal's colour codes of cells that are not normal."""

_BOLD = "1"


def lines(report: Report, style: Style) -> Iterator[str]:
    """The lines of text, without their ends."""
    if report.summary is not None:
        from proftui.report.documents.summary_view import text_lines

        yield from text_lines(report.summary, style)
        return
    for line in heading(report):
        yield from _wrapped(line, style)
    for section in report.sections:
        yield ""
        if section.title:
            yield _painted(_cut(section.title, style), _BOLD, style)
        yield from _table(section, style)
    if announced := truncation(report):
        yield ""
        yield from _wrapped(announced, style)


def heading(report: Report) -> Iterator[str]:
    """What was measured: file, format, kind and total; functions, calls and parts; the notes."""
    scope, profile = report.scope, report.scope.profile
    told = "" if profile.only_over_time else f", {report.measured.label} {report.amount}"
    yield safe(f"{profile.name}: {profile.origin.format}, {profile.origin.kind}{told}")
    counted = [units.counted(len(scope.graph), "function")]
    if report.calls is not None:
        primitive = units.draw(report.primitive_calls, units.COUNT)
        apart = report.primitive_calls not in (None, report.calls)
        counted.append(units.counted(report.calls, "call") + (f" ({primitive} primitive)" if apart else ""))
    if len(profile.parts) > 1:
        chosen = "" if scope.parts is None else f"{len(scope.parts):,} of "
        counted.append(f"{chosen}{units.counted(len(profile.parts), 'part')}")
    if not profile.only_over_time:
        yield ", ".join(counted)
    if profile.origin.command:
        yield f"command: {safe(profile.origin.command)}"
    for series in profile.series:
        yield caption(series)
    for note in profile.notes:
        yield f"note: {safe(note)}"


def truncation(report: Report) -> str:
    """One sentence on what is left out, or nothing."""
    if report.shown == report.of:
        return ""
    if report.of is None:
        return f"the {report.shown:,} heaviest rows of the tree; --top, --min and --depth show others"
    what = {"functions": "rows", "parts": "parts"}.get(report.view, "functions")
    what = "groups" if report.group != "function" else what
    return f"{report.shown:,} of {report.of:,} {what}; --top 0 shows all"


def drawn(section: Section) -> list[list[Cell]]:
    """The cells of the shown rows; a tree's names are indented by depth."""
    rows = section.rows
    name = next(index for index, column in enumerate(rows.columns) if column.flexible)
    table = [list(rows.cells(row)) for row in section.shown]
    for row, cells in zip(section.shown, table, strict=True):
        if depth := rows.depth(row):
            cells[name] = replace(cells[name], text="  " * depth + cells[name].text)
    return table


def _table(section: Section, style: Style) -> Iterator[str]:
    columns, table = section.rows.columns, drawn(section)
    if not table:
        yield "(none)"
        return
    natural = [
        max(width(column.title), *(width(cells[index].text) for cells in table)) for index, column in enumerate(columns)
    ]
    layout = fitting(columns, natural, style.columns)
    titles = [Cell(column.title) for column in columns]
    yield _painted(_line(columns, titles, layout, Style(style.columns)), _BOLD, style)
    for cells in table:
        yield _line(columns, cells, layout, style)


def _line(columns: Sequence[Column], cells: Sequence[Cell], layout: dict[int, int], style: Style) -> str:
    texts = []
    for index, wide in layout.items():
        cut: Cut = "end" if columns[index].cut == "end" else "middle"
        text = cells[index].text if style.columns is None else shortened(cells[index].text, wide, cut)
        if width(text) < wide:
            text = fit(text, wide, right=columns[index].align == "right")
        texts.append(_painted(text, _TONES.get(cells[index].tone, ""), style))
    return (" " * GAP).join(texts).rstrip()


def _wrapped(text: str, style: Style) -> list[str]:
    return [text] if style.columns is None else textwrap.wrap(text, style.columns, subsequent_indent="  ")


def _cut(text: str, style: Style) -> str:
    return text if style.columns is None else middle(text, style.columns)


def _painted(text: str, code: str, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.colour and code and text.strip() else text
