"""The page for a browser: it holds what the profile says, fetches nothing, and lets no name become markup."""

from __future__ import annotations

import base64
import cProfile
import hashlib
import json
import pstats
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui import units
from proftui.formats import load
from proftui.model import CallTree, Frames, Functions, Metric, Origin, Part, Profile, Series
from proftui.report.documents import DOCUMENTS, document_for, page_data
from proftui.units import BYTES, SAMPLES, TIME


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of each kind."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag
        self.texts.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open][-1] += data

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open = ""

    @property
    def scripts(self) -> list[str]:
        return self.texts["script"]

    @property
    def policy(self) -> str:
        policies = [attributes["content"] for _, attributes in self.elements if attributes.get("http-equiv")]
        assert len(policies) == 1
        assert policies[0] is not None
        return policies[0]

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.scripts[0])
        return found


def page_of(profile: Profile) -> Page:
    return Page(DOCUMENTS["html"].contents(profile).decode())


HOSTILE = [
    "</script><script>alert(1)</script>", "<!--<script>", "]]>&lt;<img src=x onerror=alert(1)>", "a\u2028b\u2029c",
    "\x1b[31mred", "\udc80", "'\"`${1}\\u003c", "{{data}}",
]  # fmt: skip


def hostile() -> Profile:
    functions = Functions.of([(name, name, 1, name) for name in HOSTILE])
    frames = Frames(np.arange(len(HOSTILE), dtype=np.int32), np.full(len(HOSTILE), -1, np.int32))
    tree = CallTree.of_stacks([(list(range(len(HOSTILE))), [1.0])], frames)
    part = Part(HOSTILE[0], tree.to_graph(), tree=tree)
    metric = Metric(HOSTILE[0], SAMPLES)
    return Profile(HOSTILE[0], Origin("x", HOSTILE[1], "sampled", "", HOSTILE[2]), (metric,), functions, (part,),
                   notes=tuple(HOSTILE))  # fmt: skip


def test_figures_are_those_of_pstats(tmp_path: Path) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(lambda: [sorted(json.dumps({"key": number})) for number in range(200)])
    path = tmp_path / "made.prof"
    profiler.dump_stats(path)
    data = page_of(load(path)).data
    rows, names = data["functions"], data["functions"]["name"]
    stats: Any = pstats.Stats(str(path))
    assert len(names) == len(stats.stats)
    told = {
        (name, data["places"][place].rpartition(":")[0]): figures
        for name, place, *figures in zip(
            names, rows["place"], rows["primitive"], rows["calls"], rows["self"][0], rows["inclusive"][0], strict=True
        )
    }
    for (file, _, name), (primitive, calls, own, inclusive, callers) in stats.stats.items():
        if (file, name) == ("~", "<method 'disable' of '_lsprof.Profiler' objects>"):
            continue
        key = (name.removeprefix("<").removesuffix(">") if file == "~" else name, "" if file == "~" else file)
        found = told.get(key) or told[name, key[1]]
        assert found[:2] == [primitive, calls]
        assert found[2:] == pytest.approx([own * 1e9, inclusive * 1e9], abs=1)
        own_row = list(told.values()).index(found)
        arcs = [arc for arc, callee in enumerate(data["arcs"]["callee"]) if callee == own_row]
        assert len(arcs) == len(callers)
        costs = sorted(data["arcs"]["cost"][0][arc] for arc in arcs)
        assert costs == pytest.approx(sorted(caller[3] * 1e9 for caller in callers.values()), abs=1)


def test_calls_within_a_cycle_are_upper_bounds_or_unknown(cycle: Profile) -> None:
    data = page_of(cycle).data
    names, arcs = data["functions"]["name"], data["arcs"]
    found = {
        (names[caller], names[callee]): (mark, cost)
        for caller, callee, mark, cost in zip(
            arcs["caller"], arcs["callee"], arcs["mark"][0], arcs["cost"][0], strict=True
        )
    }
    assert found == {("main", "one"): ("", 30), ("one", "two"): ("?", None), ("two", "one"): ("<=", 20)}
    assert data["whole"]


def test_of_functions_without_calls_inclusive_costs_are_not_shown(flat: Profile, cycle: Profile) -> None:
    data = page_of(flat).data
    assert data["flat"]
    assert data["flames"][0]["known"] == "Who called whom is not known: functions stand side by side."
    assert not page_of(cycle).data["flat"]


def test_quantities_over_time_are_told(profile: Profile) -> None:
    memory = Series("mem\x1bory", BYTES, np.array([0.0, 1.0]), np.array([1.0, 3.0]) * 2**20)
    notes = page_of(replace(profile, series=(memory,), notes=("a note",))).data["notes"]
    assert notes == ["mem␛ory: peak 3.000 MiB at 1.000 s, last 3.000 MiB, 2 measurements", "a note"]


