"""The live table of functions, against counts made by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from proftui.analysis.shares import SELF, Shares, Tally
from proftui.report.text import fit, shortened
from proftui.report.top import TopRows, top_detail
from proftui.tui.glyphs import in_ascii
from proftui.tui.widgets.layout import arrange, needs_of
from tests.analysis.shares.recordings import MAIN, Stacked

SHARES = (60, 62, 58, 61, 59, 63, 57, 60, 62, 58)
"""Of ten windows of 100 samples: so many in a > b, ten in a > c, one in a > d, the others in a. Deviations go
apart, not along: 60 on average, squares add up to 36, so the standard error is sqrt(36 / 9 / 10) = 0.632 and the
interval 2.262 times that to either side, 1.43 points.
"""


def recorded() -> Stacked:
    return Stacked([{(MAIN, "ab"): b, (MAIN, "ac"): 10, (MAIN, "ad"): 1, (MAIN, "a"): 89 - b} for b in SHARES])


@pytest.fixture
def shares() -> Shares:
    return Tally().update(recorded().recorder.recording())


def lines(rows: TopRows, *keys: str) -> list[tuple[str, ...]]:
    wanted = [index for index, column in enumerate(rows.columns) if column.key in keys]
    return [tuple(rows.cells(row)[index].text.strip() for index in wanted) for row in range(len(rows))]


def drawn(rows: TopRows, cells: int) -> list[str]:
    """The title and the rows, as the grid lays them out."""
    slots = arrange(rows.columns, cells, needs_of(rows), "self")
    table = [[column.title for column in rows.columns]]
    table += [[cell.text for cell in rows.cells(row)] for row in range(len(rows))]
    drawing = []
    for texts in table:
        line = ""
        for slot in slots:
            text = fit(
                shortened(texts[slot.index], slot.width, slot.column.cut),
                slot.width,
                right=slot.column.align == "right",
            )
            line = line.ljust(slot.x) + text
        drawing.append(line.rstrip())
    return drawing


def test_shares_with_their_intervals(shares: Shares) -> None:
    assert lines(TopRows(shares), "self_share", "inclusive_share", "inclusive_half", "recent", "samples", "name") == [
        ("60.0% ±1.4", "60.0%", "±1.4", "58.0%", "600", "b"),
        ("29.0% ±1.4", "100.0%", "±0.0", "31.0%", "290", "a"),
        ("10.0% ±0.0", "10.0%", "±0.0", "10.0%", "100", "c"),
        ("1.0% ±0.0", "1.0%", "±0.0", "1.0%", "10", "d"),
    ]


def test_in_80_cells(shares: Shares) -> None:
    assert drawn(TopRows(shares), 80) == [
        "        Self%  Incl%     ± Self now ▲▼  Function",
        "  60.0% ±1.4   60.0%  ±1.4    58.0%     b",
        "  29.0% ±1.4  100.0%  ±0.0    31.0%     a",
        "  10.0% ±0.0   10.0%  ±0.0    10.0%     c",
        "   1.0% ±0.0    1.0%  ±0.0     1.0%     d",
    ]


def test_names_have_30_cells_of_80_with_the_change_since_a_mark(shares: Shares) -> None:
    stacked = recorded()
    stacked.recorder.mark()
    stacked.add({(MAIN, "ab"): 1})
    rows = TopRows(Tally().update(stacked.recorder.recording()))
    slots = {slot.column.key: slot.width for slot in arrange(rows.columns, 80, needs_of(rows), "self")}
    assert {"self_share", "inclusive_share", "recent", "trend", "change"} < set(slots)
    assert slots["name"] >= 30


def test_wider_screens_show_more(shares: Shares) -> None:
    keys = [
        {slot.column.key for slot in arrange(TopRows(shares).columns, cells, needs_of(TopRows(shares)), "self")}
        for cells in (80, 120, 200)
    ]
    assert keys[1] - keys[0] == {"minute", "recent_inclusive"}
    assert keys[2] - keys[1] == {"samples", "location", "module"}
    assert drawn(TopRows(shares), 120)[1].split() == ["60.0%", "±1.4", "60.0%", "±1.4", "58.0%", "58.0%", "██", "b"]


def test_numbers_stay_where_they_are_when_intervals_come() -> None:
    stacked, places = Stacked(), set()
    for second in range(9):
        stacked.add({(MAIN, "ab"): 10 + second % 2, (MAIN, "a"): 10})
        text = TopRows(Tally().update(stacked.recorder.recording())).cells(0)[0].text
        places.add((len(text), text.index("%"), "±" in text))
    assert len({place[:2] for place in places}) == 1
    assert len(places) == 2


@pytest.mark.parametrize(
    ("sort", "names"),
    [("self", "bacd"), ("inclusive", "abcd"), ("recent", "bacd"), ("recent_inclusive", "abcd"), ("trend", "acdb"),
     ("samples", "bacd"), ("name", "dcba"), ("calls", "bacd"), ("change", "bacd"), ("location", "dcba"),
     ("module", "dcba")],
)  # fmt: skip
def test_orders(shares: Shares, sort: str, names: str) -> None:
    assert "".join(name for (name,) in lines(TopRows(shares, sort), "name")) == names


def test_equal_shares_are_ordered_by_name_either_way() -> None:
    shares = Tally().update(Stacked([{(MAIN, word): 5 for word in ("d", "b", "c", "a")}]).recorder.recording())
    for descending in (True, False):
        assert [name for (name,) in lines(TopRows(shares, descending=descending), "name")] == ["a", "b", "c", "d"]


def test_what_is_not_settled_is_dim() -> None:
    shares = Tally().update(
        Stacked(
            [{(MAIN, "b"): 60, (MAIN, "a"): 18 + other, (MAIN, "c"): 22 - other} for other in (0, 4) * 8]
        ).recorder.recording()
    )
    rows = TopRows(shares)
    tones = [tuple(cell.tone for cell in rows.cells(row)[:2]) for row in range(3)]
    assert tones == [("normal", "normal"), ("dim", "dim"), ("dim", "dim")]
    assert "settled" not in rows.detail(0)
    assert rows.detail(1).endswith("; its place is not settled")
    assert {cell.tone for cell in TopRows(shares, "name").cells(1)[:2]} == {"normal"}


def test_the_detail_says_of_what(shares: Shares) -> None:
    assert TopRows(shares).detail(1) == (
        "a  /srv/app/a.py  self 29.0% ±1.4, inclusive 100.0% ±0.0 of 1,000 thread samples in 10 windows"
    )


def test_before_there_is_an_interval_the_detail_says_what_it_is_at_least() -> None:
    """Wilson's interval for 10 of 100 is 5.5 to 17.4 %, so 6.0 to either side; for 100 of 100 it is 96.3 to 100 %."""
    shares = Tally().update(Stacked([{(MAIN, "ab"): 10, (MAIN, "a"): 90}]).recorder.recording())
    assert top_detail(shares, 1) == (
        "b  /srv/app/b.py  self 10.0% ± at least 6.0, inclusive 10.0% ± at least 6.0 "
        "of 100 thread samples in 1 window (8 tell an interval)"
    )
    assert "inclusive 100.0% ± at least 1.8" in top_detail(shares, 0)


