"""Whose code functions are, told from their files and names alone: profiles come from other machines."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from proftui.analysis.filters import MyCode
from proftui.model import NO_FILE, Functions
from proftui.model.modules import is_module, module_of

Whose = Literal["yours", "installed", "standard", "built-in", "module", "binary"]
"""Your own; an installed package's; the standard library's; without source; of a module whose file is not told; of a
compiled program or its libraries."""

WHOSE: tuple[Whose, ...] = get_args(Whose)

_INSTALLED = re.compile(r"(?:^|/)(?:site|dist)-packages/", re.IGNORECASE)
_KNOWN_MODULES = frozenset(("__main__", *sys.stdlib_module_names))
_BUILT_IN = re.compile(r"[<{](?:built-in |method |function |slot wrapper )")


@lru_cache(maxsize=4)
def whose(functions: Functions, rules: MyCode) -> npt.NDArray[np.uint8]:
    """F: the place in WHOSE of each function; `rules` say which are yours, as filters do."""
    mine = rules.among(functions)
    of_file = {file: WHOSE.index(_other(file)) for file in set(functions.file)}
    answers = np.fromiter(map(of_file.__getitem__, functions.file), np.uint8, len(functions))
    of_object = _of_objects(set(functions.object))
    python = any(map(module_of, of_file))
    for function in np.flatnonzero(answers == WHOSE.index("built-in")).tolist():
        if (functions.object[function] or not python) and not _BUILT_IN.match(functions.name[function]):
            answers[function] = of_object[functions.object[function]]
    answers[mine] = WHOSE.index("yours")
    return answers


def _other(path: str) -> Whose:
    """Whose a file is that is not yours."""
    if path in ("", NO_FILE):
        return "built-in"
    if _INSTALLED.search(path.replace("\\", "/")):
        return "installed"
    return "standard" if path.startswith("<") or module_of(path) else "binary"


def _of_objects(objects: Collection[str]) -> dict[str, int]:
    """The place in WHOSE of functions without a file, by their object.

    The name of a module can be that of a program, so objects are modules where one is known to be.
    """
    modules = not _KNOWN_MODULES.isdisjoint(objects)
    return {name: WHOSE.index(_of_module(name) if modules and is_module(name) else "binary") for name in objects}


def _of_module(name: str) -> Whose:
    return "standard" if name.partition(".")[0] in sys.stdlib_module_names else "module"
