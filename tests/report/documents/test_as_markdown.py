"""The Markdown report: tables that a renderer can read, whatever functions are called."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.model import Functions, Metric, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.wanted import VIEWS, View, Wanted
from proftui.units import COUNT


def printed(scope: Scope, wanted: Wanted) -> list[str]:
    return list(DOCUMENTS["markdown"].lines(report_of(scope, wanted), Style()))


def cells(line: str) -> list[str]:
    """As GitHub splits a row: at bars without a backslash."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.mark.parametrize("view", VIEWS)
def test_every_table_is_rectangular(scope: Scope, view: View) -> None:
    widths: list[int] = []
    for line in printed(scope, Wanted(view)):
        if line.startswith("|"):
            widths.append(len(cells(line)))
        else:
            assert len(set(widths)) <= 1
            widths = []


def test_the_table_by_hand(scope: Scope) -> None:
    lines = printed(Scope(scope.profile, cycles=False), Wanted(top=1))
    title, rule, row = (cells(line) for line in lines if line.startswith("|"))
    assert title[:5] == ["Self%", "Incl%", "Self", "Incl", "Function"]
    assert rule[:5] == ["---:"] * 4 + ["---"]
    assert row[:6] == ["33.3%", "66.7%", "5.000 ms", "10.00 ms", "`step`", "`/srv/app/step.py:13`"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("operator|", "`operator|`"),
        ("<listcomp>", "`<listcomp>`"),
        ("a`b", "`` a`b ``"),
    ],
)
def test_names_stand_in_code_spans(profile: Profile, name: str, code: str) -> None:
    identities = profile.functions.identities()
    named = replace(profile, functions=Functions.of([(name, *identities[0][1:]), *identities[1:]]))
    rows = [cells(line) for line in printed(Scope(named), Wanted()) if line.startswith("|")]
    assert code in [row[4] for row in rows]


def test_markdown_in_a_file_name_is_escaped(profile: Profile) -> None:
    assert printed(Scope(replace(profile, name="a_b_*c*.prof")), Wanted())[0].startswith(r"**a\_b\_\*c\*.prof: ")


def test_markdown_in_the_name_of_a_metric_is_escaped(profile: Profile) -> None:
    part = profile.parts[0]
    assert part.tree is not None
    tree = replace(part.tree, self_cost=np.vstack([part.tree.self_cost] * 2))
    two = replace(
        profile, metrics=(*profile.metrics, Metric("a|b", COUNT)),
        parts=(replace(part, metrics=(0, 1), tree=tree, graph=tree.to_graph()),),
    )  # fmt: skip
    (title, *_) = [line for line in printed(Scope(two), Wanted("parts")) if line.startswith("|")]
    assert r"| a\|b |" in title
