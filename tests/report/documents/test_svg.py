"""Flame graphs as SVG: read back as XML, their rectangles within each other, their texts what was measured."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from proftui.analysis.scope import Scope
from proftui.model import Profile
from proftui.report.documents import DOCUMENTS, Style, document_for, report_of
from proftui.report.documents.as_svg import GAP, MARGIN, ROW, WIDTH
from proftui.report.wanted import Wanted

SVG = "{http://www.w3.org/2000/svg}"
INNER = WIDTH - 2 * MARGIN


def drawn(profile: Profile) -> ET.Element:
    document = ET.fromstring(DOCUMENTS["svg"].contents(profile))  # noqa: S314  # what was just written
    assert document.tag == f"{SVG}svg"
    return document


def rectangles(document: ET.Element) -> list[tuple[float, float, float, str]]:
    """(x, end, y, tooltip) of each box, the gap on the right added again."""
    boxes = []
    for group in document.iter(f"{SVG}g"):
        rect, title = group.find(f"{SVG}rect"), group.find(f"{SVG}title")
        assert rect is not None
        assert title is not None
        x, y, width = (float(rect.attrib[key]) for key in ("x", "y", "width"))
        boxes.append((x, x + width + GAP, y, title.text or ""))
    return boxes


def as_estimated(profile: Profile) -> Profile:
    return replace(profile, parts=tuple(replace(part, tree=None) for part in profile.parts))


def test_rectangles_are_as_wide_as_what_they_cost(profile: Profile) -> None:
    """Of 15 ms main has all, walk 12 and load 2; step below walk 10, walk below that 5 and leaf 4."""
    boxes = rectangles(drawn(profile))
    widths = [(text.split()[0], round((end - x) / INNER * 15, 1)) for x, end, _, text in boxes]
    assert widths == [("main", 15), ("walk", 12), ("load", 2), ("step", 10), ("walk", 5), ("leaf", 4)]
    for x, end, y, _ in boxes[1:]:
        (above,) = [box for box in boxes if box[2] == y - ROW and box[0] - 0.02 <= x and end <= box[1] + 0.02]
        assert above[1] - above[0] >= end - x - 0.02
    walk, load = boxes[1], boxes[2]
    assert load[0] == pytest.approx(walk[1], abs=0.02)


def test_names_can_be_searched_and_tooltips_say_it_all(profile: Profile) -> None:
    document = drawn(profile)
    texts = ["".join(text.itertext()) for text in document.iter(f"{SVG}text")]
    assert texts[:2] == ["run: time", "test, sampled, 15.00 ms in total"]
    assert "main  100.0%" in texts
    assert "walk  80.0%" in texts
    tooltips = [text for _, _, _, text in rectangles(document)]
    assert "walk  /srv/app/walk.py:12  12.00 ms 80.0%, 80.0% of caller, self 2.000 ms 13.3%; exact" in tooltips
    assert document.findtext(f"{SVG}title") == "run: time"


def test_estimates_are_marked_and_said_to_be(profile: Profile) -> None:
    """leaf, called from the cycle of walk and step alone, is exact; shares inside of the cycle are its own."""
    document = drawn(as_estimated(profile))
    texts = ["".join(text.itertext()) for text in document.iter(f"{SVG}text")]
    assert any(text.startswith("Estimated from a call graph: 100.0% of what is drawn is exact.") for text in texts)
    assert any(text.startswith("<cycle: step, walk>") for text in texts)


def test_of_functions_without_calls_nothing_is_called_exact(flat: Profile) -> None:
    texts = ["".join(text.itertext()) for text in drawn(flat).iter(f"{SVG}text")]
    assert texts[2] == "Who called whom is not known: functions stand side by side."
    assert not any("stimate" in text for text in texts)


def test_it_needs_nothing_but_itself(profile: Profile) -> None:
    text = DOCUMENTS["svg"].contents(profile).decode()
    assert "<script" not in text
    assert "href" not in text
    assert re.findall(r"url\(([^)]*)\)", text) == ["#hatch"] * text.count("url(")
    assert [match for match in re.findall(r"https?://[^\" ]*", text) if "w3.org" not in match] == []


def test_names_that_are_no_names_for_xml_are_written_so_that_it_can_be_read(profile: Profile) -> None:
    names = ("<b>&amp;\"'", "\x00\x1b[31m\x08red", "\ud800\ufffe", "\u202etxet ]]>", "漢字" * 300)
    hostile = replace(profile, name="<&\x01", functions=replace(profile.functions, name=names))
    document = drawn(hostile)
    tooltips = " ".join(text for _, _, _, text in rectangles(document))
    assert "<b>&amp;\"'  /srv" in tooltips
    assert "␀␛[31m␈red" in tooltips
    assert document.findtext(f"{SVG}title") == "<&␁: time"


def test_nothing_measured_gives_an_empty_picture(profile: Profile) -> None:
    part = profile.parts[0]
    assert part.tree is not None
    tree = replace(part.tree, self_cost=part.tree.self_cost * 0)
    assert rectangles(drawn(replace(profile, parts=(replace(part, tree=tree, graph=tree.to_graph()),)))) == []


def test_it_is_chosen_by_suffix_and_made_of_any_report(profile: Profile) -> None:
    document = document_for("out.SVG")
    assert document is DOCUMENTS["svg"]
    report = report_of(Scope(profile), Wanted("tree"))
    assert "".join(f"{line}\n" for line in document.lines(report, Style())) == document.contents(profile).decode()
