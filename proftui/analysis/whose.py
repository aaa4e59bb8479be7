"""Whose code a function is, told from its file and name alone: profiles come from other machines."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Literal

from proftui.model import NO_FILE, Functions
from proftui.model.modules import module_of

Whose = Literal["yours", "standard", "installed", "built-in", "binary"]
"""Your own; Python's standard library; installed packages; functions without Python source; compiled programs."""

_INSTALLED = re.compile(r"(?:^|/)(?:site|dist)-packages/")
_STANDARD = re.compile(r"(?:^|/)(?:lib(?:64)?/(?:python|pypy)[0-9.]*|lib-python/\d[\d.]*|python3\d*\.zip|Lib)/")
_BUILT_IN = re.compile(r"[<{](?:built-in |method |function |slot wrapper )")


@lru_cache(maxsize=1 << 16)
def whose_file(path: str) -> Whose:
    """Whose a file is. Of the standard library's paths some samplers leave what follows its folder: json/decoder.py."""
    if path in ("", NO_FILE):
        return "built-in"
    posix = path.replace("\\", "/")
    if _INSTALLED.search(posix):
        return "installed"
    if path.startswith("<frozen ") or _STANDARD.search(posix):
        return "standard"
    if not path.startswith("<") and not module_of(path):
        return "binary"
    first = posix.partition("/")[0].removesuffix(".py")
    return "standard" if first in sys.stdlib_module_names else "yours"


def whose(functions: Functions, function: int) -> Whose:
    """Whose a function is; without a file it is Python's where its name is written as Python writes built-in ones."""
    of_file = whose_file(functions.file[function])
    if of_file == "built-in" and not _BUILT_IN.match(functions.name[function]) and functions.object[function]:
        return "binary"
    return of_file
