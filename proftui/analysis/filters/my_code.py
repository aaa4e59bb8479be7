"""Which functions are yours: those in files that are neither the interpreter's nor installed."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from proftui.analysis.filters.patterns import Matcher, file_matcher, module_matcher, posix
from proftui.model import NO_FILE, Bools, Functions
from proftui.model.modules import module_of

_INSTALLED = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|lib(?:64)?/(?:python|pypy)[0-9.]*t?|lib-python/[0-9.]+|lib_pypy"
    r"|python[0-9.]+\.zip|Python[0-9.]*/(?:Lib|DLLs))/",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"^/(?:usr/(?!local/src/|src/(?:app|project)/)|lib(?:32|64)?/|opt/(?:rocm|intel)/|nix/store/)")
_INTERPRETER = re.compile(r"/(?:lib)?(?:python|pypy)[0-9.]*t?(?:-c)?(?:\.(?:so|dylib|dll|exe)[0-9.]*)?$", re.IGNORECASE)
_ABSOLUTE = re.compile(r"/|[A-Za-z]:/")
_TYPED_IN = re.compile(r"<(?:ipython-input|stdin|doctest|console).*>")


@dataclass(frozen=True, slots=True)
class MyCode:
    """Patterns of what is `mine` and what is `not_mine`, the first of them stronger, over what paths tell.

    A pattern with a slash or that ends in ".py" is a glob of files, as of `file=`; another one a dotted module, as of
    `module=`.

    Paths tell that code is not yours below site-packages, dist-packages or Python's own library, in files named
    like <frozen ...> or <string>, in no file at all but for the module __main__, and for binaries below /usr, /lib and
    the like. Where a profile has no absolute path, a file that is called like a module of the standard library is
    taken for it.
    """

    mine: tuple[str, ...] = ()
    not_mine: tuple[str, ...] = ()

    def among(self, functions: Functions) -> Bools:
        """F: whether each function is yours."""
        return _mine(self, functions)


AS_PATHS_TELL = MyCode()
"""The rules without patterns."""


@lru_cache(maxsize=8)
def _mine(rules: MyCode, functions: Functions) -> Bools:
    places = list(zip(functions.file, functions.object, strict=True))
    relative = not any(_ABSOLUTE.match(posix(file)) for file in set(functions.file))
    mine, other = _Patterns(rules.mine), _Patterns(rules.not_mine)
    answers = {
        (file, binary): mine.match(file, binary)
        or (not other.match(file, binary) and _looks_mine(posix(file), posix(binary), relative=relative))
        for file, binary in set(places)
    }
    return np.fromiter(map(answers.__getitem__, places), np.bool_, len(places))


def _looks_mine(file: str, binary: str, *, relative: bool) -> bool:
    if file.startswith("<"):
        return _TYPED_IN.fullmatch(file) is not None
    is_path = "/" in binary
    if is_path and (_SYSTEM.match(binary) or _INSTALLED.search(binary) or _INTERPRETER.search(binary)):
        return False
    if file in ("", NO_FILE, "???"):
        return is_path or binary == "__main__"
    if _INSTALLED.search(file) or _SYSTEM.match(file):
        return False
    return not (relative and module_of(file).partition(".")[0] in sys.stdlib_module_names)


class _Patterns:
    """Some patterns of files and modules, any of which may match."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        of_files = [pattern for pattern in patterns if "/" in posix(pattern) or pattern.endswith(".py")]
        self._files: list[Matcher] = [file_matcher(pattern) for pattern in of_files]
        self._modules: list[Matcher] = [module_matcher(pattern) for pattern in patterns if pattern not in of_files]

    def match(self, file: str, binary: str) -> bool:
        if any(matches(file) for matches in self._files):
            return True
        return bool(self._modules) and any(matches(binary or module_of(file)) for matches in self._modules)
