"""Large JSON files as profilers write them, for measurements."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path

FUNCTIONS = 3000
THREADS = 4
DEEPEST = 40
SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def trace(path: Path, size: int, *, arguments: bool) -> None:
    """Write calls as VizTracer does, as they end, of functions with files, in four threads; or with arguments, too."""
    chance = random.Random(1)
    names = [
        f"Class{number % 70}.method_{number} (/srv/app/package{number % 40}/module{number % 300}.py:{number % 900 + 1})"
        if number % 4
        else f"builtins.function_{number}"
        for number in range(FUNCTIONS)
    ]
    called = [[chance.randrange(FUNCTIONS) for _ in range(6)] for _ in names]
    stacks: list[list[tuple[int, int]]] = [[] for _ in range(THREADS)]
    clocks = [81_995_533_209_122 + 1000 * thread for thread in range(THREADS)]
    with path.open("w") as stream:
        stream.write('{"traceEvents": [{"ph": "M", "pid": 4242, "tid": 4242, "name": "process_name", ')
        stream.write('"args": {"name": "MainProcess"}}')
        while chance.random() > 0.001 or stream.tell() < size:
            thread = chance.randrange(THREADS)
            stack = stacks[thread]
            clocks[thread] += chance.randrange(40, 4000)
            if len(stack) < DEEPEST and chance.random() < (0.7 if len(stack) < 8 else 0.49):
                stack.append((chance.choice(called[stack[-1][0]]) if stack else 1, clocks[thread]))
            elif stack:
                function, start = stack.pop()
                told = f', "args": {{"func_args": {{"n": "{start % 5000}"}}, "return_value": "{start % 7}"}}'
                stream.write(
                    f', {{"pid": 4242, "tid": {4242 + thread}, "ts": {start / 1000:.3f}, "ph": "X", "cat": "fee", '
                    f'"dur": {(clocks[thread] - start) / 1000:.3f}, "name": "{names[function]}"{told * arguments}}}'
                )
        stream.write('], "viztracer_metadata": {"overflow": false, "version": "1.1.1"}}')


def _speedscope(profile: Iterator[str], path: Path) -> None:
    frames = [
        {
            "name": f"function_{number}",
            "file": f"/srv/app/module_{number % 200}.py",
            "line": number % 900 + 1,
            "col": None,
        }
        for number in range(FUNCTIONS)
    ]
    with path.open("w") as stream:
        stream.write(f'{{"$schema":"{SCHEMA}","profiles":[{{')
        stream.writelines(profile)
        stream.write(
            f'}}],"shared":{{"frames":{json.dumps(frames, separators=(",", ":"))}}},"exporter":"py-spy@0.4.3"}}'
        )


def sampled(path: Path, size: int, *, distinct: int) -> None:
    """Write samples as py-spy does, of so many different stacks, some of which are far more frequent than others."""
    chance = random.Random(1)
    stacks: list[list[int]] = [[]]
    while len(stacks) <= distinct:
        base = chance.choice(stacks) if chance.random() < 0.9 else []
        kept = base[: chance.randrange(len(base) + 1)]
        more = chance.randrange(1, max(2, DEEPEST - len(kept)))
        stacks.append([*kept, *(chance.randrange(FUNCTIONS) for _ in range(more))])
    texts = [json.dumps(stack, separators=(",", ":")) for stack in stacks[1:]]
    often = list(accumulate(1 / (rank + 1) for rank in range(distinct)))

    def profile() -> Iterator[str]:
        yield '"type":"sampled","name":"Thread 1 \\"MainThread\\"","unit":"seconds","startValue":0.0,"samples":['
        count = written = 0
        while written < size:
            stack = chance.choices(texts, cum_weights=often)[0]
            yield "," * bool(count) + stack
            written += len(stack) + 6
            count += 1
        yield f'],"endValue":{count / 100},"weights":[{",".join(["0.01"] * count)}]'

    _speedscope(profile(), path)


def evented(path: Path, size: int) -> None:
    """Write frames that are opened and closed."""
    chance = random.Random(1)

    def profile() -> Iterator[str]:
        yield '"type":"evented","name":"main","unit":"microseconds","startValue":0,"endValue":1e9,"events":['
        stack: list[int] = []
        time, written = 0.0, 0
        while written < size or stack:
            if stack and (chance.random() < 0.5 or len(stack) > DEEPEST or written >= size):
                event = f'{{"type":"C","frame":{stack.pop()},"at":{time:.3f}}}'
            else:
                stack.append((chance.randrange(8) + 7 * (stack[-1] if stack else 0)) % FUNCTIONS)
                event = f'{{"type":"O","frame":{stack[-1]},"at":{time:.3f}}}'
            time += chance.random()
            yield "," * bool(written) + event
            written += len(event) + 1
        yield "]"

    _speedscope(profile(), path)


KINDS: dict[str, Callable[[Path, int], None]] = {
    "trace": partial(trace, arguments=False),
    "trace_with_arguments": partial(trace, arguments=True),
    "speedscope_sampled": partial(sampled, distinct=20_000),
    "speedscope_all_different": partial(sampled, distinct=400_000),
    "speedscope_evented": evented,
}
"""What writes a file of so many bytes, by name."""
