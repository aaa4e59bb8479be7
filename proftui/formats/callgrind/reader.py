"""Dumps of callgrind and of the programs that write its format, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.callgrind.events import metric_of
from proftui.formats.callgrind.header import STARTS_PART, Header, plain, text_of
from proftui.formats.source import Source
from proftui.model import NO_LINE, CallGraph, Functions, Origin, Part, Profile

_KIND = {"fl": "fl", "fi": "fl", "fe": "fl", "cfl": "fl", "cfi": "fl", "jfi": "fl", "fn": "fn", "cfn": "fn", "jfn": "fn",
         "ob": "ob", "cob": "ob"}  # fmt: skip


@dataclass
class _Body:
    header: Header
    self_cost: dict[int, list[float]] = field(default_factory=dict)
    arcs: dict[tuple[int, int], list[float]] = field(default_factory=dict)
    calls: dict[int, float] = field(default_factory=dict)


def read(source: Source, options: ReadOptions) -> Profile:  # noqa: ARG001
    """The profile in a dump: one part for each header in it."""
    data = source.read()
    if not data:
        raise Malformed(f"{source.path}: is empty")
    data = plain(data)
    functions: dict[tuple[str, str, int, str], int] = {}
    bodies = _bodies(data, functions)
    first = bodies[0].header
    events = list(dict.fromkeys(event for body in bodies for event in body.header.events or ()))
    titles = {}
    for body in bodies:
        for raw in body.header.described:
            name, _, title = text_of(raw).partition(":")
            titles[name.split("=")[0].strip()] = title.strip()
    pairs = [metric_of(event, titles.get(event, ""), first.creator) for event in events]
    parts = []
    for number, body in enumerate(bodies, 1):
        scales = np.array([pairs[events.index(e)][1] for e in body.header.events or ()])
        graph = _graph(body, scales)
        where = tuple(events.index(e) for e in body.header.events or ())
        parts.append(Part(f"{source.name} part {body.header.part or number}", graph, where, "dump",
                          body.header.pid, body.header.thread))  # fmt: skip
    origin = Origin(source.path, "callgrind", "traced", first.creator, first.command)
    return Profile(
        source.name, origin, tuple(metric for metric, _ in pairs), Functions.of(functions), tuple(parts)
    ).checked()


def _graph(body: _Body, scales: np.ndarray) -> CallGraph:  # type: ignore[type-arg]
    ids = sorted({*body.self_cost, *(f for arc in body.arcs for f in arc)})
    rows = {function: row for row, function in enumerate(ids)}
    width = len(scales)
    own = np.zeros((len(ids), width))
    for function, cost in body.self_cost.items():
        own[rows[function]] = cost
    arcs = sorted(body.arcs)
    costs = np.array([body.arcs[arc][1:] for arc in arcs]).reshape(len(arcs), width)
    counts = np.array([body.arcs[arc][0] for arc in arcs], np.float64)
    caller = np.array([rows[a] for a, _ in arcs], np.int32)
    callee = np.array([rows[b] for _, b in arcs], np.int32)
    calls = np.bincount(callee, counts, len(ids)) if len(arcs) else np.zeros(len(ids))
    return CallGraph.deriving_inclusive(
        np.array(ids, np.int32), np.ascontiguousarray((own * scales).T), caller, callee,
        np.ascontiguousarray((costs * scales).T), calls=calls, arc_calls=counts,
    )  # fmt: skip


def _bodies(data: bytes, functions: dict[tuple[str, str, int, str], int]) -> list[_Body]:
    bodies: list[_Body] = []
    header = Header()
    body: _Body | None = None
    names: dict[tuple[str, bytes], str] = {}
    where: dict[str, str] = {}
    own_file: str | None = None
    function = callee = None
    pending: float | None = None
    jumping = False
    for number, raw in enumerate(data.split(b"\n"), 1):
        line = raw.lstrip(b" \t").removesuffix(b"\r")
        if not line or line.startswith(b"#"):
            continue
        if line[:1] in b"0123456789+-*":
            if header.events is None:
                raise Malformed("costs before the 'events:' line", f"line {number}")
            if body is None:
                body = _Body(header)
                bodies.append(body)
            if jumping:
                jumping = False
                continue
            words = line.split()[header.positions :][: len(header.events)]
            costs = [_number(word) for word in words] + [0.0] * (len(header.events) - len(words))
            if function is None:
                function = functions.setdefault(
                    ("???", where.get("fl", ""), NO_LINE, where.get("ob", "")), len(functions)
                )
            if pending is None or callee is None:
                own = body.self_cost.setdefault(function, [0.0] * len(costs))
                body.self_cost[function] = [a + b for a, b in zip(own, costs, strict=True)]
            else:
                arc = body.arcs.setdefault((function, callee), [0.0] * (len(costs) + 1))
                body.arcs[function, callee] = [a + b for a, b in zip(arc, [pending, *costs], strict=True)]
                body.self_cost.setdefault(function, [0.0] * len(costs))
                where.pop("cfl", None)
                where.pop("cob", None)
            pending = None
            continue
        key, sign, value = line.partition(b"=")
        word = key.decode("ascii", "replace")
        if sign and word in _KIND:
            kind = _KIND[word]
            value = value.lstrip(b" \t")
            name = text_of(value)
            if value.startswith(b"(") and value[1:2].isdigit() and b")" in value:
                ident, _, rest = value.partition(b")")
                if rest.strip():
                    names[kind, ident] = text_of(rest.lstrip())
                name = names.get((kind, ident), text_of(ident + b")"))
            if word == "fl":
                own_file = where["fl"] = name
            elif word in ("fi", "fe"):
                where["fl"] = name
            elif word in ("cfl", "cfi"):
                where["cfl"] = name
            elif word in ("ob", "cob"):
                where[word] = name
            elif word == "fn":
                if own_file is not None:
                    where["fl"] = own_file
                function = functions.setdefault(
                    (name, where.get("fl", ""), NO_LINE, where.get("ob", "")), len(functions)
                )
                pending, jumping = None, False
            elif word == "cfn":
                cfile, cob = where.get("cfl", where.get("fl", "")), where.get("cob", where.get("ob", ""))
                callee = functions.setdefault((name, cfile, NO_LINE, cob), len(functions))
        elif sign and word == "calls":
            pending = _number(value.split()[0]) if value.split() else 0.0
        elif sign and word in ("jump", "jcnd"):
            jumping = True
        else:
            key, colon, value = line.partition(b":")
            if not colon:
                continue
            if body is not None and key in STARTS_PART:
                header, body, function, callee, own_file = header.next_part(), None, None, None, None
                names.clear()
                where.clear()
            header = header.having(key, value, number)
    if not bodies:
        if header.events is None:
            raise Malformed("there is no 'events:' line, so no cost has a meaning")
        bodies.append(_Body(header))
    return bodies


def _number(word: bytes) -> float:
    try:
        return float(int(word, 16)) if word[:2].lower() == b"0x" else float(word)
    except ValueError:
        return 0.0
