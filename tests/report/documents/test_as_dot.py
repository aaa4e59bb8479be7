"""Call graphs for graphviz: what is drawn is what was measured, and no name leaves its quotes."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.model import Functions, Metric, Profile
from proftui.report.documents import DOCUMENTS, document_for
from proftui.units import COUNT

NODE = re.compile(
    r'\tf(\d+) \[label="((?:[^"\\]|\\.)*)", tooltip="((?:[^"\\]|\\.)*)", color="#[0-9a-f]{6}", fontcolor=\w+\];'
)
EDGE = re.compile(r'\tf(\d+) -> f(\d+) \[label="([^"]*)", color="#[0-9a-f]{6}", penwidth=[\d.]+, arrowsize=[\d.]+\];')

HOSTILE = (
    'quote " ]; evil [label="',
    "back\\slash\\",
    "\\N \\G \\l",
    "&amp; &#34; <b>",
    "new\nline\x1b[31m",
    "right \u202e left",
    "x" * 5000,
    "{a|b}",
)


def drawn(profile: Profile) -> str:
    return DOCUMENTS["dot"].contents(profile).decode()


def lines_of(text: str) -> tuple[dict[str, list[str]], dict[tuple[str, str], list[str]]]:
    """The lines of text of each node, by the first, and of each edge."""
    labels = {match[1]: match[2].split("\\n") for line in text.splitlines() if (match := NODE.fullmatch(line))}
    edges = {
        (labels[match[1]][0], labels[match[2]][0]): match[3].split("\\n")
        for line in text.splitlines()
        if (match := EDGE.fullmatch(line))
    }
    assert len(labels) + len(edges) + 5 == len(text.splitlines())
    return {told[0]: told[1:] for told in labels.values()}, edges


def test_shares(profile: Profile) -> None:
    """Of 15 ms main has all, walk 12 and load 2; step below walk 10, walk below that 5 and leaf 4."""
    nodes, edges = lines_of(drawn(profile))
    assert nodes["main"][-2:] == ["100.0%", "(6.7%)"]
    assert nodes["leaf"][-2:] == ["26.7%", "(26.7%)"]
    assert edges["main", "walk"] == ["80.0%"]
    assert edges["walk", "step"] == ["66.7%"]
    assert edges["step", "walk"] == ["33.3%"]


def test_calls_within_a_cycle_are_marked(cycle: Profile) -> None:
    nodes, edges = lines_of(drawn(cycle))
    assert nodes["two"] == ["a.c", "<=96.8%", "(64.5%)", "2×"]
    assert edges == {("main", "one"): ["96.8%", "1×"], ("one", "two"): ["?", "2×"], ("two", "one"): ["<=64.5%", "1×"]}


def renamed(profile: Profile, names: tuple[str, ...]) -> Profile:
    functions = profile.functions
    rest = functions.name[len(names) :]
    called = Functions((*names, *rest)[: len(functions)], functions.file, functions.line, functions.object)
    return replace(profile, functions=called)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_within_their_quotes(profile: Profile, name: str) -> None:
    nodes, _ = lines_of(drawn(renamed(profile, (name,))))
    assert len(nodes) == len(lines_of(drawn(profile))[0])
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", drawn(renamed(profile, (name,))))


def test_the_metric_is_safe_to_draw(profile: Profile) -> None:
    assert "\x1b" not in drawn(replace(profile, metrics=(Metric("\x1b[31mIr", COUNT),)))


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_reads_names_as_they_are(profile: Profile, name: str) -> None:
    plain = subprocess.run(
        ["dot", "-Tplain"], input=drawn(renamed(profile, (name,))).encode(), capture_output=True, check=True
    ).stdout.decode()
    assert len(re.findall(r"^node ", plain, re.MULTILINE)) == len(lines_of(drawn(profile))[0])


def test_what_costs_little_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "some.folded"
    path.write_text("a;b 9940\na;c 51\na;d 9\n")
    nodes, edges = lines_of(drawn(load(path)))
    assert sorted(nodes) == ["a", "b", "c"]
    assert edges == {("a", "b"): ["99.4%"], ("a", "c"): ["0.5%"]}


def test_suffixes() -> None:
    assert document_for("graph.dot") is document_for("graph.gv") is DOCUMENTS["dot"]
