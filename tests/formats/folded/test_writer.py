"""What is written as folded stacks reads back the same, and as flamegraph.pl expects it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proftui.errors import Unwritable
from proftui.formats import load
from proftui.formats.base import ReadOptions
from proftui.formats.folded import FOLDED
from proftui.formats.folded.reader import read as read_folded
from proftui.formats.source import Source
from proftui.model import (
    NO_FILE,
    NO_LINE,
    WALL_TIME,
    CallTree,
    Frames,
    Functions,
    Metric,
    Origin,
    Part,
    PartKind,
    Profile,
)
from proftui.units import SAMPLES
from tests.formats.folded.conftest import DATA, stacks

Read = Callable[[bytes], Profile]


class Bytes(Source):
    """Bytes that are in no file."""

    def __init__(self, data: bytes) -> None:
        super().__init__("-")
        self._stdin = data


def written(profile: Profile) -> bytes:
    assert FOLDED.write is not None
    (content,) = FOLDED.write(profile)
    return content


def read_again(content: bytes) -> Profile:
    assert FOLDED.sniff(content[: 1 << 16], "unknown") or b";" not in content, content
    return read_folded(Bytes(content), ReadOptions())


def said(profile: Profile) -> list[tuple[object, ...]]:
    """All that folded stacks can say of a profile."""
    return [
        (
            part.kind, part.pid, part.tid, part.label if part.kind != "file" else "",
            [stacks(profile, part, metric) for metric in range(len(profile.metrics))],
        )
        for part in profile.parts
    ]  # fmt: skip


def profile_of(
    identities: list[tuple[str, str, int, str]], parts: list[tuple[PartKind, int | None, int | None, str, CallTree]],
    metric: Metric = Metric("samples", SAMPLES),  # noqa: B008  # frozen
) -> Profile:  # fmt: skip
    return Profile(
        "made", Origin("made", "folded", "sampled"), (metric,), Functions.of(identities),
        tuple(Part(label, tree.to_graph(), (0,), kind, pid, tid, tree) for kind, pid, tid, label, tree in parts),
    )  # fmt: skip


def tree_of(recorded: list[tuple[list[int], float]], functions: int, lines: list[int] | None = None) -> CallTree:
    frames = Frames(np.arange(functions, dtype=np.int32), np.array(lines or [NO_LINE] * functions, np.int32))
    return CallTree.of_stacks([(stack, [cost]) for stack, cost in recorded], frames)


hostile = st.text(st.sampled_from("ab;%{}3B \t\n\r()!`:#_[k]1.é\udc85\u2028\x1b"), max_size=8)
names = st.one_of(
    hostile, st.sampled_from(["main", "<module>", "operator new(int)", "Thread 1", "read_[k]", "f (x)", ""])
)
python = st.tuples(
    names.map(lambda name: f"f{name}x".replace(" (", "(")), st.sampled_from(["/srv/a.py", "<string>", "b c.py"])
)
costs = st.one_of(st.integers(1, 10**12), st.floats(1e-6, 1e6))
shapes = st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=6), costs), min_size=1, max_size=8)
owners = st.one_of(
    st.just(("file", None, None, "x")),
    st.builds(
        lambda pid, name: ("process", pid, None, f"{name} [{pid}]"), st.integers(0, 2**40), hostile.map("c{}".format)
    ),
    st.builds(lambda tid, name: ("thread", None, tid, name), st.integers(0, 2**40), hostile.map("t{}".format)),
    st.builds(lambda pid, tid: ("thread", pid, tid, f"thread {tid} [{pid}]"), st.integers(0, 9), st.integers(0, 9)),
)


@given(
    st.lists(python, min_size=4, max_size=4, unique=True),
    shapes,
    st.lists(st.integers(1, 9999), min_size=4, max_size=4),
)
@example([("f (x", "/srv/a.py"), ("fx", "/srv/a.py"), ("fx", "<string>"), ("g", "/srv/a.py")], [([0], 1)], [1, 1, 1, 1])
def test_python_functions_read_back(
    functions: list[tuple[str, str]], recorded: list[tuple[list[int], float]], lines: list[int]
) -> None:
    profile = profile_of(
        [(name, file, NO_LINE, "") for name, file in functions], [("file", None, None, "", tree_of(recorded, 4, lines))]
    )
    again = read_again(written(profile))
    assert said(again) == said(profile)
    assert written(again) == written(profile)


@given(st.lists(names, min_size=4, max_size=4, unique=True), shapes)
def test_any_names_read_back_to_what_is_written_again(
    functions: list[str], recorded: list[tuple[list[int], float]]
) -> None:
    """Names that look like a file, an object or a thread's are read as such, and nothing else changes."""
    profile = profile_of(
        [(name, "", NO_LINE, "") for name in functions], [("file", None, None, "", tree_of(recorded, 4))]
    )
    content = written(profile)
    again = read_again(content)
    assert sum(part.graph.totals[0] for part in again.parts) == pytest.approx(profile.parts[0].graph.totals[0])
    assert said(read_again(written(again))) == said(again)
    assert not any(note.endswith("total") for note in again.notes)


