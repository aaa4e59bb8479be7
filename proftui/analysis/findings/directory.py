"""Which rows of a graph the rules' targets are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from proftui.model import CallGraph, Functions, Ids
from proftui.model.modules import module_of

_CALLABLE = re.compile(r"[<{]built-in (?:method|function) ([\w.]+)[>}]")
_METHOD = re.compile(r"[<{]method '(\w+)' of '([\w.]+)' objects[>}]")

MODULE_CODE = ".<module>"
"""The dotted name of a module's own code ends so; to import it is not to use it."""

EVERYTHING = ".*"
"""How a target ends that is a whole module."""


def dotted(name: str, file: str) -> str:
    """`json.decoder.decode` for a function of a module, `time.sleep` and `list.index` for built-in ones.

    The class, which qualified names have and those of cProfile have not, is left out.
    """
    if name[:1] in ("<", "{") and (built_in := _built_in(name)):
        return built_in
    own = name.rpartition(".")[2] if "." in name and not name.endswith(">") else name
    module = module_of(file)
    return f"{module}.{own}" if module else own


@lru_cache(maxsize=1 << 14)
def _built_in(name: str) -> str:
    if found := _CALLABLE.fullmatch(name):
        return found[1]
    if found := _METHOD.fullmatch(name):
        return f"{found[2]}.{found[1]}"
    return ""


@dataclass(frozen=True)
class Directory:
    """The rows by dotted name, of those functions that some target may mean."""

    rows: dict[str, tuple[int, ...]]

    def find(self, targets: Iterable[str]) -> Ids:
        """The rows of some targets, ascending."""
        found: set[int] = set()
        for target in targets:
            if target.endswith(EVERYTHING):
                within = target[: -len("*")]
                found.update(
                    row for name, rows in self.rows.items()
                    if name.startswith(within) and not name.endswith(MODULE_CODE) for row in rows
                )  # fmt: skip
            else:
                found.update(self.rows.get(target, ()))
        return np.array(sorted(found), np.int32)

    @classmethod
    def of(cls, graph: CallGraph, functions: Functions, targets: Sequence[str]) -> Directory:
        """Look every function's name up once: most are no target's, and need no more than that."""
        names = {target.rpartition(".")[2] for target in targets if not target.endswith(EVERYTHING)}
        packages = tuple(target[: -len(EVERYTHING)] for target in targets if target.endswith(EVERYTHING))
        # to tell a file's module takes long, and there may be as many files as functions
        hint = re.compile("|".join(re.escape(package.rpartition(".")[2]) for package in packages))
        likely = [file for file in set(functions.file) if hint.search(file)]
        whole = {file for file in likely if _among(module_of(file), packages)}
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, function in enumerate(graph.function.tolist()):
            name, file = functions.name[function], functions.file[function]
            wanted = file in whole or name in names
            if not wanted and name[:1] in ("<", "{"):
                wanted = True
            elif not wanted and "." in name:
                wanted = name.rpartition(".")[2] in names
            if wanted:
                rows[dotted(name, file)].append(row)
        return cls({name: tuple(found) for name, found in rows.items()})


def _among(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
