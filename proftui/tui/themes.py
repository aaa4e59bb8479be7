"""The viewer's colours: few, calm, and warm where time goes."""

from __future__ import annotations

import os

from textual.theme import Theme

DARK = Theme(
    name="dark", dark=True,
    primary="#7aa2d6", secondary="#8fb8a8", accent="#7ab0ec", warning="#e0b06a", error="#f0766b", success="#8fc08f",
    foreground="#d5d9e0", background="#15171b", surface="#1c1f25", panel="#242830",
    variables={
        "dim": "#868e9b", "guide": "#363c47", "cursor": "#28374d", "cursor-blurred": "#23272f", "mark": "#bda4e8",
        "cycle": "#7fc4bd", "match": "#5c4a14", "bar": "#5a7396",
        "heat-0": "#7d8592", "heat-1": "#d5d9e0", "heat-2": "#e6cf94", "heat-3": "#f0ac64", "heat-4": "#ff8570",
    },
)  # fmt: skip

LIGHT = Theme(
    name="light", dark=False,
    primary="#2f68ad", secondary="#2d7a6b", accent="#1a62b8", warning="#8f5a00", error="#b3261e", success="#2e7d32",
    foreground="#22262c", background="#fcfcfa", surface="#f2f2ee", panel="#e8e8e3",
    variables={
        "dim": "#666d78", "guide": "#d2d4d6", "cursor": "#d9e7f8", "cursor-blurred": "#ebebe6", "mark": "#6d41b8",
        "cycle": "#0e706a", "match": "#ffe69a", "bar": "#8fa9cb",
        "heat-0": "#6b727d", "heat-1": "#22262c", "heat-2": "#7a5800", "heat-3": "#a84a00", "heat-4": "#bf1f1a",
    },
)  # fmt: skip

HIGH_CONTRAST = Theme(
    name="high-contrast", dark=True,
    primary="#ffffff", secondary="#ffffff", accent="#ffff00", warning="#ffff00", error="#ff8080", success="#80ff80",
    foreground="#ffffff", background="#000000", surface="#000000", panel="#1a1a1a",
    variables={
        "dim": "#d0d0d0", "guide": "#808080", "cursor": "#00409a", "cursor-blurred": "#333333", "mark": "#ff9cff",
        "cycle": "#7fffff", "match": "#806000", "bar": "#ffffff",
        "heat-0": "#d0d0d0", "heat-1": "#ffffff", "heat-2": "#ffff80", "heat-3": "#ffc040", "heat-4": "#ffa896",
    },
)  # fmt: skip

TERMINAL = Theme(
    name="terminal", ansi=True,
    primary="ansi_blue", secondary="ansi_cyan", accent="ansi_cyan", warning="ansi_yellow", error="ansi_red",
    success="ansi_green", foreground="ansi_default", background="ansi_default", surface="ansi_default",
    panel="ansi_default", boost="ansi_default",
    variables={
        "dim": "ansi_default", "guide": "ansi_bright_black", "cursor": "ansi_default", "cursor-blurred": "ansi_default",
        "mark": "ansi_magenta", "cycle": "ansi_cyan", "match": "ansi_default", "bar": "ansi_blue",
        "heat-0": "ansi_default", "heat-1": "ansi_default", "heat-2": "ansi_yellow", "heat-3": "ansi_yellow",
        "heat-4": "ansi_red",
        "ansi-background": "ansi_default", "ansi-foreground": "ansi_default", "border-blurred": "ansi_bright_black",
        "block-cursor-background": "ansi_cyan", "block-cursor-foreground": "ansi_black",
        "input-cursor-background": "ansi_default", "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse", "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black", "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
    },
)  # fmt: skip
"""The terminal's own sixteen colours, on its own background."""

THEMES = (DARK, LIGHT, HIGH_CONTRAST, TERMINAL)


def fitting_theme(asked: str | None, colours: str | None, *, no_color: bool) -> str:
    """The theme to begin with: the one asked for where there is one, else what the terminal can show and has.

    `colours` is Rich's name for the terminal's colours ("standard" is sixteen).
    """
    if no_color:
        return TERMINAL.name
    if asked is not None and asked in {theme.name for theme in THEMES}:
        return asked
    if colours not in ("truecolor", "256"):
        return TERMINAL.name
    # set by rxvt, konsole and others: "foreground;background", as numbers of the sixteen colours
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name
