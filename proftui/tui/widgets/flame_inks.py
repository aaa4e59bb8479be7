"""The styles in which boxes of a flame graph are drawn, theme by theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from rich.style import Style
from textual.theme import Theme

from proftui.report.flame_colours import DARK, HIGH_CONTRAST, LIGHT, Colours
from proftui.tui import themes


class AnsiColours(Colours):
    """The terminal's sixteen, of which those are used on which black can be read; there are no shades."""

    def of_module(self, package: str, module: str) -> str:
        """A colour for the package."""
        if not package:
            return self.plain
        return self.packages[crc32(package.encode("utf-8", "replace")) % len(self.packages)]

    def tinted(self, colour: str, function: str) -> str:
        """The same: sixteen colours have no tints."""
        return colour

    def faded(self, colour: str) -> str:
        """The same: it is the text that tells."""
        return colour


ANSI = AnsiColours(
    background="default", text="black", thin="default",
    packages=("bright_blue", "bright_green", "bright_magenta", "bright_cyan", "yellow"),
    plain="white", rest="default", heats=("white", "bright_white", "yellow", "bright_magenta", "bright_red"),
    edge="black", match="bright_yellow", match_text="black",
)  # fmt: skip

Kind = Literal["rgb", "sixteen", "none"]


@dataclass(frozen=True)
class Inks:
    """Styles over a set of colours. Of `kind` "none" no colour reaches the screen: boxes are reversed instead."""

    colours: Colours
    kind: Kind
    accent: str
    on_accent: str

    @classmethod
    def of(cls, theme: Theme, *, no_color: bool) -> Inks:
        """Those that go with a theme."""
        if no_color or theme.ansi:
            return cls(ANSI, "none" if no_color else "sixteen", "default", "default")
        high = theme.name == themes.HIGH_CONTRAST.name
        colours = HIGH_CONTRAST if high else DARK if theme.dark else LIGHT
        return cls(colours, "rgb", str(theme.accent), str(theme.background))

    @property
    def empty(self) -> Style:
        """Where there is no box."""
        return Style(bgcolor=self.colours.background)

    @property
    def closing(self) -> Style:
        """The line at the end of the last box."""
        return Style(color=self.colours.plain, bgcolor=self.colours.background)

    def text(self, colour: str, mark: str) -> Style:
        """A name on a box of a colour; `mark` says how far its cost is known."""
        if colour in (self.colours.background, self.colours.rest):
            return Style(color=self.colours.thin, bgcolor=colour, dim=self.kind != "rgb")
        if self.kind == "none":
            return Style(reverse=True, dim=bool(mark))
        return Style(color=self.colours.text, bgcolor=colour, italic=bool(mark))

    def edge(self, text: Style) -> Style:
        """The line at the start of a box with such text."""
        if self.kind == "none":
            return text
        return Style(color=self.colours.edge, bgcolor=text.bgcolor)

    @property
    def cursor(self) -> Style:
        """The frame that keys act on."""
        if self.kind == "rgb":
            return Style(color=self.on_accent, bgcolor=self.accent, bold=True)
        return Style(bold=True, reverse=self.kind == "sixteen")

    @property
    def match(self) -> Style:
        """What was searched for."""
        if self.kind == "none":
            return Style(underline=True)
        return Style(color=self.colours.match_text, bgcolor=self.colours.match, bold=True)

    def twin(self, text: Style) -> Style:
        """Another frame of the cursor's function, in addition to the style that it has."""
        return text + Style(bold=True, underline=True)
