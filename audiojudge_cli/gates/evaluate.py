"""Evaluate a gate: a run folder and rules in, a result out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from audiojudge_cli.comparing.standing import win_rate
from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.decide import Finding, rule_on
from audiojudge_cli.gates.outcome import GateResult
from audiojudge_cli.gates.pairs import Pairs, drop, moves, pair_runs
from audiojudge_cli.gates.per_value import rules_per_value
from audiojudge_cli.gates.rule_sanity import unjudged
from audiojudge_cli.gates.rules import MAX_RULES, Rule, RuleSet
from audiojudge_cli.gates.run_completeness import Completeness, check_completeness
from audiojudge_cli.gates.sample import count, estimate, units, worst
from audiojudge_cli.gates.table import Ints, RunTable, read_table
from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.text.terminal import safe_line, shown

# Clips that a rule for each names at most.
_NAMED = 3


def evaluate(run_folder: Path, rules: RuleSet, baseline: Path | None = None) -> GateResult:
    """Return what the rules say about a finished run.

    The same folders and rules give the same result: all draws are seeded and do not depend on the order of clips.

    Args:
        run_folder: The `--out` of a `score` command.
        rules: The rule set.
        baseline: The run folder that regressions are against.

    Raises:
        InputError: If a folder cannot be read, a rule names a column or dimension that the run does not have, or the
            runs do not compare (another judge, expander or decision rule).
        NotJudgedError: If a run has not finished, or nothing in it has a score.
    """
    if rules.needs_baseline and baseline is None:
        raise InputError("a rule is about regression, so the gate needs --baseline OLD_RUN")
    columns = {key for rule in rules.rules for key in rule.expression.selection.columns}
    table, whole = _read(run_folder, columns)
    pairs = pair_runs(_read(baseline, columns)[0], table) if baseline else None
    found = (finding for rule in rules.rules for finding in _find_each(rule, rules, table, pairs))
    alone = table.is_rated or not table.is_judged
    findings = [replace(finding, cluster="clips") if alone else finding for finding in found]
    if len(findings) > MAX_RULES:
        raise InputError(
            f"a gate has at most {MAX_RULES:,} rules; with one for each value of * these are {len(findings):,}"
        )
    rulings = tuple(rule_on(findings))
    return GateResult(
        run=shown(run_folder),
        baseline=shown(baseline) if baseline else None,
        rules=rules,
        rulings=rulings,
        judge=table.judges[0],
        clips=len(table),
        scored=int(table.scored.sum()),
        measured=int((table.faults >= 0).sum()),
        shortage=_shortage(table, rules, whole),
        notes=(*whole.notes, *_notes(pairs)),
    )


def _read(folder: Path, columns: set[str]) -> tuple[RunTable, Completeness]:
    table = read_table(folder, columns=columns)
    whole = check_completeness(table)
    return replace(table, broken=whole.judged.broken), whole


def _find_each(rule: Rule, rules: RuleSet, table: RunTable, pairs: Pairs | None) -> Iterator[Finding]:
    """Yield the finding of a rule; one for each value where it says so."""
    selection = rule.expression.selection
    if not selection.each:
        yield _find(rule, rules, table, pairs)
        return
    found = False
    for one in rules_per_value(rule, table, pairs.old if pairs and rule.expression.regression else None):
        found = True
        yield _find(one, rules, table, pairs)
    if not found:
        unit = "items" if selection.of_items else "clips"
        yield Finding(rule, Estimate(None, 0, 0), unit, f"no clip has a value of {' and '.join(selection.each)}")


def _find(rule: Rule, rules: RuleSet, table: RunTable, pairs: Pairs | None) -> Finding:
    expression = rule.expression
    figure, selection = expression.figure, expression.selection
    unit = "items" if selection.dimension is not None else "clips"
    if figure.system is not None:
        won = win_rate(table.folder, figure.system, dict(selection.where).get("subset", ""))
        return Finding(rule, won, "pairs", None if won.units else "no pair of it was decided")
    if not table.is_judged and (lack := unjudged(expression)):
        return Finding(rule, Estimate(None, 0, 0), unit, lack)
    if figure.is_count:
        number = count(table, expression)
        what = {"faults": "items", "count.broken": "rows"}.get(figure.name, unit)
        if figure.is_of_quality:
            what = "faults"
        return Finding(rule, Estimate(number, number or 0, 0), what)
    if expression.for_each:
        found, failing = worst(units(table, figure, selection, rules.pass_at), expression)
        lack = f"no clip has {expression.subject}" if found.value is None else None
        return Finding(rule, found, unit, lack, _failing(table, failing))
    if not expression.regression or pairs is None:
        over = estimate(units(table, figure, selection, rules.pass_at), figure)
        unknown = figure.is_of_quality and over.value is None
        return Finding(rule, over, unit, f"no clip has {expression.subject}" if unknown else None)
    moved = moves(pairs, figure, selection, rules.pass_at)
    lack = None
    if moved.share < rules.min_paired:
        lack = (
            f"only {moved.share:.0%} of the {unit} with this figure are in both runs (min_paired {rules.min_paired:g})"
        )
    return Finding(rule, drop(moved, figure), f"paired {unit}", lack)


def _failing(table: RunTable, places: Ints) -> str:
    if not len(places):
        return ""
    named = ", ".join(safe_line(table.ids[place]) for place in places[:_NAMED])
    return f"{len(places)} of them not{': ' if len(places) <= _NAMED else ', such as '}{named}"


def _shortage(table: RunTable, rules: RuleSet, whole: Completeness) -> str | None:
    """Say why the run does not count as judged; a rule of its own about the same figure takes the limit's place."""
    ruled = rules.ruled(len(table))
    judged = whole.judged
    found: dict[str, str] = {}
    if judged.errors / judged.clips > rules.max_errors:
        found["errors"] = (
            f"{judged.errors} of {judged.clips} clips could not be judged (max_errors {rules.max_errors:g})"
        )
    if table.is_judged and (judged.coverage or 0.0) < rules.min_coverage:
        coverage = f"{judged.coverage or 0.0:.0%}"
        found["coverage"] = (
            f"only {coverage} of the rubric items could be verified (min_coverage {rules.min_coverage:g})"
        )
    # What the run itself fell short of counts too, its own words first.
    found |= whole.shortages
    return next((reason for kind, reason in found.items() if kind not in ruled), None)


def _notes(pairs: Pairs | None) -> tuple[str, ...]:
    if pairs is None:
        return ()
    facts = {
        "clips only in the baseline": len(pairs.only_old),
        "clips only in the run": len(pairs.only_new),
        "clips with another caption or rubric than in the baseline": len(pairs.changed),
        "clips that lost the score they had in the baseline": _lost(pairs),
    }
    notes = [f"{what}: {number}" for what, number in facts.items() if number]
    if pairs.same_audio:
        notes.append("every paired clip is the very same audio file as in the baseline")
    return tuple(notes)


def _lost(pairs: Pairs) -> int:
    had = ~np.isnan(pairs.old.score[pairs.at_old])
    return int((had & np.isnan(pairs.new.score[pairs.at_new])).sum())
