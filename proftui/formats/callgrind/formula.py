"""Events that a dump derives from others: `event: CEst = Ir + 10 Bm + 10 L1m : Cycle Estimation`."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DESCRIPTION = re.compile(r"(?P<name>[^\s=:]+)\s*(?:=(?P<formula>[^:]*))?(?::(?P<title>.*))?")
_TERM = re.compile(r"\s*([+-]?)\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)?\s*\*?\s*([A-Za-z_][A-Za-z_0-9]*)\s*")


def described(text: str) -> tuple[str, str, str] | None:
    """Name, formula and title out of what stands behind `event:`, the last two often empty; None when it is broken."""
    match = _DESCRIPTION.fullmatch(text.strip())
    if match is None:
        return None
    return match["name"], (match["formula"] or "").strip(), (match["title"] or "").strip()


def weights(formula: str, known: Mapping[str, Mapping[str, float]]) -> dict[str, float] | None:
    """A formula as {event: factor}, with `known` derived events replaced by their own; None when it is none."""
    total: dict[str, float] = {}
    at = 0
    while at < len(formula):
        term = _TERM.match(formula, at)
        if term is None or (at and not term[1]):
            return None
        factor = float(term[2] or 1) * (-1 if term[1] == "-" else 1)
        for event, times in known.get(term[3], {term[3]: 1.0}).items():
            total[event] = total.get(event, 0.0) + factor * times
        at = term.end()
    return total or None
