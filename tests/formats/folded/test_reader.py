"""Reading folded stacks against splitting each line, and what cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proftui.errors import Malformed, ProftuiError
from proftui.formats.folded import contexts
from proftui.formats.folded.contexts import Contexts
from proftui.model import CallTree, Profile

Read = Callable[[bytes], Profile]

frames = st.one_of(st.sampled_from(["a", "b", "c"]), st.text("ab", min_size=90, max_size=400), st.just("ab" * 70))
recorded = st.lists(st.tuples(st.lists(frames, min_size=1, max_size=12), st.integers(0, 50)), min_size=1, max_size=15)


def rows(tree: CallTree, texts: list[bytes]) -> dict[tuple[str, ...], float]:
    """The cost of each row by the frames on its path."""
    paths: list[tuple[str, ...]] = []
    for frame, parent in zip(tree.frame.tolist(), tree.parent.tolist(), strict=True):
        paths.append((paths[parent] if parent >= 0 else ()) + (texts[frame].decode(),))
    return dict(zip(paths, tree.self_cost[0].tolist(), strict=True))


@given(recorded)
@example([(["ab" * 70] * 8, 1), (["ab" * 70] * 5, 2), (["ab" * 70] * 8 + ["a"], 3)])
def test_contexts_are_the_beginnings_of_lines(stacks: list[tuple[list[str], int]]) -> None:
    """Long names and lines too, of which only pieces are looked up."""
    read = Contexts()
    read.add(b";".join(frame.encode() for frame in stack) + b" %d" % count for stack, count in stacks)
    tree, without_stack = read.finished()
    expected: Counter[tuple[str, ...]] = Counter()
    for stack, count in stacks:
        for length in range(1, len(stack)):
            expected[tuple(stack[:length])] += 0
        expected[tuple(stack)] += count
    found = rows(tree, list(read.frames))
    assert found == expected
    assert len(found) == len(tree)
    assert without_stack.tolist() == [0]


def test_a_very_deep_stack(read: Read) -> None:
    profile = read(b";".join(b"f%d" % frame for frame in range(20_000)) + b" 7\n")
    tree = profile.parts[0].tree
    assert tree is not None
    assert len(tree) == 20_000
    assert profile.parts[0].graph.inclusive.min() == 7


def test_lines_longer_than_what_is_read_at_a_time(read: Read) -> None:
    name = b"x" * (1 << 21)
    profile = read(b"a;b 1\n" + name + b";y 2\na 3\n")
    assert profile.parts[0].graph.totals.tolist() == [6]
    assert profile.functions.name[2] == name.decode()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b";".join(b"f%d" % frame for frame in range(20_000)) + b"\n", "no line holds a stack with a count behind it"),
        (b" 3\nmain 0x\n", "no known profile format"),
    ],
)
def test_what_cannot_be_read_gives_a_sentence(read: Read, data: bytes, what: str) -> None:
    with pytest.raises(ProftuiError, match=what):
        read(data)


def test_negative_and_unreadable_counts_are_no_counts(read: Read) -> None:
    profile = read(b"a;b 5\na;b -3\na;b 1e3\na;b 0x10\na;b inf\na;b 3\na;b 1\na 1\n")
    assert profile.parts[0].graph.totals.tolist() == [10]
    assert profile.notes == ("4 lines without a count left out, as other readers do; the first is line 2",)


def test_numbers_that_are_not_exact_are_noted(read: Read) -> None:
    profile = read(b"a;b 18446744073709551615\n")
    assert profile.parts[0].graph.totals.tolist() == [2.0**64]
    assert "2^53" in profile.notes[0]


def test_more_contexts_than_fit_in_memory_are_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contexts, "MOST_ROWS", 5)
    with pytest.raises(Malformed, match=r"more than 5 different calling contexts \(line 2\)"):
        read(b"a;b;c 1\nd;e;f 1\n")
