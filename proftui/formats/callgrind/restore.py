"""Putting back what `# proftui:` comment lines say about a callgrind file that proftui wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from proftui.formats.callgrind.comments import COLUMNS, PREFIX, VERSION, check, file_order, predicted, read_column
from proftui.formats.callgrind.event_lines import metric_from
from proftui.formats.callgrind.naming import UNKNOWN, Written, identity
from proftui.formats.callgrind.shown import Shown
from proftui.model import CallGraph, Floats, Functions, Ids, Part, PartKind, Profile
from proftui.model.combine import reordered
from proftui.model.profile import Kind

EDITED = "comments of proftui's export do not fit the numbers (was the file edited?): they are ignored"


def restore(profile: Profile, comments: Sequence[bytes]) -> Profile:
    """`profile`, as its lines say, with what the comment lines of its file add; a note where they do not fit.

    Function ids, the order of arcs and costs by line stay as they are.
    """
    if not comments:
        return profile
    try:
        return _restored(profile, [line.removeprefix(PREFIX).strip() for line in comments])
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, RecursionError):
        return replace(profile, notes=(*profile.notes, EDITED))


def _restored(profile: Profile, comments: Sequence[bytes]) -> Profile:
    about: dict[str, Any] = json.loads(comments[0])
    if about["version"] != VERSION:
        raise ValueError("comments of another version")
    if len(profile.parts) != 1:
        raise ValueError("comments are on one part")
    entries: dict[str, list[bytes]] = {}
    for line in comments[1:]:
        word, _, rest = line.partition(b" ")
        entries.setdefault(word.decode("ascii"), []).append(rest)

    part = profile.parts[0]
    names = _names(profile.functions)
    touched = [names[function] for function in part.graph.function.tolist()]
    order = file_order(touched)
    rows = _rows(about, profile, part)
    graph = _of_metrics(reordered(part.graph, order), rows)
    stored = np.array([row for row, metric in enumerate(about["metrics"]) if not metric["computed"]], np.int32)
    stated = _stated(about, graph, [touched[at] for at in order.tolist()], stored)
    restored = _graph(about, graph, _columns(about, stated, entries), stored)

    functions = _functions(profile.functions, names, about, entries.get("function", []), graph.function)
    origin = replace(
        profile.origin,
        kind=_one_of(about["kind"], get_args(Kind)),
        creator=_text(about["creator"]) or profile.origin.creator,
        command=_text(about["command"]),
    )
    part = replace(
        part,
        graph=reordered(restored, np.argsort(restored.function).astype(np.int32)),
        metrics=tuple(range(len(rows))),
        label=_text(about["label"]) or part.label,
        kind=_one_of(about["part"], get_args(PartKind)),
        pid=_number(about["pid"]),
        tid=_number(about["tid"]),
        lines=part.lines and replace(part.lines, cost=part.lines.cost[rows], site_cost=part.lines.site_cost[rows]),
    )
    metrics = tuple(metric_from(metric) for metric in about["metrics"])
    return replace(profile, origin=origin, metrics=metrics, functions=functions, parts=(part,))


def _names(functions: Functions) -> list[Written]:
    """The functions' names as the file has them."""
    return [
        Written(file or UNKNOWN, named or UNKNOWN, name or UNKNOWN)
        for name, file, _, named in functions.identities()
    ]  # fmt: skip


def _rows(about: Mapping[str, Any], profile: Profile, part: Part) -> list[int]:
    """The rows of the part's tables that hold the metrics which the comments name."""
    names = [profile.metrics[metric].name for metric in part.metrics]
    rows = [names.index(metric["event"]) for metric in about["metrics"]]
    if len(set(rows)) != len(names):
        raise ValueError("other events than written")
    return rows


def _of_metrics(graph: CallGraph, rows: Sequence[int]) -> CallGraph:
    low = graph.inclusive_low
    return replace(
        graph,
        self_cost=graph.self_cost[rows],
        inclusive=graph.inclusive[rows],
        inclusive_low=None if low is None else low[rows],
        arc_cost=graph.arc_cost[rows],
    )


def _stated(about: Mapping[str, Any], graph: CallGraph, names: Sequence[Written], stored: Ids) -> Shown:
    """What the lines state; raises ValueError when that is not what was written."""
    calls = np.zeros(graph.arcs) if graph.arc_calls is None else graph.arc_calls
    stated = Shown(graph.self_cost[stored], graph.caller, graph.callee, graph.arc_cost[stored], calls)
    written = (about["functions"], about["arcs"], about["check"])
    if (len(graph), graph.arcs, check(stated, names)) != written:
        raise ValueError("other numbers than written")
    return stated


def _columns(
    about: Mapping[str, Any], stated: Shown, entries: Mapping[str, Sequence[bytes]]
) -> dict[str, Floats | None]:
    """Each column of the part's graph, None where it had none."""
    known: dict[str, Floats | None] = {}
    for column in COLUMNS:
        there = column in about["columns"]
        known[column] = read_column(entries.get(column, []), predicted(column, stated, known)) if there else None
    return known


def _graph(about: Mapping[str, Any], graph: CallGraph, known: Mapping[str, Floats | None], stored: Ids) -> CallGraph:
    """`graph` with the columns that are known; those of costs hold the rows `stored`, the others are computed."""
    own, arc_self, cost, inclusive = (known[column] for column in ("self_cost", "arc_self", "arc_cost", "inclusive"))
    counted = replace(
        graph,
        calls=known["calls"],
        primitive_calls=known["primitive_calls"],
        arc_calls=known["arc_calls"],
        arc_primitive_calls=known["arc_primitive_calls"],
        arc_self=arc_self if len(stored) == len(graph.self_cost) else None,
    )
    if own is None or cost is None or inclusive is None:
        raise ValueError("a column is missing")
    if not about["derived"]:
        if len(stored) < len(graph.self_cost):
            raise ValueError("a measured graph with computed metrics")
        return replace(counted, self_cost=own, arc_cost=cost, inclusive=inclusive, inclusive_low=None, derived=False)
    if np.array_equal(own, graph.self_cost[stored]) and np.array_equal(cost, graph.arc_cost[stored]):
        return counted
    whole_own, whole_cost = graph.self_cost.copy(), graph.arc_cost.copy()
    whole_own[stored], whole_cost[stored] = own, cost
    again = CallGraph.deriving_inclusive(graph.function, whole_own, graph.caller, graph.callee, whole_cost)
    return replace(
        counted, self_cost=again.self_cost, arc_cost=again.arc_cost,
        inclusive=again.inclusive, inclusive_low=again.inclusive_low,
    )  # fmt: skip


def _functions(
    functions: Functions, names: Sequence[Written], about: Mapping[str, Any], renamed: Sequence[bytes], place: Ids
) -> Functions:
    """The functions as they were before they were named for the file; place[k] is the k-th of the file."""
    implied = bool(about["modules_implied"])
    identities = [identity(name, modules_implied=implied) for name in names]
    for line in renamed:
        at, _, stated = line.partition(b" ")
        name, file, number, named = json.loads(stated)
        identities[place[int(at)]] = _text(name), _text(file), int(number), _text(named)
    if len(set(identities)) < len(functions):
        raise ValueError("two functions of one identity")
    return Functions.of(identities)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _one_of(value: Any, words: tuple[Any, ...]) -> Any:
    if value not in words:
        raise ValueError("an unknown word")
    return value
