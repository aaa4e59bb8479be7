"""The lines that py-spy writes, as stacks: `process PID:"COMMAND";thread (TID): NAME;name (file:line);... COUNT`.

py-spy writes names as they are, whatever they hold. A command line may hold anything, and ends where the frame of a
thread begins; a thread's name goes on until something looks like a function in a file.
"""

from __future__ import annotations

import re
from typing import Generic, TypeVar

from proftui.formats.folded.frames import Dialect, text_of
from proftui.live.sampling import Frame, Stack
from proftui.model import Thread

MEMORY = 4 << 20
"""Bytes of lines that are remembered, about."""

NO_STACK = Frame("(no stack)")
"""What a thread is in that was counted without a frame."""

_COUNTED = re.compile(rb"(.*) ([0-9]{1,18})", re.DOTALL)
_OWNER = re.compile(rb'(?:process [0-9]+:".*?;)?thread \((0x[0-9A-Fa-f]{1,16}|[0-9]{1,19})\)(?:: )?', re.DOTALL)
_PROCESS = re.compile(rb'(?:^|;)process ([0-9]{1,10}):"', re.DOTALL)
_PY_SPY = Dialect(located=True)

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """What was made of texts that were seen lately: two generations, and the older one is forgotten as a whole."""

    def __init__(self, limit: int) -> None:
        """`limit` is in bytes of texts, for both generations."""
        self._each, self._size = limit // 2, 0
        self._new: dict[bytes, Value] = {}
        self._old: dict[bytes, Value] = {}

    def get(self, text: bytes) -> Value | None:
        """What was made of a text, None where it is not remembered."""
        value = self._new.get(text)
        if value is None and (value := self._old.get(text)) is not None:
            self.put(text, value)
        return value

    def put(self, text: bytes, value: Value) -> None:
        """Remember it."""
        if self._size > self._each:
            self._old, self._new, self._size = self._new, {}, 0
        self._new[text] = value
        self._size += len(text) + 100


class Lines:
    """Makes stacks of lines; the same line gives the same object as long as it is remembered.

    `pid` and `command` are those of the process where lines name none. With `native`, frames need not have a place.
    """

    def __init__(self, pid: int, command: str = "", *, native: bool = False) -> None:
        self._pid, self._command, self._native = pid, command, native
        self._stacks: Remembered[Stack] = Remembered(MEMORY)
        self._frames: Remembered[Frame] = Remembered(MEMORY // 4)

    def stacks(self, data: bytes) -> list[tuple[Stack, int]]:
        """The stacks of whole lines, and how many samples had each."""
        found, begun = [], b""
        for line in data.split(b"\n"):
            text, _, count = line.rpartition(b" ")
            stack = self._stacks.get(text)
            if stack is not None and not begun and count.isdigit():
                found.append((stack, int(count)))
                continue
            match = _COUNTED.fullmatch(begun + line)
            if match is None:
                begun += line + b"\n" if line or begun else b""  # a name that holds a line break
                continue
            begun = b""
            stack = self._stacks.get(match[1])
            if stack is None:
                stack = self._stack(match[1])
                self._stacks.put(match[1], stack)
            found.append((stack, int(match[2])))
        return found

    def _stack(self, text: bytes) -> Stack:
        owner = _OWNER.match(text)
        if owner is None:
            return Stack(Thread(self._pid, None, "", self._command), self._called(text.split(b";") if text else []))
        pid, command = self._process(text[: owner.start(1)])
        name, pieces = b"", text[owner.end() :].split(b";")
        if text[: owner.end()].endswith(b": "):
            name = pieces.pop(0)
            while pieces and b" (" not in pieces[0]:
                name += b";" + pieces.pop(0)
        else:
            pieces = pieces[1:]
        return Stack(Thread(pid, int(owner[1], 0), text_of(name), command), self._called(pieces))

    def _process(self, text: bytes) -> tuple[int, str]:
        """Process and command line of what stands before a thread: parents come before their children."""
        named = list(_PROCESS.finditer(text))
        if not named:
            return self._pid, self._command
        command = text[named[-1].end() : text.rindex(b";thread (")]
        return int(named[-1][1]), text_of(command.removesuffix(b'"'))

    def _called(self, pieces: list[bytes]) -> tuple[Frame, ...]:
        frames, begun = [], b""
        for piece in pieces:
            text = begun + piece
            if self._native or text.endswith(b")"):
                frames.append(self._frame(text))
                begun = b""
            else:
                begun = text + b";"
        if begun:
            frames.append(self._frame(begun[:-1]))
        return tuple(frames) or (NO_STACK,)

    def _frame(self, text: bytes) -> Frame:
        frame = self._frames.get(text)
        if frame is None:
            (name, file, _, binary), line = _PY_SPY.parsed(text)
            frame = Frame(name, file, line, binary)
            self._frames.put(text, frame)
        return frame
