"""The config file: where it is, what it says on which line, and changing one line of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from proftui.errors import ProftuiError, Unwritable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

VARIABLE = "PROFTUI_CONFIG"

Key = tuple[str, ...]
"""Where a value stands: ("keys", "viewer.search")."""


class Broken(ProftuiError):
    """The file cannot be read, or is no TOML."""


class Location(NamedTuple):
    """A path, and what named it: "default", "$PROFTUI_CONFIG" or "--config"."""

    path: Path
    by: str


@dataclass(frozen=True)
class Config:
    """Values by key, none of them a table, and the line (from 1) on which each stands."""

    path: Path
    values: dict[Key, Any] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)


def location(option: str | None) -> Location:
    """Where the config is looked for."""
    if option:
        return Location(Path(option).expanduser(), "--config")
    if named := os.environ.get(VARIABLE):
        return Location(Path(named).expanduser(), f"${VARIABLE}")
    from platformdirs import user_config_path

    return Location(user_config_path("proftui", appauthor=False) / "config.toml", "default")


def read(where: Location) -> Config:
    """What the file says; nothing where there is none and none was asked for. Raises Broken."""
    try:
        content = where.path.read_bytes()
    except FileNotFoundError:
        if where.by == "default":
            return Config(where.path)
        raise Broken(f"{where.path}: is not there ({where.by})") from None
    except OSError as error:
        raise Broken(f"{where.path}: {(error.strerror or str(error)).lower()}") from None
    text = _text(where.path, content)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Broken(_place(where.path, str(error))) from None
    except RecursionError:
        raise Broken(f"{where.path}: is nested too deeply") from None
    return Config(where.path, dict(_leaves(parsed)), _lines(text))


def _text(path: Path, content: bytes) -> str:
    try:
        # Windows' own editor begins a file with a byte order mark, which TOML does not know
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Broken(f"{path}:{line}: is not in UTF-8") from None


def _place(path: Path, message: str) -> str:
    """The parser's sentence behind the file and its line."""
    found = re.search(r" \(at line (\d+), column \d+\)$", message)
    what = message[: found.start()] if found else message
    what = what[:1].lower() + what[1:]
    return f"{path}:{found[1]}: {what}" if found else f"{path}: {what}"


def _leaves(table: dict[str, Any], above: Key = ()) -> Iterator[tuple[Key, Any]]:
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value


class _Statement(NamedTuple):
    """Lines from `start` up to `end` (from 0) that set these keys."""

    start: int
    end: int
    keys: tuple[Key, ...]


def _statements(text: str) -> Iterator[_Statement]:
    """The statements of a sound file: as few lines as can be parsed, below the header of their table."""
    header, begun, start = "", "", 0
    for number, line in enumerate(text.split("\n")):
        if not begun:
            start = number
        begun += f"{line}\n"
        try:
            parsed = tomllib.loads(f"{header}\n{begun}")
        except tomllib.TOMLDecodeError:
            continue
        is_header = begun.lstrip().startswith("[")
        if is_header:
            header, parsed = line, tomllib.loads(line)
        yield _Statement(start, number + 1, tuple(key for key, value in _leaves(parsed) if is_header or value != {}))
        begun = ""


def _lines(text: str) -> dict[Key, int]:
    return {key: statement.start + 1 for statement in _statements(text) for key in statement.keys}


def with_theme(text: str, name: str) -> str | None:
    """The text of a config with this theme and not a character else changed; None where that cannot be done safely."""
    lines = text.split("\n")
    statement = next((one for one in _statements(text) if one.keys == (("theme",),)), None)
    if statement is None:
        lines.insert(0, f'theme = "{name}"')
    else:
        found = re.fullmatch(
            r"""(\s*(?:theme|"theme"|'theme')\s*=\s*)("[^"\\]*"|'[^']*')(.*)""", lines[statement.start]
        )
        if found is None or statement.end != statement.start + 1:
            return None
        lines[statement.start] = f'{found[1]}"{name}"{found[3]}'
    changed = "\n".join(lines)
    try:
        same = tomllib.loads(changed) == {**tomllib.loads(text), "theme": name}
    except tomllib.TOMLDecodeError:
        return None
    return changed if same else None


def keep_theme(where: Location, name: str) -> str:
    """Write the theme into the file, comments and all else as they are. What was done, as a sentence.

    Raises ProftuiError where it is not to be changed by a program.
    """
    from proftui.formats.files import write_files

    read(where._replace(by="default"))
    # the file may be a link into a folder of such files: the link stays
    path = where.path.resolve()
    before = path.read_bytes().decode("utf-8") if path.exists() else ""
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    ends = "\r\n" if "\r\n" in before else "\n"
    changed = with_theme(before.removeprefix(mark).replace("\r\n", "\n"), name)
    if changed is None:
        raise ProftuiError(f'{where.path}: the theme there is not set on a line of its own; write theme = "{name}"')
    make_folder(path.parent)
    write_files(str(path), [(mark + changed.replace("\n", ends)).encode()], force=True)
    return f'wrote theme = "{name}" to {where.path}'


def make_folder(folder: Path) -> None:
    """Make the folder of a config where it is not there. Raises Unwritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"{folder}: cannot be made: {(error.strerror or str(error)).lower()}") from None
