"""What is shown while files are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Middle, Vertical
from textual.screen import Screen

from proftui.report.text import safe
from proftui.tui.messages import Progressed
from proftui.tui.widgets.bars import FooterLine
from proftui.tui.widgets.line import Line, Span

BAR = 40


class ProgressLine(Line):
    """How far reading has come."""

    def __init__(self) -> None:
        super().__init__()
        self.share: float | None = None

    def spans(self) -> list[Span]:
        """A bar and the percentage."""
        if self.share is None:
            return [Span("opening", "dim")]
        full = round(BAR * self.share)
        return [Span("█" * full + "░" * (BAR - full), "bar"), Span(f"{self.share:4.0%}")]


class NameLine(Line):
    """What is being read."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
        self._file = safe(Path(paths[0]).name or paths[0]) + more

    def spans(self) -> list[Span]:
        """The file's name."""
        return [Span("Reading"), Span(self._file, "title", shrinks=True)]


class AttachingScreen(Screen[None]):
    """What is shown until the first samples are there; Escape goes to the start screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.stop_attaching", "Stop", id="attaching.stop")]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def compose(self) -> ComposeResult:
        """In the middle."""
        with Middle(), Vertical(id="progress"):
            yield SentenceLine(f"Attaching to {safe(self._name)} ...")
        yield FooterLine()


class SentenceLine(Line):
    """One sentence."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def spans(self) -> list[Span]:
        """All of it."""
        return [Span(self._text, shrinks=True)]


class LoadingScreen(Screen[None]):
    """A name and a bar; Escape stops reading."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.stop_reading", "Stop", id="loading.stop")]

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self._paths = paths

    def compose(self) -> ComposeResult:
        """In the middle."""
        with Middle(), Vertical(id="progress"):
            yield NameLine(self._paths)
            yield ProgressLine()
        yield FooterLine()

    def on_progressed(self, message: Progressed) -> None:
        """Move the bar."""
        line = self.query_one(ProgressLine)
        line.share = message.share
        line.refresh()
