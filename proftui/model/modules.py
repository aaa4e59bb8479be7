"""Dotted module names out of source paths, by the path alone: profiles come from other machines."""

from __future__ import annotations

import re
from functools import lru_cache

_LIBRARY = re.compile(
    r".*(?:/|^)(?:(?:site|dist)-packages|lib(?:64)?/py(?:thon|py)[0-9.]*|lib-python/\d|python3\d*\.zip|Python\d+/lib|Lib|src)/"
)
_HOME = re.compile(r"^/?(?:(?:home|Users)/[^/]+|root)/")
_FROZEN = re.compile(r"<frozen (.+)>")
_DRIVE = re.compile(r"[A-Za-z]:/")
_BINARY_SUFFIXES = ("so", "dll", "dylib", "exe")
_SUFFIX = re.compile(r"(?:\.(?:cpython|pypy|abi3)[^/]*)?\.(?:pyw?|pyx|pyc|so|pyd)$")


@lru_cache(maxsize=1 << 16)
def module_of(path: str) -> str:
    """The dotted module of a Python source file, or "" where the path is none.

    Below a library or `src` directory it is the import name (".../site-packages/rich/table.py" is "rich.table");
    elsewhere the import root cannot be known from the path, so the whole path below the user's home or the file
    system's root is dotted ("/srv/app/views.py" is "srv.app.views"): two files do not come to share a name.
    "<frozen importlib._bootstrap>" is "importlib._bootstrap".
    """
    if frozen := _FROZEN.fullmatch(path):
        return frozen.group(1)
    posix = path.replace("\\", "/")
    stem = _SUFFIX.sub("", posix)
    if stem == posix:
        return ""
    stem = _LIBRARY.sub("", stem)
    stem = _HOME.sub("", _DRIVE.sub("", stem)).removesuffix("/__init__")
    return ".".join(word for word in stem.split("/") if word not in ("", ".", ".."))


@lru_cache(maxsize=1 << 16)
def package_of(path: str) -> str:
    """The package that a Python source file belongs to, or "" where the path is none.

    Below a library or `src` directory it is the first word of the import name (".../site-packages/rich/table.py" is in
    "rich"); elsewhere, where the import root cannot be known, the dotted folder that holds the file.
    """
    module = module_of(path)
    posix = path.replace("\\", "/")
    if _FROZEN.fullmatch(path) or _LIBRARY.match(posix):
        return module.partition(".")[0]
    if re.search(r"(?:^|/)__init__\.[^/]+$", posix):
        return module
    return module.rpartition(".")[0] or module


@lru_cache(maxsize=1 << 16)
def is_module(name: str) -> bool:
    """Whether a name can be that of a module, as "json.decoder" can, and not "libc.so.6", "app.exe" or a path."""
    words = name.split(".")
    return all(map(str.isidentifier, words)) and not (len(words) > 1 and words[-1] in _BINARY_SUFFIXES)