def test_the_policy_lets_only_the_page_itself_act() -> None:
    page = page_of(hostile())
    hashes = re.findall(r"'sha256-([^']+)'", page.policy)
    acting = [page.scripts[1], page.texts["style"][0]]
    assert hashes == [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in acting]
    assert page.policy.startswith("default-src 'none';")
    assert "unsafe" not in page.policy


def test_nothing_is_fetched() -> None:
    page = page_of(hostile())
    for element, attributes in page.elements:
        assert element not in ("link", "img", "iframe", "base", "object", "embed")
        assert not {"src", "href", "srcset", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in page.texts["style"][0]
    assert "@import" not in page.texts["style"][0]
    acts = r"fetch|XMLHttpRequest|import\(|innerHTML|outerHTML|insertAdjacent|eval|Function\(|document\.write"
    assert not re.search(acts, page.scripts[1])


def test_hostile_names_stay_texts() -> None:
    text = DOCUMENTS["html"].contents(hostile()).decode()
    page, plain = Page(text), page_of(replace(hostile(), notes=()))
    assert [element for element, _ in page.elements] == [element for element, _ in plain.elements]
    assert [element for element, _ in page.elements].count("script") == 2
    assert len(page.scripts) == 2
    assert not set("<>&\u2028\u2029\x1b") & set(page.scripts[0])
    names = page.data["functions"]["name"]
    assert names[:3] == HOSTILE[:3]
    assert not re.search(r"[\x00-\x1f]", page.data["origin"])
    assert "alert(1)</script>" not in text.replace(page.scripts[0], "").replace("&lt;/script&gt;", "")


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_data, "MOST_FUNCTIONS", 3)
    monkeypatch.setattr(page_data, "MOST_ARCS", 1)
    data = page_of(hostile()).data
    assert data["cut"] == (
        f"Cut off by {HOSTILE[0]}: only the 3 most expensive of 8 functions and 1 of 7 pairs of caller and callee."
    )
    assert not data["whole"]
    assert len(data["functions"]["name"]) == 3
    assert len(data["arcs"]["caller"]) == 1


def test_boxes_lie_in_those_above() -> None:
    boxes = page_of(hostile()).data["flames"][0]
    assert boxes["row"] == list(range(len(HOSTILE)))
    assert boxes["above"] == list(range(-1, len(HOSTILE) - 1))
    assert set(boxes["width"]) == {1.0}
    assert boxes["known"].strip() == "Recorded: all widths are exact."


def test_a_profile_without_functions() -> None:
    frames = Frames(np.zeros(0, np.int32), np.zeros(0, np.int32))
    tree = CallTree.of_stacks([], frames)
    tree = replace(tree, self_cost=np.zeros((1, 0)))
    profile = Profile("none", Origin("none", "folded", "sampled"), (Metric("samples", SAMPLES),), Functions.of([]),
                      (Part("none", tree.to_graph(), tree=tree),))  # fmt: skip
    data = page_of(profile).data
    assert data["flames"][0]["known"] == "There are no costs to draw."
    assert data["functions"]["name"] == []


NUMBERS = [
    *(eighth / 8 for eighth in range(-90, 90)), 0.35, 9.9995, 99.995, 999.95, 999.5, 1000.5, 12345.25, 1e9, 2.5e12,
    999_949.9, 999_950.0, 60e9, 62.5e3, 1_015_625.0, 1023.96, 1536.0,
]  # fmt: skip


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_numbers_are_drawn_as_everywhere_else() -> None:
    script = (files("proftui.report.documents") / "page" / "page.js").read_text("utf-8")
    drawing = re.search(r"^function fixed.*?(?=^const total)", script, re.DOTALL | re.MULTILINE)
    assert drawing is not None
    steps = json.dumps([TIME.steps, BYTES.steps, SAMPLES.steps])
    drawn = subprocess.run(
        ["node"], capture_output=True, check=True, text=True,
        input=f"{drawing[0]}; console.log(JSON.stringify({json.dumps(NUMBERS)}.map((number) =>"
        f" [...{steps}.map((steps) => draw(number, steps)), percent(number, 16)])))",
    ).stdout  # fmt: skip
    expected = [
        [*(units.draw(number, unit) for unit in (TIME, BYTES, SAMPLES)), units.percent(number, 16)]
        for number in NUMBERS
    ]
    assert json.loads(drawn) == expected


def test_told_by_its_suffix() -> None:
    assert document_for("out.HTML") is DOCUMENTS["html"]
    assert document_for("out.htm") is DOCUMENTS["html"]
