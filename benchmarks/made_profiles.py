"""Dumps of pstats of a given size, the same for each seed: what cProfile writes, without running for minutes."""

from __future__ import annotations

import marshal
import random
from pathlib import Path
from typing import Any

Key = tuple[str, int, str]

AREAS = ("core", "api", "models", "views", "forms", "admin", "utils", "tasks", "signals", "fields", "checks", "filters")
VERBS = ["get", "set", "build", "parse", "load", "save", "check", "render", "update", "merge", "find", "apply"]
NOUNS = ["user", "order", "item", "cache", "session", "token", "page", "row", "node", "field", "query", "path"]


def dump(path: Path, functions: int, arcs: int, seed: int) -> None:
    """Write a .prof of that many functions and about that many arcs, a few of them recursive.

    As in cProfile's own, strings are shared, and tuples and numbers are not: marshal writes what is shared once.
    """
    rng = random.Random(seed)
    keys = [_key(rng, at) for at in range(functions)]
    callers: list[dict[Key, tuple[int, int, float, float]]] = [{} for _ in keys]
    for _ in range(arcs):
        caller = rng.randrange(functions)
        # few functions are called from many places; one call in fifty goes back up
        callee = caller + int((functions - caller) * rng.random() ** 3)
        if rng.random() < 0.02:
            caller, callee = callee % functions, caller
        calls, own = rng.randrange(1, 200), rng.random() * 1e-3
        file, line, name = keys[caller]
        callers[callee % functions][file, line, name] = (calls, calls + 0, own, own * (1 + 9 * rng.random()))
    stats: dict[Key, Any] = {}
    for key, above in zip(keys, callers, strict=True):
        calls = sum(row[0] for row in above.values()) or 1
        own = sum(row[2] for row in above.values()) or rng.random() * 1e-3
        stats[key] = (calls, calls + 0, own, own + sum(row[3] for row in above.values()), above)
    path.write_bytes(marshal.dumps(stats))


def _key(rng: random.Random, at: int) -> Key:
    module = f"/srv/app/{AREAS[at // 120 % 12]}/{NOUNS[at // 1440 % 12]}s/module_{at // 120}.py"
    return module, 10 + at % 120 * 8, f"{rng.choice(VERBS)}_{rng.choice(NOUNS)}_{at % 120}"


def big(folder: Path) -> Path:
    """30,000 functions and 71,000 arcs in one file."""
    path = folder / "big.prof"
    dump(path, 30_000, 71_000, seed=1)
    return path


def workers(folder: Path, count: int = 200) -> list[Path]:
    """A file for each worker of a pool, of 450 functions and 1,100 arcs."""
    paths = [folder / f"worker-{number:03}.prof" for number in range(count)]
    for number, path in enumerate(paths):
        dump(path, 450, 1100, seed=number)
    return paths


def stacks(path: Path, rows: int, functions: int, seed: int) -> None:
    """Write folded stacks that make a call tree of about that many rows, some recursive, a few frames hot."""
    rng = random.Random(seed)
    names = [f"{name} ({Path(file).name}:{line})" for file, line, name in (_key(rng, at) for at in range(functions))]
    stack: list[str] = [names[0]]
    lines = []
    made = 1
    while made < rows:
        del stack[max(1, len(stack) - rng.randrange(1, 6)) :]
        for _ in range(rng.randrange(1, 8)):
            if len(stack) < 24:
                stack.append(names[int(functions * rng.random() ** 2)])
                made += 1
        lines.append(f"{';'.join(stack)} {rng.randrange(1, 20)}\n")
    path.write_text("".join(lines))
