"""Reads profiles that were damaged at random: every read must end in a profile or in one sentence.

    python -m tests.mutations --format pstats --count 20000 --seed 1 [SAMPLE ...]

Samples are by default the files of tests/data/FORMAT of at most 64 kB. Mutation N of a seed is always the same. Each
is read, and written where it can be read: in each format that can hold it; in a process with 1 GB of memory, warnings
as errors and 5 s of time. A traceback, a dead process and a late answer are failures, and make the exit code 1.
`--keep DIR` keeps the files that failed.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import select
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proftui.model import Profile

ROOT = Path(__file__).parents[1]
MOST_BYTES = 1 << 16
MEMORY = 1 << 30
PATIENCE = 5.0
READ, REFUSED = "read", "refused"

_TELLING = (*(bytes([code]) for code in b"\x00\x7f\x80\xff\n -+*=09{(r"), b"99999999")
"""Bytes that mean something in some format."""


def samples(known: str) -> list[Path]:
    """The sample files of a format that can be read and are small enough to mutate."""
    folder = ROOT / "tests" / "data" / known
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.stat().st_size <= MOST_BYTES)
    return [path for path in files if outcome(str(path)) == READ]


def survived(originals: Sequence[bytes], count: int, path: Path) -> None:
    """Assert of the first mutations of a seed, written to `path`, that each is read or refused, and some are either."""
    seen = set()
    for number in range(count):
        path.write_bytes(mutation(originals, 0, number))
        said = outcome(str(path))
        assert said in (READ, REFUSED), f"mutation {number}: {said}"
        seen.add(said)
    assert seen == {READ, REFUSED}


def mutation(originals: Sequence[bytes], seed: int, number: int) -> bytes:
    """One of the originals with one to eight changes: bits, bytes, lost, doubled, moved, spliced and cut off pieces."""
    chance = random.Random(f"{seed}:{number}")
    data = bytearray(chance.choice(originals))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 8))):
        at = chance.randrange(len(data) + 1)
        size = chance.choice((1, 1, 2, 4, 8, 30, 200))
        match chance.randrange(8):
            case 0 | 1:
                data[at : at + 1] = bytes(byte ^ (1 << chance.randrange(8)) for byte in data[at : at + 1])
            case 2:
                data[at : at + size] = chance.randbytes(min(size, len(data) - at))
            case 3:
                data[at : at + 1] = chance.choice(_TELLING)
            case 4:
                del data[at : at + size]
            case 5:
                data[at:at] = data[at : at + size]
            case 6:
                other = chance.choice(originals)
                start = chance.randrange(len(other) + 1)
                data[at : at + chance.choice((0, size))] = other[start : start + size]
            case 7:
                if not chance.randrange(4):
                    del data[at:]
    return bytes(data)


def outcome(path: str) -> str:
    """READ, REFUSED, or the traceback of what went wrong with the file at `path`, or with what it was written as."""
    from proftui.formats import FORMATS, load

    found: list[Profile] = []
    said = _said(lambda: found.append(load(path, single=True)))
    if said != READ:
        return said
    has_trees = all(part.tree is not None for part in found[0].parts)
    for known in FORMATS:
        if known.write is not None and (has_trees or known.needs == "graph"):
            written = _said(partial(known.write, found[0]))
            if written not in (READ, REFUSED):
                return f"as {known.name}: {written}"
    return READ


def _said(work: Callable[[], object]) -> str:
    """READ, REFUSED where it raises one sentence, or what is wrong with what it raises."""
    from proftui.errors import ProftuiError

    try:
        work()
    except ProftuiError as error:
        sentence = str(error)
        return REFUSED if sentence and sentence.isprintable() else f"not one sentence: {sentence!r}"
    except Exception:
        return traceback.format_exc()
    return READ


def answer_forever(originals: Sequence[bytes], seed: int) -> None:
    """In a process of its own: for each number on standard input one line with the outcome on standard output."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutated")
        for line in sys.stdin:
            path.write_bytes(mutation(originals, seed, int(line)))
            sys.stdout.write(f"{outcome(str(path))!r}\n")
            sys.stdout.flush()


@dataclass
class Campaign:
    """Mutations `numbers` of a seed, shared out among child processes; what became of them."""

    arguments: Sequence[str]
    numbers: list[int]
    tally: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)

    def run(self) -> None:
        """Work until no number is left, with one child process a core."""
        self.numbers.reverse()
        threads = [threading.Thread(target=self._work) for _ in range(os.cpu_count() or 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        child = self._child()
        while self.numbers:
            try:
                number = self.numbers.pop()
            except IndexError:
                break
            said = self._ask(child, number)
            if said in (READ, REFUSED):
                self.tally[said] += 1
                continue
            self.tally["failed"] += 1
            self.failures[number] = said
            if child.poll() is not None or said == "late":
                child.kill()
                child = self._child()
        child.kill()

    def _ask(self, child: subprocess.Popen[str], number: int) -> str:
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError):
            child.stdin.write(f"{number}\n")
            child.stdin.flush()
        if not select.select([child.stdout], [], [], PATIENCE)[0]:
            return "late"
        line = child.stdout.readline()
        return str(ast.literal_eval(line)) if line else f"died with {child.wait()}"

    def _child(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.mutations", "--answer", *self.arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip


def main() -> int:
    """Run the campaign that the command line asks for; 1 when a read failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", default="pstats", dest="known")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, metavar="SAMPLE")
    given = parser.parse_args()
    files = [path.resolve() for path in given.files] or samples(given.known)
    if not files:
        parser.error(f"there is no sample of {given.known} to mutate")
    originals = [path.read_bytes() for path in files]
    if given.answer:
        answer_forever(originals, given.seed)
        return 0
    arguments = [f"--format={given.known}", f"--seed={given.seed}", *map(str, files)]
    campaign = Campaign(arguments, list(range(given.count)))
    campaign.run()
    for number, said in sorted(campaign.failures.items())[:20]:
        sys.stdout.write(f"mutation {number}: {said}\n")
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{given.known}_{given.seed}_{number}").write_bytes(mutation(originals, given.seed, number))
    told = ", ".join(f"{count:,} {said}" for said, count in sorted(campaign.tally.items()))
    sys.stdout.write(f"{given.count:,} mutations of {len(files)} {given.known} files, seed {given.seed}: {told}\n")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
