"""Random costs, written in the ways that the format allows, come back as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from proftui.formats.callgrind import blocks
from proftui.model import Profile

Function = tuple[str, str, str]
"""Name, file and object."""


@dataclass
class Call:
    callee: Function
    count: int
    line: int
    costs: list[int]


@dataclass
class Body:
    """A function's lines: (file, line, costs) and calls, in order."""

    function: Function
    lines: list[tuple[str, int, list[int]] | Call] = field(default_factory=list)


@dataclass(frozen=True)
class Style:
    """How a dump is written."""

    compressed: bool
    relative: bool
    instructions: bool
    hexadecimal: bool
    drops_zeros: bool
    jumps: bool
    separator: str
    end_of_line: str
    at_end: str
    blank_lines: bool


texts = st.text(st.sampled_from("abf'()=:# +0é\x0b\x85\u2028"), min_size=1, max_size=6).map(
    lambda text: "n" + text + "n"
)
functions = st.tuples(
    texts, st.sampled_from(["a.c", "b/a.c", "???", "c c.h"]), st.sampled_from(["z", "/lib/x.so", "y"])
)
numbers = st.one_of(st.integers(0, 9), st.integers(0, 10**9), st.sampled_from([99_999_999, 10**8, 2**49]))
positions = st.one_of(st.integers(1, 20), st.integers(1, 10**6))


@st.composite
def dumps(draw: st.DrawFn) -> tuple[int, list[Body]]:
    """How many events, and the functions with their lines; a function may come in several pieces."""
    events = draw(st.integers(1, 4))
    known = draw(st.lists(functions, min_size=1, max_size=5, unique=True))
    # one function has one number, which a file could not tell apart from another of the same name elsewhere
    costs = st.lists(numbers, min_size=events, max_size=events)
    own = st.tuples(st.sampled_from(["a.c", "b/a.c", "inlined.h"]), positions, costs)
    calls = st.builds(Call, st.sampled_from(known), st.integers(0, 10**10), positions, costs)
    bodies = st.builds(Body, st.sampled_from(known), st.lists(st.one_of(own, own, calls), min_size=1, max_size=8))
    return events, draw(st.lists(bodies, min_size=1, max_size=8))


styles = st.builds(
    Style, *[st.booleans()] * 6, st.sampled_from([" ", " ", "\t", "  "]), st.sampled_from(["\n", "\n", "\r\n"]),
    st.sampled_from(["", "", " "]), st.booleans(),
)  # fmt: skip


