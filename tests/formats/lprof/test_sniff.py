"""line_profiler's files are told by their class, wherever it was defined."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import pytest

from proftui.formats import FORMATS, load
from proftui.formats.lprof import LPROF
from proftui.formats.lprof.sniff import MODULES
from tests.formats.lprof.conftest import dumped

DATA = Path(__file__).parents[2] / "data" / "lprof"


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_only_one_format_claims_a_sample(path: Path, tmp_path: Path) -> None:
    head = path.read_bytes()
    assert [known.name for known in FORMATS if known.sniff(head, "unknown")] == ["lprof"]
    packed = tmp_path / "unknown"
    packed.write_bytes(gzip.compress(head))
    assert load(packed).origin.format == "lprof"


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("protocol", range(2, 6))
def test_all_modules_and_protocols(module: str, protocol: int) -> None:
    assert LPROF.sniff(dumped({}, module=module, protocol=protocol), "unknown")


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("value", [{"timings": {}, "unit": 1e-6}, print, "line_profiler.LineStats", Path()])
def test_other_pickles(value: object, protocol: int) -> None:
    assert not LPROF.sniff(pickle.dumps(value, protocol), "x.lprof")


def test_another_module_of_that_name() -> None:
    assert not LPROF.sniff(dumped({}, module="my_line_profiler"), "x.lprof")
