"""Functions in their sources, each with a few lines around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from proftui.analysis.line_figures import LineFigures
from proftui.analysis.scope import Scope
from proftui.report.documents.report import Section
from proftui.report.identity import full_name
from proftui.report.source import Sources
from proftui.report.source_map import SourceMap
from proftui.report.source_page import file_figures, remarks, source_rows, window_of
from proftui.report.wanted import Wanted


def source_sections(scope: Scope, wanted: Wanted, functions: Sequence[int]) -> list[Section]:
    """One section for each function: its lines and the ones around it, below what is to be known of the file."""
    sources = Sources(scope.profile.origin.path, SourceMap(wanted.maps))

    @cache
    def figures(file: str) -> LineFigures:
        return file_figures(scope, wanted.metric, file, sources)

    return [
        _section(scope, wanted, function, sources, figures(scope.functions.file[function])) for function in functions
    ]


def _section(scope: Scope, wanted: Wanted, function: int, sources: Sources, figures: LineFigures) -> Section:
    beside = scope.profile.beside
    second = None if beside == wanted.metric else beside
    rows = source_rows(scope, wanted.metric, function, sources, figures=figures, second=second)
    rows = replace(rows, notes=tuple(remarks(rows, sources)), window=window_of(rows, function))
    return Section(rows, range(len(rows)), full_name(scope.functions, function))
