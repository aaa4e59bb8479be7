"""Random stacks of calls, their trees, and filters applied to them stack by stack: what filters must agree with."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from proftui.analysis.filters.expressions import Word
from proftui.model import Bools, CallGraph, CallTree, Frames

FUNCTIONS = 8
Stack = tuple[int, ...]
Stacks = Counter[Stack]


def calls_of(steps: list[tuple[int, int, int]], shape: str) -> list[tuple[Stack, int]]:
    """Calls in order, each as its stack and what it costs itself: a step returns from so many, then calls a function.

    Shapes: "recursive"; "ordered", where functions only call later ones; "layered", where each depth has two functions,
    so that many contexts share each arc.
    """
    calls: list[tuple[Stack, int]] = []
    stack: list[int] = []
    for returns, function, cost in steps:
        del stack[len(stack) - min(returns, len(stack)) :]
        if shape == "layered":
            del stack[FUNCTIONS // 2 - 1 :]
            function = 2 * len(stack) + function % 2
        while shape == "ordered" and stack and stack[-1] >= function:
            stack.pop()
        stack.append(function)
        calls.append((tuple(stack), cost))
    return calls


def stacks_of(calls: list[tuple[Stack, int]]) -> Stacks:
    """What each stack costs, of those that cost anything."""
    stacks: Stacks = Counter()
    for stack, cost in calls:
        stacks[stack] += cost
    return Counter({stack: cost for stack, cost in stacks.items() if cost})


def traced(calls: list[tuple[Stack, int]]) -> CallGraph:
    """The graph of calls as a tracing profiler records it, with their numbers."""
    frames = Frames(np.arange(FUNCTIONS, dtype=np.int32), np.full(FUNCTIONS, -1, np.int32))
    graph = CallTree.of_stacks([(stack, [float(cost)]) for stack, cost in calls], frames).to_graph()
    made = Counter(stack[-1] for stack, _ in calls)
    primitive = Counter(stack[-1] for stack, _ in calls if stack[-1] not in stack[:-1])
    along = Counter(stack[-2:] for stack, _ in calls)
    ends = zip(graph.function[graph.caller].tolist(), graph.function[graph.callee].tolist(), strict=True)
    return replace(
        graph,
        calls=np.array([made[function] for function in graph.function.tolist()], float),
        primitive_calls=np.array([primitive[function] for function in graph.function.tolist()], float),
        arc_calls=np.array([along[pair] for pair in ends], float),
    )


moves = st.tuples(st.integers(0, 3), st.integers(0, FUNCTIONS - 1), st.sampled_from([0, 0, 1, 3, 20, 100]))
calls = st.builds(
    calls_of, st.lists(moves, min_size=1, max_size=40), st.sampled_from(["recursive", "ordered", "layered"])
)
stacks = st.builds(stacks_of, calls)
words: st.SearchStrategy[Word] = st.sampled_from(["focus", "ignore", "hide", "show", "show-from"])
founds = st.sets(st.integers(0, FUNCTIONS - 1), max_size=FUNCTIONS)


def tree_of(stacks: Stacks) -> CallTree:
    """The tree of stacks whose frames are functions."""
    frames = Frames(np.arange(FUNCTIONS, dtype=np.int32), np.full(FUNCTIONS, -1, np.int32))
    if not stacks:
        none = np.zeros(0, np.int32)
        return CallTree(frames, none, none, none, np.zeros((1, 0)))
    return CallTree.of_stacks([(stack, [float(cost)]) for stack, cost in stacks.items()], frames)


def stacks_in(tree: CallTree) -> Stacks:
    """What each stack of a tree costs."""
    paths: list[Stack] = []
    found: Stacks = Counter()
    for function, parent, cost in zip(tree.function.tolist(), tree.parent.tolist(), tree.self_cost[0], strict=True):
        paths.append(((*paths[parent], function)) if parent >= 0 else (function,))
        if cost:
            found[paths[-1]] += cost
    return found


def mask(found: set[int]) -> Bools:
    """F: whether each function is one of those found."""
    return np.isin(np.arange(FUNCTIONS), list(found))


def filtered_stacks(stacks: Stacks, word: Word, found: set[int]) -> Stacks:
    """A filter as pprof defines it, on one stack after the other."""
    left: Stacks = Counter()
    for stack, cost in stacks.items():
        kept = filtered_stack(stack, word, found)
        if kept:
            left[kept] += cost
    return left


def filtered_stack(stack: Stack, word: Word, found: set[int]) -> Stack:
    hits = [function in found for function in stack]
    if word == "focus":
        return stack if any(hits) else ()
    if word == "ignore":
        return () if any(hits) else stack
    if word == "show-from":
        return stack[hits.index(True) :] if any(hits) else ()
    return tuple(function for function, hit in zip(stack, hits, strict=True) if hit == (word == "show"))
