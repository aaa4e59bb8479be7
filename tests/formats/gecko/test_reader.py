"""What the Firefox Profiler's files hold comes through: stacks, weights, threads and time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.gecko.functions import located
from proftui.formats.gecko.sniff import claims, sniff
from proftui.model import NO_LINE
from tests.formats.gecko.conftest import DATA, Json, Read, activations, costs, document

TACHYON = {
    "work": (8, 300), "<module>": (0, 300), "parse": (23, 151), "dive": (0, 151), "clean": (20, 141),
    "loads": (13, 128), "sub": (118, 121), "JSONDecoder.decode": (64, 115), "JSONDecoder.raw_decode": (51, 51),
    "_compile": (3, 3),
}  # fmt: skip
"""How often each name is the leaf, and on a stack, of the thread 2742: counted by a loop over the JSON."""


def test_of_tachyon() -> None:
    profile = load(DATA / "tachyon_cut.gecko.json")
    assert (profile.origin.format, profile.origin.kind) == ("gecko", "sampled")
    assert profile.origin.creator == "Tachyon Sampling Profiler"
    assert profile.check() == []
    assert [(part.label, part.pid, part.tid) for part in profile.parts] == [
        ("Thread-2745", None, 2745), ("Thread-2744", None, 2744), ("Thread-2742", None, 2742),
    ]  # fmt: skip
    assert costs(profile, profile.parts[2]) == TACHYON
    time = costs(profile, profile.parts[2], "time")
    for name, (own, inclusive) in TACHYON.items():
        assert time[name] == pytest.approx((own * 1182139.56, inclusive * 1182139.56), abs=20)
    assert set(profile.functions.line.tolist()) == {NO_LINE}
    assert profile.parts[0].graph.calls is None


def test_of_tachyon_in_time() -> None:
    """Times are those of samples; the last one lasts the interval."""
    samples = json.loads((DATA / "tachyon_cut.gecko.json").read_text())["threads"][1]["samples"]
    profile = load(DATA / "tachyon_cut.gecko.json")
    bootstrap, *_, waiter = activations(profile, profile.parts[1])
    assert (bootstrap[0], waiter[0]) == ("Thread._bootstrap", "waiter")
    assert waiter[1:] == pytest.approx((0.0, samples["time"][-1] + 1.1821395623891189), abs=1e-6)


def test_raw() -> None:
    """Rows with a schema, and another process, which began 2 ms later."""
    profile = load(DATA / "raw.json")
    assert profile.check() == []
    assert [(part.label, part.pid, part.tid) for part in profile.parts] == [("app [10]", 10, 11), ("web [20]", 20, 21)]
    assert profile.functions.identities() == [
        ("(root)", "", NO_LINE, ""), ("main", "", NO_LINE, "app"), ("step", "https://example.org/app.js", 5, ""),
        ("operator new(unsigned long)", "", NO_LINE, "libstdc++.so.6"), ("0x7f00", "", NO_LINE, ""),
    ]  # fmt: skip
    assert costs(profile, profile.parts[0]) == {
        "(root)": (0, 4), "main": (1, 4), "step": (2, 2), "operator new(unsigned long)": (1, 1),
    }  # fmt: skip
    assert activations(profile, profile.parts[0]) == [
        ("(root)", 0, 3), ("main", 0, 3), ("step", 0, 2), ("operator new(unsigned long)", 2, 3),
        ("(root)", 5.5, 6.5), ("main", 5.5, 6.5),
    ]  # fmt: skip
    assert activations(profile, profile.parts[1]) == [("0x7f00", 2, 4)]
    assert "1 sample without a stack left out of the total" in profile.notes


def test_tables_that_threads_share() -> None:
    """As version 70 has it: one set of tables, libraries of frames, and callers told by distance."""
    profile = load(DATA / "shared.json")
    assert profile.check() == []
    assert profile.functions.identities() == [
        ("main", "/srv/main.rs", 10, "app"), ("work", "/srv/main.rs", NO_LINE, "app"),
        ("memcpy", "", NO_LINE, "libc.so.6"),
    ]  # fmt: skip
    assert [part.label for part in profile.parts] == ["main [7]", "alloc [7]", "traced [7]"]
    assert [metric.name for metric in profile.metrics] == ["time", "samples", "bytes"]
    main, alloc, traced = profile.parts
    assert costs(profile, main) == {"main": (0, 5), "work": (1, 5), "memcpy": (4, 4)}
    assert costs(profile, main, "time") == {"main": (0, 25e5), "work": (5e5, 25e5), "memcpy": (2e6, 2e6)}
    assert costs(profile, alloc, "bytes") == {"main": (8, 72), "work": (0, 64), "memcpy": (64, 64)}
    assert costs(profile, traced, "time") == {"main": (3e6, 55e5), "work": (25e5, 25e5)}
    assert activations(profile, traced) == [("main", 0, 4.5), ("work", 2, 4.5), ("main", 5, 6)]
    assert "traced and sampled parts lie side by side and are not comparable" in profile.notes


def test_weights_and_missing_stacks(read: Read) -> None:
    samples = {"stack": [1, None, 0], "time": [0, 1, 2], "weight": [3, 2, 0.5], "weightType": "samples"}
    profile = read(document([None, 0], {"samples": samples}))
    assert costs(profile, profile.parts[0]) == {"a": (0.5, 3.5), "b": (3, 3)}
    assert activations(profile, profile.parts[0]) == [("a", 0, 1), ("b", 0, 1), ("a", 2, 3)]


@pytest.mark.parametrize(("kind", "told"), [("samples", "7 samples"), ("tracing-ms", "7.000 ms"), ("bytes", "7.000 B")])
def test_what_has_no_stack_is_told(read: Read, kind: str, told: str) -> None:
    samples = {"stack": [0, None], "time": [0, 1], "weight": [3, 7], "weightType": kind}
    assert f"{told} without a stack left out of the total" in read(document([None], {"samples": samples})).notes


def test_differences_are_signed(read: Read) -> None:
    samples = {"stack": [1, 0], "time": [0, 1], "weight": [3, -2], "weightType": "samples"}
    profile = read(document([None, 0], {"samples": samples}))
    assert all(metric.signed for metric in profile.metrics)
    assert costs(profile, profile.parts[0]) == {"a": (-2, 1), "b": (3, 3)}


def test_without_an_interval_there_are_but_samples(read: Read) -> None:
    profile = read(document([None], {"samples": {"stack": [0, 0]}}, interval=None))
    assert [metric.name for metric in profile.metrics] == ["samples"]
    assert activations(profile, profile.parts[0]) == [("a", 0, 2)]


def test_stacks_that_nothing_sampled_are_left_out(read: Read) -> None:
    profile = read(document([None, 0, 0], {"samples": {"stack": [1], "time": [0]}}))
    assert profile.functions.name == ("a", "b")


def test_lines_are_those_of_frames(read: Read) -> None:
    made = document([None, 0], {"samples": {"stack": [1], "time": [0]}})
    made["threads"][0]["frameTable"]["line"] = [3, None]
    tree = read(made).parts[0].tree
    assert tree is not None
    assert tree.frames.line[tree.frame].tolist() == [3, NO_LINE]


def test_saved_by_developer_tools(read: Read) -> None:
    """As Firefox did up to version 79."""
    raw = json.loads((DATA / "raw.json").read_text())
    profile = read({"label": None, "duration": 10, "markers": [], "frames": [], "profile": raw})
    assert costs(profile, profile.parts[0])["step"] == (2, 2)


def test_compressed(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(gzip.compress((DATA / "tachyon_cut.gecko.json").read_bytes()))
    profile = load(path)
    assert costs(profile, profile.parts[2]) == TACHYON


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("foo(int) (in libxul.so) (+ 1234)", ("foo(int)", "", NO_LINE, "libxul.so")),
        ("foo (in app)", ("foo", "", NO_LINE, "app")),
        ("bar (chrome://x.js:3)", ("bar", "chrome://x.js", 3, "")),
        ("https://a.b/x.js:7:2", ("https://a.b/x.js", "https://a.b/x.js", 7, "")),
        ("foo(int)", ("foo(int)", "", NO_LINE, "")),
        ("0x12", ("0x12", "", NO_LINE, "")),
    ],
)
def test_locations(text: str, identity: tuple[str, str, int, str]) -> None:
    assert located(text) == identity


@pytest.mark.parametrize(
    "made",
    [
        document([0], {"samples": {"stack": [0]}}),
        document([None, 7], {"samples": {"stack": [0]}}),
        document([None], {"samples": {"stack": [1]}}),
        document([None], {"samples": {"stack": [0.5]}}),
        document([None], {"samples": {"stack": [0], "time": [0, 1]}}),
        document([None], {"samples": {"stack": [0], "weight": [1, 1]}}),
        document([None], {"samples": {"stack": [0], "weight": [1e300]}}),
        document([None], {"samples": {"stack": [0], "weightType": "furlongs"}}),
        document([None], {"samples": {"stack": {}}}),
        document([None], {"samples": {"stack": [0]}, "frameTable": {}}),
        document([None], {"samples": {"stack": [0]}, "stackTable": {}}),
        document([None], {"samples": {"stack": [0]}, "stackTable": {"schema": {"frame": 0}, "data": [[0]]}}),
        document([None], {"samples": {"stack": [0]}, "funcTable": {"name": [9]}}),
        document([None]),
    ],
)
def test_what_cannot_be_is_refused(made: Json, read: Read) -> None:
    with pytest.raises(Malformed) as refused:
        read(made)
    assert str(refused.value).isprintable()


def test_numbers_that_no_float_holds_are_none(read: Read) -> None:
    raw = json.loads((DATA / "raw.json").read_text())
    table = raw["threads"][0]["frameTable"]
    for row in table["data"]:
        row[1:] = [None] * (table["schema"]["line"] - 1) + [10**400]
    profile = read(raw)
    assert costs(profile, profile.parts[0])["step"] == (2, 2)
    assert all((part.tree.frames.line == NO_LINE).all() for part in profile.parts if part.tree is not None)


def test_too_many_columns_are_refused(read: Read) -> None:
    raw = json.loads((DATA / "raw.json").read_text())
    raw["threads"][0]["stackTable"]["schema"] |= {f"column {number}": number for number in range(50)}
    with pytest.raises(Malformed, match=r"has more than 50 columns \(threads\[0\]\.stackTable\.schema\)"):
        read(raw)


def test_tables_that_many_threads_share_are_not_looked_into_too_often(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each thread 2 functions and as many frames."""
    made = document([None, 0], *[{"samples": {"stack": [1]}}] * 3)
    tables = {name: made["threads"][0][name] for name in ("stringArray", "funcTable", "frameTable")}
    made["shared"] = tables
    for thread in made["threads"]:
        for name in tables:
            del thread[name]
    monkeypatch.setattr("proftui.formats.gecko.reader.MOST_NAMES", 12)
    assert len(read(made).parts) == 3
    monkeypatch.setattr("proftui.formats.gecko.reader.MOST_NAMES", 11)
    with pytest.raises(Malformed, match=r"more than 11 frames and functions \(threads\[2\]\)"):
        read(made)


