"""A small app with the viewer's own styles, for one widget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from textual.app import App
from textual.pilot import Pilot

from proftui.tui import app as viewer
from proftui.tui.themes import DARK, THEMES


class Styled(App[None]):
    """An app that looks like the viewer."""

    CSS_PATH = Path(viewer.__file__).with_name("app.tcss")

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    @property
    def lines(self) -> list[str]:
        """What is on screen."""
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait for something that time brings, such as the end of a resize; fails after ten seconds."""
    end = monotonic() + 10
    while not holds():
        assert monotonic() < end
        await pilot.pause()
