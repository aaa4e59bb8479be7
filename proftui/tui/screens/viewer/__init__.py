"""The viewer: one profile, its views, and the state that decides what they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.tui.screens.viewer.copying import CopyKeys
from proftui.tui.screens.viewer.editing import EditKeys
from proftui.tui.screens.viewer.figures import FigureKeys
from proftui.tui.screens.viewer.filtering import FilterKeys
from proftui.tui.screens.viewer.finding import FindingKeys
from proftui.tui.screens.viewer.marking import MarkKeys
from proftui.tui.screens.viewer.output import OutputKeys
from proftui.tui.screens.viewer.places import PlaceKeys
from proftui.tui.screens.viewer.renewing import RenewKeys
from proftui.tui.screens.viewer.spans import SpanKeys
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.views import VIEWS

__all__ = ["KEYS", "Stage", "Viewer"]

KEYS: tuple[tuple[str, type[Stage]], ...] = (
    ("Find", FindingKeys),
    ("Figures", FigureKeys),
    ("Filter", FilterKeys),
    ("Go", PlaceKeys),
    ("Take out", OutputKeys),
    ("Copy", CopyKeys),
    ("Bookmarks", MarkKeys),
    ("Read again", RenewKeys),
    ("Time", SpanKeys),
    ("Edit", EditKeys),
)
"""What the viewer's keys are about, and where they are declared; the footer has them in this order."""


class Viewer(
    EditKeys, MarkKeys, RenewKeys, SpanKeys, CopyKeys, OutputKeys, PlaceKeys, FilterKeys, FigureKeys, FindingKeys
):
    """The stage with all its keys; Textual gives those of the last base first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel work, or clear search or zoom", show=False, id="viewer.cancel"),
        *(
            Binding(str(view.number), f"view('{view.view}')", view.title, show=False, id=f"viewer.{view.view}")
            for view in VIEWS
        ),
    ]

    def keyless(self) -> dict[str, Callable[[], object]]:
        """What the palette offers that no key does."""
        commands: dict[str, Callable[[], object]] = {"The screen as an SVG file": self.take_picture}
        if self.session.earlier is not None:
            commands["Forget the changes since the last reading"] = self.forget_comparison
        return commands
