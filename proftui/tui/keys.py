"""The keys, told from the bindings themselves: for the help screen, the footer and the README's table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual.binding import Binding
from textual.dom import DOMNode

SPELLED = {
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "backspace": "Backspace", "tab": "Tab",
    "space": "Space", "slash": "/", "percent_sign": "%", "question_mark": "?", "asterisk": "*", "plus": "+",
    "minus": "-", "less_than_sign": "<", "greater_than_sign": ">", "apostrophe": "'",
    "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip
"""What Textual's names of keys are called on screen."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one action, and what it does."""

    keys: str
    description: str


def spelled(key: str) -> str:
    """A key as a person would write it: "Ctrl+P" for "ctrl+p"."""
    *modifiers, name = key.strip().split("+")
    held = "".join(f"{modifier.capitalize()}+" for modifier in modifiers)
    return held + SPELLED.get(name, name.upper() if held or re.fullmatch(r"f\d+", name) else name)


def own_bindings(node: type) -> Iterator[Binding]:
    """The bindings that a class itself declares, in their order."""
    for binding in node.__dict__.get("BINDINGS", ()):
        if isinstance(binding, Binding):
            yield binding


def remapped(node: DOMNode, key: str, keymap: Mapping[str, str]) -> str:
    """The user's key for what `key` does in a widget or around it where nobody changed keys."""
    for around in node.ancestors_with_self:
        for kind in type(around).__mro__:
            for binding in own_bindings(kind):
                if key in binding.key.split(","):
                    return keymap.get(binding.id or "", key).partition(",")[0]
    return key


def sections(keymap: Mapping[str, str] | None = None) -> list[tuple[str, list[Keys]]]:
    """The keys of the viewer under titles, in the order in which a person meets them; `keymap` has the user's own."""
    from proftui.tui.app import ProftuiApp
    from proftui.tui.screens.page import Page
    from proftui.tui.screens.pick import PickScreen
    from proftui.tui.screens.stacks import StacksScreen
    from proftui.tui.screens.viewer import KEYS, Viewer
    from proftui.tui.screens.viewer.live import LiveKeys
    from proftui.tui.views.functions import FunctionsView
    from proftui.tui.views.neighbours import NeighboursView
    from proftui.tui.views.parts import PartGrid, PartsView
    from proftui.tui.widgets.flame import FlameGraph
    from proftui.tui.widgets.grid import Grid
    from proftui.tui.widgets.source_grid import SourceGrid
    from proftui.tui.widgets.summary_page import SummaryPage
    from proftui.tui.widgets.tree_grid import TreeGrid

    nodes: tuple[tuple[str, type[DOMNode]], ...] = (
        ("Move", Grid),
        *KEYS,
        ("Live", LiveKeys),
        ("Views", Viewer),
        ("In the summary", SummaryPage),
        ("In the functions", FunctionsView),
        ("In callers | callees", NeighboursView),
        ("In trees", TreeGrid),
        ("In the flame graph", FlameGraph),
        ("In the source", SourceGrid),
        ("In the parts", PartGrid),
        ("In the parts and their matrix", PartsView),
        ("In stacks and output", Page),
        ("In the stacks", StacksScreen),
        ("In the list of processes", PickScreen),
        ("Everywhere", ProftuiApp),
    )
    return [(title, [_keys(binding, keymap or {}) for binding in own_bindings(node)]) for title, node in nodes]


def key_table() -> list[tuple[str, str]]:
    """(keys, description) of every key of the viewer, for documentation."""
    return [(entry.keys, entry.description) for _, entries in sections() for entry in entries]


def _keys(binding: Binding, keymap: Mapping[str, str]) -> Keys:
    keys = ", ".join(spelled(key) for key in keymap.get(binding.id or "", binding.key).split(","))
    return Keys(keys, binding.tooltip or binding.description)
