"""How the user wants the viewer: what the command line and the config say, passed down from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proftui.analysis.filters import Filter, MyCode
    from proftui.model import Profile
    from proftui.tui.state import ViewName, ViewState

THEME_NAMES = ("dark", "light", "high-contrast", "terminal")
"""The themes, known without Textual."""

VIEW_NAMES = ("summary", "functions", "neighbours", "tree", "bottom-up", "flame", "source", "parts")
"""The views, known without what they show."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Wishes; the default of each is what the viewer does without one.

    theme        a theme's name, None for what the terminal can show and has
    keymap       keys by binding id, as Textual has them: {"viewer.search": "slash,ctrl+f"}
    view         what is shown first, None for the functions
    columns      keys of the columns of the functions view, in order; none for all
    mine, not_mine   patterns of files that are and are not the user's own code, beyond what their paths tell
    source_maps  (path as recorded, path here)
    watch        whether the files are followed
    filters      what is kept of the profile at first
    """

    theme: str | None = None
    keymap: Mapping[str, str] = field(default_factory=dict)
    view: ViewName | None = None
    columns: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    not_mine: tuple[str, ...] = ()
    source_maps: tuple[tuple[str, str], ...] = ()
    watch: bool = False
    filters: tuple[Filter, ...] = ()

    @property
    def my_code(self) -> MyCode:
        """The rules that tell the user's own code."""
        from proftui.analysis.filters import MyCode

        return MyCode(self.mine, self.not_mine)

    @property
    def state(self) -> ViewState:
        """What the viewer begins with, of any profile."""
        from proftui.tui.state import Place, ViewState

        place = Place(self.view) if self.view is not None else Place()
        return ViewState(place=place, filters=self.filters)

    def beginning(self, profile: Profile) -> ViewState:
        """What the viewer begins with, of this profile: with the metric that it has beside the first."""
        return replace(self.state, second=profile.beside)
