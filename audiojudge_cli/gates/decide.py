"""From an estimate to a verdict: pass, fail or not enough data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from audiojudge_cli.gates.outcome import GateVerdict, Ruling
from audiojudge_cli.gates.rules import Rule
from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.stats.holm import holm
from audiojudge_cli.stats.paired import clusters_needed, detectable
from audiojudge_cli.text.counted import counted

LEVEL = 0.95


@dataclass(frozen=True)
class Finding:
    """What was measured for a rule.

    Attributes:
        rule: The rule.
        estimate: Its figure.
        unit: What the figure is over: `clips`, `items`, `pairs`.
        lack: Why there is not enough data whatever the figure says, or None.
        told: What else there is to say; may be empty.
        cluster: What is independent of each other: `captions`; `clips` where nothing was told to the generator.
    """

    rule: Rule
    estimate: Estimate
    unit: str
    lack: str | None = None
    told: str = ""
    cluster: str = "captions"


def rule_on(findings: Sequence[Finding]) -> list[Ruling]:
    """Return the rulings, in order.

    A rule with a confidence passes when the whole interval lies on the right side of its threshold, fails when it lies
    on the wrong side, and is undecided in between; Holm's correction makes all these claims hold together.
    """
    confident = [finding for finding in findings if finding.rule.expression.level is not None]
    adjusted = iter(holm([2 * min(_p_values(finding)) for finding in confident]))
    return [
        _plain(finding)
        if finding.rule.expression.level is None
        else _confident(finding, next(adjusted), len(confident))
        for finding in findings
    ]


def _p_values(finding: Finding) -> tuple[float, float]:
    """Return the p-values of the claims that the rule holds, and that it does not."""
    rule, found = finding.rule.expression, finding.estimate
    above, below = found.p_not_above(rule.threshold), found.p_not_below(rule.threshold)
    return (above, below) if rule.wants_more else (below, above)


def _plain(finding: Finding) -> Ruling:
    value, rule = finding.estimate.value, finding.rule.expression
    lack = finding.lack or _too_few(finding)
    if lack or value is None:
        return _ruling(finding, "not-enough-data", lack or f"there are no {finding.unit} to take it over")
    verdict: GateVerdict = "pass" if rule.holds(value) else "fail"
    return _ruling(finding, verdict, _over(finding))


def _confident(finding: Finding, p_value: float, family: int) -> Ruling:
    value, rule = finding.estimate.value, finding.rule.expression
    alpha = 1 - (rule.level or LEVEL)
    smallest = detectable(finding.estimate.error, finding.estimate.clusters, alpha / family)
    lack = finding.lack or _too_few(finding)
    if lack or value is None:
        reason = lack or f"there are no {finding.unit} to take it over"
        return _ruling(finding, "not-enough-data", reason, p_value, smallest)
    holds, misses = _p_values(finding)
    if p_value <= alpha + 1e-12:
        verdict: GateVerdict = "pass" if holds < misses and rule.holds(value) else "fail"
        return _ruling(finding, verdict, _over(finding), p_value, smallest)
    return _ruling(finding, "not-enough-data", _undecided(finding, alpha / family, smallest), p_value, smallest)


def _undecided(finding: Finding, alpha: float, smallest: float | None) -> str:
    needed, clusters = clusters_needed(alpha), finding.estimate.clusters
    if clusters < needed:
        return f"{_over(finding)}: no test is that sure with fewer than {needed} {finding.cluster}"
    if smallest is None:
        return f"{_over(finding)} all agree, which says little about {finding.cluster} not tried; try more"
    distance = abs((finding.estimate.value or 0.0) - finding.rule.expression.threshold)
    return (
        f"{_over(finding)} show a distance of {smallest:.3f} from the threshold in four cases of five; "
        f"this is {distance:.3f}"
    )


def _too_few(finding: Finding) -> str | None:
    least, found = finding.rule.min_clips, finding.estimate
    # Nothing counted is a count all the same; more than one clip was asked for by a person.
    few = found.units < least and not (least == 1 and found.value is not None)
    return f"{_units(finding)}, the rule asks for {least}" if few else None


def _units(finding: Finding) -> str:
    return counted(finding.estimate.units, finding.unit.removesuffix("s"))


def _over(finding: Finding) -> str:
    found = finding.estimate
    captions = f" of {counted(found.clusters, 'caption')}" if found.clusters and finding.cluster == "captions" else ""
    return f"{_units(finding)}{captions}" + (f", {finding.told}" if finding.told else "")


def _ruling(
    finding: Finding,
    verdict: GateVerdict,
    reason: str,
    p_value: float | None = None,
    smallest: float | None = None,
) -> Ruling:
    found, rule = finding.estimate, finding.rule.expression
    low, high = found.interval(LEVEL if rule.level is None else rule.level) or (None, None)
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        low, high = None, None  # so few clips say nothing about one end of a figure without bounds
    return Ruling(finding.rule, verdict, found.value, low, high, found.units, found.clusters, p_value, smallest, reason)
