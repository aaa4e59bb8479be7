"""What can be configured: names, checks and defaults; and what is in effect, with where each value comes from."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proftui.cli.config_file import Broken, Config, Key, Location, location, read
from proftui.cli.failures import say
from proftui.tui.settings import THEME_NAMES, VIEW_NAMES, Settings

if TYPE_CHECKING:
    from proftui.analysis.filters import Filter

AUTO = "auto"
"""The theme that fits the terminal, the view that fits a profile."""


class Unfit(ValueError):
    """A value is not what its setting takes; the message says what it takes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key, of a table of them without the last word; `check` gives the value as it is used."""

    key: Key
    default: Any
    check: Callable[[Any], Any]
    about: str
    table: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What is in effect, and where it comes from."""

    key: Key
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Effective:
    """All values in the order of the settings, and a sentence for each thing in the file that was not taken."""

    where: Location
    values: tuple[Value, ...]
    remarks: tuple[str, ...]

    def fitted(self) -> Effective:
        """With those keys alone that can be had. Where there are any this imports all of the viewer."""
        asked = {value.key[1]: value for value in self.values if value.key[0] == "keys"}
        if not asked:
            return self
        from proftui.tui.keymap import fitting_keymap

        keymap, remarks = fitting_keymap({name: value.value for name, value in asked.items()})
        others = [value for value in self.values if value.key[0] != "keys"]
        kept = [replace(value, value=keymap[name]) for name, value in asked.items() if name in keymap]
        said = (f"{asked[name].source}: {what}" for name, what in remarks)
        return replace(self, values=(*others, *kept), remarks=(*self.remarks, *said))

    def settings(self, filters: tuple[Filter, ...] = ()) -> Settings:
        """What the viewer takes."""
        of = {value.key: value.value for value in self.values}
        tables = {
            name: {key[1]: value for key, value in of.items() if key[0] == name and len(key) > 1}
            for name in ("keys", "source-map")
        }
        return Settings(
            theme=None if of[("theme",)] == AUTO else of[("theme",)],
            keymap=tables["keys"],
            view=of[("view",)],
            columns=tuple(of[("columns",)]),
            mine=tuple(of[("my-code", "mine")]),
            not_mine=tuple(of[("my-code", "not-mine")]),
            source_maps=tuple(tables["source-map"].items()),
            watch=of[("watch",)],
            filters=filters,
        )


def known_settings() -> tuple[Setting, ...]:
    """Every setting, in the order in which they are printed: those outside tables come first, as TOML wants it.

    Of what the viewer is made of nothing is imported for it: reading the files is to begin at once.
    """
    return (
        Setting(("theme",), AUTO, _one_of((AUTO, *THEME_NAMES)), "the colours; auto is what the terminal can show"),
        Setting(("view",), "summary", _one_of(VIEW_NAMES), f"what is shown first: {', '.join(VIEW_NAMES)}"),
        Setting(("columns",), [], _columns, "columns of the functions view in order; [] is all of them"),
        Setting(("watch",), False, _boolean, "follow the files, as open --watch does"),
        Setting(("my-code", "mine"), [], _texts, "patterns of files that are your code though they do not look it"),
        Setting(("my-code", "not-mine"), [], _texts, "patterns of files that are not your code though they look it"),
        Setting(("source-map",), None, _text, "where files of other machines are here", table=True),
        Setting(("keys",), None, _text, "keys by the name of what they do", table=True),
    )


def effective(config: str | None = None, options: Mapping[Key, Any] | None = None) -> Effective:
    """What options say before what the file says, and the defaults; but NO_COLOR has the last word on colours.

    `config` is the file that was asked for on the command line; options that are None were not given.
    """
    where = location(config)
    remarks: list[str] = []
    try:
        file = read(where)
    except Broken as error:
        remarks.append(f"{error}; the defaults are used")
        file = Config(where.path)
    settings = known_settings()
    found = _from(file, settings, remarks, lambda key: f"{file.path}:{file.lines.get(key, 1)}")
    given = Config(Path(), {key: value for key, value in (options or {}).items() if value is not None})
    found |= _from(given, settings, remarks, lambda key: f"option --{'.'.join(key)}")
    found |= {value.key: value for value in _from_environment()}
    return Effective(where, tuple(_in_order(settings, found)), tuple(remarks))


def configured() -> Settings:
    """What the user's config says; what is wrong with it is said on standard error."""
    found = effective()
    for remark in found.remarks:
        say(remark)
    return found.settings()


def _in_order(settings: Iterable[Setting], found: Mapping[Key, Value]) -> Iterable[Value]:
    for setting in settings:
        if setting.table:
            yield from (value for key, value in found.items() if key[:-1] == setting.key)
        else:
            yield found.get(setting.key, Value(setting.key, setting.default, "default"))


def _from(
    file: Config, settings: tuple[Setting, ...], remarks: list[str], place_of: Callable[[Key], str]
) -> dict[Key, Value]:
    """What is set that can be set; what is wrong with the rest becomes a remark."""
    plain = {setting.key: setting for setting in settings if not setting.table}
    tables = {setting.key: setting for setting in settings if setting.table}
    found: dict[Key, Value] = {}
    for key, value in file.values.items():
        place = place_of(key)
        setting = plain.get(key) or tables.get(key[:-1])
        if setting is None:
            if value != {} or (key not in tables and key != ("my-code",)):
                remarks.append(f"{place}: {_unknown(key, plain, tables)}")
            continue
        try:
            found[key] = Value(key, setting.check(value), place)
        except Unfit as unfit:
            remarks.append(f"{place}: {'.'.join(key)} takes {unfit}")
    return found


def _unknown(key: Key, plain: Mapping[Key, Setting], tables: Mapping[Key, Setting]) -> str:
    name = ".".join(key)
    names = [".".join(known) for known in (*plain, *tables)]
    close = difflib.get_close_matches(name, names, 1) or difflib.get_close_matches(key[0], names, 1)
    if close == [key[0]]:
        return f"{name} is no setting: {key[0]} is {'a table' if (key[0],) in tables else 'none'}"
    return f"there is no setting {name}" + (f"; did you mean {close[0]}?" if close else "")


def _from_environment() -> Iterable[Value]:
    if os.environ.get("NO_COLOR"):
        yield Value(("theme",), "terminal", "$NO_COLOR")


def _one_of(known: tuple[str, ...]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise Unfit(f"one of {', '.join(known)}, not {_shown(value)}")
        return value

    return check


def _columns(value: Any) -> list[str]:
    from proftui.report.functions import COLUMN_KEYS

    for text in _texts(value):
        if text not in COLUMN_KEYS:
            raise Unfit(f"a list of {', '.join(COLUMN_KEYS)}; {_shown(text)} is none of them")
    return list(dict.fromkeys(value))


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Unfit(f"a list of texts, not {_shown(value)}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit(f"a text, not {_shown(value)}")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"true or false, not {_shown(value)}")
    return value


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= 40 else f"{text[:39]}…"
