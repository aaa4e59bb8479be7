"""Real and broken profiles of each kind on the smallest screen: each view draws them, and says nothing untrue."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from proftui.formats import load_all

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[2] / "../shared/corpus"))

PROFILES = {
    "pstats": ["made/prof/aio_queue.prof"],
    "recursive": ["made/prof/pytest_profiling/test_even.prof"],
    "names": ["made/prof/names.prof"],
    "processes": [f"made/prof/jobs/worker-{number}.prof" for number in range(6)],
    "not numbers": ["bad/prof/nan_times.prof"],
    "callgrind": ["made/callgrind/callgrind.out.threads_separate-01"],
    "no lines": ["peers/callgrind/g2d_bool.callgrind"],
    "threads": ["made/folded/pyspy_busy_threads_native.raw.txt"],
    "hostile": ["bad/folded/hostile_names.folded.txt"],
    "deep": ["bad/folded/deep.folded.txt"],
}
KEYS = {
    "1": "j G", "2": "j b b b b b b b s r", "3": "a % a", "4": "H % j", "5": "H % j", "6": "% H v w", "7": "t l",
    "8": "t z a t",
}  # fmt: skip
NO_FIGURE = re.compile(r"(?<![\w.])(?:nan|inf|None|-0(?:\.0+)?)(?![\w.(])")
SHARE = re.compile(r"(\d+\.\d) ?%")


def wrong(screen: Opened) -> Iterator[str]:
    """What must not be on screen."""
    assert screen.app._exception is None
    for strip in screen.app.screen._compositor.render_strips():
        line = strip.text
        if cell_len(line) != 80:
            yield f"{cell_len(line)} cells: {line!r}"
        if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in line):
            yield f"control characters: {line!r}"
        if NO_FIGURE.search(line) or any(float(share) > 100 for share in SHARE.findall(line)):
            yield line


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
@pytest.mark.parametrize("name", PROFILES)
async def test_each_view_draws_it(opened: Open, name: str) -> None:
    profile = load_all([str(CORPUS / path) for path in PROFILES[name]])
    async with opened(profile) as screen:
        for view, keys in KEYS.items():
            for key in (view, *keys.split()):
                await screen.press("percent_sign" if key == "%" else key)
                assert list(wrong(screen)) == [], f"{key} in view {view}"
        await screen.press("c", *"12345678", "u", "backspace", "backspace")
        assert list(wrong(screen)) == []
