"""The strict decoder of marshalled objects, for the few types that a dump of pstats holds.

`marshal.loads` is no way to read a file that somebody sent: damaged data can kill the interpreter (a tuple that
holds itself is hashed without end), and Python 3's refuses what Python 2 wrote. This decoder makes nothing but
numbers, text, tuples and pairs, never allocates more than the data can fill, and nests to a limit.
The encoding is that of CPython's Python/marshal.c: versions 0 to 2 as Python 2.7 has them, 0 to 5 of Python 3.
"""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Callable, Iterator

from proftui.errors import Malformed
from proftui.formats.pstats.code_objects import FIELD_TYPES, LAYOUTS, Code, text
from proftui.formats.source import Progress

FLAG_REF = 0x80
"""In a type code: later data may refer to this object by its number."""

_DEEPEST, _DEEPEST_IN_CODE = 3, 60
"""How deep values nest: a row, its callers, a caller; constants of code objects hold code objects."""

_LONGEST = 68
"""Digits of 15 bits that an integer may have: what float64 can hold."""

_WIDEST = 5
"""Items that a tuple has outside code objects, at most: a row."""

_BETWEEN = 1000
"""Pairs between two reports of progress."""

_NUMBER = re.compile(rb"[-+]?(?:inf|nan|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)", re.IGNORECASE)


class Pairs(list[tuple[object, object]]):
    """A dict as the pairs it was written as: nothing of the file is hashed before its shape is known."""


_UNFINISHED = object()
"""What a number refers to while the object is still being read."""

_END = object()
"""The mark that ends a dict."""

_SKIPPED = object()
"""A constant of a code object that no profile needs: a list, a set, a complex number, an ellipsis, a slice."""


def malformed(what: str, at: int) -> Malformed:
    """The error to raise for what is wrong at the byte `at`."""
    return Malformed(what, f"byte {at}")


