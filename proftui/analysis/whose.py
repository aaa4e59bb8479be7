"""Whose code functions are, told from their files and names alone: profiles come from other machines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from proftui.analysis.filters import MyCode
from proftui.model import NO_FILE, Functions
from proftui.model.modules import module_of

Whose = Literal["yours", "installed", "standard", "built-in", "binary"]
"""Your own; an installed package's; the standard library's; without source; of a compiled program or its libraries."""

WHOSE: tuple[Whose, ...] = get_args(Whose)

_INSTALLED = re.compile(r"(?:^|/)(?:site|dist)-packages/", re.IGNORECASE)
_BUILT_IN = re.compile(r"[<{](?:built-in |method |function |slot wrapper )")


@lru_cache(maxsize=4)
def whose(functions: Functions, rules: MyCode) -> npt.NDArray[np.uint8]:
    """F: the place in WHOSE of each function; `rules` say which are yours, as filters do."""
    mine = rules.among(functions)
    of_file = {file: WHOSE.index(_other(file)) for file in set(functions.file)}
    answers = np.fromiter(map(of_file.__getitem__, functions.file), np.uint8, len(functions))
    python = any(map(module_of, of_file))
    for function in np.flatnonzero(answers == WHOSE.index("built-in")).tolist():
        if (functions.object[function] or not python) and not _BUILT_IN.match(functions.name[function]):
            answers[function] = WHOSE.index("binary")
    answers[mine] = WHOSE.index("yours")
    return answers


def _other(path: str) -> Whose:
    """Whose a file is that is not yours."""
    if path in ("", NO_FILE):
        return "built-in"
    if _INSTALLED.search(path.replace("\\", "/")):
        return "installed"
    return "standard" if path.startswith("<") or module_of(path) else "binary"
