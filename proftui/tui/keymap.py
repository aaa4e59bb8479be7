"""The user's own keys: which names there are to give keys to, and which keys would do nothing or two things."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys
from textual.screen import Screen

MODIFIERS = {"ctrl", "alt", "shift", "super", "hyper", "meta"}
NAMED = {key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())

EVERYWHERE = {"app", "grid"}
"""The first words of the names of keys that work in the viewer and in dialogs."""

STAGE = {"viewer", "time", "live"}
"""Those of names of keys that work in the viewer whatever is shown."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for, its keys, and whether it belongs to a dialog or other screen than the viewer."""

    keys: tuple[str, ...]
    what: str
    apart: bool


@cache
def known_bindings() -> dict[str, Bound]:
    """Every binding of the program by its name."""
    found: dict[str, Bound] = {}
    apart = {_place(binding.id or "") for node in _nodes() if _is_apart(node) for binding in _own(node)}
    for node in _nodes():
        for binding in _own(node):
            if binding.id is not None:
                keys = tuple(key.strip() for key in binding.key.split(","))
                what = binding.tooltip or binding.description
                found[binding.id] = Bound(keys, what, _place(binding.id) in apart)
    return found


def fitting_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The part of a keymap that can be had, with Textual's names of keys; (name, what is wrong) of the rest."""
    known = known_bindings()
    remarks: list[tuple[str, str]] = []
    taken: dict[str, list[str]] = {}
    for name, keys in keymap.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            remarks.append((name, f"nothing is called {name}{hint}"))
            continue
        spelled = {key: _spelled(key) for key in map(str.strip, keys.split(","))}
        remarks += [(name, f"{name}: there is no key {key!r}") for key, found in spelled.items() if found is None]
        if named := [key for key in dict.fromkeys(spelled.values()) if key is not None]:
            taken[name] = named
    while (clash := _clash(taken, known)) is not None:
        name, key, other = clash
        remarks.append((name, f"{name}: {key} is the key of {other} already"))
        taken[name].remove(key)
        if not taken[name]:
            del taken[name]
    return {name: ",".join(keys) for name, keys in taken.items()}, tuple(remarks)


def _clash(taken: Mapping[str, list[str]], known: Mapping[str, Bound]) -> tuple[str, str, str] | None:
    """The first (name, key, other name) of a wish that would have a key do two things in one place.

    Of two wishes the later one is named. What the program's own keys do to each other is on purpose.
    """
    order = list(taken)
    for name, keys in reversed(list(taken.items())):
        for other, bound in known.items():
            later = other in taken and order.index(other) > order.index(name)
            if other == name or later or not _together(name, other, known):
                continue
            for key in keys:
                by_design = key in known[name].keys and key in bound.keys
                if key in taken.get(other, bound.keys) and not by_design:
                    return name, key, other
    return None


def _together(one: str, other: str, known: Mapping[str, Bound]) -> bool:
    """Whether both can be meant at the same time: in one dialog, or in one view with the viewer's own keys."""
    places = {_place(one), _place(other)}
    if len(places) == 1 or places & EVERYWHERE:
        return True
    if known[one].apart or known[other].apart:
        return False
    return bool(places & STAGE)


def _spelled(key: str) -> str | None:
    """Textual's name of a key: "slash" for "/"; None where there is no such key."""
    *modifiers, name = [key] if key == "+" else key.split("+")
    if not set(modifiers) <= MODIFIERS or not name:
        return None
    full = _named(name) if len(name) == 1 else name
    return "+".join([*modifiers, full]) if len(name) == 1 or full in NAMED | _signs() else None


def _named(character: str) -> str:
    return next(iter(Binding.make_bindings([Binding(character, "")]))).key


@cache
def _signs() -> frozenset[str]:
    return frozenset(_named(chr(code)) for code in range(0x21, 0x7F) if not chr(code).isalnum() and chr(code) != ",")


def _place(name: str) -> str:
    return name.partition(".")[0]


def _is_apart(node: type[DOMNode]) -> bool:
    from proftui.tui.screens.viewer import Stage

    return issubclass(node, Screen) and not issubclass(node, Stage)


@cache
def _nodes() -> tuple[type[DOMNode], ...]:
    """Every class of the program that can have keys."""
    import proftui.tui

    found: dict[type[DOMNode], None] = {}
    for module in pkgutil.walk_packages(proftui.tui.__path__, "proftui.tui."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__.startswith("proftui."):
                found[value] = None
    return tuple(found)


def _own(node: type[DOMNode]) -> Iterator[Binding]:
    from proftui.tui.keys import own_bindings

    return own_bindings(node)
