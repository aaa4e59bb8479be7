"""Globs of files and names of modules as functions that tell whether a text matches."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable

Matcher = Callable[[str], bool]


def posix(path: str) -> str:
    """The path with slashes only."""
    return path.replace("\\", "/")


def file_matcher(glob: str) -> Matcher:
    """Whether a path matches, wholly or from one of its slashes on; "*" stands for slashes too."""
    matches = re.compile("(?:.*/)?" + fnmatch.translate(posix(glob)), re.DOTALL).fullmatch
    return lambda path: matches(posix(path)) is not None


def module_matcher(name: str) -> Matcher:
    """Whether a dotted module is the one of that name or below it."""
    wanted = ".*".join(re.escape(piece) for piece in name.split("*"))
    matches = re.compile(rf"{wanted}(?:\..*)?", re.DOTALL).fullmatch
    return lambda module: matches(module) is not None


def regex_matcher(pattern: str) -> Matcher:
    """Whether the regular expression is found in a text, which is faster for one without special characters."""
    if re.escape(pattern) == pattern:
        return lambda text: pattern in text
    found = re.compile(pattern).search
    return lambda text: found(text) is not None
