"""The command that opens an editor at a line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from proftui.tui.editor import NoEditor, editor_command

PATH = str(Path("/srv/app.py").absolute())


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vi", ["vi", "+12", PATH]),
        ("/usr/bin/nvim -p", ["/usr/bin/nvim", "-p", "+12", PATH]),
        ("emacsclient -t", ["emacsclient", "-t", "+12", PATH]),
        ("nano", ["nano", "+12", PATH]),
        ("micro", ["micro", "+12", PATH]),
        ("code --wait", ["code", "--wait", "-g", f"{PATH}:12"]),
        ("subl -n", ["subl", "-n", f"{PATH}:12"]),
        ("hx", ["hx", f"{PATH}:12"]),
        ("zed", ["zed", f"{PATH}:12"]),
        ("pycharm", ["pycharm", "--line", "12", PATH]),
        ("kate", ["kate", "--line", "12", PATH]),
        ("my-own-editor", ["my-own-editor", PATH]),
    ],
)
def test_each_editor_has_its_way_to_name_a_line(editor: str, words: list[str]) -> None:
    assert editor_command(PATH, 12, {"EDITOR": editor}) == words


def test_the_visual_one_comes_first() -> None:
    assert editor_command(PATH, 1, {"VISUAL": "nvim", "EDITOR": "ed"})[0] == "nvim"
    assert editor_command(PATH, 1, {"VISUAL": " ", "EDITOR": "ed"}) == ["ed", PATH]


def test_a_function_without_a_line_opens_its_file() -> None:
    assert editor_command(PATH, -1, {"EDITOR": "vi"}) == ["vi", PATH]


@pytest.mark.skipif(os.name == "nt", reason="quoting is another on Windows")
def test_no_shell_is_asked() -> None:
    assert editor_command(PATH, 0, {"EDITOR": "'my editor' '$(rm -rf /)' ; true"}) == [
        "my editor", "$(rm -rf /)", ";", "true", PATH,
    ]  # fmt: skip


def test_a_file_is_never_taken_for_an_option() -> None:
    assert editor_command("-rf.py", 0, {"EDITOR": "vi"})[-1] == str(Path("-rf.py").absolute())


@pytest.mark.parametrize("environment", [{}, {"VISUAL": "", "EDITOR": "  "}, {"EDITOR": "vi 'unclosed"}])
def test_no_editor_is_one_sentence(environment: dict[str, str]) -> None:
    with pytest.raises(NoEditor, match=r"\$VISUAL or \$EDITOR"):
        editor_command(PATH, 1, environment)
