"""What events say of single calls in their `args`, as text."""

from __future__ import annotations

import msgspec
import numpy as np

from proftui.formats.json_faults import ERRORS
from proftui.formats.trace.document import NO_ARGUMENTS
from proftui.model import Ids

MOST_BYTES = 32 << 20
"""Of all different arguments; more of them are left out."""

MOST_LENGTH = 300
"""Characters of one text."""

_LONG = 1 << 12
_NOTHING = (b"", b"{}", b"null")


class Arguments:
    """The different arguments of a file, in order of appearance."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = dict.fromkeys(_NOTHING, -1)
        self._size = 0
        self.left_out = 0

    def numbers(self, arguments: list[msgspec.Raw], size: int) -> Ids:
        """The numbers of the arguments of so many events, -1 for none; of none of them where the list is empty."""
        if arguments.count(NO_ARGUMENTS) == len(arguments):
            return np.full(size, -1, np.int32)
        return np.fromiter(map(self._number, map(bytes, arguments)), np.int32, size)

    def _number(self, raw: bytes) -> int:
        number = self._known.get(raw)
        if number is None:
            if self._size + len(raw) > MOST_BYTES:
                self.left_out += 1
                return -1
            self._size += len(raw)
            number = self._known[raw] = len(self._known) - len(_NOTHING)
        return number

    def texts(self) -> tuple[str, ...]:
        """The arguments in order of their numbers."""
        return tuple(_text(raw) for raw, number in self._known.items() if number >= 0)


def _text(raw: bytes) -> str:
    """One line: `n=6 → 13` of a call that VizTracer recorded with arguments, `name=value, name=value` of others."""
    if len(raw) > _LONG:
        return f"{len(raw):,} bytes of arguments"
    try:
        text = _told(msgspec.json.decode(raw))
    except ERRORS:
        return ""
    return text if len(text) <= MOST_LENGTH else f"{text[: MOST_LENGTH - 1]}…"


def _told(said: object) -> str:
    """Raises RecursionError, where values are nested as deeply as can just be decoded."""
    if not isinstance(said, dict):
        return _value(said)
    if said.keys() == {"detail"}:
        return _value(said["detail"])
    called = said.pop("func_args", None)
    returned = said.pop("return_value", None)
    listed = _listed({**called, **said} if isinstance(called, dict) else said)
    return listed if returned is None else f"{listed} → {_value(returned)}".lstrip()


def _listed(values: dict[str, object]) -> str:
    return ", ".join(f"{name}={_value(value)}" for name, value in values.items())


def _value(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
