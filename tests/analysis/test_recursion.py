"""callgrind's recursion names joined, against hand counts and a run recorded without such names."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.recursion import join_recursion, outermost
from proftui.analysis.scope import Scope
from proftui.formats import load
from proftui.model import CallGraph, Functions

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")) / "made" / "callgrind"


def fib() -> tuple[CallGraph, Functions]:
    """main (self 5) calls fib once; fib (self 10) calls fib'2 twice; fib'2 (self 80 in all) calls itself 5 times."""
    graph = CallGraph.deriving_inclusive(
        np.array([0, 1, 2], np.int32),
        np.array([[5.0, 10.0, 80.0]]),
        np.array([0, 1, 2], np.int32),
        np.array([1, 2, 2], np.int32),
        np.array([[90.0, 80.0, 120.0]]),
        calls=np.array([0.0, 1.0, 7.0]),
        arc_calls=np.array([1.0, 2.0, 5.0]),
    )
    return graph, Functions.of((name, "fib.c", -1, "fib") for name in ("main", "fib", "fib'2"))


def test_activations_become_one_row() -> None:
    graph, functions = fib()
    base = outermost(functions)
    assert base is not None
    joined = join_recursion(graph, base)
    assert joined.function.tolist() == [0, 1]
    assert joined.self_cost.tolist() == [[5.0, 90.0]]
    assert joined.inclusive.tolist() == [[95.0, 90.0]]
    assert joined.calls is not None
    assert joined.primitive_calls is not None
    assert (joined.calls[1], joined.primitive_calls[1]) == (8.0, 1.0)
    assert list(zip(joined.caller.tolist(), joined.callee.tolist(), strict=True)) == [(0, 1), (1, 1)]
    assert joined.arc_cost.tolist() == [[90.0, 80.0]]


@pytest.mark.parametrize("name", ["f'1", "f'x", "operator'", "f", "'2"])
def test_other_names_stay(name: str) -> None:
    assert outermost(Functions.of([(name, "", -1, ""), ("g", "", -1, "")])) is None


def test_deeper_activations_alone_keep_the_lowest_id() -> None:
    base = outermost(Functions.of([("f'3", "", -1, ""), ("f'2", "", -1, "")]))
    assert base is not None
    assert base.tolist() == [0, 0]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of profiles is not beside the checkout")
def test_two_depths_of_names_join_to_the_same_figures() -> None:
    """One program, recorded with `--separate-recs=3` and with the default of 2: the same work in both.

    `main` is left out: it pays for the dynamic linker, which did not do quite the same.
    """
    figures = []
    for name in ("callgrind.out.threads_recs3", "callgrind.out.threads_plain"):
        scope = replace(Scope(load(CORPUS / name)), joined=True)
        graph = scope.graph
        figures.append(
            {
                scope.functions.name[function]: (int(own), int(inclusive))
                for function, own, inclusive in zip(
                    graph.function.tolist(), graph.self_cost[0], graph.inclusive[0], strict=True
                )
                if scope.functions.file[function].endswith("threads.c") and scope.functions.name[function] != "main"
            }
        )
    assert figures[0] == figures[1]
    assert "fib" in figures[0]
    assert not any("'" in name for name in figures[0])