def test_the_change_since_a_mark() -> None:
    stacked = recorded()
    stacked.recorder.mark("deployed")
    for b in SHARES:
        stacked.add({(MAIN, "ab"): b - 20, (MAIN, "ac"): 10, (MAIN, "a"): 110 - b})
    rows = TopRows(Tally().update(stacked.recorder.recording()))
    assert lines(rows, "change", "name") == [("-20.0", "b"), ("+21.0", "a"), ("0.0", "c"), ("-1.0", "d")]
    tone = [rows.cells(row)[[column.key for column in rows.columns].index("change")].tone for row in range(3)]
    assert tone == ["mark", "mark", "dim"]
    assert "self +21.0 ±2.0 points since the mark deployed" in rows.detail(1)
    assert [TopRows(rows.shares, "change").key(row) for row in range(4)] == [rows.key(row) for row in (1, 2, 3, 0)]


def test_a_trend_and_the_last_minute() -> None:
    stacked = Stacked([{(MAIN, "ab"): 50, (MAIN, "a"): 50}] * 60)
    stacked.add({(MAIN, "ab"): 100})
    rows = TopRows(Tally().update(stacked.recorder.recording()), "name", descending=False)
    assert lines(rows, "trend", "minute") == [("▼", "█" * 11 + "▁"), ("▲", "▅" * 11 + "█")]
    by_inclusive = TopRows(rows.shares, "inclusive")
    assert lines(by_inclusive, "trend", "minute") == [("", "█" * 12), ("▲", "▅" * 11 + "█")]
    assert "?" not in "".join(in_ascii(cell.text) for row in range(2) for cell in rows.cells(row))


def test_what_was_not_sampled_is_blank() -> None:
    rows = TopRows(Tally().update(Stacked([{(MAIN, "a"): 1}, {}]).recorder.recording()))
    assert lines(rows, "recent", "recent_inclusive", "trend") == [("", "", "")]


def test_rows_are_found_by_function_and_by_text(shares: Shares) -> None:
    rows = TopRows(shares, marked=frozenset({0}))
    assert [rows.row_of(rows.function(row)) for row in range(len(rows))] == list(range(4))
    assert rows.row_of(99) is None
    assert rows.find("APP/c").tolist() == [2]
    assert rows.find("srv").tolist() == [0, 1, 2, 3]
    assert [rows.cells(row)[0].text for row in range(4)] == ["★" if rows.function(row) == 0 else "" for row in range(4)]


def test_functions_that_were_not_seen_in_the_span_have_no_row() -> None:
    recording = Stacked([{(MAIN, "ab"): 1}, {(MAIN, "a"): 1}]).recorder.recording()
    rows = TopRows(Tally().update(recording, (1.0, None)))
    assert lines(rows, "name") == [("a",)]
    assert rows.row_of(1) is None


def test_nothing_sampled() -> None:
    rows = TopRows(Tally().update(Stacked().recorder.recording()))
    assert len(rows) == 0
    assert drawn(rows, 80)[0].split()[0] == "Self%"


def test_a_record_has_shares_and_counts(shares: Shares) -> None:
    rows = TopRows(shares)
    record = json.loads(json.dumps(rows.record(0)))
    assert (record["name"], record["samples"], record["total"]) == ("b", {"self": 600, "inclusive": 600}, 1000)
    assert record["share"]["self"] == pytest.approx(0.6)
    assert record["half"]["self"] == pytest.approx(0.01430, abs=1e-4)
    early = Tally().update(recorded().recorder.recording(), (0.0, 3.0))
    assert TopRows(early).record(0)["half"] == {"self": None, "inclusive": None}


def test_names_are_safe_to_draw() -> None:
    rows = TopRows(Tally().update(Stacked([{(MAIN, "\x1b"): 1}]).recorder.recording()))
    assert lines(rows, "name") == [("␛",)]
    assert "\x1b" not in rows.detail(0)


def test_self_shares_add_up_to_all(shares: Shares) -> None:
    assert float(np.sum(shares.share[SELF])) == pytest.approx(1)
