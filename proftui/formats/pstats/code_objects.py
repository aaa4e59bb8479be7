"""Code objects in marshalled data: `profile.run` leaves one in the place of a function's name.

They are read past, never made; what is kept is what `repr` says of one, without its address.
"""

from __future__ import annotations

from collections.abc import Sequence

LAYOUTS = (
    "iiiiibtttbsssibb",  # 3.11 on: counts, flags | code | consts, names, locals | kinds | file, name ...
    "iiiiiibtttttssib",  # 3.8 to 3.10: one count more | code | consts, names, locals, free, cells | file, name ...
    "iiiiibtttttssib",  # 3.0 to 3.7
    "iiiibtttttssib",  # 2.7
)
"""The fields in order: an integer without a type code, bytes, tuple, string. The first two strings are file and name,
the last integer is the line."""

FIELD_TYPES: dict[str, type | tuple[type, ...]] = {"i": int, "b": (bytes, str), "t": tuple, "s": (bytes, str)}
"""Python 2 has one type for bytes and strings."""


class Code(str):
    """The text that stands for a code object."""

    __slots__ = ()

    @classmethod
    def of(cls, layout: str, fields: Sequence[object]) -> Code:
        """From the fields of a code object in that layout."""
        first = layout.index("s")
        file, name = (text(fields[at]) for at in (first, first + 1))
        return cls(f'<code object {name}, file "{file}", line {fields[layout.rindex("i")]}>')


def text(value: object) -> str:
    """A string of the file as text: Python 2 wrote bytes, and Python 3 writes lone surrogates as they are."""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return value.decode("utf-8", "backslashreplace")
    return str(value)