class Decoder:
    """Reads one object after the other; every breach is a Malformed that names its byte."""

    def __init__(self, data: bytes, progress: Progress | None = None) -> None:
        self.data = data
        self.progress = progress
        self.position = 0
        self._numbered: list[object] = []
        self._interned: list[object] = []
        self._depth = 0
        self._deepest = _DEEPEST
        self._layouts: tuple[str, ...] = LAYOUTS
        self._readers = self._plain_readers()

    def value(self) -> object:
        """The next object: int, float, str, bytes, bool, None, Code, Pairs, or a tuple of these."""
        at = self.position
        code = self._byte()
        reader = self._readers.get(code & ~FLAG_REF)
        if reader is None:
            raise malformed(f"type code {code:#04x} does not belong in a profile", at)
        if not code & FLAG_REF:
            return reader()
        number = len(self._numbered)
        self._numbered.append(_UNFINISHED)
        value = self._numbered[number] = reader()
        return value

    def pairs(self) -> Iterator[tuple[int, object, object]]:
        """(byte, key, value) of a dict whose type code was just read."""
        for number in itertools.count(1):
            at = self.position
            if self.progress and not number % _BETWEEN:
                self.progress(at / len(self.data))
            key = self.value()
            if key is _END:
                return
            if not isinstance(key, tuple):
                raise malformed("a key is not (file, line, name)", at)
            value = self.value()
            if value is _END:
                raise malformed("a key has no value", at)
            yield at, key, value

    def outermost(self) -> Iterator[tuple[int, object, object]]:
        """(byte, key, value) of the dict that the data begin with."""
        code = self._byte()
        if code & ~FLAG_REF != ord("{"):
            raise malformed("the data do not begin with a table of functions", 0)
        if code & FLAG_REF:
            self._numbered.append(_UNFINISHED)
        return self.pairs()

    def _plain_readers(self) -> dict[int, Callable[[], object]]:
        return {
            ord("i"): self._int32,
            ord("I"): lambda: self._unpacked("<q", 8),
            ord("l"): self._long,
            ord("g"): lambda: self._unpacked("<d", 8),
            ord("f"): self._text_float,
            ord("z"): lambda: self._take(self._byte()).decode("latin-1"),
            ord("Z"): lambda: self._take(self._byte()).decode("latin-1"),
            ord("a"): lambda: self._take(self._length()).decode("latin-1"),
            ord("A"): lambda: self._take(self._length()).decode("latin-1"),
            ord("u"): lambda: text(self._take(self._length())),
            ord("t"): self._interned_text,
            ord("s"): lambda: self._take(self._length()),
            ord("r"): lambda: self._referred(self._numbered),
            ord("R"): lambda: self._referred(self._interned),
            ord(")"): lambda: self._tuple(self._byte(), _WIDEST),
            ord("("): lambda: self._tuple(self._length(), _WIDEST),
            ord("{"): self._dict,
            ord("0"): lambda: _END,
            ord("N"): lambda: None,
            ord("T"): lambda: True,
            ord("F"): lambda: False,
            ord("c"): self._code,
        }

    def _readers_in_code(self) -> dict[int, Callable[[], object]]:
        """Constants of code objects come in more types; they are read, as they are numbered too, and dropped."""

        def skipped(read: Callable[[], object]) -> Callable[[], object]:
            return lambda: (read(), _SKIPPED)[1]

        collection = skipped(lambda: self._tuple(self._length(), len(self.data)))
        return self._plain_readers() | {
            ord(")"): lambda: self._tuple(self._byte(), len(self.data)),
            ord("("): lambda: self._tuple(self._length(), len(self.data)),
            ord("["): collection,
            ord("<"): collection,
            ord(">"): collection,
            ord("x"): skipped(lambda: (self._text_float(), self._text_float())),
            ord("y"): skipped(lambda: self._take(16)),
            ord(":"): skipped(lambda: self._tuple(3, 3)),
            ord("."): lambda: _SKIPPED,
            ord("S"): lambda: _SKIPPED,
        }

    def _take(self, size: int) -> bytes:
        at = self.position
        end = at + size
        if end > len(self.data):
            raise malformed("the data end in the middle of a value", at)
        self.position = end
        return self.data[at:end]

    def _byte(self) -> int:
        return self._take(1)[0]

    def _int32(self) -> int:
        return int.from_bytes(self._take(4), "little", signed=True)

    def _length(self) -> int:
        at = self.position
        length = self._int32()
        if not 0 <= length <= len(self.data) - self.position:
            raise malformed(f"a length of {length} is more than the data hold", at)
        return length

    def _unpacked(self, layout: str, size: int) -> object:
        return struct.unpack(layout, self._take(size))[0]

    def _long(self) -> int:
        at = self.position
        digits = self._int32()
        if abs(digits) > _LONGEST:
            raise malformed(f"an integer of {abs(digits)} digits is no count", at)
        value = 0
        for place in range(abs(digits)):
            value |= int.from_bytes(self._take(2), "little") << (15 * place)
        return value if digits >= 0 else -value

    def _text_float(self) -> float:
        at = self.position
        written = self._take(self._byte())
        if not _NUMBER.fullmatch(written):
            raise malformed("a number is not written as one", at)
        return float(written)

    def _interned_text(self) -> str:
        value = text(self._take(self._length()))
        self._interned.append(value)
        return value

    def _referred(self, objects: list[object]) -> object:
        at = self.position
        number = self._int32()
        if not 0 <= number < len(objects):
            raise malformed(f"object {number} is referred to before it is there", at)
        if objects[number] is _UNFINISHED:
            raise malformed(f"object {number} holds itself", at)
        return objects[number]

    def _tuple(self, size: int, most: int) -> tuple[object, ...]:
        at = self.position
        if size > min(most, len(self.data) - at):
            raise malformed(
                f"a tuple of {size} items is longer than any in a profile; the file is cut off or damaged", at
            )
        self._deeper(at)
        items = tuple([self.value() for _ in range(size)])
        self._depth -= 1
        if _END in items:
            raise malformed("a tuple has an item too few", at)
        return items

    def _dict(self) -> Pairs:
        self._deeper(self.position)
        pairs = Pairs((key, value) for _, key, value in self.pairs())
        self._depth -= 1
        return pairs

    def _deeper(self, at: int) -> None:
        self._depth += 1
        if self._depth > self._deepest:
            raise malformed("values are nested too deeply for a profile", at)

    def _code(self) -> Code:
        """A code object, in the layout of the Python that wrote the file: the first in which it can be read.

        What is inside it has the same layout, so a damaged one is tried once a layout, however deep it nests.
        """
        at = self.position
        outside = self._readers, self._deepest
        self._readers, self._deepest = self._readers_in_code(), _DEEPEST_IN_CODE
        self._deeper(at)
        before = len(self._numbered), len(self._interned), self._depth
        for layout in self._layouts:
            self.position = at
            numbered, interned, self._depth = before
            del self._numbered[numbered:], self._interned[interned:]
            self._layouts = (layout,)
            try:
                code = Code.of(layout, [self._field(kind) for kind in layout])
            except Malformed:
                continue
            self._readers, self._deepest = outside
            self._depth -= 1
            return code
        raise malformed("a code object is in no layout that a Python writes", at)

    def _field(self, kind: str) -> object:
        at = self.position
        value = self._int32() if kind == "i" else self.value()
        if not isinstance(value, FIELD_TYPES[kind]):
            raise malformed("a field of a code object has another type", at)
        return value