class Writer:
    """Writes lines in a style, with the state that the format keeps between them."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.out: list[str] = []
        self.numbers: dict[tuple[str, object], int] = {}
        self.object = self.file = self.own_file = ""
        self.line = 0

    def name(self, key: str, kind: str, name: str, identity: object = None) -> None:
        if not self.style.compressed:
            self.out.append(f"{key}={name}")
            return
        identity = identity or name
        if (kind, identity) in self.numbers:
            self.out.append(f"{key}=({self.numbers[kind, identity]})")
        else:
            number = self.numbers[kind, identity] = len(self.numbers) + 1
            self.out.append(f"{key}=({number}) {name}")

    def enter(self, function: Function) -> None:
        name, file, where = function
        if where != self.object:
            self.name("ob", "ob", where)
            self.object = where
        if file != self.own_file or not self.own_file:
            self.name("fl", "fl", file)
        self.file = self.own_file = file
        self.name("fn", "fn", name, function)

    def at(self, file: str) -> None:
        if file != self.file:
            self.name("fe" if file == self.own_file else "fi", "fl", file)
            self.file = file

    def position(self, line: int) -> str:
        difference = line - self.line
        text = f"{line}"
        if self.style.hexadecimal:
            text = f"0x{line:x}"
        if self.style.relative:
            text = "*" if difference == 0 else f"{difference:+}"
        self.line = line
        return f"0x{1000 + line:x}{self.style.separator}{text}" if self.style.instructions else text

    def costs(self, line: int, costs: list[int]) -> None:
        kept = list(costs)
        while self.style.drops_zeros and kept and kept[-1] == 0:
            kept.pop()
        words = [hex(cost) if self.style.hexadecimal and cost % 3 == 0 else str(cost) for cost in kept]
        self.out.append(self.style.separator.join([self.position(line), *words]) + self.style.at_end)

    def jump(self, line: int) -> None:
        before = self.line
        self.out.append(f"jcnd=1/2 {self.position(line)}")
        self.line = before
        self.out.append(self.position(line))

    def call(self, call: Call) -> None:
        name, file, where = call.callee
        if where != self.object:
            self.name("cob", "ob", where)
        if file != self.file:
            self.name("cfi", "fl", file)
        self.name("cfn", "fn", name, call.callee)
        self.out.append(f"calls={call.count} 7")
        self.costs(call.line, call.costs)


def written(events: int, bodies: list[Body], style: Style) -> bytes:
    writer = Writer(style)
    names = " ".join(f"E{number}" for number in range(events))
    writer.out += ["# callgrind format", f"positions: {'instr ' * style.instructions}line", f"events: {names}", ""]
    for body in bodies:
        writer.enter(body.function)
        for line in body.lines:
            if style.jumps:
                writer.jump(3)
            if isinstance(line, Call):
                writer.call(line)
            else:
                writer.at(line[0])
                writer.costs(line[1], line[2])
        if style.blank_lines:
            writer.out.append("")
    return "".join(line + style.end_of_line for line in writer.out).encode()


Costs = dict[object, list[float]]


def truth(bodies: list[Body]) -> tuple[Costs, Costs, Costs, Costs]:
    """Self costs by function, calls and costs by arc, self costs by line, calls and costs by site."""
    own: Costs = {}
    arcs: Costs = {}
    lines: Costs = {}
    sites: Costs = {}

    def add(table: Costs, key: object, numbers: list[int]) -> None:
        table[key] = [a + b for a, b in zip(table.get(key, [0.0] * len(numbers)), numbers, strict=True)]

    for body in bodies:
        file = body.function[1]
        for line in body.lines:
            if isinstance(line, Call):
                numbers = [line.count, *line.costs]
                add(arcs, (body.function, line.callee), numbers)
                add(sites, (body.function, line.callee, file, line.line), numbers)
            else:
                file = line[0]
                add(own, body.function, line[2])
                add(lines, (body.function, file, line[1]), line[2])
    return own, arcs, lines, sites


def rows_of(*columns: Any) -> list[Any]:
    """The rows of some columns, the last of which has several numbers a row."""
    return list(zip(*(column.T.tolist() for column in columns), strict=True))


def read_from(profile: Profile) -> tuple[Costs, Costs, Costs, Costs]:
    (part,) = profile.parts
    graph, by_line = part.graph, part.lines
    assert by_line is not None
    assert graph.arc_calls is not None
    named = {at: (name, file, where) for at, (name, file, line, where) in enumerate(profile.functions.identities())}
    rows = [named[function] for function in graph.function.tolist()]
    own: Costs = {row: cost for row, cost in zip(rows, graph.self_cost.T.tolist(), strict=True) if any(cost)}
    arcs: Costs = {
        (rows[caller], rows[callee]): [count, *cost]
        for caller, callee, count, cost in rows_of(graph.caller, graph.callee, graph.arc_calls, graph.arc_cost)
    }
    lines: Costs = {
        (named[function], by_line.files[file], line): cost
        for function, file, line, cost in rows_of(by_line.function, by_line.file, by_line.line, by_line.cost)
    }
    sites: Costs = {
        (named[caller], named[callee], by_line.files[file], line): [count, *cost]
        for caller, callee, file, line, count, cost in rows_of(
            by_line.site_caller, by_line.site_callee, by_line.site_file, by_line.site_line,
            by_line.site_calls, by_line.site_cost,
        )
    }  # fmt: skip
    return own, arcs, lines, sites


@given(dump=dumps(), style=styles, size=st.sampled_from([100, 1000, blocks.SIZE]))
def test_costs_come_back_whatever_the_dialect(
    dump: tuple[int, list[Body]], style: Style, size: int, parse: Callable[..., Profile]
) -> None:
    events, bodies = dump
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "SIZE", size)
        own, arcs, lines, sites = read_from(parse(written(events, bodies, style)))
    expected = truth(bodies)
    assert own == {function: cost for function, cost in expected[0].items() if any(cost)}
    assert arcs == expected[1]
    assert lines == expected[2]
    assert sites == expected[3]
