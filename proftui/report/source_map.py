"""Where the source files of a profile from another machine, or another folder, lie here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from proftui.errors import ProftuiError

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


class BadSourceMap(ProftuiError):
    """A rule is not of the form FROM=TO."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class SourceMap:
    """(from, to) prefixes of paths; the longest that fits wins. A prefix ends where a folder's name does."""

    rules: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> SourceMap:
        """From FROM=TO texts. Raises BadSourceMap."""
        rules = []
        for text in texts:
            prefix, equals, target = text.partition("=")
            if not equals or not prefix:
                raise BadSourceMap(f"{text!r} maps no folder to another; write FROM=TO, as in /srv/app=./")
            rules.append((prefix, target or "."))
        return cls(tuple(rules))

    def mapped(self, file: str) -> str | None:
        """The path here of a file that the profile names, None where no rule fits it."""
        fitting = [
            (len(_parts(prefix)), rest, to) for prefix, to in self.rules if (rest := _below(file, prefix)) is not None
        ]
        if not fitting:
            return None
        _, rest, target = max(fitting, key=lambda found: found[0])
        return f"{target.rstrip('/') or '/'}/{rest}".replace("//", "/") if rest else target


def _below(file: str, prefix: str) -> str | None:
    """The rest of a path below a folder, with slashes; None where it does not lie there.

    Paths of Windows compare without regard to case and to the direction of slashes.
    """
    path, folder = _parts(file), _parts(prefix)
    same = _folded if is_windows(file) else list
    if same(path[: len(folder)]) != same(folder):
        return None
    return "/".join(path[len(folder) :])


def _folded(parts: list[str]) -> list[str]:
    return [part.casefold() for part in parts]


def _parts(path: str) -> list[str]:
    slashed = path.replace("\\", "/") if is_windows(path) else path
    rooted = ["/"] if slashed.startswith("/") else []
    return rooted + [part for part in slashed.split("/") if part not in ("", ".")]


def is_windows(path: str) -> bool:
    """Whether a path is one of Windows, wherever it is looked at."""
    return bool(_WINDOWS.match(path)) or ("\\" in path and "/" not in path)
