"""The samples of tests/data/callgrind: dumps of valgrind, which callgrind_annotate tells the figures of, and others."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND, siblings
from proftui.model import NO_LINE, CallGraph, Profile, combine, merge
from proftui.units import BYTES, TIME

DATA = Path(__file__).parents[2] / "data" / "callgrind"
ANNOTATED: dict[str, dict[str, dict[str, int]]] = json.loads((DATA / "annotated.json").read_text())


def load(name: str) -> Profile:
    return CALLGRIND.read(Source(str(DATA / name)), ReadOptions(lines=True))


def table(profile: Profile, graph: CallGraph, metric: int = 0) -> dict[str, tuple[float, float, float]]:
    """(self, inclusive, calls) by name."""
    assert graph.calls is not None
    rows = zip(graph.self_cost[metric].tolist(), graph.inclusive[metric].tolist(), graph.calls.tolist(), strict=True)
    return dict(zip((profile.functions.name[function] for function in graph.function.tolist()), rows, strict=True))


# cachegrind names a function anew in each file that it has code in
@pytest.mark.parametrize("name", [name for name in ANNOTATED if name != "tiny.cachegrind"])
def test_self_costs_by_function(name: str) -> None:
    profile = load(name)
    for row, (event, expected) in enumerate(ANNOTATED[name].items()):
        assert profile.metrics[row].name == event
        own: Counter[str] = Counter()
        for key, cost in expected.items():
            own[key.partition(":")[2]] += cost
        del own[""]
        shown = table(profile, profile.parts[0].graph, row)
        assert {function: cost for function, (cost, _, _) in shown.items() if cost} == own


@pytest.mark.parametrize("name", [name for name in ANNOTATED if name != "tiny.instr_alone"])
def test_self_costs_by_file_and_function(name: str) -> None:
    profile = load(name)
    lines = profile.parts[0].lines
    assert lines is not None
    for row, expected in enumerate(ANNOTATED[name].values()):
        own: Counter[str] = Counter()
        for function, file, cost in zip(
            lines.function.tolist(), lines.file.tolist(), lines.cost[row].tolist(), strict=True
        ):
            own[f"{lines.files[file]}:{profile.functions.name[function]}"] += cost
        assert {key: cost for key, cost in own.items() if cost} == {key: cost for key, cost in expected.items() if key}


def test_costs_by_line_add_up_to_those_of_functions_and_arcs() -> None:
    profile = load("tiny.events")
    part = profile.parts[0]
    assert part.lines is not None
    assert part.lines.cost.sum(axis=1).tolist() == part.graph.totals.tolist()
    assert part.lines.site_cost.sum(axis=1).tolist() == part.graph.arc_cost.sum(axis=1).tolist()
    (job,) = [at for at, name in enumerate(profile.functions.name) if name == "job"]
    inlined = {Path(part.lines.files[file]).name for file in part.lines.file[part.lines.function == job].tolist()}
    assert inlined == {"tiny.c", "tiny.h"}


def test_lines_are_kept_on_request_alone() -> None:
    assert CALLGRIND.read(Source(str(DATA / "tiny.plain")), ReadOptions()).parts[0].lines is None
    assert load("tiny.instr_alone").parts[0].lines is None


def test_recursion() -> None:
    # counted by hand: job calls fib(3) to fib(7), main fib(4); even(3) to even(7) call each other down to 0
    shown = table(load("tiny.plain"), load("tiny.plain").parts[0].graph)
    assert {name: calls for name, (_, _, calls) in shown.items()} == {
        "(below main)": 0, "job": 5, "fib": 6, "fib'2": 98, "even": 5, "odd": 5, "even'2": 11, "odd'2": 9,
    }  # fmt: skip
    own, inclusive, _ = shown["fib"]
    deeper = shown["fib'2"][0]
    assert own + deeper == 1487 == inclusive
    without = table(load("tiny.recs1"), load("tiny.recs1").parts[0].graph)
    assert without["fib"] == (1487, 1487, 104)


def test_what_the_header_says() -> None:
    profile = load("tiny.events")
    assert profile.origin.creator.startswith("callgrind-")
    assert profile.origin.command == "./tiny"
    assert profile.origin.kind == "traced"
    part = profile.parts[0]
    assert part.kind == "dump"
    assert part.pid is not None
    assert profile.metrics[0].label == "Instruction Fetch"
    times = {metric.name: metric.unit for metric in profile.metrics}
    assert times["sysTime"] == TIME
    assert load("tiny.instr_jumps").notes == ("skipped jumps: 10 (the first in line 27)",)


def test_dumps_in_one_file_and_in_several_tell_the_same() -> None:
    combined = load("tiny.combined")
    paths = siblings(str(DATA / "tiny.run.2"))
    assert [Path(path).name for path in paths] == [*(f"tiny.run.{number}" for number in range(1, 6)), "tiny.run"]
    apart = combine([load(Path(path).name) for path in paths], "run")
    assert [len(profile.parts) for profile in (combined, apart)] == [6, 6]
    assert [part.label for part in combined.parts][:2] == ["part 1", "part 2"]
    one, other = table(combined, merge(combined)), table(apart, merge(apart))
    assert one == other
    whole = table(load("tiny.plain"), load("tiny.plain").parts[0].graph)
    assert {name: row for name, row in one.items() if name != "(below main)"} == {
        name: row for name, row in whole.items() if name != "(below main)"
    }


def test_runs_appended_to_a_file_give_numbers_to_other_names() -> None:
    profile = load("xdebug.appended")
    assert [part.graph.totals.tolist() for part in profile.parts] == [[1050, 416], [570, -8]]
    assert [(m.name, m.unit, m.title, m.signed) for m in profile.metrics] == [
        ("Time_(10ns)", TIME, "Time", False), ("Memory_(bytes)", BYTES, "Memory", True),
    ]  # fmt: skip
    assert set(profile.functions.identities()) == {
        ("php::strlen", "php:internal", NO_LINE, ""),
        ("{main}", "/srv/a.php", NO_LINE, ""),
        ("App\\{closure:/srv/b.php:1-1}", "/srv/b.php", NO_LINE, ""),
        ("{main}", "/srv/b.php", NO_LINE, ""),
    }
    assert profile.notes == (
        "costs below zero: 1 (the first in line 40)",
        "part 2: the 'summary:' line says 58 Time_(10ns), the lines sum to 57, which counts",
    )


def test_names_defined_in_a_block_take_their_files_where_they_are_used() -> None:
    profile = load("yappi.callgrind")
    assert table(profile, profile.parts[0].graph) == {
        "main a.py:9": (10, 59, 0), "twice a.py:2": (40, 46, 2), "once b.py:1": (9, 9, 3),
    }  # fmt: skip
    assert dict(zip(profile.functions.name, profile.functions.file, strict=True)) == {
        "main a.py:9": "a.py", "twice a.py:2": "a.py", "once b.py:1": "b.py",
    }  # fmt: skip


def test_files_may_be_given_by_fi_alone_and_behind_cfn() -> None:
    profile = load("lsprofcalltree.log")
    assert table(profile, profile.parts[0].graph) == {"<len>": (3, 3, 2), "run a:4": (14, 17, 0)}
    assert profile.functions.file == ("~", "/srv/a.py")


def test_names_in_brackets_are_names() -> None:
    profile = load("jruby.callgrind")
    assert table(profile, profile.parts[0].graph) == {
        "Fixnum#<=>": (8, 8, 9), "Object#fibonacci": (25, 33, 58), "(top)": (0, 33, 0),
    }  # fmt: skip


def summary(profile: Profile) -> Any:
    return [(part.label, part.graph.totals.tolist()) for part in profile.parts]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    text = (DATA / "tiny.plain").read_text()
    bom = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (tmp_path / "tiny.plain").write_bytes((bom + text).encode(encoding))
    source = Source(str(tmp_path / "tiny.plain"))
    assert CALLGRIND.sniff(source.head, "")
    assert summary(CALLGRIND.read(source, ReadOptions())) == summary(load("tiny.plain"))
