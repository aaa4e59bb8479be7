"""`proftui config`: what is configured, and where each value comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from proftui.cli.failures import say

if TYPE_CHECKING:
    from proftui.cli.config_values import Effective, Setting, Value


@click.command(short_help="Print what is configured, and where each value comes from.")
@click.option("--config", "file", metavar="FILE", help="The config to read in place of your own.")
@click.option("--theme", metavar="NAME", help="As for open.")
@click.option("--view", metavar="NAME", help="As for open.")
@click.option("--watch/--no-watch", default=None, help="As for open.")
@click.option("--path", "only_path", is_flag=True, help="Print only where the config is looked for.")
@click.option("--init", "begin", is_flag=True, help="Write a config there in which every setting is explained.")
def command(
    file: str | None, theme: str | None, view: str | None, watch: bool | None, only_path: bool, begin: bool
) -> None:
    """Print what is in effect, as a config, with where each value comes from behind it.

    The config is config.toml in the user's folder of configs, $PROFTUI_CONFIG, or FILE.
    """
    from proftui.cli.config_values import effective

    if only_path or begin:
        from proftui.cli.config_file import location

        path = location(file).path
        if begin:
            _write_template(path)
        else:
            print(path)
        return
    found = effective(file, {("theme",): theme, ("view",): view, ("watch",): watch}).fitted()
    for remark in found.remarks:
        say(remark)
    for line in _printed(found):
        print(line)


def _printed(found: Effective) -> Iterator[str]:
    exists = "" if found.where.path.exists() else ", which is not there"
    by = "" if found.where.by == "default" else f" ({found.where.by})"
    yield f"# {found.where.path}{by}{exists}"
    lines = [(value, f"{_name(value.key[-1])} = {toml(value.value)}") for value in found.values]
    width = min(60, max(len(line) for _, line in lines))
    table = ""
    for value, line in lines:
        of = ".".join(map(_name, value.key[:-1]))
        if of != table:
            table = of
            yield f"\n[{of}]"
        yield f"{line:<{width}}  # {_source(value, found)}"


def _source(value: Value, found: Effective) -> str:
    """Within the file itself the line is enough."""
    return value.source.replace(f"{found.where.path}:", "line ")


def toml(value: Any) -> str:
    """A value as TOML has it; what cannot be printed is escaped."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in text) + '"'


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml(key)


# ---------------------------------------------------------------------- a new config


def _write_template(path: Any) -> None:
    from proftui.cli.config_file import make_folder
    from proftui.cli.config_values import known_settings
    from proftui.errors import Unwritable
    from proftui.formats.files import write_files

    if path.exists():
        raise Unwritable(f"{path}: is there already, and stays as it is")
    make_folder(path.parent)
    write_files(str(path), ["".join(f"{line}\n" for line in _template(known_settings())).encode()])
    say(f"wrote {path}")


def _template(settings: Iterable[Setting]) -> Iterator[str]:
    """Every setting with its default, as comments, so that it changes nothing."""
    yield "# proftui's config: take the # away from what you want to change. `proftui config` prints what is in effect."
    table = ""
    for setting in settings:
        of = ".".join(setting.key if setting.table else setting.key[:-1])
        yield ""
        if of != table:
            table = of
            yield f"[{of}]"
        yield f"# {setting.about}"
        if not setting.table:
            yield f"# {setting.key[-1]} = {toml(setting.default)}"
        elif setting.key == ("keys",):
            yield from _key_lines()
        else:
            yield '# "/srv/app" = "./"'


def _key_lines() -> Iterator[str]:
    from proftui.tui.keymap import known_bindings

    for name, binding in known_bindings().items():
        yield f"# {toml(name)} = {toml(','.join(binding.keys))}  # {binding.what}"
