"""What stands out in a profile and can be proven from it: rules are data, detection is pure functions."""

from __future__ import annotations

from proftui.analysis.filters.my_code import AS_PATHS_TELL, MyCode
from proftui.analysis.findings.detectors import detect
from proftui.analysis.findings.directory import Directory
from proftui.analysis.findings.evidence import Amount, Evidence
from proftui.analysis.findings.finding import MODULE, Finding, name_of
from proftui.analysis.findings.overlap import told_once
from proftui.analysis.findings.rules import MOST, RULES, Detector, Rule
from proftui.analysis.scope import Scope

__all__ = ["MODULE", "RULES", "Amount", "Finding", "Rule", "find", "name_of"]

LEAST = {"seconds": 1e6, "samples": 10.0}
"""What is less than a millisecond, or than ten samples, is not worth a sentence. Of other units nothing is said."""

_SAME_FUNCTION: dict[Detector, int] = {"recursion": 1, "explosion": 2}
"""The detectors that may come upon a function that other findings are about, the more telling first."""


def find(scope: Scope, metric: int, rules: MyCode = AS_PATHS_TELL, most: int = MOST) -> tuple[Finding, ...]:
    """What the rules find: the costliest first, then what is mostly part of another finding."""
    measured = scope.metrics[metric]
    if measured.signed or measured.unit.name not in LEAST:
        return ()
    evidence = Evidence(scope, metric, rules)
    least = LEAST[measured.unit.name]
    if not evidence.total >= least:
        return ()
    directory = Directory.of(scope.graph, scope.functions, [target for rule in RULES for target in rule.targets])
    found = [finding for rule in RULES for finding in detect(rule, evidence, directory) if finding.cost.low >= least]
    return told_once(_without_repetition(found), evidence, most)


def _without_repetition(found: list[Finding]) -> list[Finding]:
    """A function is told of once: what is known of it beats that it recurs, and that beats that it is called often."""
    told: set[int] = set()
    kept = []
    for finding in sorted(found, key=lambda finding: _SAME_FUNCTION.get(finding.rule.detector, 0)):
        rows = set(finding.rows.tolist())
        if finding.rule.detector not in _SAME_FUNCTION or not rows <= told:
            kept.append(finding)
        told |= rows
    return kept
