"""A small service that is never done: what `proftui demo --live` watches.

Its main thread answers made-up requests, in phases of a few seconds in which other work is the dearest; another thread
packs what was answered, and a third one waits. It ends after some minutes by itself, or with who started it.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
import zlib

WORDS = re.compile(r"[a-z]+")
MINUTES = 10.0


def parse(text: str) -> list[str]:
    """The words of a request."""
    return WORDS.findall(text)


def rank(words: list[str]) -> list[tuple[int, str]]:
    """The words by how often they are there."""
    return sorted(((words.count(word), word) for word in set(words)), reverse=True)


def walk(tree: object, depth: int) -> int:
    """How many leaves a tree has; calls itself."""
    if depth == 0 or not isinstance(tree, dict):
        return 1
    return sum(walk(below, depth - 1) for below in tree.values())


def grown(depth: int) -> object:
    """A tree with three branches at each node."""
    return {str(branch): grown(depth - 1) for branch in range(3)} if depth else {}


class Service:
    """Answers requests of one of three kinds."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.text = "the quick brown fox jumps over the lazy dog and the slow green turtle " * 12
        self.tree = grown(6)

    def answer(self, kind: int) -> None:
        """Do what a request of that kind needs most of, and a little of the others."""
        for which, work in enumerate((self.search, self.report, self.count)):
            for _ in range(6 if which == kind else 1):
                work()

    def search(self) -> None:
        """Text."""
        rank(parse(self.text))

    def report(self) -> None:
        """A document."""
        self.answered.append(json.dumps({"words": parse(self.text), "of": list(range(300))}))
        del self.answered[:-50]

    def count(self) -> None:
        """A tree."""
        walk(self.tree, 6)


def pack(service: Service, done: threading.Event) -> None:
    """Pack what was answered, now and then."""
    while not done.wait(0.02):
        zlib.compress("".join(service.answered[-20:]).encode(), 6)


def main() -> None:
    """Work until the time is over, or who started it is gone."""
    service, done, parent = Service(), threading.Event(), os.getppid()
    threading.Thread(target=pack, args=(service, done), name="packer", daemon=True).start()
    threading.Thread(target=done.wait, name="waiting", daemon=True).start()
    end = time.monotonic() + 60 * MINUTES
    while time.monotonic() < end and os.getppid() == parent:
        service.answer(int(time.monotonic() / 6) % 3)
    done.set()


if __name__ == "__main__":
    main()
