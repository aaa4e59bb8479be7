"""What a summary says in sentences; all of it is safe to draw."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from proftui import units
from proftui.report.summary import Summary
from proftui.report.text import safe

if TYPE_CHECKING:
    from proftui.analysis.findings import Finding
    from proftui.model import Part

MOST_TOTALS = 3
"""How many metrics' totals are told at most."""

NO_CALLERS = "not known: what calls what is not in the profile"
"""Why there are neither inclusive costs nor a path."""


def facts(summary: Summary) -> Iterator[str]:
    """What was measured and how, in a few sentences."""
    scope, profile, origin = summary.scope, summary.scope.profile, summary.scope.profile.origin
    yield safe(f"{profile.name}: {origin.format}, {meaning(summary)}")
    totals = [
        f"{scope.metrics[index].label} {drawn}"
        for index in sorted(range(len(scope.metrics)), key=lambda index: index != summary.metric)
        if (drawn := units.draw(scope.total(index) or None, scope.metrics[index].unit))
    ]
    if len(totals) > MOST_TOTALS:
        totals[MOST_TOTALS:] = [units.counted(len(totals) - MOST_TOTALS, "more metric")]
    counted = [units.counted(len(scope.graph), "function")]
    if summary.calls is not None:
        primitive = summary.primitive_calls
        apart = f" ({units.draw(primitive, units.COUNT)} primitive)" if primitive not in (None, summary.calls) else ""
        counted.append(units.counted(summary.calls, "call") + apart)
    if summary.depth is not None:
        counted.append(f"at most {units.counted(summary.depth, 'frame')} deep")
    if len(profile.parts) > 1:
        chosen = "" if scope.parts is None else f"{len(scope.parts):,} of "
        counted.append(f"{chosen}{units.counted(len(profile.parts), 'part')}")
    if not profile.only_over_time:
        yield safe(", ".join(totals + counted))
    made = [f"command: {origin.command}"] if origin.command else []
    made += [f"by {origin.creator}"] if origin.creator else []
    if summary.written is not None:
        made.append("written " + time.strftime("%Y-%m-%d %H:%M", time.localtime(summary.written)))
    if made:
        yield safe(", ".join(made))
    for note in profile.notes[:1]:
        more = f" ({len(profile.notes) - 1:,} more)" if len(profile.notes) > 1 else ""
        yield safe(f"note: {note}{more}")


def meaning(summary: Summary) -> str:
    """How the figures came about, and what that means for them."""
    metric, profile = summary.scope.metrics[summary.metric], summary.scope.profile
    unit = metric.unit
    if profile.only_over_time:
        return "measured from time to time: what came and went in between was not seen"
    if profile.origin.kind == "sampled":
        return "sampled: costs are estimates from the stacks that were seen"
    if profile.origin.format == "importtime":
        return "traced: each import was seen; functions are modules here"
    if unit.name == "seconds" and profile.beside is not None:
        return "traced: each line was seen; short lines look dearer than they are"
    if unit.name == "seconds" and not any(map(_tells_calls, profile.parts)):
        return "timed as a whole: what ran within each row was not seen"
    if unit.name == "seconds":
        return "traced: each call was seen; tiny functions look dearer than they are"
    if unit.name == "bytes" and metric.signed:
        return "traced: memory of the process at the end of each call less that at its beginning"
    if unit.name == "bytes":
        return "traced: each allocation was seen"
    return "traced: each call was seen; costs are counted, not timed"


def _tells_calls(part: Part) -> bool:
    """Whether anything is known of which function was called, or by which."""
    return part.tree is not None or part.graph.calls is not None or len(part.graph.caller) > 0


def named(summary: Summary, function: int) -> str:
    """A function's name, of a module's own code with the module."""
    functions = summary.scope.functions
    name = functions.name[function]
    if name == "<module>":
        name += f" {functions.module_at(function) or functions.file[function]}"
    return safe(name)


def nothing_found(summary: Summary) -> str:
    """Why there are no findings."""
    metric = summary.scope.metrics[summary.metric]
    if metric.unit.name not in ("seconds", "samples"):
        return f"the rules judge time and samples, not {safe(metric.label)}"
    return "nothing that the rules know stands out"


def said(summary: Summary, finding: Finding) -> str:
    """A finding's sentence, who calls it, and which finding it is part of."""
    functions, unit = summary.scope.functions, summary.scope.metrics[summary.metric].unit
    sentence = finding.sentence(functions, unit)
    if finding.caller is not None and "{caller}" not in finding.rule.sentence and finding.caller != finding.function:
        times = "" if finding.times is None else f" ({units.counted(finding.times, 'call')})"
        sentence += f"; mostly for {named(summary, finding.caller)}{times}"
    if finding.within is not None:
        sentence += f"; part of finding {finding.within + 1}"
    return safe(sentence)
