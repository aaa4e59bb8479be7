"""The sections of a summary as lines of text in tones, for a width; each item leads somewhere."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from proftui import units
from proftui.analysis.whose import WHOSE, Whose
from proftui.report.identity import full_name
from proftui.report.plot import caption, lasting, peak, plot
from proftui.report.rows import Tone
from proftui.report.summary import Step, Summary, Top
from proftui.report.summary_words import NO_CALLERS, facts, named, nothing_found, said
from proftui.report.text import ending, fit, head, middle, safe, width

if TYPE_CHECKING:
    from proftui.analysis.findings import Finding
    from proftui.analysis.packages import PackageCost

PieceTone = Literal[Tone, "title", "bar"]

SectionName = Literal["facts", "series", "self", "inclusive", "path", "packages", "findings"]

LONGEST_WHOSE = max(map(len, WHOSE))

FIGURE = 8
"""The cells of a share with its mark, or of a cost."""

WITH_COST = 56
"""From this many cells on a line shows share and cost."""

WITH_PLACE = 72
"""From this many cells on a function's file stands beside its name in full, else without its folders."""

SHORTEST_PLACE = 12
"""The cells within which a place still tells something."""

MOST_PLOTS = 4
"""How many series are drawn at most."""

PLOT_HEIGHT = 8
"""The lines of a plot."""

EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Piece:
    """Safe text in a tone; `heat` is the share (0 to 1) that warms its colour."""

    text: str
    tone: PieceTone = "normal"
    heat: float | None = None


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the cursor can stand on.

    key       unique on the page and stable
    name      what it is called, `detail` the same in full
    function  the id of the function that it is about
    path      of a step of the heaviest path the keys from the root, of other items ()
    group     of a package its name among the functions grouped by package
    """

    key: Hashable
    lines: tuple[Line, ...]
    name: str
    detail: str
    function: int
    path: tuple[int, ...] = ()
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a title: those of `before` lead nowhere."""

    name: SectionName
    title: str
    remark: str = ""
    before: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, eq=False)
