"""What pyinstrument measured comes through: every time in its frame, in order, and nothing else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed, ProftuiError
from proftui.formats import load
from proftui.formats.pyinstrument.sniff import claims, sniff
from proftui.model import NO_LINE
from tests.formats.pyinstrument.conftest import DATA, Read, activations, seconds, session

THREAD = "MainThread|<thread>|140584939289472"

V5 = {
    "[await]": (0.06493431101262104, 0.06493431101262104),
    "JSONEncoder.iterencode": (0.055990994995227084, 0.055990994995227084),
    "dig": (0.007223112996143755, 0.06561119398975279),
    "dumps": (0.0023970859983819537, 0.05838808099360904),
    "TimerHandle.__init__": (0.0020119919936405495, 0.0020119919936405495),
    "go": (0.0, 0.07039559799886774),
    "job": (0.0, 0.12352360899967607),
    "sleep": (0.0, 0.06694630300626159),
    "<module>": (0.0, 0.13255749699601438),
}
"""What pyinstrument 5.1.3 makes of async_v5.pyisession: times of [self] frames, and of frames below no equal one."""

V4 = {
    "[await]": (0.06509551799535984, 0.06509551799535984),
    "iterencode": (0.06224896598723717, 0.06224896598723717),
    "dig": (0.00598038100724807, 0.07422916399809765),
    "encode": (0.0059998170036124066, 0.06824878299084958),
    "create_future": (0.0020006530030514114, 0.0020006530030514114),
    "job": (0.0, 0.13127377899945714),
}
"""What pyinstrument 4.1.1 makes of async_v4.pyisession."""


@pytest.mark.parametrize(("file", "expected"), [("async_v5.pyisession", V5), ("async_v4.pyisession", V4)])
def test_session(file: str, expected: dict[str, tuple[float, float]]) -> None:
    profile = load(DATA / file)
    assert profile.origin.format == "pyinstrument"
    assert profile.origin.kind == "sampled"
    assert profile.check() == []
    found = seconds(profile)
    for name, figures in expected.items():
        assert found[name] == pytest.approx(figures, abs=2e-8), name
    assert sum(own for own, _ in found.values()) == pytest.approx(sum(own for own, _ in expected.values()), abs=1e-9)
    assert [(part.label, part.kind) for part in profile.parts] == [("MainThread", "thread")]


@pytest.mark.parametrize(("file", "expected"), [("async_v5.json", V5), ("async_v4.json", V4)])
def test_rendered(file: str, expected: dict[str, tuple[float, float]]) -> None:
    """The same run as pyinstrument renders it, in whole microseconds and without frames at the root."""
    profile = load(DATA / file)
    assert profile.check() == []
    found = seconds(profile)
    for name in ("[await]", "dig", "job"):
        assert found[name] == pytest.approx(expected[name], abs=5e-6)
    part = profile.parts[0]
    assert part.tree is not None
    assert part.tree.in_time() is None
    assert any("leaves short and hidden frames out" in note for note in profile.notes)


def test_tree_of_a_page() -> None:
    """What lies in a page of `-r html` keeps the order of time."""
    text = (DATA / "page.json").read_text()
    profile = load(DATA / "page.json")
    assert profile.check() == []
    part = profile.parts[0]
    assert float(part.graph.totals[0]) / 1e9 == pytest.approx(json.loads(text)["frame_tree"]["time"], abs=1e-5)
    assert profile.origin.command == "job.py"
    _, start, end = activations(profile, part)[0]
    assert (start, end) == pytest.approx((0.0, json.loads(text)["frame_tree"]["time"]), abs=1e-5)


def test_order_of_time(read: Read) -> None:
    profile = read(
        session(
            (f"{THREAD};a|f.py|1\1l2;b|f.py|5\1l6", 0.25),
            (f"{THREAD};a|f.py|1\1l2", 0.25),
            (f"{THREAD};a|f.py|1\1l2;b|f.py|5\1l6", 0.125),
        )
    )
    assert activations(profile, profile.parts[0]) == [("a", 0.0, 0.625), ("b", 0.0, 0.25), ("b", 0.5, 0.625)]


def test_threads_are_parts(read: Read) -> None:
    other = "Worker|<thread>|7"
    profile = read(session((f"{THREAD};a|f.py|1", 0.5), (f"{other};b|f.py|2", 0.25), (f"{THREAD};a|f.py|1", 1.0)))
    assert [(part.label, part.tid) for part in profile.parts] == [("MainThread", 140584939289472), ("Worker", 7)]
    assert [seconds(profile, part) for part in profile.parts] == [{"a": (1.5, 1.5)}, {"b": (0.25, 0.25)}]
    assert activations(profile, profile.parts[0]) == [("a", 0.0, 0.5), ("a", 0.75, 1.75)]
    assert activations(profile, profile.parts[1]) == [("b", 0.5, 0.75)]


def test_current_lines_and_classes(read: Read) -> None:
    """A method has its class in its name; one that ran for several classes has not. Lines are the frames'."""
    profile = read(
        session(
            ("run|f.py|3\1cA\1l4", 1),
            ("run|f.py|3\1cA\1l5", 1),
            ("stop|f.py|9\1cA\1l9", 1),
            ("stop|f.py|9\1cB\1l9", 1),
        )
    )
    assert profile.functions.identities() == [("A.run", "f.py", 3, ""), ("stop", "f.py", 9, "")]
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.frames.line[tree.frame].tolist() == [4, 5, 9]
    assert tree.self_cost.tolist() == [[1e9, 1e9, 2e9]]


