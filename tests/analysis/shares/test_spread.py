"""Intervals against worked examples, numerical integration, and the truth of simulated programs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from proftui.analysis.shares import settled
from proftui.analysis.shares.batches import Batches
from proftui.analysis.shares.spread import half_widths, least_widths
from proftui.analysis.shares.stacks import Counted
from proftui.analysis.shares.student import quantile
from proftui.model import Floats


@pytest.mark.parametrize("freedom", [1, 2, 7, 8, 15.5, 30, 35, 50, 90, 500])
def test_quantiles_leave_a_fortieth_above_them(freedom: float) -> None:
    """By the trapezoidal rule over the density of t."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    at = np.linspace(0, float(quantile(freedom)), 200_001)
    density = scale * (1 + at * at / freedom) ** (-(freedom + 1) / 2)
    below = 0.5 + float((density[1:] + density[:-1]).sum()) / 2 * (at[1] - at[0])
    assert below == pytest.approx(0.975, abs=2e-5)


def test_between_one_degree_and_two_an_interval_is_rather_too_wide() -> None:
    assert 6.0 < float(quantile(1.5)) < 8.0  # 6.05 by integration of the density


def windows(shares: list[float], each: int = 100) -> tuple[Floats, Floats]:
    """Of one function, self and inclusive alike."""
    samples = np.array([[[share * each], [share * each]] for share in shares])
    return samples, np.full(len(shares), float(each))


def test_an_interval_by_hand() -> None:
    """Ten windows; standard deviation 0.0823273, so the standard error is 0.0260342; neighbours go apart, not along."""
    shares = [0.5, 0.3, 0.4, 0.2, 0.4, 0.3, 0.5, 0.3, 0.4, 0.3]
    deviations = np.array(shares) - 0.36
    assert (deviations[1:] * deviations[:-1]).sum() / (deviations**2).sum() < -0.3
    error = math.sqrt((deviations**2).sum() / 9 / 10)
    half = half_widths(*windows(shares))
    assert half[:, 0].tolist() == pytest.approx([2.262 * error] * 2, rel=1e-3)


def test_seven_windows_tell_no_interval() -> None:
    assert np.isnan(half_widths(*windows([0.5, 0.3, 0.4, 0.2, 0.4, 0.3, 0.5]))).all()


def test_windows_without_samples_do_not_count() -> None:
    samples, totals = windows([0.5, 0.3, 0.4, 0.2, 0.4, 0.3, 0.5, 0.0])
    totals[-1] = 0
    assert np.isnan(half_widths(samples, totals)).all()


def test_a_drift_tells_no_interval() -> None:
    assert np.isnan(half_widths(*windows([step / 10 for step in range(10)]))).all()


def test_batches_that_are_too_alike_are_merged() -> None:
    """Two turns up and down: seconds follow each other slowly, stretches of eight of them do not."""
    slow = [0.5 + 0.2 * math.sin(second / 6) for second in range(90)]
    batches = Batches()
    batches.prepare(len(slow))
    for share in slow:
        batches.add(Counted(np.full((2, 1), 100 * share), 100.0), 1)
    half = half_widths(batches.samples(1), batches.totals)
    assert 0.08 < half[0, 0] < 0.5  # the shares of the two turns' four halves are 0.127 from the middle


def test_what_samples_tell_if_they_are_independent() -> None:
    """Wilson's interval of 10 of 100: 0.0552 to 0.1744, as Newcombe's method 3 (1998) has it."""
    assert least_widths(np.array([[10.0]]), 100)[0, 0] == pytest.approx((0.1744 - 0.0552) / 2, abs=1e-4)


def test_an_order_is_settled_where_intervals_are_apart() -> None:
    share, half = np.array([0.5, 0.3, 0.28, 0.1]), np.array([0.05, 0.02, 0.02, 0.05])
    assert settled(share, half).tolist() == [True, False, False, True]
    assert settled(share[::-1], half[::-1]).tolist() == [True, False, False, True]
    assert settled(share, np.full(4, np.nan)).tolist() == [False] * 4
    assert settled(share[:1], half[:1]).tolist() == [True]
    assert settled(share[:0], half[:0]).tolist() == []


def coverage(seconds: int, phase: float, runs: int = 300) -> tuple[float, float]:
    """How often the truth is inside of intervals, where there are any, and inside of those that take samples to be
    independent: of a function that has 80 % in one of two phases and 20 % in the other, which change at random after
    `phase` seconds on average; 100 samples a second.
    """
    chance, inside, inside_least = np.random.default_rng(7), [], []
    for _ in range(runs):
        ends = np.cumsum(chance.exponential(phase, int(4 * seconds / phase) + 50))
        first = (np.searchsorted(ends, np.arange(100 * seconds) / 100) + chance.integers(2)) % 2 == 0
        function = chance.random(100 * seconds) < np.where(first, 0.8, 0.2)
        batches = Batches()
        batches.prepare(seconds)
        for count in function.reshape(seconds, 100).sum(axis=1).tolist():
            batches.add(Counted(np.full((2, 1), count), 100.0), 1)
        off = abs(function.mean() - 0.5)
        half = half_widths(batches.samples(1), batches.totals)[0, 0]
        inside += [] if np.isnan(half) else [off <= half]
        inside_least.append(off <= least_widths(np.array([function.sum()]), 100.0 * seconds)[0])
    return float(np.mean(inside)), float(np.mean(inside_least))


@pytest.mark.parametrize(("seconds", "phase"), [(10, 0.2), (60, 0.2), (30, 2.0), (120, 2.0), (600, 20.0)])
def test_intervals_hold_the_truth(seconds: int, phase: float) -> None:
    """Where phases are as long as what was sampled nothing can."""
    assert coverage(seconds, phase)[0] >= 0.9


def test_independent_samples_are_too_bold_an_assumption() -> None:
    inside, inside_least = coverage(60, 0.2)
    assert inside > 0.9 > 0.7 > inside_least
