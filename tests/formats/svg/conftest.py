"""Flame graphs drawn on the spot, as flamegraph.pl and inferno draw them, and what a profile says in their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pytest

from proftui.formats import load
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "svg"

Stacks = dict[tuple[str, ...], int]
Read = Callable[["bytes | str"], Profile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The profile in a file whose name says nothing."""

    def reading(content: bytes | str) -> Profile:
        path = tmp_path / "unknown"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(path)

    return reading


def stacks(profile: Profile, number: int = 0) -> Stacks:
    """The stacks of a part that cost something."""
    tree = profile.parts[number].tree
    assert tree is not None
    paths: list[tuple[str, ...]] = []
    for function, parent in zip(tree.function.tolist(), tree.parent.tolist(), strict=True):
        paths.append(((*paths[parent],) if parent >= 0 else ()) + (profile.functions.name[function],))
    assert len(set(paths)) == len(paths)
    return {paths[row]: int(tree.self_cost[0, row]) for row in np.flatnonzero(tree.self_cost[0]).tolist()}


def frames(counted: Stacks) -> Counter[tuple[str, ...]]:
    """What each context counts, callees included."""
    whole: Counter[tuple[str, ...]] = Counter()
    for stack, count in counted.items():
        for depth in range(len(stack) + 1):
            whole[stack[:depth]] += count
    return whole


def drawn(counted: Stacks, *, inverted: bool = False, inferno: bool = False, word: str = "samples") -> str:
    """The picture that flamegraph.pl or inferno draws of stacks."""
    whole = frames(counted)
    total, deepest = whole[()], max(map(len, whole))
    start: dict[tuple[str, ...], int] = {(): 0}
    vacant: Counter[tuple[str, ...]] = Counter()
    for context in sorted(whole):
        if context:
            above = context[:-1]
            start[context] = start[above] + vacant[above]
            vacant[above] += whole[context]
    boxes = []
    for context in sorted(whole, key=hash):  # no order at all, as of Perl's hashes
        y = 16 * (len(context) if inverted else deepest - len(context))
        count, left = whole[context], start[context]
        if inferno:
            place = f'x="{100 * left / total:.4f}%" width="{100 * count / total:.4f}%" fg:x="{left}" fg:w="{count}"'
        else:
            x, end = (round(10 + 1180 * at / total, 1) for at in (left, left + count))
            place = f'x="{x:.1f}" width="{end - x:.1f}"'
        name = escape(context[-1]) if context else "all"
        share = f"{100 * count / total:.2f}%" if context else "100%"
        boxes.append(f'<g><title>{name} ({count:,} {word}, {share})</title><rect y="{y}" height="15" {place}/></g>')
    xmlns = 'xmlns="http://www.w3.org/2000/svg" xmlns:fg="http://github.com/jonhoo/inferno"'
    return f'<?xml version="1.0"?><svg {xmlns}>{"".join(boxes)}</svg>'
