"""Work on many files, spread over the machine's cores."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Generic, TypeVar

from proftui.errors import ProftuiError

Item = TypeVar("Item")
Result = TypeVar("Result")

Work = Callable[[Sequence[Item], bool], Result]
"""(share of the items, whether this is the user's own process) -> a result that can be pickled."""


def spread(work: Work[Item, Result], items: Sequence[Item], weights: Sequence[int]) -> list[Result]:
    """What `work` gives for consecutive shares of `items` of about equal weight, one share a core, in order.

    The first share is worked on here, each other one in a forked process; a ProftuiError comes back from there.
    There is one share where a fork is not safe: outside Linux, and in a process that has threads, as the viewer's.
    A share whose process could not start, or ended early, is worked on here.
    """
    shares = [items[start:end] for start, end in pairwise(_bounds(weights, _processes())) if start < end]
    forks = [_Fork(work, share) for share in shares[1:]]
    try:
        return [work(shares[0], True), *(fork.result() for fork in forks)]
    finally:
        for fork in forks:
            fork.end()


def _processes() -> int:
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def _bounds(weights: Sequence[int], shares: int) -> list[int]:
    """The indices at which shares begin, and the end of the last."""
    sums = list(accumulate(weights))
    return [0, *(bisect_left(sums, sums[-1] * share / shares) + 1 for share in range(1, shares)), len(sums)]


class _Fork(Generic[Item, Result]):
    """A process that works on a share and sends the result back through a pipe."""

    def __init__(self, work: Work[Item, Result], share: Sequence[Item]) -> None:
        self._work, self._share = work, share
        reading, writing = os.pipe()
        self._stream = os.fdopen(reading, "rb")
        self._pid = _forked()
        if self._pid == 0:
            self._answer(writing)
        os.close(writing)

    def _answer(self, writing: int) -> None:
        """In the new process: send the result and leave, whatever happens, without a word."""
        try:
            try:
                answer: Result | ProftuiError = self._work(self._share, False)
            except ProftuiError as error:
                answer = error
            with os.fdopen(writing, "wb") as stream:
                pickle.dump(answer, stream, pickle.HIGHEST_PROTOCOL)
        finally:
            os._exit(0)

    def result(self) -> Result:
        """What the process sends, or else what `work` gives here."""
        try:
            answer: Result | ProftuiError = pickle.loads(self._stream.read())  # noqa: S301  # of our own process
        except (EOFError, pickle.UnpicklingError):
            return self._work(self._share, True)
        if isinstance(answer, ProftuiError):
            raise answer
        return answer

    def end(self) -> None:
        """Leave no process behind."""
        self._stream.close()
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _forked() -> int | None:
    """As os.fork; None where no process can start."""
    with warnings.catch_warnings():
        # from Python 3.12 on, for the idle threads of numpy's linear algebra, which take no part in this
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return os.fork()
        except OSError:
            return None
