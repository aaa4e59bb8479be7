"""pyprof2calltree itself, run as its users run it, says what the bytes are."""

from __future__ import annotations

import cProfile
import marshal
import os
import profile
import subprocess
import sys
from pathlib import Path

import pytest

from proftui.errors import Malformed, ProftuiError, Unwritable
from proftui.formats.compat import compat

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[2] / "../shared/corpus"))


def even(n: int) -> bool:
    return n == 0 or odd(n - 1)


def odd(n: int) -> bool:
    return n != 0 and even(n - 1)


def ours_and_theirs(path: Path, folder: Path) -> tuple[bytes | str, bytes | None]:
    """compat's bytes or its error, and what the package's own command writes: None where it fails."""
    out = folder / "theirs.kgrind"
    command = [sys.executable, "-m", "pyprof2calltree", "-i", str(path), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONUTF8": "1"}, check=False)
    try:
        ours: bytes | str = compat(path)
    except ProftuiError as error:
        ours = str(error)
    return ours, out.read_bytes() if done.returncode == 0 else None


def test_bytes_are_the_packages_own(tmp_path: Path) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(lambda: [even(20), sorted([3, 1, 2], key=lambda n: -n)])
    path = tmp_path / "out.prof"
    profiler.dump_stats(path)
    ours, theirs = ours_and_theirs(path, tmp_path)
    assert theirs is not None
    assert ours == theirs
    assert compat(path.read_bytes()) == theirs


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(even, 5)
    path = tmp_path / "out.prof"
    profiler.dump_stats(path)
    compat(path)
    assert capfd.readouterr() == ("", "")


def test_refuses_what_the_package_refuses(tmp_path: Path) -> None:
    path = tmp_path / "pure.prof"
    profiler = profile.Profile()
    profiler.runcall(even, 5)
    profiler.dump_stats(path)
    ours, theirs = ours_and_theirs(path, tmp_path)
    assert theirs is None
    assert ours == f"{path}: pyprof2calltree refuses it: calls have no times of their own"


ROW = (1, 1, 1.0, 1.0)


@pytest.mark.parametrize(
    ("stats", "reason"),
    [
        ({}, "there are no functions"),
        ({("a.py", 1, "f"): (*ROW, {("b.py", 1, "g"): ROW})}, "a caller is not among its functions"),
        ({("a.py", 1, "f"): (1, 1, float("nan"), 1.0, {})}, "a time is no finite number"),
        ({("a.py", 1, "f\udc80"): (*ROW, {})}, "a name is no Unicode text"),
    ],
)
def test_says_why(stats: dict[object, object], reason: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.prof"
    path.write_bytes(marshal.dumps(stats))
    ours, theirs = ours_and_theirs(path, tmp_path)
    assert theirs is None
    assert ours == f"{path}: pyprof2calltree refuses it: {reason}"


def test_other_formats_and_damage() -> None:
    with pytest.raises(Unwritable, match="not a file of pstats"):
        compat(b"# callgrind format\nevents: ns\n")
    whole = marshal.dumps({("a.py", 1, "f"): (*ROW, {})})
    with pytest.raises(Malformed):
        compat(whole[:-3])


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of sample profiles is not beside the checkout")
def test_corpus(tmp_path: Path) -> None:
    paths = sorted(path for path in CORPUS.glob("made/prof/**/*.p*") if path.stat().st_size < 500_000)
    assert paths
    converted = 0
    for path in paths:
        ours, theirs = ours_and_theirs(path, tmp_path)
        (tmp_path / "theirs.kgrind").unlink(missing_ok=True)
        if theirs is not None:
            assert ours == theirs, path
            converted += 1
    assert converted > 20
