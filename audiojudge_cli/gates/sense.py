"""Refuse rules that read well and guard nothing: a threshold that every run meets is a mistake, not a rule."""

from __future__ import annotations

import math

from audiojudge_cli.gates.expression import Expression
from audiojudge_cli.gates.figures import STATUSES
from audiojudge_cli.text.nearest import nearest

MIN_LEVEL = 0.5


def check_sense(rule: Expression) -> str | None:
    """Return what is wrong with a rule as the end of a sentence, or None."""
    checks = (_confidence, _counting, _rows, _statuses, _direction, _range)
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
    if rule.figure.lower_is_better and rule.wants_more:
        return f"{rule.figure.name} is bounded from above: use <="
    return None


def _range(rule: Expression) -> str | None:
    low, high = (0.0, math.inf) if rule.figure.is_count else (-1.0, 1.0) if rule.regression else (0.0, 1.0)
    if not low <= rule.threshold <= high:
        between = "0 or more" if rule.figure.is_count else f"from {low:g} to {high:g}"
        return f"{rule.subject} is {between}, so {rule.threshold:g} makes no rule (80% is 0.8)"
    always = {">=": low, "<=": high}.get(rule.operator)
    if always is not None and rule.threshold == always:
        return f"{rule.subject} {rule.operator} {rule.threshold:g} is always true"
    never = {">": high, "<": low}.get(rule.operator)
    return f"{rule.subject} {rule.operator} {rule.threshold:g} is never true" if rule.threshold == never else None
