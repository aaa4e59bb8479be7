"""What the user wishes is what the viewer does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from proftui.errors import ProftuiError
from proftui.model import Profile
from proftui.tui.opening import Opening
from proftui.tui.session import Session
from proftui.tui.settings import Settings

if TYPE_CHECKING:
    from tests.tui.conftest import Open


async def test_the_first_view(opened: Open, read: Callable[..., Opening], profile: Profile) -> None:
    async with opened(read(profile), settings=Settings(theme="dark", view="tree")) as screen:
        assert screen.viewer.state.place.view == "tree"
        assert "[4 Tree]" in screen.text


def test_columns_and_whose_code_it_is_reach_the_session(profile: Profile) -> None:
    settings = Settings(columns=("name", "self"), mine=("/srv/*",), not_mine=("/lib/*",))
    session = Session(profile, settings)
    assert [column.key for column in session.functions(settings.state).columns] == ["name", "self"]
    assert (session.my_code.mine, session.my_code.not_mine) == (("/srv/*",), ("/lib/*",))


def theme_commands(screen: object) -> dict[str, Callable[[], None]]:
    app = screen.app  # type: ignore[attr-defined]
    return {command.title: command.callback for command in app.get_system_commands(app.screen)}


async def test_a_theme_is_kept_only_when_asked(opened: Open, profile: Profile) -> None:
    kept: list[str] = []

    def keep(name: str) -> str:
        kept.append(name)
        return f"wrote {name}\x1b"

    async with opened(profile, keep_theme=keep) as screen:
        theme_commands(screen)["Theme: light"]()
        assert kept == []
        theme_commands(screen)["Keep this theme: light"]()
        await screen.settle()
        assert kept == ["light"]
        assert "wrote light␛" in screen.text


async def test_a_theme_that_cannot_be_kept(opened: Open, profile: Profile) -> None:
    def keep(name: str) -> str:
        raise ProftuiError(f"config.toml: {name} cannot be written")

    async with opened(profile, keep_theme=keep) as screen:
        theme_commands(screen)["Keep this theme: dark"]()
        await screen.settle()
        assert "config.toml: dark cannot be written" in screen.text


async def test_without_a_place_to_keep_it_nobody_offers_to(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        assert not [title for title in theme_commands(screen) if title.startswith("Keep")]


@pytest.mark.parametrize("theme", ["none", None])
async def test_a_theme_that_is_none_is_as_if_nobody_asked(opened: Open, profile: Profile, theme: str | None) -> None:
    async with opened(profile, settings=Settings(theme=theme)) as screen:
        assert screen.app.theme in ("dark", "light", "terminal")
