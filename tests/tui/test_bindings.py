"""Every key does something, once, and is told where it does."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

import proftui.tui
from proftui.model import Profile
from proftui.tui.keys import key_table, own_bindings, sections, spelled
from proftui.tui.state import History, Place, ViewState
from proftui.tui.widgets.bars import FooterLine

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

VIEWS = {"summary": "1", "functions": "2", "neighbours": "3", "tree": "4", "bottom-up": "5", "flame": "6", "parts": "8"}
LEAVING = ("app.quit", "app.interrupt")


def nodes() -> list[type[DOMNode]]:
    """Every class of the viewer that can have bindings."""
    found: dict[type[DOMNode], None] = {}
    for module in pkgutil.walk_packages(proftui.tui.__path__, "proftui.tui."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__.startswith("proftui."):
                found[value] = None
    return list(found)


def bindings() -> Iterator[tuple[type[DOMNode], Binding]]:
    return ((node, binding) for node in nodes() for binding in own_bindings(node))


def test_ids_are_unique() -> None:
    ids = Counter(binding.id for _, binding in bindings())
    assert None not in ids, "every binding has an id"
    assert [name for name, count in ids.items() if count > 1] == []


NAMED = {key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())
SIGNS = {
    "slash",
    "percent_sign",
    "question_mark",
    "asterisk",
    "plus",
    "minus",
    "less_than_sign",
    "greater_than_sign",
    "apostrophe",
    "left_square_bracket",
    "right_square_bracket",
    "left_curly_bracket",
    "right_curly_bracket",
}


@pytest.mark.parametrize("key", sorted({key for _, binding in bindings() for key in binding.key.split(",")}))
def test_keys_have_names_that_textual_knows(key: str) -> None:
    modifier, _, name = key.rpartition("+")
    assert modifier in ("", "ctrl", "alt")
    assert (len(name) == 1 and name.isalnum()) or name in NAMED | SIGNS


def test_every_action_exists() -> None:
    for node, binding in bindings():
        name = binding.action.partition("(")[0]
        place, _, name = name.rpartition(".")
        owner = proftui.tui.app.ProftuiApp if place == "app" else node
        assert hasattr(owner, f"action_{name}"), f"{node.__name__}: {binding.action}"


def test_no_key_means_two_things_in_one_place() -> None:
    for node in nodes():
        keys = Counter(key for binding in own_bindings(node) for key in binding.key.split(","))
        assert [key for key, count in keys.items() if count > 1] == [], node.__name__


def test_the_table_of_keys_names_what_the_bindings_say() -> None:
    table = dict(reversed(key_table()))
    assert table["/"] == "Search names and files, as you type"
    assert table["<, Backspace, Alt+Left"] == "Back in the history"
    assert table["Ctrl+C"].startswith("Leave")
    assert sections()[0][0] == "Move"
    assert all(keys and description for keys, description in key_table())


def test_keys_are_spelled_as_a_person_would() -> None:
    assert [spelled(key) for key in ("slash", "ctrl+p", "alt+right", "G", "pagedown")] == [
        "/", "Ctrl+P", "Alt+Right", "G", "PgDn",
    ]  # fmt: skip


async def test_the_help_page_tells_every_key(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 200)) as screen:
        await screen.press("question_mark")
        text = screen.text
        for keys, description in key_table():
            assert any(keys in line and description in line for line in text.splitlines()), keys


def footer(screen: Opened) -> str:
    return screen.viewer.query_one(FooterLine).plain()


@pytest.mark.parametrize("view", VIEWS)
async def test_the_footer_has_room_for_its_keys_in_80_cells(opened: Open, single: Profile, view: str) -> None:
    """Of a profile with one metric and one part, which most are; others show less important keys on help only."""
    profile = Profile(single.name, single.origin, single.metrics[:1], single.functions, single.parts)
    async with opened(profile) as screen:
        await screen.press(VIEWS[view])
        line = footer(screen)
        for active in screen.app.screen.active_bindings.values():
            if active.binding.show:
                assert f"{spelled(active.binding.key)} {active.binding.description}" in line or (
                    spelled(active.binding.key) in ("+", "Backspace", "Alt+Left")
                )


def seen(screen: Opened) -> object:
    """Whatever a key press can change for the person."""
    viewer = screen.viewer
    return screen.lines, viewer.state, len(screen.app.screen_stack), viewer.focused, screen.app.clipboard


async def prepared(screen: Opened, view: str) -> None:
    """The view with a search and a past, the cursor not at an end."""
    await screen.press("j", "j", "4", "3", "2", "slash", *"a", "enter", "g", "j", "j", "j", VIEWS[view])
    if view != "functions":
        await ready(screen, view)
        await screen.press("slash", *"a", "enter")
    await ready(screen, view)


async def ready(screen: Opened, view: str) -> None:
    """The cursor where every key has something to do."""
    if view == "tree":
        await screen.press("g", "minus", "right", "j")
    elif view == "bottom-up":
        await screen.press("g", "minus", "j", "minus")
    elif view == "neighbours":
        await screen.press("right", "g")
    elif view == "flame":
        await screen.press("g", "j")
    elif view == "parts":
        await screen.press("g")
    else:
        await screen.press("g", "j", "j", "j")


@pytest.mark.once
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("view", VIEWS)
async def test_every_key_in_the_footer_does_something(
    opened: Open, profile: Profile, view: str, size: tuple[int, int]
) -> None:
    async with opened(profile, size=size) as screen:
        await prepared(screen, view)
        shown = {a.binding.id: a.binding for a in screen.app.screen.active_bindings.values() if a.binding.show}
        assert len(shown) > 5
        for name, binding in shown.items():
            if name in LEAVING:
                continue
            before, state, history = seen(screen), screen.viewer.state, screen.viewer.history
            await screen.press(binding.key)
            assert seen(screen) != before, f"{binding.key} ({binding.description}) changed nothing in {view}"
            if len(screen.app.screen_stack) > 2 or screen.viewer.query("SearchLine"):
                await screen.press("escape")
            await back_to(screen, state, history, view)


async def back_to(screen: Opened, state: ViewState, history: History[Place], view: str) -> None:
    """As it was before a key was pressed."""
    screen.viewer.history = history
    screen.viewer.change(state)
    await screen.settle()
    await ready(screen, view)


HIDDEN = {
    "summary": [
        "k", "j", "down", "pagedown", "G", "end", "g", "home", "n", "N", "M", "C", "y", "i", "2", "4", "backspace",
        "escape", "Y", "B", "R",
    ],
    "functions": [
        "k", "down", "pagedown", "G", "end", "home", "n", "N", "S", "r", "M", "C", "y", "i", "3", "4", "backspace",
        "escape", "b", "Y", "B", "apostrophe", "R",
    ],
    "neighbours": ["h", "tab", "a", "n", "S", "r", "M", "y", "i", "2", "4", "alt+left", "less_than_sign"],
    "tree": ["k", "j", "G", "l", "h", "plus", "k minus", "H", "M", "C", "y", "i", "2", "3", "backspace", "Y", "B", "R"],
    "bottom-up": ["k", "j", "G", "l", "l h", "plus", "l minus", "H", "n", "M", "C", "y", "2", "4", "backspace", "Y"],
    "flame": [
        "k", "j", "l", "l h", "pageup", "pagedown", "home", "G", "end", "n", "N", "v", "w", "M", "C", "y", "i", "4",
        "backspace", "escape",
    ],
    "parts": ["j", "G", "j k", "S", "r", "y", "i", "2", "4", "n", "N", "backspace", "enter a", "t", "t z"],
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("view", VIEWS)
async def test_every_other_key_does_something_too(opened: Open, profile: Profile, view: str) -> None:
    async with opened(profile, size=(100, 12)) as screen:
        await prepared(screen, view)
        for keys in HIDDEN[view]:
            *before_it, key = keys.split()
            await screen.press(*before_it)
            before, state, history = seen(screen), screen.viewer.state, screen.viewer.history
            await screen.press(key)
            assert seen(screen) != before, f"{key} changed nothing in {view}"
            if len(screen.app.screen_stack) > 2:
                await screen.press("escape")
            await back_to(screen, state, history, view)


async def test_the_palette_offers_what_keys_do(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        commands = {command.title: command for command in screen.app.get_system_commands(screen.app.screen)}
        assert "Choose the metric" in commands
        assert "Theme: light" in commands
        commands["Theme: light"].callback()
        assert screen.app.theme == "light"
        await screen.press("ctrl+p")
        assert len(screen.app.screen_stack) == 3
        await screen.press(*"reverse", "enter")
        await screen.settle()
