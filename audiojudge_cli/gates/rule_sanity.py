"""Refuse rules that read well and guard nothing: a threshold that every run meets is a mistake, not a rule."""

from __future__ import annotations

import math

from audiojudge_cli.gates.expression import Expression
from audiojudge_cli.gates.figures import STATUSES
from audiojudge_cli.text.nearest import nearest

MIN_LEVEL = 0.5


def refuse_pointless(rule: Expression) -> str | None:
    """Return what is wrong with a rule as the end of a sentence, or None."""
    checks = (_confidence, _counting, _rows, _statuses, _direction, _each, _range)
    return next((problem for check in checks if (problem := check(rule))), None)


def _confidence(rule: Expression) -> str | None:
    if rule.level is not None and not MIN_LEVEL <= rule.level < 1:
        return f"a confidence lies from 50% to below 100%, this is {rule.level:.4%}"
    return None


def _counting(rule: Expression) -> str | None:
    if rule.operator == "==" and not rule.figure.is_count:
        return "== is for counts; a measured figure is hardly ever equal to a number"
    if not rule.figure.is_count:
        return None
    if rule.regression:
        return "a count has no regression; compare the figure of clips that both runs share"
    if rule.level is not None:
        return "a count is a fact, so it takes no confidence"
    return None


def _rows(rule: Expression) -> str | None:
    if rule.figure.name == "count.broken" and (rule.selection.text or rule.selection.of_items):
        return "count.broken counts rows of the manifest that are no clip, so it takes no filter"
    return None


def _statuses(rule: Expression) -> str | None:
    for key, value in rule.selection.where:
        if key == "status" and value not in STATUSES:
            return f"no clip has the status {value!r}{nearest(value, STATUSES)}; known: {', '.join(STATUSES)}"
    return None


def _direction(rule: Expression) -> str | None:
    if rule.regression and rule.wants_more:
        return "a regression is a change for the worse, so it is bounded from above: use <="
    if rule.regression and rule.figure.quality is not None and rule.figure.worse is None:
        return (
            f"neither more nor less of {rule.figure.name} is worse, so it has no regression; bound it from both sides"
        )
    # A peak may be too low as well; the other figures of which more is worse are shares of what is broken.
    if rule.figure.lower_is_better and rule.wants_more and rule.figure.bounds[0] == 0:
        return f"{rule.subject} is bounded from above: use <="
    return None


def _each(rule: Expression) -> str | None:
    if rule.for_each and rule.regression:
        return "a regression is over all clips that both runs have; for each is for a figure of the run itself"
    return None


def _range(rule: Expression) -> str | None:
    low, high = rule.figure.bounds
    if rule.regression:
        low, high = low - high, high - low
    if not low <= rule.threshold <= high:
        between = f"{low:g} or more" if math.isinf(high) else f"from {low:g} to {high:g}"
        hint = "" if rule.figure.quality else " (80% is 0.8)"
        return f"{rule.subject} is {between}, so {rule.threshold:g} makes no rule{hint}"
    always = {">=": low, "<=": high}.get(rule.operator)
    if always is not None and rule.threshold == always:
        return f"{rule.subject} {rule.operator} {rule.threshold:g} is always true"
    never = {">": high, "<": low}.get(rule.operator)
    return f"{rule.subject} {rule.operator} {rule.threshold:g} is never true" if rule.threshold == never else None


def unjudged(rule: Expression) -> str | None:
    """Return why a run that only measures cannot answer a rule, and what could; None where it can."""
    if rule.selection.of_items or rule.figure.name == "faults":
        what = "items of a dimension" if rule.selection.of_items else "faults of items"
        return f"nothing is judged here, so there are no {what}; quality.faults counts what is wrong with the files"
    if rule.figure.is_of_verdicts:
        return f"nothing is judged here, so there is no {rule.figure.name}; use score"
    return None
