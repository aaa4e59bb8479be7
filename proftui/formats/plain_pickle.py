"""Pickles of plain values, taken apart by rules of our own: nothing in them is ever imported, called or run.

The machine of `pickle` (its opcodes are told in the standard library's pickletools) with only those opcodes that lists,
tuples, dicts, texts, numbers and instances of classes without arguments need, from protocol 2 on. Each takes time and
memory in proportion to its own bytes: numbers have 64 bits at most, keys are flat, and the memo is a dict.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from proftui.errors import Malformed


@dataclass(eq=False)
class Instance:
    """What stands for an instance of the class called `of` ("module.name"): its attributes, and no code."""

    of: str
    state: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Class:
    name: str


_ENDED = "the pickle ends too early"
_TORN = "the pickle is not put together as pickles are"

_MOST_IN_KEYS = 8

_UINT16, _UINT32, _INT32 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<i")
_FLOAT = struct.Struct(">d")


_STEPS_BETWEEN_REPORTS = 1 << 16


def unpickled(data: bytes, classes: frozenset[str], report: Callable[[float], None] | None = None) -> object:
    """The value in a pickle, which may hold instances of these classes ("module.name") as Instance.

    Lists, tuples and dicts may be in several places at once, and lists and dicts within themselves. `report` is told
    the share that is done; what it raises ends the work. Raises Malformed.
    """
    machine = _Machine(data, classes)
    while not machine.finished:
        machine.run(_STEPS_BETWEEN_REPORTS)
        if report:
            report(machine.at / len(data))
    return machine.stack.pop()


class _Machine:
    """`at` is the place of the next byte, `stack` what was pushed since the last mark, `outer` what was before it."""

    def __init__(self, data: bytes, classes: frozenset[str]) -> None:
        self.data = data
        self.classes = classes
        self.at = 0
        self.stack: list[object] = []
        self.outer: list[list[object]] = []
        self.memo: dict[int, object] = {}
        self.finished = False

    def run(self, most: int) -> None:
        """Work off so many opcodes, or those up to the last one, with which one value is left."""
        data, steps = self.data, _STEPS
        begin = self.at
        try:
            for _ in range(most):
                begin = self.at
                code = data[begin]
                self.at = begin + 1
                if code == _STOP:
                    self.stack[-1]  # IndexError where nothing is left
                    self.finished = True
                    return
                steps[code](self)
            return
        except KeyError:
            what = _TORN if data[begin] in _STEPS else "holds other than plain values; nothing of it was run"
        except struct.error:
            what = _ENDED
        except IndexError:
            what = _ENDED if begin + 1 >= len(data) and data[begin:] != b"." else _TORN
        except TypeError:
            what = _TORN
        raise Malformed(what, f"byte {begin}")

    def malformed(self, what: str) -> Malformed:
        return Malformed(what, f"byte {self.at}")

    # ------------------------------------------------------------------ bytes

    def skip(self, size: int) -> int:
        """The place of the next `size` bytes, which are passed."""
        begin = self.at
        self.at = begin + size
        return begin

    def taken(self, size: int) -> bytes:
        begin = self.skip(size)
        if self.at > len(self.data):
            raise self.malformed(_ENDED)
        return self.data[begin : self.at]

    def line(self) -> str:
        end = self.data.find(b"\n", self.at, self.at + 256)
        if end < 0:
            raise self.malformed(_TORN)
        text = self.data[self.at : end].decode("utf-8", "replace")
        self.at = end + 1
        return text

    def byte(self) -> int:
        return self.data[self.skip(1)]

    def uint32(self) -> int:
        value: int = _UINT32.unpack_from(self.data, self.skip(4))[0]
        return value

    def marked(self) -> list[object]:
        """What was pushed since the last mark, which is gone with it."""
        items = self.stack
        self.stack = self.outer.pop()
        return items

    # ------------------------------------------------------------------ numbers and texts

    def push_uint8(self) -> None:
        self.stack.append(self.data[self.at])
        self.at += 1

    def push_uint16(self) -> None:
        self.stack.append(_UINT16.unpack_from(self.data, self.at)[0])
        self.at += 2

    def push_int32(self) -> None:
        self.stack.append(_INT32.unpack_from(self.data, self.at)[0])
        self.at += 4

    def push_long(self) -> None:
        size = self.byte()
        if size > 8:
            raise self.malformed("holds a number of more than 64 bits")
        self.stack.append(int.from_bytes(self.taken(size), "little", signed=True))

    def push_float(self) -> None:
        self.stack.append(_FLOAT.unpack_from(self.data, self.skip(8))[0])

    def push_text(self) -> None:
        self.stack.append(self.taken(self.uint32()).decode("utf-8", "replace"))

    def push_short_text(self) -> None:
        self.stack.append(self.taken(self.byte()).decode("utf-8", "replace"))

    # ------------------------------------------------------------------ collections

    def mark(self) -> None:
        self.outer.append(self.stack)
        self.stack = []

    def push_tuple(self) -> None:
        items = tuple(self.stack)
        self.stack = self.outer.pop()
        self.stack.append(items)

    def push_tuple1(self) -> None:
        self.stack[-1] = (self.stack[-1],)

    def push_tuple2(self) -> None:
        last = self.stack.pop()
        self.stack[-1] = (self.stack[-1], last)

    def push_tuple3(self) -> None:
        last, middle = self.stack.pop(), self.stack.pop()
        self.stack[-1] = (self.stack[-1], middle, last)

    def add_one(self) -> None:
        item = self.stack.pop()
        self.list_on_top().append(item)

    def add_marked(self) -> None:
        items = self.marked()
        self.list_on_top().extend(items)

    def list_on_top(self) -> list[object]:
        top = self.stack[-1]
        if not isinstance(top, list):
            raise TypeError
        return top

    def set_one(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.set([key, value])

    def set_marked(self) -> None:
        self.set(self.marked())

    def set(self, items: list[object]) -> None:
        """Put keys and values, one after the other, into the dict on top."""
        top = self.stack[-1]
        if not isinstance(top, dict) or len(items) % 2:
            raise TypeError
        for key, value in zip(items[::2], items[1::2], strict=True):
            # hashing what is nested takes time without bound, or all of the interpreter's own stack
            flat = key if type(key) is tuple else (key,)
            if len(flat) > _MOST_IN_KEYS or not all(type(item) in (str, int) for item in flat):
                raise TypeError
            top[key] = value

    # ------------------------------------------------------------------ the memo

    def memoize(self) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def put(self) -> None:
        self.memo[self.byte()] = self.stack[-1]

    def long_put(self) -> None:
        self.memo[self.uint32()] = self.stack[-1]

    def get(self) -> None:
        self.stack.append(self.memo[self.data[self.at]])
        self.at += 1

    def long_get(self) -> None:
        self.stack.append(self.memo[_UINT32.unpack_from(self.data, self.at)[0]])
        self.at += 4

    # ------------------------------------------------------------------ classes and instances

    def push_class(self) -> None:
        self.find(self.line(), self.line())

    def push_named_class(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self.find(module, name)

    def find(self, module: object, name: object) -> None:
        if not (isinstance(module, str) and isinstance(name, str)):
            raise TypeError
        if (found := f"{module}.{name}") not in self.classes:
            raise self.malformed("wants code that does not belong in it; nothing of it was run")
        self.stack.append(_Class(found))

    def push_instance(self) -> None:
        arguments, kind = self.stack.pop(), self.stack.pop()
        if arguments != () or not isinstance(kind, _Class):
            raise TypeError
        self.stack.append(Instance(kind.name))

    def build(self) -> None:
        state, instance = self.stack.pop(), self.stack[-1]
        if not isinstance(instance, Instance) or not isinstance(state, dict):
            raise TypeError
        instance.state = state


def _pushing(make: Callable[[], object]) -> Callable[[_Machine], None]:
    return lambda machine: machine.stack.append(make())


_STOP = ord(".")

_STEPS: dict[int, Callable[[_Machine], None]] = {
    ord(code): step
    for code, step in (
        ("\x80", lambda machine: machine.taken(1)), ("\x95", lambda machine: machine.taken(8)),  # protocol, frame
        ("K", _Machine.push_uint8), ("M", _Machine.push_uint16), ("J", _Machine.push_int32),
        ("\x8a", _Machine.push_long), ("G", _Machine.push_float), ("N", _pushing(lambda: None)),
        ("\x88", _pushing(lambda: True)), ("\x89", _pushing(lambda: False)),
        ("X", _Machine.push_text), ("T", _Machine.push_text),
        ("\x8c", _Machine.push_short_text), ("U", _Machine.push_short_text),
        ("(", _Machine.mark), (")", _pushing(tuple)), ("]", _pushing(list)), ("}", _pushing(dict)),
        ("t", _Machine.push_tuple), ("\x85", _Machine.push_tuple1), ("\x86", _Machine.push_tuple2),
        ("\x87", _Machine.push_tuple3), ("a", _Machine.add_one), ("e", _Machine.add_marked),
        ("s", _Machine.set_one), ("u", _Machine.set_marked),
        ("\x94", _Machine.memoize), ("q", _Machine.put), ("r", _Machine.long_put),
        ("h", _Machine.get), ("j", _Machine.long_get),
        ("c", _Machine.push_class), ("\x93", _Machine.push_named_class), ("\x81", _Machine.push_instance),
        ("b", _Machine.build),
    )
}  # fmt: skip
