"""The two lines about a process: what stands there, what goes where there is no room, and nothing that is not known."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from textual.app import ComposeResult

from proftui.report.vitals import Sampling, Vitals
from proftui.tui.widgets.line import Span
from proftui.tui.widgets.process_lines import ProcessLines, SamplingLine, VitalsLine, process_spans, sampling_spans
from tests.tui.styled import Styled

VITALS = Vitals(
    12345, "/srv/venv/bin/python3.11 -m gunicorn app.wsgi --workers 4", "running", 0.987, 512.25 * 2**20, 12, 34, 1,
    tuple([0.0, 0.5, 1.0, math.nan] * 15), tuple([512.25 * 2**20] * 60),
)  # fmt: skip
SAMPLING = Sampling(100.0, 98.4, 0.0, 0.031, 0.047, 2951.0, "since the start, 0:42")


class LinesApp(Styled):
    def compose(self) -> ComposeResult:
        yield ProcessLines()

    def on_mount(self) -> None:
        self.query_one(ProcessLines).show(VITALS, SAMPLING)


async def drawn(vitals: Vitals, sampling: Sampling, cells: int) -> list[str]:
    app = LinesApp()
    async with app.run_test(size=(cells, 5)) as pilot:
        lines = app.query_one(ProcessLines)
        lines.show(vitals, sampling)
        await pilot.pause()
        assert app.lines[:2] == lines.plain(), "what is drawn is on screen"
        return lines.plain()


def styles(spans: list[Span]) -> dict[str, str]:
    return {span.text: span.style for span in spans}


async def test_all_is_told_where_there_is_room() -> None:
    # 180 / 12 = 15 cells of four values each, of 0, a half, all and unknown: a half on average
    vitals, sampling = await drawn(VITALS, SAMPLING, 180)
    assert vitals == (
        " pid 12345  python3.11 -m gunicorn app.wsgi --workers 4  running  CPU  98.7%  ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅  RSS 512.2 MiB"
        "  ███████████████  12 threads  34 open files  1 child"
    )
    assert sampling == (
        " since the start, 0:42  % of 2,951 thread samples  blind 3.1%  at least 98 of 100 Hz  sampler 4.7% CPU"
        "  no errors"
    )


async def test_eighty_cells_keep_what_counts() -> None:
    # ten values a cell: eight of them known are 3.5 together, or seven are 4
    assert await drawn(VITALS, SAMPLING, 80) == [
        " pid 12345  python3.11 -m gunicorn…  running  CPU  98.7%  ▄▅▄▅▄▅  RSS 512.2 MiB",
        " since the start, 0:42  % of 2,951 thread samples  blind 3.1%",
    ]
    stopped = replace(SAMPLING, still=True, errors=12.0, stretch="0:12 to 0:42")
    assert (await drawn(VITALS, stopped, 80))[1] == (
        " paused, sampling goes on  0:12 to 0:42  % of 2,951 thread samples  12 errors"
    )


async def test_what_is_not_known_is_not_there() -> None:
    assert await drawn(Vitals(), Sampling(stretch="since the start"), 120) == [
        "",
        " since the start  % of 0 thread samples",
    ]
    unknown = replace(VITALS, cpu_history=(math.nan,) * 3, memory_history=(), threads=None, files=None, children=0)
    assert (await drawn(unknown, SAMPLING, 120))[0] == (
        " pid 12345  python3.11 -m gunicorn app.wsgi --workers 4  running  CPU  98.7%  RSS 512.2 MiB  0 children"
    )


async def test_what_was_is_named_where_nothing_is_now() -> None:
    past = Vitals(cpu_history=(0.0, 2.0), memory_history=(1.0, 1.0))
    assert (await drawn(past, Sampling(), 80))[0] == " CPU      ▁█  RSS      ██"


async def test_figures_keep_their_place_while_they_change() -> None:
    places = set()
    for cpu in (0.0, 0.0004, 0.05, 1.0, 9.999):
        line = (await drawn(replace(VITALS, cpu=cpu), SAMPLING, 120))[0]
        places.add((line.index("CPU"), line.index("RSS")))
    assert len(places) == 1


@pytest.mark.parametrize(
    ("sampling", "sentence"),
    [
        (Sampling(still=True), "paused, sampling goes on"),
        (Sampling(paused=True), "sampling paused"),
        (Sampling(still=True, paused=True), "screen and sampling paused"),
        (Sampling(ended="exited with code 0", paused=True), "ended: exited with code 0"),
        (Sampling(ended="killed " * 30), "ended: killed killed killed killed kil…"),
    ],
)
def test_why_nothing_moves_is_marked(sampling: Sampling, sentence: str) -> None:
    first = sampling_spans(sampling, 78)[0]
    assert (first.text, first.style) == (sentence, "mark")


def test_what_is_bad_is_marked() -> None:
    assert styles(process_spans(replace(VITALS, state="stopped"), 120))["stopped"] == "mark"
    told = styles(sampling_spans(replace(SAMPLING, errors=1.0, blind=0.5, chosen=True), 120))
    assert told["1 error"] == "error"
    assert told["blind 50.0%"] == "mark"
    assert told["since the start, 0:42"] == "chosen"


async def test_names_from_outside_do_not_reach_the_terminal() -> None:
    hostile = Vitals(1, "\x1b[31mpy\u202e", "\x07run")
    line = (await drawn(hostile, Sampling(ended="\x1b]0;"), 80))[0]
    assert line == " pid 1  ␛[31mpy\N{REPLACEMENT CHARACTER}  ␇run"


async def test_only_the_line_that_changes_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app = LinesApp()
    async with app.run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        drawn: list[str] = []
        for line in (VitalsLine, SamplingLine):
            monkeypatch.setattr(line, "refresh", lambda self, *_: drawn.append(type(self).__name__))
        lines = app.query_one(ProcessLines)
        lines.show(replace(VITALS, cpu_history=(0.5,), memory_history=()), SAMPLING)
        lines.show(replace(VITALS, cpu_history=(0.5,), memory_history=()), replace(SAMPLING, samples=1.0))
        assert drawn == ["VitalsLine", "SamplingLine"]
