"""Shares against hand counts, and against the profile of the same span, parts and filters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.filters import Filter, filtered, parse
from proftui.analysis.scope import Scope
from proftui.analysis.shares import INCLUSIVE, SELF, Shares, Tally
from proftui.analysis.shares.batches import MOST
from proftui.live.recorder import Recorder
from proftui.model import Recording, Span
from tests.analysis.shares.recordings import MAIN, THREADS, WORKER, Stacked, Window

FILTERS = (
    "focus:name=^a$", "ignore:name=^c$", "hide:name=^[ab]$", "hide:name=^c$", "show:name=^[bd]$", "show-from:name=^b$",
    "show-from:name=^d$", "my-code", "show:self>20%", "focus:inclusive>=50%", "hide:self<3",
)  # fmt: skip

words = st.text("abcde", min_size=1, max_size=6)
windows = st.lists(
    st.dictionaries(st.tuples(st.sampled_from(THREADS), words), st.integers(1, 9), max_size=5), max_size=12
)
spans = st.none() | st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12))
parts = st.none() | st.sets(st.sampled_from([0, 1])).map(lambda chosen: tuple(sorted(chosen)))
filters = st.lists(st.sampled_from(FILTERS), max_size=3).map(lambda texts: tuple(parse(text) for text in texts))


def figures(shares: Shares) -> dict[str, tuple[float, float]]:
    """(self, inclusive) samples by name."""
    names = [shares.functions.name[function] for function in shares.function.tolist()]
    return dict(zip(names, zip(*shares.samples.tolist(), strict=True), strict=True))


def recomputed(
    recording: Recording, span: Span | None, chosen: tuple[int, ...] | None, steps: tuple[Filter, ...]
) -> dict[str, tuple[float, float]]:
    """The same by way of the profile, which needs a part at least."""
    if not (recording.threads if chosen is None else chosen):
        return {}
    graph = Scope(filtered(recording.profile(span), steps).profile, chosen).graph
    names = [recording.functions.name[function] for function in graph.function.tolist()]
    pairs = zip(graph.self_cost[0].tolist(), graph.inclusive[0].tolist(), strict=True)
    return {name: pair for name, pair in zip(names, pairs, strict=True) if pair[1] > 0}


def possible(recording: Recording, chosen: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Those of the parts that there are."""
    return None if chosen is None else tuple(part for part in chosen if part < len(recording.threads))


def test_counted_by_hand() -> None:
    recorder = Stacked([{(MAIN, "ab"): 6, (MAIN, "a"): 2, (WORKER, "c"): 2}, {(MAIN, "abab"): 3, (WORKER, "ca"): 1}])
    shares = Tally().update(recorder.recorder.recording())
    assert (shares.total, shares.windows) == (14, 2)
    assert figures(shares) == {"a": (3, 12), "b": (9, 9), "c": (2, 3)}
    assert shares.recent_total == 4
    assert shares.recent[INCLUSIVE].tolist() == [1.0, 0.75, 0.25]
    assert shares.step[SELF].tolist() == pytest.approx([0.25 - 0.2, 0.75 - 0.6, -0.2])


def test_one_thread_of_one_window() -> None:
    recorder = Stacked([{(MAIN, "ab"): 6, (WORKER, "c"): 2}, {(MAIN, "ba"): 3, (WORKER, "ca"): 1}])
    shares = Tally().update(recorder.recorder.recording(), (1.0, None), (1,))
    assert figures(shares) == {"a": (1, 1), "c": (0, 1)}
    assert shares.total == 1


def test_recursion_never_counts_twice() -> None:
    shares = Tally().update(Stacked([{(MAIN, "a" * 50): 7}]).recorder.recording())
    assert shares.share.tolist() == [[1.0], [1.0]]


def test_nothing_recorded() -> None:
    shares = Tally().update(Recorder({}).recording())
    assert (len(shares), shares.total, shares.windows) == (0, 0, 0)


@given(windows, spans, parts, filters)
def test_as_the_profile_has_it(
    given_windows: list[Window], span: Span | None, chosen: tuple[int, ...] | None, steps: tuple[Filter, ...]
) -> None:
    recording = Stacked(given_windows).recorder.recording()
    chosen = possible(recording, chosen)
    shares = Tally().update(recording, span, chosen, steps)
    expected = recomputed(recording, span, chosen, steps)
    assert figures(shares) == expected
    assert shares.total == sum(own for own, _ in expected.values())


def same(one: Shares, other: Shares) -> None:
    for name in ("function", "samples", "half", "least", "recent", "step", "trend", "minute"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-12, err_msg=name)
    assert (one.total, one.windows, one.recent_total) == (other.total, other.windows, other.recent_total)
    assert (one.change is None) == (other.change is None)
    if one.change is not None and other.change is not None:
        np.testing.assert_allclose(one.change.share, other.change.share)
        np.testing.assert_allclose(one.change.half, other.change.half)


doings = st.lists(
    st.tuples(
        st.lists(
            st.dictionaries(st.tuples(st.sampled_from(THREADS), words), st.integers(1, 9), max_size=4), max_size=20
        ),
        st.sampled_from(["", "mark", "reset"]),
        spans,
        parts,
        filters,
    ),
    max_size=6,
)


