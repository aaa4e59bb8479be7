"""A report as Markdown tables, as GitHub and GitLab draw them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from proftui.report.documents.as_text import drawn, heading, truncation
from proftui.report.documents.layout import fitting
from proftui.report.documents.report import Report, Section, Style
from proftui.report.rows import Column
from proftui.report.text import safe, width

if TYPE_CHECKING:
    from proftui.report.summary import Summary

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")

INDENT = "\N{NO-BREAK SPACE}" * 2
"""What a level of a tree is indented by: Markdown swallows blanks."""


def lines(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # every document takes a style
    """The lines of Markdown, without their ends."""
    if report.summary is not None:
        yield from _summary(report.summary)
        return
    first, *others = heading(report)
    yield f"**{_escaped(first)}**"
    for line in others:
        yield ""
        yield _escaped(line)
    for section in report.sections:
        yield ""
        if section.title:
            yield f"#### {_escaped(section.title)}"
            yield ""
        yield from _table(section)
    if announced := truncation(report):
        yield ""
        yield f"*{_escaped(announced)}*"


def _summary(summary: Summary) -> Iterator[str]:
    from proftui.report.documents.summary_view import markdown_blocks

    for title, table, sentences in markdown_blocks(summary):
        if title:
            yield f"#### {_escaped(title)}"
            yield ""
        for sentence in sentences:
            yield f"- {_escaped(sentence)}"
        for place, row in enumerate(table):
            texts = map(safe, row)
            yield _line([_code(text) if at == 2 and place else _escaped(text) for at, text in enumerate(texts)])
            if not place:
                yield _line(["---:", "---:", *["---"] * (len(row) - 2)])
        yield ""


def _table(section: Section) -> Iterator[str]:
    table = [[cell.text for cell in cells] for cells in drawn(section)]
    if not table:
        yield "(none)"
        return
    columns = section.rows.columns
    natural = [max(width(row[index]) for row in table) for index in range(len(columns))]
    kept = list(fitting(columns, natural, None))
    yield _line([_escaped(columns[index].title) for index in kept])
    yield _line(["---:" if columns[index].align == "right" else "---" for index in kept])
    for row in table:
        yield _line([_cell(columns[index], row[index]) for index in kept])


def _cell(column: Column, text: str) -> str:
    if column.align == "right":
        return _escaped(text)
    name = text.lstrip(" ")
    return INDENT * ((len(text) - len(name)) // 2) + _code(name)


def _code(text: str) -> str:
    """`text` as a code span in a table: the bar must be escaped even there; a fence longer than any inside."""
    if not text:
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"
