"""Whether bytes look like profile.proto (messages of its fields, the first text empty), or one of the older forms."""

from __future__ import annotations

from collections.abc import Iterator

from proftui.formats.pprof.legacy_cpu import is_binary
from proftui.formats.pprof.legacy_text import is_text
from proftui.formats.source import HEAD

_MEASURED, _TEXTS, _TYPES = 1, 6, (1, 11)
_KINDS = {
    1: (2,), 2: (2,), 3: (2,), 4: (2,), 5: (2,), 6: (2,), 7: (0,), 8: (0,), 9: (0,), 10: (0,),
    11: (2,), 12: (0,), 13: (0, 2), 14: (0,), 15: (0,),
}  # fmt: skip
"""The fields of the outermost message, and the kinds in which each may be written."""

_INNER: dict[int, dict[int, tuple[int, ...]]] = {
    1: {1: (0,), 2: (0,)},
    2: {1: (0, 2), 2: (0, 2), 3: (2,)},
    3: dict.fromkeys(range(1, 11), (0,)),
    4: {1: (0,), 2: (0,), 3: (0,), 4: (2,), 5: (0,)},
    5: dict.fromkeys(range(1, 6), (0,)),
    11: {1: (0,), 2: (0,)},
}
"""The same of the messages within."""

_MOST = 300
"""So many fields are looked at."""

_Field = tuple[int, int, int, int]
"""(number, kind, begin, stop)."""


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes are those of a profile, as far as they go."""
    del name
    return is_text(head) or is_binary(head) or _is_protobuf(head)


def _is_protobuf(head: bytes) -> bool:
    """Whether there are fields of a profile, and what is measured is among them unless it may come behind the head.

    A first field that is none of a profile is another format's.
    """
    seen = 0
    texts = False
    measured = len(head) >= HEAD
    try:
        for number, kind, begin, stop in _fields(head, 0, len(head)):
            known = _KINDS.get(number)
            if known is None and seen:
                continue
            if known is None or kind not in known:
                return False
            if number == _TEXTS:
                if not texts and begin != stop:
                    return False
                texts = True
            if stop > len(head):
                return measured and seen > 0
            if number in _INNER and not _fits(head, number, begin, stop):
                return False
            measured |= number == _MEASURED
            seen += 1
            if seen == _MOST:
                break
    except IndexError:
        return measured and seen > 0
    except ValueError:
        return False
    return measured and seen > 1


def _fits(head: bytes, number: int, begin: int, stop: int) -> bool:
    """Whether a message has the fields that it should have; a type has no others, which could be text."""
    inner = _INNER[number]
    for field, kind, _, end in _fields(head, begin, stop):
        if end > stop or (kind not in inner.get(field, (kind,))) or (number in _TYPES and field not in inner):
            return False
    return True


def _fields(data: bytes, at: int, end: int) -> Iterator[_Field]:
    """The fields from `at` on; raises IndexError where the data end, ValueError where there is no field."""
    while at < end:
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        begin = at
        if kind == 2:
            size, begin = _varint(data, at)
            at = begin + size
        elif kind == 0:
            at = _varint(data, at)[1]
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError("no field")
        if not 1 <= number < 1 << 29:
            raise ValueError("no field")
        yield number, kind, begin, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        byte = data[at + place]
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    raise ValueError("no number")
