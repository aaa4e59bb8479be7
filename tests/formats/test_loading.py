"""Files become parts of one profile, whichever way the reading is shared out."""

from __future__ import annotations

import marshal
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from proftui.errors import Cancelled, Malformed, ProftuiError, UnknownFormat
from proftui.formats import load, load_all, loading
from proftui.formats.shares import spread
from proftui.model import Profile, merge

DATA = Path(__file__).parents[1] / "data" / "pstats"
TICKS = [DATA / "ticks_py311.prof", DATA / "ticks_py27.prof", DATA / "ticks_py36.prof"]


def figures(profile: Profile) -> dict[str, tuple[float, ...]]:
    """{name: (calls, primitive calls, self, inclusive)} of the merged parts."""
    graph = merge(profile)
    assert graph.calls is not None
    assert graph.primitive_calls is not None
    columns = np.stack([graph.calls, graph.primitive_calls, graph.self_cost[0], graph.inclusive[0]])
    names = [profile.functions.name[function] for function in graph.function.tolist()]
    return dict(zip(names, map(tuple, columns.T.tolist()), strict=True))


def test_files_become_parts() -> None:
    profile = load_all(TICKS)
    assert [part.label for part in profile.parts] == [path.name for path in TICKS]
    assert profile.name == "ticks_py311.prof and 2 more"
    assert figures(profile)["branch"] == pytest.approx((9, 3, 24e6, 33e6), abs=3)


def test_a_file_is_read_once() -> None:
    assert len(load_all([TICKS[0], TICKS[0]]).parts) == 1


def test_one_file_keeps_its_name() -> None:
    assert load(TICKS[0]).name == load_all(TICKS[:1]).name == "ticks_py311.prof"


def test_no_file() -> None:
    with pytest.raises(ProftuiError, match="no file"):
        load_all([])


def test_the_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Malformed, match=r"kills_marshal_1\.prof"):
        load_all([*TICKS, DATA / "kills_marshal_1.prof"])


def test_a_file_of_no_known_format_is_named(tmp_path: Path) -> None:
    other = tmp_path / "notes.prof"
    other.write_text("what I did today")
    with pytest.raises(UnknownFormat, match=r"notes\.prof"):
        load_all([*TICKS, other])


def test_notes_say_of_which_file_they_are(tmp_path: Path) -> None:
    odd = tmp_path / "odd.prof"
    odd.write_bytes(TICKS[0].read_bytes() + b"more")
    assert load_all([TICKS[1], odd]).notes == ("odd.prof: 4 bytes after the table were not read",)


def test_progress_goes_from_0_to_1_over_all_files() -> None:
    seen: list[float] = []
    load_all(TICKS, progress=seen.append)
    assert seen == sorted(seen)
    assert 0 <= seen[0] < seen[-1] <= 1


def test_progress_may_end_the_read() -> None:
    def stop(share: float) -> None:
        if share > 0.5:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        load_all(TICKS, progress=stop)


CALLGRIND = """version: 1
creator: test
cmd: ./prog
pid: 7
events: Ir
fn=main
1 {cost}
"""


def test_a_dump_brings_the_others_of_its_run(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"callgrind.out.7.{number}").write_text(CALLGRIND.format(cost=number))
    first, second = (tmp_path / f"callgrind.out.7.{number}" for number in (1, 2))
    assert merge(load(first)).totals[0] == 3
    assert merge(load(first, single=True)).totals[0] == 1
    assert merge(load_all([first, second])).totals[0] == 3


def test_the_empty_file_beside_dumps_of_threads_is_passed_over(tmp_path: Path) -> None:
    for thread in ("01", "02"):
        (tmp_path / f"callgrind.out.7-{thread}").write_text(CALLGRIND.format(cost=5))
    empty = tmp_path / "callgrind.out.7"
    empty.touch()
    paths = sorted(tmp_path.iterdir())
    assert paths[0] == empty
    assert merge(load_all(paths)).totals[0] == 10
    assert merge(load_all(paths, single=True)).totals[0] == 10
    assert merge(load(empty)).totals[0] == 10
    with pytest.raises(UnknownFormat, match="is empty"):
        load(empty, single=True)


def many(folder: Path) -> list[Path]:
    """Files of one function each, whose calls are the file's number from 1 on."""
    paths = [folder / f"{number:02}.prof" for number in range(1, 21)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(marshal.dumps({("a.py", number % 3, "f"): (number, number, 1.0, 1.0, {})}))
    return paths


def test_sharing_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = many(tmp_path)
    alone = load_all(paths)
    monkeypatch.setattr(loading, "WORTH_SPREADING", 0)
    shared = load_all(paths)
    assert [part.label for part in shared.parts] == [path.name for path in paths]
    assert shared.functions.identities() == alone.functions.identities()
    for ours, theirs in zip(shared.parts, alone.parts, strict=True):
        assert ours.graph.function.tolist() == theirs.graph.function.tolist()
        assert ours.graph.self_cost.tolist() == theirs.graph.self_cost.tolist()
    calls = merge(shared).calls
    assert calls is not None
    assert calls.sum() == 210


def test_errors_come_back_from_other_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = many(tmp_path)
    paths[-1].write_bytes(b"\xfb)\x03")
    monkeypatch.setattr(loading, "WORTH_SPREADING", 0)
    with pytest.raises(Malformed, match=r"20\.prof: .*\(byte \d+\)$"):
        load_all(paths)


def pids(share: Sequence[int], here: bool) -> tuple[int, bool, list[int]]:
    """Where a share was worked on."""
    return os.getpid(), here, list(share)


def test_shares_are_consecutive_and_complete() -> None:
    results = spread(pids, range(10), [1] * 10)
    assert [item for _, _, share in results for item in share] == list(range(10))
    assert results[0][:2] == (os.getpid(), True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely")
def test_shares_are_of_equal_weight_and_in_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})
    (here, first), (there, second) = ((pid, share) for pid, _, share in spread(pids, range(3), [1, 1, 2]))
    assert (first, second) == ([0, 1], [2])
    assert here == os.getpid() != there


def test_a_process_with_threads_does_not_fork() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert spread(pids, range(10), [1] * 10) == [(os.getpid(), True, list(range(10)))]
    finally:
        done.set()
        thread.join()


def leaving(share: Sequence[int], here: bool) -> list[int]:
    """Ends any process but the user's."""
    if not here:
        os._exit(3)
    return list(share)


def test_the_share_of_a_process_that_ends_early_is_done_here() -> None:
    assert [item for share in spread(leaving, range(10), [1] * 10) for item in share] == list(range(10))


def test_no_process_where_none_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    results = spread(pids, range(10), [1] * 10)
    assert {pid for pid, _, _ in results} == {os.getpid()}
    assert [item for _, _, share in results for item in share] == list(range(10))


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ProftuiError, match="cannot be opened: file name too long"):
        load(tmp_path / ("x" * 5000))
