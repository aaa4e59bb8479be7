"""How costs spread over parts: by hand, and against tables that are laid out in full."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis import spread as module
from proftui.analysis.scope import Scope
from proftui.analysis.spread import FLOOR, spread
from proftui.model import WALL_TIME, CallGraph, Functions, Metric, Origin, Part, Profile

NONE = np.zeros(0, np.int32)


def part_of(costs: dict[int, float], inclusive: dict[int, float] | None = None) -> Part:
    """A part that touches the functions of `costs`, which call nothing."""
    function = np.array(sorted(costs), np.int32)
    own = np.array([[costs[f] for f in sorted(costs)]], np.float64)
    whole = own if inclusive is None else np.array([[inclusive[f] for f in sorted(costs)]], np.float64)
    return Part("part", CallGraph(function, own, whole, NONE, NONE, np.zeros((1, 0))))


def scope_of(*parts: Part, chosen: tuple[int, ...] | None = None, metric: Metric = WALL_TIME) -> Scope:
    functions = Functions.of((f"f{at}", "", -1, "") for at in range(9))
    return Scope(Profile("made", Origin("made", "made"), (metric,), functions, parts), chosen)


def test_by_hand() -> None:
    parts = [part_of({0: 100, 1: 10}), part_of({0: 102, 1: 10}), part_of({0: 98}), part_of({0: 100}),
             part_of({0: 140, 2: 5})]  # fmt: skip
    made = spread(scope_of(*parts), 0, "self")
    assert made.function.tolist() == [0, 1, 2]
    assert made.touched.tolist() == [5, 2, 1]
    assert made.least.tolist() == [98, 0, 0]
    assert made.median.tolist() == [100, 0, 0]
    assert made.most.tolist() == [140, 10, 5]
    assert made.typical == 110  # of 110, 112, 98, 100, 145
    # distances from 100: 0, 2, 2, 0, 40: the MAD is 2
    assert made.part.tolist() == [4, 0, 4]
    assert made.deviations[0] == pytest.approx(40 / (1.4826 * 2))
    # more than half have nothing: the unit is a thousandth of the typical part
    assert made.deviations[1:] == pytest.approx([10 / 0.11, 5 / 0.11])
    assert made.excess.tolist() == [40, 10, 5]


def test_a_part_without_the_function_stands_out_where_all_others_have_it() -> None:
    made = spread(scope_of(*[part_of({0: 50, 1: 5}) for _ in range(6)], part_of({1: 5})), 0, "self")
    assert made.part.tolist()[0] == 6
    assert (made.cost[0], made.excess[0], made.least[0]) == (0, -50, 0)
    assert not made.stands_out[1]
    assert np.isnan(made.excess[1])


def test_of_two_parts_none_is_the_odd_one() -> None:
    made = spread(scope_of(part_of({0: 1}), part_of({0: 99})), 0, "self")
    assert (made.least[0], made.median[0], made.most[0]) == (1, 50, 99)
    assert not made.stands_out.any()


def test_chosen_parts_alone_count_under_their_own_numbers() -> None:
    parts = [part_of({0: 900})] + [part_of({0: 10}) for _ in range(4)] + [part_of({0: 30})]
    made = spread(scope_of(*parts, chosen=(1, 2, 3, 4, 5)), 0, "self")
    assert made.parts.tolist() == [1, 2, 3, 4, 5]
    assert (made.most[0], made.part[0]) == (30, 5)


def test_parts_that_do_not_measure_the_metric_are_left_out() -> None:
    parts = [part_of({0: 4}), replace(part_of({0: 4}), metrics=(1,)), part_of({0: 8})]
    scope = scope_of(*parts)
    scope = Scope(replace(scope.profile, metrics=(WALL_TIME, Metric("memory"))))
    assert spread(scope, 0, "self").parts.tolist() == [0, 2]
    nothing = spread(Scope(scope.profile, (1,)), 0, "self")
    assert (len(nothing), len(nothing.parts), nothing.typical) == (0, 0, 0)


def test_inclusive_costs_above_a_parts_total_are_unknown_and_upper_bounds_are_told() -> None:
    strange = part_of({0: 1, 1: 1}, {0: 90, 1: 2})
    bounded = part_of({0: 1, 1: 1}, {0: 1, 1: 2})
    bounded = replace(bounded, graph=replace(bounded.graph, inclusive_low=np.array([[1.0, 1.0]])))
    made = spread(scope_of(strange, bounded, part_of({1: 2})), 0, "inclusive")
    assert np.isnan([made.least[0], made.median[0], made.most[0], made.deviations[0]]).all()
    assert not made.stands_out[0]
    assert made.median[1] == 2
    assert made.vague.tolist() == [False, True]


@given(
    st.lists(st.dictionaries(st.integers(0, 8), st.integers(-3, 40).map(float), max_size=6), min_size=1, max_size=12),
    st.sampled_from([4, 1 << 22]),
)
def test_as_in_a_table_laid_out_in_full(costs: list[dict[int, float]], at_once: int) -> None:
    scope = scope_of(*map(part_of, costs), metric=Metric("change", signed=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "AT_ONCE", at_once)
        made = spread(scope, 0, "self")
    table = np.array([[part.get(function, 0.0) for part in costs] for function in range(9)])
    assert made.function.tolist() == [f for f in range(9) if any(f in part for part in costs)]
    table = table[made.function]
    assert made.touched.tolist() == [sum(f in part for part in costs) for f in made.function.tolist()]
    assert made.least.tolist() == table.min(axis=1).tolist()
    assert made.median.tolist() == np.median(table, axis=1).tolist()
    assert made.most.tolist() == table.max(axis=1).tolist()
    distance = np.abs(table - made.median[:, None])
    lines = np.arange(len(table))
    assert distance[lines, made.part].tolist() == distance.max(axis=1).tolist()
    assert made.cost.tolist() == table[lines, made.part].tolist()
    totals = np.array([sum(part.values()) for part in costs])
    typical = float(np.median(totals)) or float(totals.mean())
    unit = np.maximum(1.4826 * np.median(distance, axis=1), FLOOR * abs(typical))
    if len(costs) >= 3:
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = np.where(made.cost == made.median, 0, (made.cost - made.median) / unit)
        assert np.allclose(made.deviations, wanted)
