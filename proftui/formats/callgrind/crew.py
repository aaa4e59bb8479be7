"""Calls made on threads while the caller goes on."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Call(Generic[Result]):
    """A call that some thread makes."""

    def __init__(self, function: Callable[[], Result]) -> None:
        self._function = function
        self._made = Event()
        self._error: BaseException | None = None
        self._value: Result

    def make(self) -> None:
        """Make the call."""
        try:
            self._value = self._function()
        except BaseException as error:  # it is raised to who asks for the result
            self._error = error
        self._made.set()

    def result(self) -> Result:
        """What the call gave, or raised, as soon as it has been made."""
        self._made.wait()
        if self._error is not None:
            raise self._error
        return self._value


class Crew:
    """Threads that make calls in the order in which they come.

    `concurrent.futures` does the same; importing it, with what it logs by, takes as long as a small file.
    """

    def __init__(self, size: int) -> None:
        self._calls: SimpleQueue[Call[Any] | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(size)]

    def __enter__(self) -> Crew:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()

    def begin(self, function: Callable[[], Result]) -> Call[Result]:
        """The call of `function`, which a thread is going to make."""
        call = Call(function)
        self._calls.put(call)
        return call

    def _work(self) -> None:
        while call := self._calls.get():
            call.make()
