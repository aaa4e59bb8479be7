"""Which functions a filter is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from proftui.analysis.filters.expressions import Condition, Figure, Operator, Text
from proftui.analysis.filters.patterns import Matcher, file_matcher, module_matcher, regex_matcher
from proftui.analysis.scope import Scope
from proftui.model import NO_FILE, Bools, Floats, Functions, Profile

_COMPARE: dict[Operator, Callable[[Floats, float], Bools]] = {
    ">": np.greater,
    ">=": np.greater_equal,
    "<": np.less,
    "<=": np.less_equal,
}


def matching(profile: Profile, condition: Condition) -> Bools:
    """F: the functions of a profile that a condition is true of; what was not measured matches nothing."""
    if isinstance(condition, Text):
        return _by_text(profile.functions, condition)
    return _by_figure(profile, condition)


@lru_cache(maxsize=32)
def _by_text(functions: Functions, text: Text) -> Bools:
    if text.field == "file":
        matches = file_matcher(text.pattern) if text.plain else regex_matcher(text.pattern)
        return _each(matches, functions.file)
    if text.field == "module":
        matches = module_matcher(text.pattern) if text.plain else regex_matcher(text.pattern)
        return _each(matches, functions.module)
    matches = regex_matcher(text.pattern)
    found = _each(matches, functions.name)
    if text.field == "":
        found |= _each(matches, functions.file) | _each(matches, functions.object)
    return found


def _each(matches: Matcher, texts: Sequence[str]) -> Bools:
    distinct = set(texts)
    answers = {text: text != NO_FILE and matches(text) for text in distinct}
    return np.fromiter(map(answers.__getitem__, texts), np.bool_, len(texts))


def _by_figure(profile: Profile, condition: Figure) -> Bools:
    found = np.zeros(len(profile.functions), np.bool_)
    scope = Scope(profile)
    graph = scope.graph
    if condition.figure == "calls":
        values, limit = graph.calls, condition.size
    else:
        metric = _metric(profile, condition)
        if metric is None:
            return found
        values = graph.self_cost[metric] if condition.figure == "self" else scope.inclusive(metric)
        limit = condition.amount / 100 * scope.total(metric) if condition.unit == "%" else condition.size
    if values is not None:
        with np.errstate(invalid="ignore"):
            found[graph.function] = _COMPARE[condition.operator](values, limit)
    return found


def _metric(profile: Profile, condition: Figure) -> int | None:
    """The first metric that can be compared with the amount, or None."""
    for index, metric in enumerate(profile.metrics):
        if condition.measure is None or metric.unit == condition.measure:
            return index
    return None