def test_built_in_functions_have_no_line(read: Read) -> None:
    profile = read(session(("sleep|<built-in>|0", 1)))
    assert profile.functions.identity(0) == ("sleep", "<built-in>", NO_LINE, "")


def test_time_without_a_stack_is_shown(read: Read) -> None:
    profile = read(session(("", 0.5), ("a|f.py|1", 0.5)))
    assert seconds(profile) == {"(no stack)": (0.5, 0.5), "a": (0.5, 0.5)}


def rendered(function: str, time: float, *children: object, **more: object) -> dict[str, object]:
    return {"function": function, "file_path": "f.py", "line_no": 1, "time": time, "children": children, **more}


def test_rendered_self_time(read: Read) -> None:
    """[self] is the caller's own; so is what is missing, but not a difference of rounding."""
    own = {"function": "[self]", "file_path": "", "line_no": 0, "time": 0.25, "children": []}
    root = rendered("a", 1.0, rendered("b", 0.5), own)
    rounded = rendered("c", 0.000003, rendered("d", 0.000001), rendered("e", 0.000001))
    document = {"start_time": 0, "duration": 1, "sample_count": 2, "root_frame": root}
    assert seconds(read(document)) == {"a": (0.5, 1.0), "b": (0.5, 0.5)}
    found = seconds(read({**document, "root_frame": rounded}))
    assert found == {"c": (0.0, 2e-6), "d": (1e-6, 1e-6), "e": (1e-6, 1e-6)}


def test_rendered_threads(read: Read) -> None:
    """Several roots are below [root]."""
    threads = [
        {"function": name, "file_path": "<thread>", "line_no": 5, "time": 1.0, "children": [rendered("a", 1.0)]}
        for name in ("one", "two")
    ]
    root = {"function": "[root]", "file_path": "", "line_no": 0, "time": 2.0, "children": threads}
    profile = read({"start_time": 0, "duration": 1, "sample_count": 2, "root_frame": root})
    assert [part.label for part in profile.parts] == ["one", "two"]
    assert [seconds(profile, part) for part in profile.parts] == [{"a": (1.0, 1.0)}] * 2


