"""What is wrong with JSON, and where, in words that hold nothing of the file."""

from __future__ import annotations

import re

import msgspec

from proftui.errors import Malformed

ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not what was asked for."""

_EXPECTED = re.compile(
    r"(expected|object missing required field) `(.*?)`(?: ([<>]=?) ([-0-9]+))?(?:, got `(\w+)`)?", re.I
)
_BYTE = re.compile(r"\(byte ([0-9]+)\)")
_PATH = re.compile(r"at `\$(.*)`$")
_INDEX = re.compile(r"\[([0-9]+)\]")


def fault(error: Exception, place: str, size: int, seen: int = 0) -> Malformed:
    """The error to raise for one of ERRORS, of `size` bytes of JSON at a place in the file.

    The bytes are an array of which `seen` items were read before; or the whole file, where `place` is "".
    """
    said = str(error)
    if isinstance(error, UnicodeDecodeError):
        return Malformed("a text is not UTF-8", place)
    if isinstance(error, RecursionError):
        return Malformed("its JSON is nested too deeply", place)
    if isinstance(error, msgspec.ValidationError):
        return Malformed(_invalid(said), _where(said, place, seen))
    if "truncated" in said:
        return Malformed("its JSON ends too early", place or f"byte {size:,}")
    at = _BYTE.search(said)
    return Malformed("is not JSON", place or (f"byte {int(at[1]):,}" if at else ""))


def _invalid(said: str) -> str:
    """What was expected, of one of msgspec's sentences."""
    match = _EXPECTED.match(said)
    if match is None:
        return "a number is too large" if "range" in said else "the type of a profile is not known"
    kind, expected, comparison, limit, got = match.groups()
    if kind.lower().startswith("object"):
        return f"{expected!r} is missing"
    if comparison:
        return f"expected {expected} {comparison} {limit}"
    return f"expected {expected}, got {got}"


def _where(said: str, place: str, seen: int) -> str:
    """The place that one of msgspec's sentences tells, below `place`."""
    match = _PATH.search(said)
    path = match[1] if match else ""
    if place:
        path = _INDEX.sub(lambda index: f"[{int(index[1]) + seen}]", path, count=1)
    return f"{place}{path}".lstrip(".")
