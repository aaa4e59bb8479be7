"""What was recorded has the same samples in each format, for all of the time and for a range of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from proftui.formats import FORMATS, load, save
from proftui.live.demo_recording import demo_recording
from proftui.model import Profile, merge

SPANS = [None, (10.0, 70.0)]

WRITABLE = [known.name for known in FORMATS if known.write is not None and known.needs != "time"]

NANOSECONDS = 1e9
"""pstats has no unit but seconds."""


def saved(folder: Path, to: str, span: tuple[float, float] | None) -> tuple[Profile, list[str]]:
    """What was recorded, opened from a session; and the paths of it in another format."""
    save(demo_recording().cut(span).profile(), folder / "shop.proftui")
    profile = load(folder / "shop.proftui")
    return profile, save(profile, folder / "out", to=to)


def by_name(profile: Profile) -> dict[tuple[str, str], tuple[float, float]]:
    """Self and inclusive samples of each function in all parts."""
    graph = merge(profile)
    return {
        (profile.functions.name[function], profile.functions.file[function].strip("~")): (own, whole)
        for function, own, whole in zip(
            graph.function.tolist(), graph.self_cost[0].tolist(), graph.inclusive[0].tolist(), strict=True
        )
    }


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("to", WRITABLE)
def test_the_samples_are_the_same(tmp_path: Path, to: str, span: tuple[float, float] | None) -> None:
    profile, written = saved(tmp_path, to, span)
    total = demo_recording().cut(span).windows.samples.sum()
    assert merge(profile).totals.tolist() == [total]
    other = load(written[0])
    unit = NANOSECONDS if to == "pstats" else 1
    figures = {name: np.array(pair) / unit for name, pair in by_name(other).items()}
    expected = by_name(profile)
    assert figures.keys() == expected.keys()
    for name, pair in expected.items():
        assert figures[name].tolist() == list(pair), name
    if to != "pstats":
        assert len(other.parts) == sum(len(part.graph) > 0 for part in profile.parts)


@pytest.mark.parametrize("span", SPANS)
def test_callgrind_annotate_reads_them(tmp_path: Path, span: tuple[float, float] | None) -> None:
    if shutil.which("callgrind_annotate") is None:
        pytest.skip("callgrind_annotate, which comes with valgrind, is not installed")
    _, written = saved(tmp_path, "callgrind", span)
    total = 0
    for path in written:
        said = subprocess.run(["callgrind_annotate", path], capture_output=True, text=True, check=True)
        assert "malformed" not in said.stdout + said.stderr
        found = re.search(r"([\d,]+) \(100\.0%\)  PROGRAM TOTALS", said.stdout)
        assert found is not None
        total += int(found[1].replace(",", ""))
    assert total == demo_recording().cut(span).windows.samples.sum()
