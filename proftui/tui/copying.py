"""Getting text out of a terminal: the sequence that asks the terminal to copy it, the system's own programs, a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from proftui.model import Functions
from proftui.report.text import head, safe, width

MOST = 1 << 16
"""Bytes of text from which on it goes to a file: terminals drop what is longer, and do not say so."""

PATIENCE = 2.0
"""Seconds after which a program that does not take the text is given up."""

SHOWN = 36
"""Cells of the text that the sentence repeats: all of it fits on a line of 80."""

FAR = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
"""Variables that say that the screen is another machine's, whose clipboard no program here can reach."""

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Which = Callable[[str], "str | None"]


def osc52(text: str, *, tmux: bool) -> str:
    """What asks a terminal to put `text` on its clipboard; none of them says whether it did.

    tmux takes the first for its own buffer, and passes on what is wrapped as the second, where it is allowed to.
    """
    sequence = f"\x1b]52;c;{b64encode(text.encode('utf-8', 'replace')).decode()}\a"
    if not tmux:
        return sequence
    wrapped = sequence.replace("\x1b", "\x1b\x1b")
    return f"{sequence}\x1bPtmux;{wrapped}\x1b\\"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that puts what it reads on the clipboard, and the encoding that it reads."""

    command: tuple[str, ...]
    encoding: str = "utf-8"


def program(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform, which: Which = shutil.which
) -> Program | None:
    """The first of the system's programs that is there and has a clipboard to reach; None over ssh."""
    if any(environment.get(name) for name in FAR):
        return None
    return next((one for one in _programs(environment, platform) if which(one.command[0])), None)


def _programs(environment: Mapping[str, str], platform: str) -> list[Program]:
    if platform == "darwin":
        return [Program(("pbcopy",))]
    # clip.exe takes anything for the system's code page unless it begins with UTF-16's mark
    windows = Program(("clip.exe",), "utf-16")
    if platform == "win32":
        return [windows]
    found = []
    if environment.get("WAYLAND_DISPLAY"):
        found.append(Program(("wl-copy",)))
    if environment.get("DISPLAY"):
        found += [Program(("xclip", "-selection", "clipboard")), Program(("xsel", "--input", "--clipboard"))]
    if environment.get("WSL_DISTRO_NAME"):
        found.append(windows)
    return found


def hand_over(text: str, to: Program, run: Run = subprocess.run) -> bool:
    """Whether the program took the text. Waits for it, for a while: not for the thread of the screen."""
    environment = dict(os.environ)
    if to.command[0] == "pbcopy":
        environment["LC_CTYPE"] = "UTF-8"  # without it, it reads another encoding
    try:
        # xclip and wl-copy stay behind to serve the clipboard: an output that they keep open would never end, and
        # in a session of their own they outlive the terminal
        done = run(
            list(to.command),
            input=text.encode(to.encoding, "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=PATIENCE,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def too_long(text: str) -> bool:
    """Whether the text is for a file."""
    return len(text.encode("utf-8", "replace")) > MOST


def into_file(text: str, folder: str | None = None) -> str:
    """The path of a new file with the text, in the folder for temporary files. Raises OSError."""
    handle, path = tempfile.mkstemp(prefix="proftui-", suffix=".txt", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
        stream.write(text)
    return path


def stack_text(functions: Functions, stack: Sequence[int]) -> str:
    """A stack of ids, root first, with a line for each function: its name, and where it is; safe to paste."""
    lines = []
    for function in stack:
        name, place = functions.name[function], functions.location(function) or functions.module_at(function)
        lines.append(safe(f"{name} ({place})" if place else name))
    return "\n".join(lines)


def copy(text: str, via: Program | None, run: Run = subprocess.run, folder: str | None = None) -> str:
    """Copy what the terminal was or could not be asked for, and say what was done, of all of it."""
    if too_long(text):
        try:
            path = into_file(text, folder)
        except OSError as error:
            return f"too long to copy, and cannot be written: {(error.strerror or str(error)).lower()}"
        return f"too long to copy ({len(text.encode('utf-8', 'replace')):,} bytes): wrote {safe(path)}"
    if via is not None and hand_over(text, via, run):
        return f"copied with {via.command[0]}: {_shown(text)}"
    return f"sent to the terminal to copy, if it does: {_shown(text)}"


def _shown(text: str) -> str:
    """The beginning of the text on one line."""
    lines = text.splitlines()
    first = safe("  ".join(part for part in lines[0].split("\t") if part)) if lines else ""
    cut = f"{head(first, SHOWN - 1)}…" if width(first) > SHOWN else first
    return f"{cut} and {len(lines) - 1:,} more line{'s' * (len(lines) > 2)}" if len(lines) > 1 else cut
