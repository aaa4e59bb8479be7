"""The names of processes and threads."""

from __future__ import annotations

import msgspec

from proftui.formats.folded.owners import Owner as Named
from proftui.formats.json_faults import ERRORS
from proftui.formats.trace.document import Event, Owner
from proftui.model import PartKind

MOST_NAMES = 100_000


class _Name(msgspec.Struct):
    name: str


_NAME = msgspec.json.Decoder(_Name)

Key = tuple[Owner, Owner]


class Names:
    """What metadata events call processes and threads."""

    def __init__(self) -> None:
        self._process: dict[Owner, str] = {}
        self._thread: dict[Key, str] = {}

    def take(self, event: Event) -> None:
        """Take up a metadata event."""
        if event.name not in ("process_name", "thread_name"):
            return
        try:
            name = _NAME.decode(event.args).name
        except ERRORS:
            return
        if event.name == "process_name" and len(self._process) < MOST_NAMES:
            self._process[event.pid] = name
        elif event.name == "thread_name" and len(self._thread) < MOST_NAMES:
            self._thread[event.pid, event.tid] = name

    def thread_is(self, key: Key, name: str) -> None:
        """Call a thread so, unless it has a name."""
        if not self._thread.get(key):
            self._thread[key] = name

    def thread(self, key: Key, *, alone: bool) -> str:
        """What a thread is called, with its process unless this is `alone`; "" where nothing is known."""
        thread, process = self._thread.get(key, ""), self._process.get(key[0], "")
        return thread if alone else " ".join(filter(None, (process, thread)))


def label(key: Key, name: str) -> tuple[str, PartKind, int | None, int | None]:
    """The label, the kind, the process and the thread of a part."""
    pid, tid = map(_id, key)
    if pid is not None and tid is not None:
        owner = Named(pid, tid, name)
        return owner.label, owner.kind, pid, tid
    said = [str(number) for number in key if number not in (None, "")]
    return name or " ".join(said), "thread", pid, tid


def _id(number: Owner) -> int | None:
    return number if isinstance(number, int) and 0 <= number < 1 << 63 else None
