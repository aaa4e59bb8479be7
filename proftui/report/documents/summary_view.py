"""The summary written down: as text, as Markdown, and as records for JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from proftui import units
from proftui.analysis.findings import Finding
from proftui.report.documents.layout import PIPED
from proftui.report.documents.report import Style
from proftui.report.identity import identity_record, in_base, number
from proftui.report.plot import caption
from proftui.report.rows import Tone
from proftui.report.summary import Step, Summary, Top
from proftui.report.summary_lines import Item, PieceTone, Section, SectionName, Sections
from proftui.report.summary_words import facts, said

NARROW = 100
"""The cells of a summary where the output is no terminal, or a wider one: lines are read, not looked at."""

MOST = 10
"""How many functions and packages are listed."""

_TONES: dict[Tone | PieceTone, str] = {"title": "1", "dim": "2", "mark": "33", "cycle": "36"}


def sections(summary: Summary, cells: int) -> list[Section]:
    """All sections, for a column of that width."""
    drawing = Sections(summary, cells, MOST, roomy=True)
    profile = summary.scope.profile
    series: tuple[SectionName, ...] = ("series",) if profile.series else ()
    costs: tuple[SectionName, ...] = ("self", "inclusive", "path", "packages", "findings")
    return [drawing.made(name) for name in ("facts", *series, *(() if profile.only_over_time else costs))]


def text_lines(summary: Summary, style: Style) -> Iterator[str]:
    """The sections below each other, as the screen shows them."""
    cells = min(style.columns or NARROW, PIPED)
    for place, section in enumerate(sections(summary, cells)):
        if place:
            yield ""
            remark = f"  {section.remark}" if section.remark else ""
            yield _painted(section.title, "title", style) + _painted(remark, "dim", style)
        for line in (*section.before, *(line for item in section.items for line in item.lines)):
            text = "".join(_painted(piece.text, piece.tone, style) for piece in line)
            yield text[1:].rstrip() if text.startswith(" ") else text.rstrip()


def _painted(text: str, tone: PieceTone, style: Style) -> str:
    code = _TONES.get(tone, "")
    return f"\x1b[{code}m{text}\x1b[0m" if style.colour and code and text.strip() else text


def markdown_blocks(summary: Summary) -> Iterator[tuple[str, list[tuple[str, ...]], list[str]]]:
    """(title, rows of a table with its titles first, sentences) of each section; what is in backquotes are names."""
    scope, unit = summary.scope, summary.scope.metrics[summary.metric].unit
    functions = scope.functions

    def figures(cost: float, mark: str = "") -> tuple[str, str]:
        return f"{mark}{units.percent(cost, summary.total)}", f"{mark}{units.draw(cost, unit)}"

    yield "", [], list(facts(summary))
    if scope.profile.series:
        yield "Over time", [], [caption(series) for series in scope.profile.series]
    if scope.profile.only_over_time:
        return
    for title, tops in (("Most self cost", summary.self_cost), ("Most inclusive cost", summary.inclusive)):
        rows = [(*figures(top.cost, top.mark), functions.name[top.function], functions.location(top.function))
                for top in tops[:MOST]]  # fmt: skip
        yield title, [("Share", "Cost", "Function", "File:line"), *rows], []
    steps = [
        (
            *figures(step.node.inclusive.shown, step.node.inclusive.mark),
            item.name,
            f"{step.skipped:,}" if step.skipped else "",
        )
        for step, item in zip(summary.path, _path(summary), strict=True)
    ]
    yield "Heaviest path", [("Share", "Cost", "Function", "Further steps"), *steps], []
    packages = [(*figures(package.cost), package.name, package.whose) for package in summary.packages[:MOST]]
    yield "Self cost by package", [("Share", "Cost", "Package", "Whose"), *packages], []
    yield "Findings", [], [f"{finding.rule.title}: {said(summary, finding)}" for finding in summary.findings]


def _path(summary: Summary) -> Sequence[Item]:
    return Sections(summary, NARROW, len(summary.path)).made("path").items


def record(summary: Summary) -> dict[str, Any]:
    """The summary in base units, as the JSON schema has it."""
    unit = summary.scope.metrics[summary.metric].unit
    return {
        "written": None if summary.written is None else _utc(summary.written),
        "depth": summary.depth,
        "passing_on": len(summary.wrappers),
        "self": [_top(summary, top) for top in summary.self_cost],
        "inclusive": [_top(summary, top) for top in summary.inclusive],
        "path": [_step(summary, step) for step in summary.path],
        "packages": [
            {
                "name": package.name, "whose": package.whose, "functions": package.functions,
                "self": in_base(package.cost, unit),
            }
            for package in summary.packages
        ],
        "findings": [_finding(summary, finding) for finding in summary.findings],
    }  # fmt: skip


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _top(summary: Summary, top: Top) -> dict[str, Any]:
    cost = in_base(top.cost, summary.scope.metrics[summary.metric].unit)
    return {**identity_record(summary.scope.functions, top.function), "cost": cost, "mark": top.mark}


def _step(summary: Summary, step: Step) -> dict[str, Any]:
    scope, unit, node = summary.scope, summary.scope.metrics[summary.metric].unit, step.node
    if node.function is not None:
        identity = identity_record(scope.functions, node.function)
    else:
        name = "" if node.cycle is None else scope.condensed.label(node.cycle, scope.functions)
        identity = {"id": None, "name": name, "file": None, "line": None, "module": None}
    return {
        **identity,
        "depth": node.depth,
        "inclusive": in_base(node.inclusive.shown, unit),
        "low": in_base(node.inclusive.low, unit),
        "high": in_base(node.inclusive.high, unit),
        "mark": node.inclusive.mark,
        "skipped": step.skipped,
    }


def _finding(summary: Summary, finding: Finding) -> dict[str, Any]:
    functions, unit = summary.scope.functions, summary.scope.metrics[summary.metric].unit
    return {
        "rule": finding.rule.key,
        "title": finding.rule.title,
        "sentence": finding.sentence(functions, unit),
        "meaning": finding.rule.meaning,
        "advice": finding.rule.advice,
        "function": identity_record(functions, finding.function),
        "caller": None if finding.caller is None else identity_record(functions, finding.caller),
        "cost": in_base(finding.cost.low, unit),
        "cost_at_most": in_base(finding.cost.high, unit),
        "share": finding.share,
        "calls": number(finding.calls),
        "times": number(finding.times),
        "part_of": None if finding.within is None else finding.within + 1,
    }
