"""Every profile of the corpus, exported: other programs read it without a complaint and show the profile's figures."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.formats import Format, ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND
from proftui.formats.callgrind.naming import Written, written_names
from proftui.formats.callgrind.restore import EDITED
from proftui.formats.callgrind.writer import write
from proftui.formats.pstats import PSTATS
from proftui.model import CallGraph, Floats, Profile

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))

Annotate = Callable[..., tuple[int, dict[str, int]]]
Cgview = Callable[[Path], dict[str, tuple[int, int, int]]]


def paths(*patterns: str) -> list[Any]:
    if not CORPUS.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not beside the checkout"))]
    found = [path for pattern in patterns for path in sorted(CORPUS.glob(pattern)) if path.is_file()]
    return [pytest.param(path, id=str(path.relative_to(CORPUS))) for path in found]


def reads(known: Format, path: Path) -> Profile:
    if not path.stat().st_size:
        pytest.skip("empty: valgrind leaves such a file beside those of the threads")
    return known.read(Source(str(path)), ReadOptions())


def stored(profile: Profile, part: int) -> dict[tuple[str, str, int, str], tuple[float, float]]:
    """(self, inclusive) of the first metric by identity."""
    graph = profile.parts[part].graph
    rows = zip(graph.function.tolist(), graph.self_cost[0].tolist(), graph.inclusive[0].tolist(), strict=True)
    return {profile.functions.identity(function): (own, inclusive) for function, own, inclusive in rows}


@pytest.mark.parametrize("path", paths("made/prof/**/*.p*", "peers/prof/**/*.p*", "bad/prof/hostile_names.prof"))
def test_pstats(
    path: Path, tmp_path: Path, kcachegrind: Callable[[bytes], Any], annotate: Annotate,
    read_back: Callable[[bytes], Profile],
) -> None:  # fmt: skip
    profile = reads(PSTATS, path)
    (data,) = write(profile)
    graph = profile.parts[0].graph
    seen = kcachegrind(data)
    assert len(seen.functions) == len(graph)
    total = int(np.nansum(graph.self_cost))
    assert seen.totals == [total, total]
    assert sorted(seen.self_cost.values()) == sorted(np.nan_to_num(graph.self_cost[0]).tolist())
    inclusive = seen.inclusive()
    assert max(inclusive.values(), default=0) <= total
    names = written_names(profile.functions)
    keys = [kcachegrind_key(names[function]) for function in graph.function.tolist()]
    if path.name != "yappi_threads.pstat":  # its roots are 12 % above the total, and what they call is cut as they are
        expected = expected_inclusive(graph)
        shown = np.where(np.isnan(expected), np.nan, [inclusive[key] for key in keys])
        assert shown.tolist() == pytest.approx(expected.tolist(), rel=0.004, abs=10, nan_ok=True)

    exported = tmp_path / "out.kgrind"
    exported.write_bytes(data)
    counted, own = annotate(exported)
    assert counted == total
    assert sorted(own.values()) == sorted(seen.self_cost.values())
    assert sorted(annotate(exported, inclusive=True)[1].values()) == sorted(inclusive.values())

    again = read_back(data)
    assert EDITED not in again.notes
    assert again.metrics == profile.metrics
    assert again.origin.kind == profile.origin.kind
    assert_same_numbers(profile, again)


def kcachegrind_key(row: Written) -> tuple[str, str, str]:
    name, file, named = ("" if text == "???" else text for text in (row.name, row.file, row.object))
    return name, file.rpartition("/")[2], named.rpartition("/")[2]


def expected_inclusive(graph: CallGraph) -> Floats:
    """What KCachegrind is to show: nothing above the total, and

    - for members of cycles their cumulative time,
    - else what the dump's arcs add up to, calls to itself left out. That is the cumulative time as well, except
      where a dump's callers do not account for all of it (called from outside too, callers stripped or not recorded).
    """
    other = graph.caller != graph.callee
    size = len(graph)
    own, arcs, measured = (np.nan_to_num(column[0]) for column in (graph.self_cost, graph.arc_cost, graph.inclusive))
    incoming = np.bincount(graph.callee[other], arcs[other], size)
    outgoing = np.bincount(graph.caller[other], arcs[other], size)
    called = np.bincount(graph.callee[other], minlength=size) > 0
    in_cycle = np.bincount(graph.component)[graph.component] > 1
    if np.isnan(graph.arc_cost).any():  # arcs without times share what the callee took, in whatever way
        incoming, outgoing = measured, np.full(size, np.nan)
    by_arcs = np.where(called, incoming, own + outgoing)
    shown: Floats = np.minimum(np.where(in_cycle, measured, by_arcs), own.sum())
    return shown


def assert_same_numbers(profile: Profile, again: Profile) -> None:
    assert stored(again, 0).keys() == stored(profile, 0).keys()
    ids = {profile.functions.identity(function): function for function in range(len(profile.functions))}
    before, after = profile.parts[0].graph, again.parts[0].graph
    order = np.argsort([ids[again.functions.identity(function)] for function in after.function.tolist()])
    place = np.argsort(order)
    arcs = np.lexsort((place[after.callee], place[after.caller]))
    assert np.array_equal(place[after.caller][arcs], before.caller)
    assert np.array_equal(place[after.callee][arcs], before.callee)
    for column in ("self_cost", "inclusive", "calls", "primitive_calls"):
        assert_equal(getattr(before, column), getattr(after, column), order, column)
    for column in ("arc_cost", "arc_self", "arc_calls", "arc_primitive_calls"):
        assert_equal(getattr(before, column), getattr(after, column), arcs, column)


def assert_equal(before: Floats | None, after: Floats | None, order: Any, column: str) -> None:
    if before is None or after is None:
        assert before is after, column
    else:
        assert np.array_equal(before, after[..., order], equal_nan=True), column


@pytest.mark.parametrize("path", paths("made/callgrind/**/*", "made/xdebug/*", "peers/callgrind/*", "made/kgrind/*"))
def test_callgrind(path: Path, tmp_path: Path, annotate: Annotate, read_back: Callable[[bytes], Profile]) -> None:
    profile = reads(CALLGRIND, path)
    for number, data in enumerate(write(profile)):
        exported = tmp_path / f"out{number}"
        exported.write_bytes(data)
        figures = stored(profile, number)
        if min([own for own, _ in figures.values()], default=0) < 0:
            continue  # callgrind has no room for costs below zero
        total, own = annotate(exported)
        expected: Counter[str] = Counter()
        for (name, file, _, _), (cost, _) in figures.items():
            expected[f"{file or '???'}:{name or '???'}"] += int(cost)
        assert total == sum(expected.values())
        shown = Counter[str]()
        for text, cost in own.items():
            shown[text.rpartition(" [")[0] if text not in expected else text] += cost
        top = [text for text, _ in expected.most_common(20)]
        assert {text: shown[text] for text in top} == {text: expected[text] for text in top}

        again = read_back(data)
        assert EDITED not in again.notes
        figures_again = stored(again, 0)
        assert {key: figures_again.get(key) for key in figures} == figures


@pytest.mark.parametrize("path", paths("made/callgrind/callgrind.out.*", "peers/callgrind/*"))
def test_kcachegrind_shows_the_same_as_before(path: Path, tmp_path: Path, cgview: Cgview) -> None:
    profile = reads(CALLGRIND, path)
    if path.suffix == ".gz" or len(profile.parts) > 1 or path.stat().st_size > 5_000_000:
        pytest.skip("cgview reads no gzip, and adds up parts")
    if path.name == "g2d_bzr.callgrind":
        pytest.skip("its functions' files are given in a way that KCachegrind does not follow, which joins functions")
    original, exported = tmp_path / "original", tmp_path / "exported"
    shutil.copy(path, original)  # KCachegrind also loads all files whose names begin the same
    data = write(profile)[0]
    if b"\nob=" not in path.read_bytes():
        # where KCachegrind takes functions of equally named files for one, an export tells them apart by module
        data = re.sub(rb"\nc?ob=.*", b"", data)
    exported.write_bytes(data)
    try:
        before = cgview(original)
    except AssertionError:
        pytest.skip("KCachegrind complains of the original")
    after = cgview(exported)
    scale = 10 if "multiple-event" in path.name else 1  # its first event counts tens of nanoseconds
    assert sorted(row[:2] for row in after.values()) == sorted(
        (inclusive * scale, own * scale) for inclusive, own, _ in before.values()
    )
