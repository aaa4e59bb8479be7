"""From what is asked for to a report: which functions, in which order, how many of them."""

from __future__ import annotations

import re

import numpy as np

from proftui.analysis.scope import Scope
from proftui.model import Ids
from proftui.report.documents.report import Report, Section
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.wanted import DEFAULT_SORT, TEXTS, Wanted


def report_of(scope: Scope, wanted: Wanted) -> Report:
    """The report that is wanted of a scope."""
    # the other views are imported when asked for: they would be a tenth of the time that the functions take
    if wanted.view in ("tree", "bottom-up"):
        from proftui.report.documents.tree_view import tree_report

        return tree_report(scope, wanted)
    if wanted.view in ("parts", "matrix"):
        from proftui.report.documents import part_views

        return part_views.parts(scope, wanted) if wanted.view == "parts" else part_views.matrix(scope, wanted)
    if wanted.view == "functions" and wanted.group != "function":
        from proftui.report.documents.group_view import grouped

        return grouped(scope, wanted)
    rows = _functions(scope, wanted)
    shown = range(min(len(rows), wanted.top or len(rows)))
    summary = None
    if wanted.view == "summary":
        from proftui.report.summary import Summary, written_at

        summary = Summary(scope, wanted.metric, written=written_at(scope.profile.origin))
    if wanted.view in ("callers", "callees", "all-callers", "all-callees"):
        from proftui.report.documents.neighbour_view import neighbourhoods

        sections = neighbourhoods(rows, shown, wanted.view)
    elif wanted.view == "source":
        from proftui.report.documents.source_view import source_sections

        sections = source_sections(scope, wanted, [int(rows.table.function(int(rows.order[row]))) for row in shown])
    else:
        sections = [Section(rows, shown)]
    return Report(scope, wanted.view, wanted.metric, rows.sort, tuple(sections), len(shown), len(rows), summary)


def _functions(scope: Scope, wanted: Wanted) -> FunctionRows:
    """The functions (and in their own view the cycles) that match, in order."""
    sort = wanted.sort or DEFAULT_SORT[wanted.view]
    table = FunctionTable(scope, wanted.metric)
    kept: Ids | None = None
    if wanted.pattern is not None or wanted.view != "functions":
        pattern = wanted.pattern or re.compile("")
        size = table.size if wanted.view == "functions" else len(scope.graph)
        kept = np.array([at for at in range(size) if _matches(table, at, pattern)], np.int32)
    return FunctionRows(table, sort, (sort not in TEXTS) != wanted.reverse, kept)


def _matches(table: FunctionTable, at: int, pattern: re.Pattern[str]) -> bool:
    """Whether the pattern is found in a row's name or place."""
    if pattern.search(table.names[at]):
        return True
    return not table.is_cycle(at) and bool(pattern.search(table.scope.functions.location(table.function(at))))