def test_processes_within_each_other(read: Read) -> None:
    def nested(deep: int) -> Json:
        inner = document([None], {"samples": {"stack": [0]}})
        for _ in range(deep):
            inner = {"meta": {"interval": 1, "processType": 0}, "threads": [], "processes": [inner]}
        return inner

    assert len(read(nested(100)).parts) == 1
    with pytest.raises(Malformed, match="more than 100 processes are within each other"):
        read(nested(101))


def test_nesting_bombs(read: Read) -> None:
    head = b'{"meta": {"processType": 0}, "threads": [], "processes": '
    for bomb in (b"[" * 200_000, b'[{"meta": {}, "threads": [], "processes": ' * 100_000):
        with pytest.raises(Malformed):
            read(head + bomb)


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.iterdir()))
def test_files_are_recognised(file: str) -> None:
    assert sniff((DATA / file).read_bytes()[: 1 << 16], "unknown")


def test_other_json_is_not_recognised() -> None:
    for text in (
        b'{"meta": {"processType": 0}',
        b'{"x": {"meta": {"processType": 0}}}',
        b'{"meta": {"a": 1}}',
        b"[]",
        b"",
    ):
        assert sniff(text, "x.gecko.json") == text.startswith(b'{"meta": {"processType"')
    assert not claims({})