@given(doings, st.booleans())
def test_keeping_up_is_the_same_as_beginning_anew(given_doings: list[tuple[object, ...]], few_bytes: bool) -> None:
    recorder, tally = Stacked(limit=2500) if few_bytes else Stacked(), Tally()
    for more, doing, span, chosen, steps in given_doings:
        for window in more:  # type: ignore[attr-defined]
            recorder.add(window)
        if doing == "mark":
            recorder.recorder.mark()
        if doing == "reset":
            recorder.recorder.reset()
        recording = recorder.recorder.recording()
        asked = (span, possible(recording, chosen), steps)  # type: ignore[arg-type]
        same(tally.update(recording, *asked), Tally().update(recording, *asked))  # type: ignore[arg-type]
        same(tally.update(recording), Tally().update(recording))


def test_the_same_question_has_the_same_answer() -> None:
    recorder, tally = Stacked([{(MAIN, "ab"): 6}]), Tally()
    recording = recorder.recorder.recording()
    assert tally.update(recording) is tally.update(recording)


def test_many_windows_are_kept_in_few_batches() -> None:
    recorder, tally = Stacked(), Tally()
    for _ in range(5 * MOST):
        recorder.add({(MAIN, "ab"): 1})
        shares = tally.update(recorder.recorder.recording())
    assert figures(shares) == {"a": (0, 5 * MOST), "b": (5 * MOST, 5 * MOST)}
    assert shares.half.tolist() == [[0, 0], [0, 0]]


def test_the_change_since_a_mark() -> None:
    recorder = Stacked([{(MAIN, "ab"): 6, (MAIN, "a"): 4}, {(MAIN, "ab"): 8, (MAIN, "a"): 2}])
    moment = recorder.recorder.mark()
    recorder.add({(MAIN, "ab"): 1, (MAIN, "ac"): 4})
    recording = recorder.recorder.recording()
    for span in (None, (moment.seconds, None)):
        change = Tally().update(recording, span).change
        assert change is not None
        assert change.share[SELF].tolist() == pytest.approx([-0.3, 0.2 - 0.7, 0.8])
        assert change.share[INCLUSIVE].tolist() == pytest.approx([0, 0.2 - 0.7, 0.8])
        assert np.isnan(change.half).all()
    assert Tally().update(recording, (0.0, moment.seconds)).change is None


def test_a_mark_is_compared_with_the_time_since_the_mark_before() -> None:
    recorder = Stacked([{(MAIN, "b"): 1}])
    recorder.recorder.mark()
    recorder.add({(MAIN, "c"): 1})
    moment = recorder.recorder.mark()
    recorder.add({(MAIN, "c"): 1})
    change = Tally().update(recorder.recorder.recording(), (moment.seconds, None)).change
    assert change is not None
    assert change.share.tolist() == [[0.0], [0.0]]


def test_a_trend_is_marked_beyond_noise_alone() -> None:
    steady: Window = {(MAIN, "a"): 50, (MAIN, "b"): 50}
    recorder = Stacked([steady] * 9)
    recorder.add({(MAIN, "a"): 55, (MAIN, "b"): 45})  # by chance alone steps of 7 points are to be expected
    assert not Tally().update(recorder.recorder.recording()).trend.any()
    recorder.add({(MAIN, "a"): 85, (MAIN, "b"): 15})
    assert Tally().update(recorder.recorder.recording()).trend[SELF].tolist() == [1, -1]


def test_a_trend_is_none_where_shares_always_go_up_and_down() -> None:
    recorder = Stacked([{(MAIN, "a"): share, (MAIN, "b"): 100 - share} for share in (20, 80) * 5])
    assert not Tally().update(recorder.recorder.recording()).trend.any()


def test_the_last_minute_in_bins_of_five_seconds() -> None:
    recorder = Stacked([{(MAIN, "a"): 1}] * 100)
    for _ in range(5):
        recorder.add({(MAIN, "a"): 1, (MAIN, "ab"): 3})
    minute = Tally().update(recorder.recorder.recording()).minute
    assert minute[:, SELF, 0].tolist() == [1.0] * 11 + [0.25]
    assert minute[:, INCLUSIVE, 1].tolist() == [0.0] * 11 + [0.75]


def test_times_without_samples_are_blank() -> None:
    recorder = Stacked([{(MAIN, "a"): 1}] + [{}] * 9 + [{(MAIN, "a"): 1}])
    shares = Tally().update(recorder.recorder.recording())
    assert np.isnan(shares.minute[:, SELF, 0]).tolist() == [True] * 9 + [False, True, False]
    assert np.isnan(shares.step).all()


def test_keeps_up_when_old_windows_are_merged() -> None:
    recorder, tally = Stacked(limit=3000), Tally()
    for second in range(200):
        recorder.add({(MAIN, "ab" if second % 2 else "ac"): 2})
        recording = recorder.recorder.recording()
        same(tally.update(recording), Tally().update(recording))
    assert len(recording.windows) < 100
    assert figures(tally.update(recording)) == {"a": (0, 400), "b": (200, 200), "c": (200, 200)}
