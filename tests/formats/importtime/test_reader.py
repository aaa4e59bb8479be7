"""What is read of `python -X importtime`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.importtime.reader import callers_first, parents_of
from proftui.formats.registry import FORMATS
from proftui.model import Profile
from tests.mutations import READ, REFUSED, mutation, outcome

DATA = Path(__file__).parents[2] / "data/importtime"

HEADER = "import time: self [us] | cumulative | imported package\n"


def printed(path: Path) -> dict[str, tuple[int, int]]:
    """Self and cumulative microseconds of each module, by plain splitting."""
    cells = [line.split("|") for line in path.read_text().splitlines() if line.count("|") == 2 and "[us]" not in line]
    return {name.strip(): (int(own.split(":")[1]), int(cumulative)) for own, cumulative, name in cells}


def load_text(folder: Path, text: str) -> Profile:
    """The profile in a file of that text."""
    path = folder / "unknown"
    path.write_text(text)
    return load(path)


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_agrees_with_the_columns(path: Path) -> None:
    profile = load(path)
    graph = profile.parts[0].graph
    expected = printed(path)
    assert len(expected) == len(profile.functions)
    for row, function in enumerate(graph.function.tolist()):
        own, cumulative = expected[profile.functions.name[function]]
        assert graph.self_cost[0, row] == own * 1e3
        # each of the modules below is rounded by itself
        assert graph.inclusive[0, row] == pytest.approx(cumulative * 1e3, abs=len(expected) * 1e3)
    assert graph.calls is not None
    assert graph.calls.sum() == len(expected)
    assert [known.name for known in FORMATS if known.sniff(path.read_bytes(), "unknown")] == ["importtime"]


def test_the_tree_is_that_of_the_indentation(tmp_path: Path) -> None:
    text = (
        HEADER
        + "import time:         5 |          5 |     c\n"
        + "a word without a line end... import time:         3 |          8 |   b\n"
        + "import time:         2 |          2 |   d\n"
        + "import time:         1 |         11 | a\n"
        + "import time: cached    | cached     | sys\n"
        + "import time:         7 |          7 | e\n"
    )
    profile = load_text(tmp_path, text)
    tree = profile.parts[0].tree
    assert tree is not None
    assert [profile.functions.name[row] for row in tree.function.tolist()] == ["a", "b", "c", "d", "e"]
    assert tree.parent.tolist() == [-1, 0, 1, 0, -1]
    assert tree.inclusive()[0].tolist() == [11e3, 8e3, 5e3, 2e3, 7e3]
    assert profile.notes == ("1 import of modules that were loaded already left out: they were not timed",)


def test_an_import_that_did_not_end(tmp_path: Path) -> None:
    profile = load_text(tmp_path, HEADER + "import time:         5 |          5 |     c\n")
    assert profile.parts[0].graph.self_cost.tolist() == [[5e3]]
    assert any("did not end" in note for note in profile.notes)


def test_each_process_is_a_part(tmp_path: Path) -> None:
    profile = load_text(tmp_path, (HEADER + "import time:         5 |          5 | c\n") * 2)
    assert [part.label for part in profile.parts] == ["run 1", "run 2"]


@pytest.mark.parametrize("text", [HEADER, HEADER + "import time: 999999999999999999 | 1 | a\n"])
def test_what_cannot_be(text: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        load_text(tmp_path, text)


@given(st.lists(st.integers(0, 6), max_size=60))
def test_callers_come_first(depth: list[int]) -> None:
    parent = parents_of(depth)
    order, above = callers_first(parent)
    assert sorted(order.tolist()) == list(range(len(depth)))
    for place, at in enumerate(order.tolist()):
        assert above[place] < place
        assert (order[above[place]] if above[place] >= 0 else -1) == parent[at]
        if parent[at] >= 0:
            assert depth[parent[at]] < depth[at]


def test_damaged_files(tmp_path: Path) -> None:
    originals = [path.read_bytes() for path in sorted(DATA.iterdir())]
    path = tmp_path / "mutated"
    seen = set()
    for number in range(300):
        path.write_bytes(mutation(originals, 0, number))
        said = outcome(str(path))
        assert said in (READ, REFUSED), f"mutation {number}: {said}"
        seen.add(said)
    assert READ in seen
