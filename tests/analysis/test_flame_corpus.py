"""Flame graphs of real profiles: boxes nest, and with what a frame itself costs those in it sum to it."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.analysis.calltree import call_tree
from proftui.analysis.exact import ExactTree
from proftui.analysis.flame import Flame
from proftui.analysis.scope import Scope
from proftui.formats import load

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[2] / "../shared/corpus"))
LARGEST = 3_000_000
"""Bytes of the files that are looked at."""


def paths() -> list[Any]:
    if not CORPUS.is_dir():
        skipped = pytest.mark.skip(reason="the corpus is not beside the checkout")
        return [pytest.param("", marks=skipped, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    good = [entry for entry in listed if not entry["path"].startswith("bad/")]
    wanted = [entry for entry in good if entry["format"] in ("folded", "pstats", "callgrind")]
    return [entry["path"] for entry in wanted if 0 < (CORPUS / entry["path"]).stat().st_size < LARGEST]


@pytest.mark.parametrize("path", paths())
def test_boxes_nest_and_sum_up(path: str) -> None:
    scope = Scope(load(str(CORPUS / path), single=True))
    source = call_tree(scope, 0)
    flame = Flame(source, least=1 / 400)
    flame.grow(300)
    exact = isinstance(source, ExactTree)
    for boxes in flame.rows:
        assert all(left.end <= right.x for left, right in pairwise(boxes))
        for box in boxes:
            if box.above is not None:
                assert box.above.x <= box.x <= box.end <= box.above.end
        for box in (box for box in boxes if exact and box.node.kind == "function"):
            below = sum(other.width for other in flame.row(box.row + 1) if other.above is box)
            own = box.node.self_cost.value / source.total
            if len(flame.rows) < 300 and box.width >= flame.least:
                assert box.width == pytest.approx(below + own, abs=1e-9)
    if flame.rows[0]:
        assert sum(box.width for box in flame.rows[0]) <= 1 + 1e-9
        assert np.isfinite(source.total)
