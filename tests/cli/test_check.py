"""`proftui check`."""

from __future__ import annotations

import marshal
from pathlib import Path
from typing import TYPE_CHECKING

from proftui.model.check import INVARIANTS

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_a_sound_profile(run: Run, prof: Path) -> None:
    ran = run("check", prof)
    first, *lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert first == f"{prof}: pstats, traced: 5 functions, 5 arcs, parts: 1, metrics: 1"
    assert [line.split(maxsplit=1)[1] for line in lines] == list(INVARIANTS)
    assert {line.split()[0] for line in lines} == {"holds"}


def test_an_inclusive_time_above_the_total(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.prof"
    path.write_bytes(marshal.dumps({("a.py", 1, "f"): (1, 1, 1.0, 48.0, {})}))
    ran = run("check", path)
    assert ran.code == 1
    assert "  breached  inclusive cost is at most the total (within 1 %)\n" in ran.out
    assert "inclusive cost is above the total for 1 function" in ran.out
    assert ran.out.count("above the total") == 1


def test_one_bad_file_of_two(run: Run, prof: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.prof"
    bad.write_bytes(b"no profile")
    ran = run("check", bad, prof)
    assert ran.code == 1
    assert f"{bad}: unreadable\n" in ran.out
    assert f"{prof}: pstats" in ran.out
