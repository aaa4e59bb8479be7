"""The same filters on the same stacks, here and by `go tool pprof`."""

from __future__ import annotations

import gzip
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.filters import filtered, parse
from proftui.model import CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.units import SAMPLES
from tests.analysis.filters.runs import stacks_in

FUNCTIONS = [
    ("main.main", "/src/app/main.go"), ("main.work", "/src/app/work.go"), ("json.Marshal", "/go/json/encode.go"),
    ("json.encode", "/go/json/encode.go"), ("runtime.mallocgc", "/go/runtime/malloc.go"), ("Main.Other", "/x/Json.go"),
]  # fmt: skip
Stack = tuple[int, ...]

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed, which brings pprof")


def varint(number: int) -> bytes:
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def encoded(stacks: Counter[Stack]) -> bytes:
    """A profile.proto of one value, a location for each function."""
    strings = ["", "samples", "count", *(text for function in FUNCTIONS for text in function)]
    message = field(1, field(1, 1) + field(2, 2))
    for stack, count in stacks.items():
        leaf_first = b"".join(varint(function + 1) for function in reversed(stack))
        message += field(2, field(1, leaf_first) + field(2, varint(count)))
    for index in range(len(FUNCTIONS)):
        message += field(4, field(1, index + 1) + field(3, 0x1000 + index) + field(4, field(1, index + 1)))
        name = strings.index(FUNCTIONS[index][0])
        message += field(5, field(1, index + 1) + field(2, name) + field(4, strings.index(FUNCTIONS[index][1])))
    for text in strings:
        message += field(6, text.encode())
    return gzip.compress(message)


def by_pprof(path: Path, options: list[str]) -> Counter[Stack]:
    """The stacks that `pprof -traces` prints: "count leaf", then a caller on each line, rules of dashes between."""
    command = ["go", "tool", "pprof", "-traces", "-symbolize=none", *options, str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ids = {name: index for index, (name, _) in enumerate(FUNCTIONS)}
    found: Counter[Stack] = Counter()
    for block in printed.split("-----------+-------------------------------------------------------\n")[1:]:
        lines = block.split("\n")
        if not lines[0].strip():
            continue
        count, leaf = lines[0].split()
        names = [leaf, *(line.strip() for line in lines[1:] if line.strip())]
        found[tuple(ids[name] for name in reversed(names))] += int(count)
    return found


@pytest.fixture(scope="module")
def stacks() -> Counter[Stack]:
    chance = random.Random(7)
    made: Counter[Stack] = Counter()
    for _ in range(60):
        depth = chance.randint(1, 6)
        made[tuple(chance.randrange(len(FUNCTIONS)) for _ in range(depth))] += chance.randint(1, 9)
    return made


def profile_of(stacks: Counter[Stack]) -> Profile:
    frames = Frames(np.arange(len(FUNCTIONS), dtype=np.int32), np.full(len(FUNCTIONS), -1, np.int32))
    tree = CallTree.of_stacks([(stack, [float(count)]) for stack, count in stacks.items()], frames)
    functions = Functions.of((name, file, -1, "") for name, file in FUNCTIONS)
    part = Part("run", tree.to_graph(), tree=tree)
    return Profile("run", Origin("run", "test", "sampled"), (Metric("samples", SAMPLES),), functions, (part,))


@pytest.mark.parametrize(
    "filters",
    [
        ["focus:json"], ["focus:Json"], ["focus:(?i)json"], ["focus:^main"], ["focus:encode.go$"], ["ignore:json"],
        ["ignore:runtime|work"], ["hide:json"], ["hide:main"], ["hide:/go/"], ["show:main"], ["show:json|mallocgc"],
        ["show-from:json"], ["show-from:work"], ["focus:json", "hide:encode"], ["focus:work", "ignore:mallocgc"],
        ["ignore:Other", "show:main|json"], ["hide:runtime", "show-from:json"],
        ["focus:json", "ignore:Other", "hide:encode", "show:main|json", "show-from:main"],
    ],
)  # fmt: skip
def test_same_stacks_as_pprof(stacks: Counter[Stack], filters: list[str], tmp_path: Path) -> None:
    path = tmp_path / "run.pb.gz"
    path.write_bytes(encoded(stacks))
    options = ["-" + text.replace("show-from", "show_from").replace(":", "=", 1) for text in filters]
    theirs = by_pprof(path, options)
    ours = filtered(profile_of(stacks), [parse(text) for text in filters]).profile.parts[0].tree
    assert ours is not None
    assert stacks_in(ours) == theirs
    assert sum(theirs.values()) > 0