STACKS = st.lists(st.tuples(st.text("abcd", min_size=1, max_size=4), st.integers(1, 9)), min_size=1, max_size=20)


@given(STACKS)
def test_every_sample_is_in_its_stack(tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[str, int]]) -> None:
    rows = {"": -1}
    for stack, _ in runs:
        for depth in range(1, len(stack) + 1):
            rows.setdefault(stack[:depth], len(rows) - 1)
    named = list(rows)[1:]
    samples = {
        "stack": [rows[stack] for stack, _ in runs],
        "time": list(range(len(runs))),
        "weight": [many for _, many in runs],
        "weightType": "samples",
    }
    made = document([None if rows[row[:-1]] < 0 else rows[row[:-1]] for row in named], {"samples": samples})
    made["threads"][0]["stringArray"] = list("abcd")
    made["threads"][0]["funcTable"]["name"] = ["abcd".index(row[-1]) for row in named]
    path = tmp_path_factory.mktemp("gecko") / "x"
    path.write_text(json.dumps(made))
    profile = load(path)
    assert profile.check() == []
    found = costs(profile, profile.parts[0])
    for name in set("".join(stack for stack, _ in runs)):
        own = sum(many for stack, many in runs if stack.endswith(name))
        assert found[name] == (own, sum(many for stack, many in runs if name in stack))


def test_deep_stacks(read: Read) -> None:
    """Deeper than Python's own; equal frames below one caller are one row."""
    deep = 5_000
    made = document([None, *range(deep - 1), deep - 2], {"samples": {"stack": [deep - 1, deep], "time": [0, 1]}})
    made["threads"][0]["funcTable"]["name"] = [row % 2 for row in range(deep)] + [(deep - 1) % 2]
    made["threads"][0]["frameTable"]["func"] = [row % 2 for row in range(deep)] + [(deep - 1) % 2]
    profile = read(made)
    tree = profile.parts[0].tree
    assert tree is not None
    assert len(tree) == deep
    assert tree.parent.tolist() == list(range(-1, deep - 1))
    assert tree.end.tolist() == [deep] * deep
    assert tree.self_cost[1].tolist() == [0] * (deep - 1) + [2]
    assert costs(profile, profile.parts[0]) == {"a": (0, 2), "b": (2, 2)}
    too_deep = 30_002
    with pytest.raises(Malformed):
        read(document([None, *range(too_deep - 1)], {"samples": {"stack": [too_deep - 1], "time": [0]}}))
