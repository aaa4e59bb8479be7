"""The user's editor, told to open a file at a line. Its command is split into words and never goes through a shell."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path, PurePath

from proftui.errors import ProftuiError

_PLUS = frozenset({
    "vi", "vim", "nvim", "view", "vimx", "gvim", "mvim", "elvis", "vis", "nvi", "nano", "rnano", "pico", "emacs",
    "emacsclient", "xemacs", "jmacs", "joe", "jed", "mg", "zile", "ne", "kak", "micro", "mcedit", "ee", "le", "less",
    "most", "gedit", "gnome-text-editor", "xed", "pluma", "mousepad", "geany", "bbedit", "jupp", "rjoe", "ex", "uemacs",
})  # fmt: skip
"""Editors that take the line as +LINE before the file."""

_GO_TO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "positron", "code-oss"})
"""Editors that take -g FILE:LINE."""

_COLON = frozenset({"subl", "sublime_text", "sublime", "atom", "zed", "zeditor", "hx", "helix", "lapce", "lite-xl"})
"""Editors that take FILE:LINE."""

_LINE = frozenset({
    "pycharm", "pycharm.sh", "charm", "idea", "idea.sh", "webstorm", "clion", "clion.sh", "goland", "rubymine", "kate",
    "kwrite", "mate",
})  # fmt: skip
"""Editors that take --line LINE before the file."""


class NoEditor(ProftuiError):
    """No editor is set, or it is set to what is no command."""


def editor_command(file: str, line: int, environment: Mapping[str, str] | None = None) -> list[str]:
    """The words of the command; editors that are not known get the file alone. `line` 0 = none. Raises NoEditor."""
    settings = os.environ if environment is None else environment
    text = settings.get("VISUAL", "").strip() or settings.get("EDITOR", "").strip()
    if not text:
        raise NoEditor("no editor is set: put its command into $VISUAL or $EDITOR")
    try:
        words = shlex.split(text, posix=os.name != "nt")
    except ValueError as error:
        raise NoEditor(f"$VISUAL or $EDITOR is no command: {error}") from None
    # an absolute path cannot be taken for an option
    path = str(Path(file).absolute())
    name = PurePath(words[0].replace("\\", "/")).name.lower().removesuffix(".exe").removesuffix(".cmd")
    if line <= 0:
        return [*words, path]
    if name in _PLUS:
        return [*words, f"+{line}", path]
    if name in _GO_TO:
        return [*words, "-g", f"{path}:{line}"]
    if name in _COLON:
        return [*words, f"{path}:{line}"]
    return [*words, "--line", str(line), path] if name in _LINE else [*words, path]
