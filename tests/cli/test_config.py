"""The config: what it may say, what becomes of what it may not, and where each value comes from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from proftui.cli.config_file import Broken, Location, keep_theme, location, read, with_theme
from proftui.cli.config_values import effective
from proftui.errors import ProftuiError
from proftui.tui.settings import THEME_NAMES, VIEW_NAMES, Settings

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    for name in ("NO_COLOR", "PROFTUI_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


ALL = """\
# mine
theme = "light"  # for the office
view = "tree"
columns = [
  "self",
  "name",  # the name
]
watch = true

[my-code]
mine = ["/srv/app/*"]
not-mine = ['*/generated/*']

[source-map]
"/srv/app" = "./"

[keys]
"viewer.search" = "slash, ctrl+f"
"viewer.sort" = '''f7'''
"""


def test_every_value_has_its_line(config: Path) -> None:
    config.write_text(ALL)
    lines = {".".join(key): line for key, line in read(Location(config, "--config")).lines.items()}
    assert lines == {
        "theme": 2, "view": 3, "columns": 4, "watch": 8, "my-code": 10, "my-code.mine": 11, "my-code.not-mine": 12,
        "source-map": 14, "source-map./srv/app": 15, "keys": 17, "keys.viewer.search": 18, "keys.viewer.sort": 19,
    }  # fmt: skip


def test_all_of_it_becomes_settings(config: Path) -> None:
    config.write_text(ALL)
    found = effective(str(config)).fitted()
    assert found.remarks == ()
    assert found.settings() == Settings(
        "light", {"viewer.search": "slash,ctrl+f", "viewer.sort": "f7"}, "tree", ("self", "name"), ("/srv/app/*",),
        ("*/generated/*",), (("/srv/app", "./"),), True,
    )  # fmt: skip


def test_without_a_file_all_is_as_it_is_without_a_config(run: Run) -> None:
    assert effective().remarks == ()
    assert effective().settings().keymap == {}
    ran = run("config")
    assert (ran.code, ran.err) == (0, "")
    assert 'theme = "auto"' in ran.out
    assert ran.out.count("# default") == 6


def test_where_each_value_comes_from(run: Run, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('view = "tree"\nwatch = true\n')
    monkeypatch.setenv("PROFTUI_CONFIG", str(config))
    ran = run("config", "--no-watch")
    sources = {line.split(" = ")[0]: line.split("# ")[-1] for line in ran.out.splitlines() if " = " in line}
    assert ran.out.startswith(f"# {config} ($PROFTUI_CONFIG)\n")
    assert sources["view"] == "line 1"
    assert sources["watch"] == "option --watch"
    assert sources["theme"] == "default"
    monkeypatch.setenv("NO_COLOR", "1")
    assert 'theme = "terminal"' in run("config", "--theme", "light").out
    assert "# $NO_COLOR" in run("config", "--theme", "light").out


def test_an_option_that_cannot_be_taken(run: Run) -> None:
    ran = run("config", "--theme", "drak")
    assert ran.err == (
        "proftui: option --theme: theme takes one of auto, dark, light, high-contrast, terminal, not 'drak'\n"
    )
    assert 'theme = "auto"' in ran.out


def test_what_is_printed_is_a_config_that_says_the_same(run: Run, config: Path, tmp_path: Path) -> None:
    config.write_text(ALL.replace("./", "C:\\\\srv\\u001b[31m"))
    ran = run("config", "--config", config)
    again = tmp_path / "again.toml"
    again.write_text(ran.out)
    assert "\x1b" not in ran.out
    assert effective(str(again)).settings() == effective(str(config)).fitted().settings()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("theme = \n", ":1: invalid value"),
        ("watch = true\nwatch = true\n", ":2: cannot overwrite a value"),
        ("[keys\n", ":1: "),
        ("a = " + "[" * 5000, "is nested too deeply"),
        ('a = "\xff"', ":1: is not in UTF-8"),
    ],
)
def test_a_broken_config_is_one_sentence_and_the_defaults(run: Run, config: Path, text: str, sentence: str) -> None:
    config.write_bytes(text.encode("latin-1"))
    ran = run("config", "--config", config)
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    assert f"{config}{sentence}" in ran.err or sentence in ran.err
    assert ran.err.endswith("; the defaults are used\n")
    assert ran.out.count("# default") == 6


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()], ids=["missing", "folder"])
def test_a_config_that_is_asked_for_and_not_there(run: Run, config: Path, make: object) -> None:
    make(config)  # type: ignore[operator]
    ran = run("config", "--config", config)
    assert ran.err.startswith(f"proftui: {config}: is ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('them = "dark"', "there is no setting them; did you mean theme?"),
        ('theme = "drak"', "theme takes one of auto, dark, light, high-contrast, terminal, not 'drak'"),
        ("theme = 3", "theme takes one of auto, dark, light, high-contrast, terminal, not 3"),
        ('watch = "yes"', "watch takes true or false, not 'yes'"),
        ("columns = true", "columns takes a list of texts, not true"),
        ('columns = ["slef"]', "'slef' is none of them"),
        ('[theme]\nname = "dark"', "theme.name is no setting: theme is none"),
        ("[my-code]\nmine = [1]", "my-code.mine takes a list of texts, not [1]"),
        ('[keys]\n"viewer.sort" = 5', "keys.viewer.sort takes a text, not 5"),
        ('[keys]\n"viewer.sotr" = "x"', "nothing is called viewer.sotr; did you mean viewer.sort?"),
        ('[keys]\n"viewer.sort" = "esc"', "viewer.sort: there is no key 'esc'"),
        ('[keys]\n"viewer.sort" = "m"', "viewer.sort: m is the key of viewer.metric already"),
        ('[keys]\n"viewer.sort" = "j"', "viewer.sort: j is the key of grid.down already"),
    ],
)
def test_what_cannot_be_taken_is_one_sentence_and_the_rest_is_taken(config: Path, line: str, sentence: str) -> None:
    config.write_text(f'view = "tree"\n{line}\n')
    found = effective(str(config)).fitted()
    number = 1 + line.count("\n") + 1
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith(f"{config}:{number}: ")
    assert found.remarks[0].endswith(sentence)
    assert found.settings() == Settings(view="tree")


def test_the_file_of_an_editor_on_windows(config: Path) -> None:
    config.write_bytes('\ufefftheme = "light"\r\n[keys]\r\n"viewer.sort" = "f7"\r\n'.encode())
    found = effective(str(config))
    assert found.remarks == ()
    assert found.settings().theme == "light"
    assert found.values[-1].source == f"{config}:3"


def test_the_path(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("config", "--path", "--config", "x.toml").out == "x.toml\n"
    monkeypatch.setenv("PROFTUI_CONFIG", "/somewhere.toml")
    assert run("config", "--path").out == "/somewhere.toml\n"


def test_a_new_config_explains_all_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    ran = run("config", "--init", "--config", path)
    assert (ran.code, ran.err) == (0, f"proftui: wrote {path}\n")
    assert effective(str(path)).fitted() == effective(str(path))
    assert effective(str(path)).settings() == effective().settings()
    assert '# "viewer.search" = "slash"' in path.read_text()
    assert run("config", "--init", "--config", path).code == 1, "what is there stays"


def test_taking_all_comments_away_says_what_is_so_already(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    run("config", "--init", "--config", path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))
    found = effective(str(path)).fitted()
    assert found.remarks == ()
    assert found.settings().source_maps == (("/srv/app", "./"),)


# ---------------------------------------------------------------------- writing the theme


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'theme = "dark"\n'),
        ('theme = "light"', 'theme = "dark"'),
        ("# a\ntheme='light' # b\nwatch = true\n", '# a\ntheme="dark" # b\nwatch = true\n'),
        ("# a\n[keys]\ntheme = 'x'\n", "theme = \"dark\"\n# a\n[keys]\ntheme = 'x'\n"),
        ('# theme = "x"\n', 'theme = "dark"\n# theme = "x"\n'),
    ],
)
def test_the_theme_is_changed_and_nothing_else(before: str, after: str) -> None:
    assert with_theme(before, "dark") == after


@pytest.mark.parametrize("text", ['theme = """light"""', 'theme = """\nlight"""', 'theme = "\\u006cight"'])
def test_a_theme_that_is_set_in_an_odd_way_stays(text: str) -> None:
    assert with_theme(text, "dark") is None


def test_keeping_the_theme(config: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "proftui.toml"
    real.parent.mkdir()
    real.write_bytes(b'\xef\xbb\xbf# mine\r\ntheme = "light" # why\r\n')
    config.symlink_to(real)
    assert keep_theme(Location(config, "--config"), "dark") == f'wrote theme = "dark" to {config}'
    assert real.read_bytes() == b'\xef\xbb\xbf# mine\r\ntheme = "dark" # why\r\n'
    assert config.is_symlink()


def test_a_config_is_made_for_the_theme() -> None:
    where = location(None)
    keep_theme(where, "light")
    assert where.path.read_text() == 'theme = "light"\n'


def test_a_broken_config_is_not_written_to(config: Path) -> None:
    config.write_text("theme = ")
    with pytest.raises(Broken):
        keep_theme(Location(config, "--config"), "dark")
    config.write_text('theme = """light"""')
    with pytest.raises(ProftuiError, match="not set on a line of its own"):
        keep_theme(Location(config, "--config"), "dark")
    assert config.read_text() == 'theme = """light"""'


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ProftuiError):
        keep_theme(Location(tmp_path / "deep" / "config.toml", "--config"), "dark")


def test_names_are_those_of_the_themes_and_views() -> None:
    from proftui.tui.state import ViewName
    from proftui.tui.themes import THEMES

    assert tuple(theme.name for theme in THEMES) == THEME_NAMES
    assert get_args(ViewName) == VIEW_NAMES
