"""What is read of memory_profiler's files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed, Unwritable
from proftui.formats import load, save
from proftui.formats.mprof.calls import tree_of
from proftui.formats.mprof.lines import Call
from proftui.formats.registry import FORMATS
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data/mprof"
MIB = 1 << 20


def load_text(folder: Path, text: str) -> Profile:
    """The profile in a file of that text."""
    path = folder / "unknown"
    path.write_text(text)
    return load(path)


def test_calls_nest_by_time() -> None:
    profile = load(DATA / "nested.dat")
    part = profile.parts[0]
    # the sums of the FUNC lines' differences, by hand
    inclusive = {"outer": 5.9804, "inner": 11.9882}
    own = {"outer": 5.9804 - 11.9882, "inner": 11.9882}
    seconds = {"outer": 0.4461, "inner": 0.2369}
    assert set(profile.functions.name) == set(inclusive)
    for row, function in enumerate(part.graph.function.tolist()):
        name = profile.functions.name[function]
        assert profile.functions.object[function] == "__main__"
        assert part.graph.inclusive[0, row] == pytest.approx(inclusive[name] * MIB, abs=4)
        assert part.graph.self_cost[0, row] == pytest.approx(own[name] * MIB, abs=4)
        assert part.graph.inclusive[1, row] == pytest.approx(
            (seconds[name] if name == "outer" else 0.0767 + 0.0516 + 0.0569 + 0.0514) * 1e9
        )
    assert part.graph.calls is not None
    assert dict(zip(part.graph.function.tolist(), part.graph.calls.tolist(), strict=True)) == {
        profile.functions.name.index("outer"): 2, profile.functions.name.index("inner"): 4,
    }  # fmt: skip
    assert part.tree is not None
    assert part.tree.parent.tolist() == [-1, 0]
    assert profile.metrics[0].signed
    assert profile.series[0].value.max() == pytest.approx(28.859375 * MIB)  # mprof peak
    assert len(profile.series[0].spans) == 6


def test_children() -> None:
    profile = load(DATA / "children.dat")
    # mprof peak
    assert {series.label: round(series.value.max() / MIB, 3) for series in profile.series} == {
        "memory": 16.449, "memory of child 22317": 10.590, "memory of child 22318": 13.402,
        "memory of child 22319": 10.668,
    }  # fmt: skip
    assert len(profile.functions) == 0
    assert profile.origin.kind == "sampled"


def test_time_that_runs_backwards_is_put_in_order(tmp_path: Path) -> None:
    profile = load_text(tmp_path, "CMDLINE x\nMEM 1.0 200.0\nMEM 2.0 100.0\n")
    assert profile.series[0].seconds.tolist() == [0, 100]
    assert profile.series[0].value.tolist() == [2 * MIB, MIB]
    assert any("put in order" in note for note in profile.notes)


def test_a_last_line_that_is_not_whole(tmp_path: Path) -> None:
    profile = load_text(tmp_path, "CMDLINE x\nMEM 1.0 200.0\nMEM 2.0")
    assert len(profile.series[0].value) == 1
    assert "the file ends within a line" in profile.notes


@pytest.mark.parametrize("line", ["MEM abc 1", "MEM 1.5", "MEM nan inf", "MEM -3 1", "CHLD x 1 2", "FUNC f 1 2 3"])
def test_what_cannot_be(line: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="line 3"):
        load_text(tmp_path, f"CMDLINE x\nMEM 2.5 100.0\n{line}\n")


def test_nothing_measured(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="no measurements"):
        load_text(tmp_path, "CMDLINE python x.py\n")


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_no_other_format_claims_it(path: Path) -> None:
    assert [known.name for known in FORMATS if known.sniff(path.read_bytes(), "unknown")] == ["mprof"]


def test_folded_stacks_are_none_of_it() -> None:
    mprof = next(known for known in FORMATS if known.name == "mprof")
    assert not mprof.sniff(b"MEM;a 3\n", "unknown")
    assert not mprof.sniff(b"FUNC a;b 3\n", "unknown")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))))
def test_increments_add_up(drawn: list[tuple[int, int, int, int]]) -> None:
    calls = [Call("m.f", begin, begin + lasts, before, after, -1) for begin, lasts, before, after in drawn]
    _, tree, times, _ = tree_of(calls, 0.0)
    roots = tree.parent < 0
    assert times.sum() == len(calls)
    assert np.isfinite(tree.self_cost).all()
    assert tree.inclusive()[0, roots].sum() == tree.self_cost[0].sum()


def test_memory_over_time_alone_is_not_written_as_something_empty(tmp_path: Path) -> None:
    profile = load(DATA / "children.dat")
    for to in ("callgrind", "pstats", "folded", "pprof"):
        with pytest.raises(Unwritable, match="over time and nothing else"):
            save(profile, tmp_path / "out", to=to)
    assert list(tmp_path.iterdir()) == []