class Sections:
    """Draws a summary, `cells` wide: at most `most` items of a list and `plots` over time, findings in full where
    `roomy`.

    With `absolute` figures are costs in place of shares. What is not `ready` is announced, not made.
    """

    summary: Summary
    cells: int
    most: int = 5
    roomy: bool = False
    absolute: bool = False
    ready: bool = True
    plots: int = MOST_PLOTS

    def made(self, name: SectionName) -> Section:
        """One of the sections."""
        if name in ("path", "packages", "findings") and not self.ready:
            title = {"path": "Heaviest path", "packages": "Self cost by package", "findings": "Findings"}[name]
            return Section(name, title, before=((Piece("  ...", "dim"),),))
        section: Section = getattr(self, f"_{name}")()
        return section

    # ------------------------------------------------------------------ what was measured

    def _facts(self) -> Section:
        lines = [line for text in facts(self.summary) for line in wrapped(text, self.cells - 1, most=2)]
        return Section("facts", "", before=tuple((Piece(f" {line}"),) for line in lines))

    # ------------------------------------------------------------------ over time

    def _series(self) -> Section:
        series = self.summary.scope.profile.series
        peaks = [highest[1] if (highest := peak(one)) else -math.inf for one in series]
        foremost = sorted(sorted(range(len(series)), key=lambda at: -peaks[at])[: self.plots])
        shown = [series[at] for at in foremost]
        height = PLOT_HEIGHT if self.roomy and len(shown) == 1 else PLOT_HEIGHT // 2
        lines: list[Line] = []
        for one in shown:
            lines += [(Piece(f" {line}"),) for line in wrapped(caption(one), self.cells - 1, most=2)]
            lines += [(Piece(f" {line}", "bar"),) for line in plot(one, self.cells - 1, height, lasting(series))]
        rest = f"{len(shown)} of {len(series):,}, by peak" if len(shown) < len(series) else ""
        return Section("series", "Over time", rest, tuple(lines))

    # ------------------------------------------------------------------ functions

    def _self(self) -> Section:
        tops = self.summary.self_cost[: self.most]
        items = tuple(self._function("self", top) for top in tops)
        return Section("self", "Most self cost", self._of(len(tops)), (), items)

    def _of(self, shown: int) -> str:
        return f"{shown} of {units.counted(len(self.summary.scope.graph), 'function')}"

    def _inclusive(self) -> Section:
        wrappers = self.summary.wrappers
        names = ", ".join(named(self.summary, function) for function in wrappers[:3].tolist())
        more = ", ..." if len(wrappers) > 3 else ""
        remark = f"without {len(wrappers):,} that pass it on" if len(wrappers) else ""
        if remark and self._fits("Most inclusive cost", f"{remark}: {names}{more}"):
            remark += f": {names}{more}"
        items = tuple(self._function("inclusive", top) for top in self.summary.inclusive[: self.most])
        return Section("inclusive", "Most inclusive cost", remark, self._unless(items, NO_CALLERS), items)

    def _function(self, section: SectionName, top: Top) -> Item:
        functions = self.summary.scope.functions
        name, place = named(self.summary, top.function), safe(functions.location(top.function))
        if self.cells < WITH_PLACE:
            place = re.split(r"[/\\]", place)[-1]
        lead = self._figures(top.cost, top.mark)
        room = self.cells - sum(width(piece.text) for piece in lead) - 1
        most = min(max(width(name), room // 2), room - min(width(place), SHORTEST_PLACE) - 2)
        left = room - most - 2
        pieces = [Piece(" "), *lead]
        if place and left >= min(width(place), SHORTEST_PLACE):
            pieces += [Piece(fit(middle(name, most), most)), Piece("  " + ending(place, left), "dim")]
        else:
            pieces.append(Piece(middle(name, room)))
        detail = f"{full_name(functions, top.function)}  {section} {self._cost(top.cost, top.mark)}"
        return Item((section, top.function), (tuple(pieces),), name, detail, top.function)

    def _unless(self, items: Sequence[Item], why: str) -> tuple[Line, ...]:
        """Why there are no items, if there are none."""
        return () if items else ((Piece("  " + middle(why, self.cells - 2), "dim"),),)

    def _fits(self, title: str, remark: str) -> bool:
        return len(title) + width(remark) + 3 <= self.cells

    def _cost(self, cost: float, mark: str = "") -> str:
        summary = self.summary
        unit = summary.scope.metrics[summary.metric].unit
        part = min(cost, summary.total) if mark and summary.total > 0 else cost
        return f"{mark}{units.draw(cost, unit)} ({units.percent(part, summary.total)})"

    def _figures(self, cost: float, mark: str = "") -> list[Piece]:
        """The share or cost with its mark, and where there is room both."""
        summary = self.summary
        total, unit = summary.total, summary.scope.metrics[summary.metric].unit
        heat = cost / total if total and not mark else None
        tone: PieceTone = "mark" if mark else "normal"
        if mark == "?":
            share = absolute = "?"
        else:
            part = min(cost, total) if mark and total > 0 else cost
            share, absolute = mark + units.percent(part, total), mark + units.draw(cost, unit)
        shown = [absolute if self.absolute else share]
        if self.cells >= WITH_COST and not self.absolute:
            shown.append(absolute)
        first, *others = (fit(text, FIGURE + at, right=True) + "  " for at, text in enumerate(shown))
        return [Piece(first, tone, heat), *(Piece(text, "dim") for text in others)]

    # ------------------------------------------------------------------ path and packages

    def _path(self) -> Section:
        steps, most = self.summary.path, self.most + (3 if self.most <= 5 else 6)
        kept = len(steps) if len(steps) <= most else most * 2 // 3
        last = [] if kept == len(steps) else list(range(len(steps) - (most - kept), len(steps)))
        items = [self._step(at, steps[at]) for at in [*range(kept), *last]]
        if last:
            indent = " " * (FIGURE + 2 + self._indent(kept))
            left_out = Piece(f"{indent}⋮ {units.counted(last[0] - kept, 'step')}", "dim")
            items[kept - 1] = replace(items[kept - 1], lines=(*items[kept - 1].lines, (left_out,)))
        estimated = any(step.node.inclusive.mark for step in steps)
        remark = "~ estimated, <= at most" if estimated else ""
        return Section("path", "Heaviest path", remark, self._unless(items, NO_CALLERS), tuple(items))

    def _indent(self, at: int) -> int:
        return min(at, self.cells // 6) + 1

    def _step(self, at: int, step: Step) -> Item:
        summary, node, figure = self.summary, step.node, step.node.inclusive
        scope = summary.scope
        if node.function is not None:
            function, name = node.function, named(summary, node.function)
        else:
            cycle = node.cycle if node.cycle is not None else 0
            function = int(scope.graph.function[scope.condensed.members(cycle)[0]])
            name = safe(scope.condensed.label(cycle, scope.functions))
        lead = self._figures(figure.shown, figure.mark)[:1]
        skipped = f"  … {step.skipped:,} more" if step.skipped else ""
        indent = self._indent(at) - 1
        room = self.cells - 1 - width(lead[0].text) - indent - width(skipped)
        tone: PieceTone = "cycle" if node.kind == "cycle" else "normal"
        pieces = (Piece(" "), *lead, Piece(" " * indent + middle(name, room), tone), Piece(skipped, "dim"))
        place = full_name(scope.functions, function) if node.function is not None else name
        detail = f"{place}  here {self._cost(figure.shown, figure.mark)}"
        if step.skipped:
            detail += f", and {step.skipped:,} more that pass it on"
        return Item(("path", node.path), (pieces,), name, detail, function, node.path)

    def _packages(self) -> Section:
        packages = self.summary.packages
        costs = {whose: cost for whose in WHOSE if (cost := _sum(packages, whose)) > 0}
        texts = [
            f"{whose} {units.percent(costs[whose], self.summary.total)}"
            for whose in sorted(costs, key=lambda whose: -costs[whose])
        ]
        shorter = (", ".join(texts[:kept] + ["..."] * (kept < len(texts))) for kept in range(len(texts), 0, -1))
        remark = next((text for text in shorter if self._fits("Self cost by package", text)), "")
        widest = max((width(safe(package.name)) for package in packages[: self.most]), default=0)
        items = tuple(self._package(package, widest) for package in packages[: self.most])
        return Section("packages", "Self cost by package", remark, (), items)

    def _package(self, package: PackageCost, widest: int) -> Item:
        share = package.cost / self.summary.total if self.summary.total else 0.0
        lead, name = self._figures(package.cost, package.mark)[0], safe(package.name)
        whose = package.whose
        room = self.cells - 1 - width(lead.text)
        named = min(widest, max(room - LONGEST_WHOSE - 12, 8))
        left = max(0, room - named - 2)
        cells = max(0, min(24, left - LONGEST_WHOSE - 2))
        pieces = (
            Piece(" "), lead, Piece(fit(middle(name, named), named)),
            Piece("  " + fit(head(whose, left), min(LONGEST_WHOSE, left)), "dim"),
            Piece("  " + bar(share, cells).rstrip() if cells else "", "bar"),
        )  # fmt: skip
        cost, count = self._cost(package.cost, package.mark), units.counted(package.functions, "function")
        detail = f"{name}  {whose}, {count}, self {cost}"
        key = ("package", package.name, package.whose)
        return Item(key, (pieces,), name, detail, package.heaviest, group=package.group)

    # ------------------------------------------------------------------ findings

    def _findings(self) -> Section:
        found = self.summary.findings
        before: set[str] = set()
        items = []
        for at, finding in enumerate(found):
            items.append(self._finding(at, finding, explained=finding.rule.key in before))
            before.add(finding.rule.key)
        nothing = self._unless(items, nothing_found(self.summary))
        return Section("findings", "Findings", "by cost at stake" if len(found) > 1 else "", nothing, tuple(items))

    def _finding(self, at: int, finding: Finding, *, explained: bool) -> Item:
        rule = finding.rule
        sentence = said(self.summary, finding)
        number = f" {at + 1}  "
        room = self.cells - len(number)
        texts: list[tuple[str, PieceTone]]
        if not self.roomy:
            texts = [(line, "normal") for line in wrapped(sentence, room, most=2)]
        else:
            texts = [(line, "title") for line in wrapped(rule.title, room, most=1)]
            texts += [(line, "normal") for line in wrapped(sentence, room, most=4)]
            if not explained:
                texts += [(line, "dim") for line in wrapped(f"{rule.meaning} {rule.advice}", room, most=6)]
        lines = tuple(
            (Piece(number if not place else " " * len(number), "title", finding.share), Piece(text, tone))
            for place, (text, tone) in enumerate(texts)
        )
        return Item(("finding", rule.key, finding.function), lines, sentence, rule.advice, finding.function)


def bar(share: float, cells: int) -> str:
    """A bar of `cells` in eighths of a cell."""
    full, part = divmod(round(min(max(share, 0.0), 1.0) * cells * 8), 8)
    return ("█" * full + (EIGHTHS[part] if part else "")).ljust(cells)


def wrapped(text: str, cells: int, most: int) -> list[str]:
    """`text` in at most `most` lines of `cells`, broken at blanks; what is too long is cut with an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width(longer) > cells:
            lines.append(line)
            longer = word
        line = longer
    lines.append(line)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [fit(line, cells).rstrip() if width(line) > cells else line for line in lines]


def _sum(packages: Iterable[PackageCost], whose: Whose) -> float:
    return sum(package.cost for package in packages if package.whose == whose)
