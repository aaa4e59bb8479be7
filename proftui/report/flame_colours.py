"""The colours of flame graphs, on screen and on paper: by module, or by what a frame itself spends."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

Colouring = Literal["module", "self"]

HEAT_STEPS = (0.01, 0.05, 0.15, 0.40)
"""The shares of the total at which a frame's own cost gives it the next warmer colour."""

SHADES = 3
"""How many shades of its package's colour a module may get."""

TINTS = 4
"""How many tints of its module's colour a function may get, so that frames on each other stand apart."""

FADED = 0.55
"""How much of its colour a frame keeps whose cost is not known exactly; the rest is the background's."""


@dataclass(frozen=True)
class Colours:
    """One set of colours as #rrggbb: `text` can be read on all of the boxes.

    packages  of one lightness, so that none of them stands out
    plain     a frame whose module is unknown, and a cycle
    rest      what is too thin to be drawn; `thin` is the text on it and on what is unknown
    heats     from cold to hot
    edge      the line between boxes
    """

    background: str
    text: str
    thin: str
    packages: tuple[str, ...]
    plain: str
    rest: str
    heats: tuple[str, ...]
    edge: str
    match: str
    match_text: str

    def of_module(self, package: str, module: str) -> str:
        """The colour of a module: the same in every run, its package's in a shade of its own."""
        if not package:
            return self.plain
        hue = self.packages[crc32(package.encode("utf-8", "replace")) % len(self.packages)]
        return mixed(hue, self.background, 0.1 * (crc32(module.encode("utf-8", "replace")) % SHADES))

    def tinted(self, colour: str, function: str) -> str:
        """The colour of a module in the tint of a function: the same in every run."""
        return mixed(colour, self.background, 0.06 * (crc32(function.encode("utf-8", "replace")) % TINTS))

    def of_share(self, share: float) -> str:
        """The colour of a frame that itself spends so much of the total."""
        return self.heats[bisect_right(HEAT_STEPS, share)]

    def faded(self, colour: str) -> str:
        """A colour for what is not known exactly."""
        return mixed(colour, self.background, 1 - FADED)


def mixed(one: str, other: str, share: float) -> str:
    """`one` with a share (0 to 1) of `other` in it."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


DARK = Colours(
    background="#15171b", text="#e6e9ee", thin="#9aa2ae",
    packages=(
        "#2d5277", "#2f5b39", "#564673", "#68491a", "#005c60", "#733e3e", "#52531d", "#674063", "#115d4d", "#444c79",
        "#704328", "#11586f",
    ),
    plain="#3d434d", rest="#242830", heats=("#2f353f", "#4a4a3a", "#66501f", "#83461b", "#97302b"),
    edge="#15171b", match="#e6cf94", match_text="#15171b",
)  # fmt: skip

LIGHT = Colours(
    background="#fcfcfa", text="#22262c", thin="#5c636e",
    packages=(
        "#acd5ff", "#aedfb7", "#d8c6fc", "#eecb9a", "#95e0e4", "#ffbebd", "#d3d69d", "#eec0e9", "#9ce2ce", "#c2ceff",
        "#fac3a5", "#9bdcf6",
    ),
    plain="#d5d8dc", rest="#ecece6", heats=("#e2e4e6", "#f0ead0", "#fbdf94", "#fdbd7c", "#f79484"),
    edge="#fcfcfa", match="#ffd23f", match_text="#22262c",
)  # fmt: skip

HIGH_CONTRAST = Colours(
    background="#000000", text="#ffffff", thin="#e0e0e0",
    packages=(
        "#004f8b", "#005e26", "#583a84", "#724000", "#005f67", "#822b31", "#525100", "#70306c", "#006149", "#3c448d",
        "#7e3400", "#00587d",
    ),
    plain="#4a4a4a", rest="#1a1a1a", heats=("#333333", "#4d4d1a", "#665200", "#804000", "#991f1f"),
    edge="#ffffff", match="#7fffff", match_text="#000000",
)  # fmt: skip
