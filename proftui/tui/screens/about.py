"""Where a profile comes from, and what is to be known about it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from proftui import units
from proftui.model import Profile
from proftui.report.text import safe
from proftui.tui.screens.choose import Heading
from proftui.tui.widgets.bars import FooterLine


class AboutScreen(ModalScreen[None]):
    """Origin, metrics, parts and notes as text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,i", "dismiss(None)", "Close", id="about.close"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="about.up"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="about.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="about.page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="about.page-down"),
    ]

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self._profile = profile

    def compose(self) -> ComposeResult:
        """The title, the text, and the keys."""
        with Vertical(classes="dialog"):
            yield Heading(safe(self._profile.name))
            with VerticalScroll(can_focus=False):
                yield Static("\n".join(about(self._profile)), markup=False)
            yield FooterLine()

    def action_scroll(self, lines: int) -> None:
        """Move the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Move the text by what is on screen."""
        text = self.query_one(VerticalScroll)
        text.scroll_relative(y=pages * text.size.height, animate=False)


def about(profile: Profile) -> list[str]:
    """The text, line by line, safe to draw; what the file does not say is left out."""
    origin = profile.origin
    facts = [
        ("File", origin.path), ("Format", f"{origin.format}, {origin.kind}"),
        ("Made by", origin.creator), ("Command", origin.command),
    ]  # fmt: skip
    lines = [f"{label:<9}{safe(text)}" for label, text in facts if text]
    for index, metric in enumerate(profile.metrics):
        totals = [part.graph.totals[part.metrics.index(index)] for part in profile.parts if index in part.metrics]
        formula = f" = {safe(metric.formula)}" if metric.formula else ""
        drawn = units.draw(float(sum(totals)), metric.unit)
        lines.append(f"{'Metrics' if index == 0 else '':<9}{safe(metric.label)}{formula}: {drawn}")
    parts = len(profile.parts)
    lines.append(f"{'Parts':<9}{parts:,}" if parts > 1 else f"{'Part':<9}{safe(profile.parts[0].label)}")
    if profile.notes:
        lines += ["", *(f"• {safe(note)}" for note in profile.notes)]
    return lines
