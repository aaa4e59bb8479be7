"""Whose a sample is, as far as its labels say.

Labels name a thread or a process in many ways: "pid", "thread_id" and "thread_name" (Pyroscope), "thread id", "thread
native id" and "thread name" (Datadog), "Process ID" and "Thread ID" (Austin), "thread" (pprof-rs), "comm" (Parca).
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from proftui.formats.pprof.strings import Strings
from proftui.formats.pprof.wire import Fields, Places
from proftui.model import Part, PartKind, grouped

MOST_PARTS = 20_000

PID, TID, NATIVE, THREAD, PROCESS, PART = range(6)

_KEYS = {
    "pid": PID, "processid": PID, "processpid": PID,
    "tid": TID, "threadid": TID, "osthreadid": NATIVE, "threadnativeid": NATIVE, "nativethreadid": NATIVE,
    "thread": THREAD, "threadname": THREAD,
    "process": PROCESS, "processname": PROCESS, "comm": PROCESS, "processexecutablename": PROCESS,
    "part": PART,
}  # fmt: skip

_NUMBER = re.compile(r"0x[0-9A-Fa-f]{1,15}|[0-9]{1,18}")


@dataclass(frozen=True)
class Owner:
    """A thread, a process, another part, or nobody."""

    kind: PartKind = "file"
    name: str = ""
    pid: int | None = None
    tid: int | None = None

    @property
    def label(self) -> str:
        """Its name, and the process where there may be several of that name; "" of nobody."""
        if self.kind == "file":
            return self.name
        name = self.name or ("process" if self.kind == "process" else f"thread {self.tid}")
        return name if self.pid is None else f"{name} [{self.pid}]"

    @classmethod
    def of(cls, part: Part) -> Owner:
        """That of a part, as its label and its numbers say."""
        if part.kind not in ("thread", "process"):
            return cls(name=part.label)
        name = part.label if part.pid is None else part.label.removesuffix(f" [{part.pid}]")
        unnamed = name == ("process" if part.kind == "process" else f"thread {part.tid}")
        return cls(part.kind, "" if unnamed else name, part.pid, part.tid)

    def labels(self) -> list[tuple[str, str | int]]:
        """What to write into a file: (key, text or number)."""
        key = self.kind if self.kind != "file" else "part"
        found: list[tuple[str, str | int | None]] = [(key, self.name or None), ("pid", self.pid), ("tid", self.tid)]
        return [(key, value) for key, value in found if value is not None]


class Owners:
    """Numbers owners as samples turn up. `others` are the keys of labels that name none."""

    def __init__(self, strings: Strings) -> None:
        self._strings = strings
        self._ids: defaultdict[Owner, int] = defaultdict(itertools.count().__next__)
        self._known: dict[bytes, int] = {}
        self.others: dict[str, None] = {}

    @property
    def too_many(self) -> bool:
        """Whether there are more than a profile can have parts."""
        return len(self._ids) > MOST_PARTS

    def found(self) -> list[Owner]:
        """All owners; where there are too many, nobody for all of them."""
        return [Owner()] if self.too_many or not self._ids else list(self._ids)

    def of_samples(self, samples: Fields) -> Places:
        """The number of the owner of each sample. Raises Malformed."""
        sample, label = samples.messages(3)
        first, same = grouped(key := label.last(1).view(np.int64))
        meaning = np.array([self._meaning(index) for index in key[first].tolist()], np.int64)[same]
        telling = np.flatnonzero(meaning >= 0)
        if not len(telling):
            return np.full(samples.count, self._ids[Owner()] if samples.count else 0, np.int64)
        said = np.full((samples.count, PART + 1, 2), -1, np.int64)
        text, number = label.last(2).view(np.int64), label.last(3).view(np.int64)
        said[sample[telling], meaning[telling]] = np.stack([text[telling], number[telling]], axis=1)
        raw, size = said.tobytes(), said[0].nbytes
        return np.array([self._number(raw[at : at + size]) for at in range(0, len(raw), size)], np.int64)

    def _meaning(self, key: int) -> int:
        """What a label of this key tells, -1 for nothing."""
        text = self._strings[key]
        meaning = _KEYS.get(re.sub(r"[ ._-]", "", text.casefold()), -1)
        if meaning < 0:
            self.others[text] = None
        return meaning

    def _number(self, said: bytes) -> int:
        known = self._known.get(said)
        if known is None:
            values = np.frombuffer(said, np.int64).reshape(-1, 2).tolist()
            known = self._known[said] = self._ids[self._owner(values)]
        return known

    def _owner(self, said: list[list[int]]) -> Owner:
        """Of what each kind of label says: (number of a text or 0, a number), both -1 where there is no such label."""
        texts = [self._strings[text] if text > 0 else "" for text, _ in said]
        numbers = [
            _number(text) if text else number if number >= 0 else None
            for text, (_, number) in zip(texts, said, strict=True)
        ]
        tid = numbers[NATIVE] if numbers[NATIVE] is not None else numbers[TID]
        if tid is None and not texts[THREAD]:
            tid = numbers[THREAD]
        if tid is not None or texts[THREAD]:
            return Owner("thread", texts[THREAD], numbers[PID], tid)
        if numbers[PID] is not None or texts[PROCESS]:
            return Owner("process", texts[PROCESS], numbers[PID])
        return Owner(name=texts[PART])


def _number(text: str) -> int | None:
    """The number that a text is."""
    return int(text, 0 if text.startswith("0x") else 10) if _NUMBER.fullmatch(text) else None