def test_deep_trees(read: Read) -> None:
    """As deep as a stack of Python's is by default."""
    root = rendered("a", 1.0)
    for _ in range(999):
        root = rendered("a", 1.0, root)
    text = b'{"start_time": 0, "duration": 1, "sample_count": 1, "root_frame": '
    node = b'{"function": "a", "file_path": "f.py", "line_no": 1, "time": 1.0, "children": ['
    profile = read(text + node * 1000 + b"]}" * 1000 + b"}")
    tree = profile.parts[0].tree
    assert tree is not None
    assert len(tree) == 1000


def test_no_samples(read: Read) -> None:
    for document in (session(), {"start_time": 0, "duration": 1, "sample_count": 0, "root_frame": None}):
        profile = read(document)
        assert len(profile.functions) == 0
        assert [len(part.graph) for part in profile.parts] == [0]


@pytest.mark.parametrize(
    "document",
    [
        session(("a|f.py|1", -1.0)),
        session(("a|f.py|1", 1e300)),
        {**session(), "frame_records": [["a", 1]]},
        {**session(), "frame_records": {}},
        {"start_time": 0, "duration": 1, "sample_count": 1, "root_frame": rendered("a", -1.0)},
        {"start_time": 0, "duration": 1, "sample_count": 1, "root_frame": rendered("a", 1e308, rendered("b", -1e308))},
        {"start_time": 0, "duration": 1, "sample_count": 1, "root_frame": 3},
    ],
)
def test_what_cannot_be_is_refused(document: dict[str, object], read: Read) -> None:
    with pytest.raises(Malformed) as refused:
        read(document)
    assert str(refused.value).isprintable()


def test_nesting_bombs(read: Read) -> None:
    beginning = b'{"start_time": 0, "duration": 1, "sample_count": 1, "root_frame": '
    for bomb in (b'{"children":[' * 100_000, b'{"function": "a", "time": 1, "children": [' * 200_000):
        with pytest.raises(ProftuiError):
            read(beginning + bomb)


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.iterdir()))
def test_files_are_recognised(file: str) -> None:
    data = (DATA / file).read_bytes()
    assert sniff(data[: 1 << 16], "unknown") or claims(json.loads(data))


def test_other_json_is_not_recognised() -> None:
    for text in (b'{"start_time": 0, "duration": 1}', b'{"session": 1, "meta": {}}', b"{", b"[]", b""):
        assert not sniff(text, "x.pyisession")


RUNS = st.lists(st.tuples(st.lists(st.sampled_from("abc"), max_size=4), st.integers(0, 1000)), max_size=30)


@given(RUNS)
def test_every_nanosecond_is_in_its_stack(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[list[str], int]]
) -> None:
    records = [(";".join(f"{letter}|f.py|1" for letter in stack), spent / 1e9) for stack, spent in runs]
    path = tmp_path_factory.mktemp("session") / "x"
    path.write_text(json.dumps(session(*records)))
    profile = load(path)
    graph = profile.parts[0].graph
    assert float(graph.totals[0]) == sum(spent for _, spent in runs)
    for function, inclusive in zip(graph.function.tolist(), graph.inclusive[0].tolist(), strict=True):
        name = profile.functions.name[function]
        assert inclusive == sum(spent for stack, spent in runs if name in (stack or ["(no stack)"]))
    tree = profile.parts[0].tree
    if tree is not None and runs:
        timeline = tree.in_time()
        assert timeline is not None
        assert np.isclose((timeline.end - timeline.start).sum(), tree.inclusive().sum())


def test_deep_stacks(read: Read) -> None:
    stack = ";".join(["a|f.py|1", "b|f.py|2"] * 2_500)
    profile = read(session((stack, 0.5), (f"{stack};c|f.py|3", 0.25)))
    assert seconds(profile) == {"a": (0.0, 0.75), "b": (0.5, 0.75), "c": (0.25, 0.25)}
    with pytest.raises(Malformed):
        read(session((";".join(["a|f.py|1"] * 30_001), 0.5)))
