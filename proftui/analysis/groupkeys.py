"""Which group a function is in, told from its name, its file and its object; what these do not say is not guessed."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from proftui.analysis.grouping import Group
from proftui.model import NO_FILE, Functions, Ids
from proftui.model.modules import is_module, module_of, package_of

Key = tuple[str, str]
"""A group's name, and where it is where the name alone does not identify it."""

_BUILT_IN_MODULE = re.compile(r"[<{]built-in (?:method|function) ([\w.]+)\.\w+[>}]")
_BUILT_IN_CLASS = re.compile(r"[<{](?:built-in )?(?:method|slot wrapper) '[^']*' of '([^']+)' objects[>}]")
_QUALIFIED = re.compile(r"(?:[^\W\d]\w*|<\w+>)(?:\.(?:[^\W\d]\w*|<\w+>))+")
_LOCALS = "<locals>"
_UNKNOWN = frozenset(("", NO_FILE, "???"))
"""What files say where they do not know; valgrind writes question marks."""

_BRACKETS = re.compile(r"[<>(]|::|->")
_OPERATOR = re.compile(r"\boperator\W")


@dataclass(frozen=True, eq=False)
class Grouping:
    """G groups of the F functions of a profile, numbered in the order of their first functions.

    names, places   of each group; the place is the file or binary of a class, as names repeat, else ""
    of              F: the group of each function
    unknown         the group of the functions whose group is not known or that are in none, or None
    """

    by: Group
    names: tuple[str, ...]
    places: tuple[str, ...]
    of: Ids
    unknown: int | None

    def __len__(self) -> int:
        return len(self.names)


def grouping(functions: Functions, by: Group) -> Grouping:
    """The functions grouped by class, file, module, package, directory or object.

    class      what the qualified name says: the innermost class that the function, or the one it is local to, is
               written in; of a built-in method its type; in C++, Rust and PHP the class, namespace or type before the
               last `::` or `->`. Names without a class, as those of cProfile, are in "(no class)"
    module     the object or what the path implies; of a built-in function the module in its name
    package    the first word of the module of an installed file; elsewhere, where the path does not tell where imports
               begin, the package that holds the module; without a file the first word of a module, or the binary
    object     the binary, or the dotted module where the file names one
    """
    if by == "function":
        raise ValueError("functions are grouped by something else than themselves")
    number: defaultdict[Key | str, int] = defaultdict(itertools.count().__next__)
    nowhere = f"(no {by})"
    keys = (key or nowhere for key in _KEYS[by](functions))
    of = np.fromiter(map(number.__getitem__, keys), np.int32, len(functions))
    pairs = [key if isinstance(key, tuple) else (key, "") for key in number]
    return Grouping(
        by, tuple(name for name, _ in pairs), tuple(place for _, place in pairs), of, dict(number).get(nowhere)
    )


def names_classes(functions: Functions) -> bool:
    """Whether the class of any function is known."""
    return any(_classes(functions))


def class_of(name: str, *, dotted: bool = True) -> str:
    """The class in a function's qualified name, or ""; with `dotted` the dots in it are Python's.

    They are not in C, where compilers name the pieces of a function so: "sort.part.0", "main.cold".
    """
    if name[0:1] in ("<", "{") and (built_in := _BUILT_IN_CLASS.fullmatch(name)):
        return built_in[1]
    if "::" in name or "->" in name:
        return _scope(name)
    return _python_class(name) if dotted and "." in name else ""


def _python_class(name: str) -> str:
    """`Outer.Inner` of `Outer.Inner.method` and of `Outer.Inner.method.<locals>.<lambda>`."""
    if not _QUALIFIED.fullmatch(name):
        return ""
    words = name.split(".")[:-1]
    while words and words[-1] == _LOCALS:
        del words[-2:]
    return ".".join(words)


def _scope(name: str) -> str:
    """What stands before the last `::` or `->` outside of brackets and before the arguments."""
    operator = _OPERATOR.search(name)
    depth, last = 0, 0
    for found in _BRACKETS.finditer(name, 0, operator.start() if operator else len(name)):
        if found[0] == "<":
            depth += 1
        elif found[0] == ">":
            depth -= 1
        elif depth:
            continue
        elif found[0] == "(" and not name.startswith("(anonymous namespace)", found.start()):
            break
        elif found[0] in ("::", "->") and not name.startswith("<", found.end()):  # Rust's `f::<u8>` is f
            last = found.start()
    return name[:last]


def _classes(functions: Functions) -> Iterator[Key | str]:
    python = {file: file[0:1] == "<" or bool(module_of(file)) for file in set(functions.file)}
    for name, file, binary in zip(functions.name, functions.file, functions.object, strict=True):
        told = "." in name or "::" in name or "->" in name or "'" in name
        known = class_of(name, dotted=python[file]) if told else ""
        # the methods of a C++ class lie in several files
        yield (known, file if python[file] else binary) if known else ""


def _files(functions: Functions) -> Iterator[str]:
    return ("" if file in _UNKNOWN else file for file in functions.file)


def _modules(functions: Functions) -> Iterator[str]:
    for name, module in zip(functions.name, functions.module, strict=True):
        yield _built_in_module(name) if module in _UNKNOWN else module


def _built_in_module(name: str) -> str:
    """`time` of `<built-in method time.sleep>`, or ""."""
    found = _BUILT_IN_MODULE.fullmatch(name) if name[0:1] in ("<", "{") else None
    return found[1] if found else ""


def _packages(functions: Functions) -> Iterator[str]:
    of_file = {file: package_of(file) for file in set(functions.file)}
    for name, file, binary in zip(functions.name, functions.file, functions.object, strict=True):
        known = of_file[file] or (binary.partition(".")[0] if is_module(binary) else binary)
        yield _built_in_module(name).partition(".")[0] if known in _UNKNOWN else known


def _directories(functions: Functions) -> Iterable[str]:
    of_file = {file: _directory(file) for file in set(functions.file)}
    return (of_file[file] for file in functions.file)


def _directory(file: str) -> str:
    """What stands before the file's name, "" where the name is all there is."""
    at = max(file.rfind("/"), file.rfind("\\"))
    return file[: max(at, 1)] if at >= 0 and file[0] != "<" else ""


def _objects(functions: Functions) -> Iterable[str]:
    return ("" if binary in _UNKNOWN else binary for binary in functions.object)


_KEYS: dict[Group, Callable[[Functions], Iterable[Key | str]]] = {
    "class": _classes,
    "file": _files,
    "module": _modules,
    "package": _packages,
    "directory": _directories,
    "object": _objects,
}
