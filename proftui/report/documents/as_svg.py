"""A flame graph as a picture that needs nothing but itself: SVG 1.1 (https://www.w3.org/TR/SVG11/) and CSS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from proftui import units
from proftui.report.documents.report import Report, Style
from proftui.report.flame_colours import DARK, LIGHT
from proftui.report.text import middle, safe

if TYPE_CHECKING:
    from proftui.analysis.flame import Box
    from proftui.report.flame import FlameText

WIDTH = 1200
"""Pixels across; the picture scales to any width."""

ROW, MARGIN, LETTER = 18, 10, 6.6
"""The height of a row, the space around the graph, and the width of a letter of 11 pixels."""

THINNEST = 1.0
"""Pixels of the thinnest frame that is drawn."""

GAP = 0.7
"""Pixels between boxes, taken from the left one."""

MOST = 20_000
"""Boxes at most; what is left out is said."""

LONGEST = 140
"""Letters of the title at most."""

MARKED = " Names after ~ are estimates, after <= at most that, after ? unknown: the width of these says nothing."

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


@dataclass(frozen=True)
class Picture:
    """The boxes of a report's metric."""

    report: Report
    text: FlameText

    @property
    def rows(self) -> list[list[Box]]:
        """The boxes, the outermost first."""
        return [row for row in self.text.flame.rows if row]

    @property
    def height(self) -> int:
        """In pixels, with title and notes above the rows."""
        return self.top + len(self.rows) * ROW + MARGIN

    @cached_property
    def top(self) -> int:
        """Where the rows begin."""
        return MARGIN + (2 + len(self.notes)) * ROW

    @cached_property
    def notes(self) -> list[str]:
        """What has to be known of the widths, and of the profile."""
        from proftui.report.documents.whole_flame import cut_off, widths_known

        known = widths_known(self.text)
        if any(box.node.inclusive.mark for row in self.rows for box in row):
            known += MARKED
        return [note for note in (known, cut_off(self.text)) if note] + self.report.captions


def lines(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # every document takes a style
    """The lines of the picture."""
    picture = _picture(report)
    size = f'width="100%" viewBox="0 0 {WIDTH} {picture.height}" preserveAspectRatio="xMidYMin"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{escape(FONT)}" font-size="11">'
    classes: dict[tuple[str, str], str] = {}
    boxes = [line for row in picture.rows for box in row for line in _box(picture, box, classes)]
    yield from _styles(classes)
    title, *rest = _heading(report)
    yield f"<title>{_text(title)}</title>"
    yield f'<rect class="paper" width="{WIDTH}" height="{picture.height}"/>'
    yield f'<text class="title" x="{MARGIN}" y="{MARGIN + 12}">{_text(title)}</text>'
    for at, sentence in enumerate((*rest, *picture.notes), 1):
        yield f'<text class="note" x="{MARGIN}" y="{MARGIN + 12 + at * ROW}">{_text(sentence)}</text>'
    yield from boxes
    yield "</svg>"


def _picture(report: Report) -> Picture:
    from proftui.report.documents.whole_flame import whole_flame

    return Picture(report, whole_flame(report.scope, report.metric, THINNEST / (WIDTH - 2 * MARGIN), MOST))


def _heading(report: Report) -> list[str]:
    """What was measured, and how much of it."""
    profile, metric = report.scope.profile, report.measured
    chosen = (
        "" if report.scope.parts is None else f", {len(report.parts):,} of {units.counted(len(profile.parts), 'part')}"
    )
    return [
        middle(f"{safe(profile.name)}: {metric.label}", LONGEST),
        f"{profile.origin.format}, {profile.origin.kind}, {report.amount}{chosen}",
    ]


def _box(picture: Picture, box: Box, classes: dict[tuple[str, str], str]) -> Iterator[str]:
    """A box with its tooltip, and its name where there is room."""
    text, across = picture.text, WIDTH - 2 * MARGIN
    x, wide = MARGIN + box.x * across, box.width * across
    if wide < THINNEST / 2:  # a rest may be; so may frames that their bounds have narrowed
        return
    place = f'x="{x:.2f}" y="{picture.top + box.row * ROW}" width="{max(wide - GAP, wide / 2):.2f}" height="{ROW - 1}"'
    colours = text.colour(box, LIGHT, "module"), text.colour(box, DARK, "module")
    kind = classes.setdefault(colours, f"c{len(classes)}")
    unknown = box.node.inclusive.mark == "?" and box.node.kind != "rest"
    thin = " thin" if unknown or box.node.kind == "rest" else " guess" if box.node.inclusive.mark else ""
    yield f"<g><title>{_text(text.detail(box))}</title>"
    yield f'<rect class="{kind}" {place}/>'
    if unknown:
        yield f'<rect fill="url(#hatch)" {place}/>'
    if label := text.label(box, int((wide - 5) / LETTER)):
        yield f'<text class="name{thin}" x="{x + 3:.2f}" y="{picture.top + box.row * ROW + 12.5}">{_text(label)}</text>'
    yield "</g>"


def _styles(classes: dict[tuple[str, str], str]) -> Iterator[str]:
    """Colours of the light theme, and of the dark one where the reader prefers that."""
    yield "<style>"
    yield ".title { font-weight: bold; font-size: 13px } .name { white-space: pre } .guess { font-style: italic }"
    yield "g:hover > rect { stroke: currentColor; stroke-width: 1 }"
    for theme, colours in enumerate((LIGHT, DARK)):
        if theme:
            yield "@media (prefers-color-scheme: dark) {"
        yield f"svg {{ color: {colours.text}; background: {colours.background} }} text {{ fill: {colours.text} }}"
        yield f".paper {{ fill: {colours.background} }} .note, .thin {{ fill: {colours.thin} }}"
        yield f".hatching {{ stroke: {colours.thin} }}"
        for pair, kind in classes.items():
            yield f".{kind} {{ fill: {pair[theme]} }}"
    yield "}"
    yield "</style>"
    yield '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    yield '<line class="hatching" x1="0" y1="0" x2="0" y2="6" stroke-width="1" opacity="0.5"/></pattern></defs>'


def _text(text: str) -> str:
    """Text as XML has it; `safe` leaves no character that it forbids."""
    return escape(safe(text), quote=False)
