"""tracemalloc's snapshots show what the tracemalloc that made them does."""

from __future__ import annotations

import json
import pickle
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from proftui.cli.group import proftui as command
from proftui.errors import Cancelled, Malformed
from proftui.formats import FORMATS, load
from proftui.formats.source import Source
from proftui.formats.tracemalloc import TRACEMALLOC
from proftui.formats.tracemalloc.traces import MOST_FRAMES, traces_of
from proftui.model import NO_LINE, Part, Profile

DATA = Path(__file__).parents[2] / "data" / "tracemalloc"

Place = tuple[str, int]
Stacks = dict[tuple[Place, ...], tuple[float, ...]]


def stacks(profile: Profile, part: Part) -> Stacks:
    """The stacks of a part in which memory was allocated, the oldest call first: bytes and blocks."""
    tree = part.tree
    assert tree is not None
    paths: list[tuple[Place, ...]] = []
    for frame, parent in zip(tree.frame.tolist(), tree.parent.tolist(), strict=True):
        file = profile.functions.file[tree.frames.function[frame]]
        paths.append((*(paths[parent] if parent >= 0 else ()), (file, int(tree.frames.line[frame]))))
    rows = np.flatnonzero(tree.self_cost[1])
    return {paths[row]: tuple(tree.self_cost[:, row].tolist()) for row in rows.tolist()}


@pytest.mark.parametrize("python", ["py36", "py37", "py39", "py313"])
def test_figures_are_those_of_tracemalloc(python: str) -> None:
    profile = load(DATA / f"keeps_{python}.snapshot")
    expected: dict[int, Stacks] = {0: {}, 77: {}}
    for domain, frames, size, count in json.loads((DATA / f"keeps_{python}.json").read_text()):
        expected[domain][tuple(map(tuple, frames))] = (size, count)
    assert [part.label for part in profile.parts] == ["domain 0 (Python)", "domain 77"]
    assert [stacks(profile, part) for part in profile.parts] == list(expected.values())
    assert profile.check() == []


def test_a_function_is_a_line() -> None:
    profile = load(DATA / "keeps_py313.snapshot")
    assert profile.functions.identity(profile.functions.name.index("keeps.py:19")) == (
        "keeps.py:19", "keeps.py", NO_LINE, "",
    )  # fmt: skip


def test_notes_tell_what_was_cut_off() -> None:
    # counted in the reports: blocks with four frames of which the first is not <string>, and all with four
    assert load(DATA / "keeps_py313.snapshot").notes[1:] == (
        "the tracebacks of 10 of 25 blocks are cut off at the limit of 4 frames: callers farther out are missing",
    )
    assert load(DATA / "keeps_py36.snapshot").notes[1:] == (
        "the tracebacks of 15 of 28 blocks are as long as the limit of 4 frames: callers farther out may be missing",
    )


PLACES = st.tuples(st.sampled_from(["a.py", "b/a.py", "<frozen x>"]), st.integers(1, 4))
TRACEBACKS = st.lists(PLACES, min_size=1, max_size=6).map(tuple)
TRACES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2**40), TRACEBACKS, st.integers(1, 9)), min_size=1)


def dumped(traces: object, limit: object = 6) -> bytes:
    """The bytes of a snapshot, by this Python's tracemalloc; most recent calls come first in its traces."""
    return pickle.dumps(tracemalloc.Snapshot(traces, limit))  # type: ignore[arg-type]  # of any traces


@given(TRACES)
def test_every_block_comes_through(
    tmp_path_factory: pytest.TempPathFactory, traces: list[tuple[int, int, tuple[Place, ...], int]]
) -> None:
    path = tmp_path_factory.mktemp("snapshot") / "unknown"
    path.write_bytes(dumped(traces))
    profile = load(path)
    domains = sorted({domain for domain, _, _, _ in traces})
    assert len(profile.parts) == len(domains)
    for part, domain in zip(profile.parts, domains, strict=True):
        size: Counter[tuple[Place, ...]] = Counter()
        count: Counter[tuple[Place, ...]] = Counter()
        for _, bytes_, frames, _ in (trace for trace in traces if trace[0] == domain):
            size[frames[::-1]] += bytes_
            count[frames[::-1]] += 1
        assert stacks(profile, part) == {frames: (size[frames], count[frames]) for frames in count}


TRACEBACK = (("a.py", 1),)
SHARED = (("a.py", 1),) * 1000

REFUSED = {
    "a trace of one": ([(1,)], "a trace is not told"),
    "a size that is a text": ([(0, "1", TRACEBACK, 1)], "a trace is not told"),
    "a size below zero": ([(0, -1, TRACEBACK, 1)], "cannot be"),
    "a domain beyond 2^31": ([(2**31, 1, TRACEBACK, 1)], "cannot be"),
    "a domain of -2^63": ([(-(2**63), 1, TRACEBACK, 1)], "cannot be"),
    "no frames": ([(0, 1, (), 1)], "no list of frames"),
    "a list of frames": ([(0, 1, [("a.py", 1)], 1)], "no list of frames"),
    "a frame without a line": ([(0, 1, (("a.py",),), 1)], "a frame is not told"),
    "more frames than there can be": ([(0, 1, (("a.py", 1),) * (MOST_FRAMES + 1), 1)], "no list of frames"),
    "one traceback in a thousand domains": (
        [(domain, 1, SHARED, 1) for domain in range(1000)],
        "more frames than bytes",
    ),
    "no traces": (7, "does not hold the traces"),
}


@pytest.mark.parametrize(("traces", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused(traces: object, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        traces_of(dumped(traces))


def test_snapshots_of_python_3_4_have_no_domains() -> None:
    found = traces_of(dumped([(16, TRACEBACK), (32, TRACEBACK)]))
    assert (found.domain.tolist(), found.size.tolist(), found.frames.tolist()) == ([0, 0], [16, 32], [-1, -1])


def test_a_snapshot_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(dumped([]))
    profile = load(path)
    assert (len(profile.functions), len(profile.parts)) == (0, 1)


def test_reading_can_be_ended(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(dumped([(0, number, TRACEBACK, 1) for number in range(100_000)]))

    def progress(share: float) -> None:
        if share > 0.3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        load(path, progress=progress)


class Runs:
    """Creates a file where it is unpickled by what runs code."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self.path, "w")


def test_no_code_of_a_snapshot_is_run(tmp_path: Path) -> None:
    path, ran = tmp_path / "unknown", tmp_path / "was_run"
    path.write_bytes(dumped([(0, 1, TRACEBACK, Runs(ran))]))
    with pytest.raises(Malformed, match="nothing of it was run"):
        load(path)
    assert not ran.exists()


def test_the_summary_does_not_speak_of_calls() -> None:
    said = CliRunner().invoke(command, ["report", str(DATA / "keeps_py313.snapshot"), "--view", "summary"])
    assert "keeps_py313.snapshot: tracemalloc, traced: each allocation was seen" in said.output


def test_only_one_format_claims_a_sample() -> None:
    for path in DATA.glob("*.snapshot"):
        head = Source(str(path)).head
        assert [known for known in FORMATS if known.sniff(head, "unknown")] == [TRACEMALLOC]