@given(st.lists(owners, min_size=1, max_size=4, unique_by=lambda owner: owner[:3]), shapes)
def test_threads_and_processes_read_back(
    made: list[tuple[PartKind, int | None, int | None, str]], recorded: list[tuple[list[int], float]]
) -> None:
    identities = [("<module>", "/srv/a.py", NO_LINE, ""), *((f"f{n}", "/srv/a.py", NO_LINE, "") for n in range(3))]
    parts = [(*owner, tree_of(recorded, 4, [1, 2, 3, 4])) for owner in made]
    again = read_again(written(profile_of(identities, parts)))
    expected = profile_of(identities, parts)
    if len(made) == 1:
        assert said(again) == said(expected)
    else:
        named = [part for part in expected.parts if part.kind != "file"]
        found = replace(again, parts=tuple(part for part in again.parts if part.kind != "file"))
        assert sorted(map(repr, said(found))) == sorted(map(repr, said(replace(expected, parts=tuple(named)))))


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_files_of_all_dialects_read_back(path: object) -> None:
    profile = load(str(path))
    again = read_again(written(profile))
    assert said(again) == said(profile)
    assert set(again.functions.identities()) == set(profile.functions.identities())
    assert [metric.label for metric in again.metrics] == [metric.label for metric in profile.metrics]


def test_one_line_for_each_stack_in_the_order_of_the_tree() -> None:
    identities = [("main", "/a.py", 3, ""), ("len", NO_FILE, NO_LINE, ""), ("main", "/a.py", 9, "")]
    profile = profile_of(
        identities, [("file", None, None, "x", tree_of([([0, 1], 2), ([0], 1), ([2, 0], 4)], 3))], WALL_TIME
    )
    assert written(profile) == b"main (/a.py:3) 1\nmain (/a.py:3);len 2\nmain (/a.py:9);main (/a.py:3) 4\n"


def test_frames_that_look_the_same_are_added_up() -> None:
    identities = [("f", "", NO_LINE, ""), ("f", "", 7, "")]
    profile = profile_of(identities, [("file", None, None, "x", tree_of([([0], 2), ([1], 3.5)], 2))])
    assert written(profile) == b"f 5.5\n"


def test_parts_without_numbers_go_by_their_labels() -> None:
    tree = tree_of([([0], 2)], 1)
    profile = profile_of(
        [("f", "", NO_LINE, "")], [("file", None, None, "a.prof", tree), ("file", None, None, "b;c", tree)]
    )
    assert written(profile) == b"a.prof;f 2\nb%{3B}c;f 2\n"


def test_what_cannot_be_written_is_refused(read: Read) -> None:
    profile = read(b"a;b 1\n")
    part = profile.parts[0]
    assert part.tree is not None
    with pytest.raises(Unwritable, match="call trees"):
        written(replace(profile, parts=(replace(part, tree=None),)))
    below = replace(part, tree=replace(part.tree, self_cost=-part.tree.self_cost))
    with pytest.raises(Unwritable, match="below zero"):
        written(replace(profile, parts=(below,)))
