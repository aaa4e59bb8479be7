"""How functions are named in a callgrind file, and how those names are taken apart again.

KCachegrind holds two functions to be one when name, base name of the file and base name of the object agree;
callgrind_annotate when file and name agree. A pstats function is told apart by its line as well (the methods `get`
of two classes in one file), so its name alone never proves it unique, and whether another function of the same
name was called differs from run to run. The rule looks at the function alone:

- a function without a definition line (built-in, or from a callgrind file) keeps its name: callgrind's own
  functions are told apart in no other way, and the names of built-ins are unique;
- `<module>` on line 1 keeps its name: a file holds one;
- every other function is called `NAME [MODULE:LINE]`, or `NAME [FILE:LINE]` where the file implies no module
  (templates, `<string>`).

Two files of one module name and base name can only meet in merged profiles (one library in two environments).
Their functions, and only they, are called `NAME [FILE:LINE]`.

What cannot stand in a line of the file, and white space at either end (which readers strip), is written as
`%{HEX}`, one code point each; a `%` that would read as such is `%{25}`. An empty name is `???`, callgrind's word
for unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from proftui.model import NO_LINE, Functions
from proftui.model.modules import module_of

UNKNOWN = "???"
MODULE_BODY = "<module>"

_LITERAL_UNKNOWN = "%{3F}??"

_UNSAFE = re.compile("[\n\r\0]|^\\s|\\s\\Z|%(?=\\{[0-9A-F]*\\})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"%\{([0-9A-F]{1,6})\}")
_SUFFIXED = re.compile(r"(.*) \[(.+):(\d+)\]", re.DOTALL)


class Written(NamedTuple):
    """A function as the file names it."""

    file: str
    object: str
    name: str


def written_names(functions: Functions) -> list[Written]:
    """What each function is called in all callgrind files of a profile; no two are the same to KCachegrind."""
    texts = {*functions.name, *functions.file, *functions.module}
    as_written = {text: escaped(text) for text in texts}
    # where a line is known, "???" is a name like any other
    of_lined = {**as_written, UNKNOWN: _LITERAL_UNKNOWN}
    rows = [
        _written(name, file, module, line, as_written if line == NO_LINE else of_lined)
        for name, file, module, line in zip(
            functions.name, functions.file, functions.module, functions.line.tolist(), strict=True
        )
    ]
    seen = Counter(map(_kcachegrind_key, rows))
    if len(seen) < len(rows):
        for at, row in enumerate(rows):
            if seen[_kcachegrind_key(row)] > 1 and functions.line[at] != NO_LINE:
                where = f"{row.object}:{row.file}" if functions.object[at] else row.file
                rows[at] = row._replace(name=f"{of_lined[functions.name[at]]} [{where}:{functions.line[at]}]")
    return rows


def _written(name: str, file: str, module: str, line: int, as_written: Mapping[str, str]) -> Written:
    shown, where = as_written[name], as_written[module or file]
    if line != NO_LINE and (name != MODULE_BODY or line != 1):
        shown = f"{shown} [{where}:{line}]"
    return Written(as_written[file], as_written[module], shown)


def _kcachegrind_key(row: Written) -> str:
    """The key of KCachegrind's function map (TraceData::function in libcore/tracedata.cpp)."""
    return row.name + row.file[row.file.rfind("/") + 1 :] + row.object[row.object.rfind("/") + 1 :]


def identity(row: Written, *, modules_implied: bool) -> tuple[str, str, int, str]:
    """(name, file, line, object) of a function that the file calls `row`.

    With `modules_implied` an object that the file's path implies anyway is none of the function's own.
    Not the inverse of `written_names` for every name: what it gets wrong is listed in comments.
    """
    name, line = row.name, NO_LINE
    suffixed = _SUFFIXED.fullmatch(name) if name.endswith("]") else None
    if suffixed and suffixed[2] in (row.object, row.file) and len(suffixed[3]) < 10:
        name, line = suffixed[1], int(suffixed[3])
    elif name == MODULE_BODY:
        line = 1
    file, named = unescaped(row.file), unescaped(row.object)
    return unescaped(name), file, line, "" if modules_implied and named == module_of(file) else named


def escaped(text: str) -> str:
    """`text` as it can stand in a line of a callgrind file."""
    safe = _UNSAFE.sub(_code, text)
    if _SURROGATE.search(safe) and not _survives(safe):
        safe = _SURROGATE.sub(_code, safe)
    return safe or UNKNOWN


def unescaped(text: str) -> str:
    """What `escaped` made into `text`."""
    return "" if text == UNKNOWN else _ESCAPE.sub(_character, text) if "%{" in text else text


def _survives(text: str) -> bool:
    """Whether bytes that are not UTF-8, held as surrogates, come back the same."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape") == text
    except UnicodeEncodeError:
        return False


def _code(match: re.Match[str]) -> str:
    return f"%{{{ord(match[0]):X}}}"


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF else match[0]
