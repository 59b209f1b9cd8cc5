"""Counts are facts: nothing counted is 0; limits on what could not be judged give way to rules about it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.gates.figures import COUNTS, STATUSES
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.verdict import Fault
from audiojudge_cli.results.write import write_json
from audiojudge_cli.text.jsonl import dump_line

KINDS: dict[str, dict[str, Any]] = {
    "ok": {"answers": [0.9], "metadata": {"model": "v1"}},
    "partial": {"answers": [0.9, None], "metadata": {"model": "v1"}},
    "unverifiable": {"answers": [None], "metadata": {"model": "v1"}},
    "error": {"error": "not-audio", "answers": [0.9], "metadata": {"model": "v1"}},
}
# What limits of their own say about errors and coverage is not the matter here.
LENIENT: dict[str, Any] = {"max_errors": 1.0, "min_coverage": 0.0}
FILTERS = ["", "model=v1", "subset=sound", "language=en"]
STRICT = {"preset": {"options": {"require": {"coverage": 0.7, "errors": 0.0}}}, "exit_code": 3, "reason": "too much"}


def with_fault(folder: Path, number: int = 0) -> Path:
    """Turn the first item of a clip into a fault, in all files."""
    records = list(read_records(folder))
    items = records[number].items
    fault = Fault("KeyError", "'instrument'")
    changed = replace(items[0], p_yes=None, answer="unverifiable", fault=fault)
    answers = [item.p_yes for item in items[1:] if item.p_yes is not None]
    assert answers, "the clip keeps an answer"
    records[number] = replace(
        records[number],
        items=(changed, *items[1:]),
        status="partial",
        score=round(sum(answers) / len(answers), 4),
        decision=Rule().decide(answers),
        coverage=round(len(answers) / len(items), 4),
    )
    tally = Tally(JudgeRef("test", "j1"), Rule())
    for record in records:
        tally.add(record)
    (folder / "records.jsonl").write_text("".join(dump_line(record.to_dict()) for record in records))
    write_json(folder / "summary.json", tally.summary())
    return folder


@pytest.mark.parametrize("absent", STATUSES)
@pytest.mark.parametrize("condition", FILTERS)
def test_no_clip_of_a_status_is_none_of_them(make_run, verdicts, absent, condition):
    folder = make_run([{**row, "subset": "sound"} for kind, row in KINDS.items() if kind != absent])
    inside = ", ".join(part for part in (condition, f"status={absent}") if part)
    rules = [f"count[{inside}] == 0", f"count[{inside}] <= 2", f"count[{inside}] < 1"]
    rules += [rule.replace(f"[{inside}]", f".{absent}[{condition}]" if condition else f".{absent}") for rule in rules]
    if condition != "language=en" or absent != "error":
        assert verdicts(folder, *rules, **LENIENT) == ["pass"] * 6
        assert verdicts(folder, f"count[{inside}] >= 1", **LENIENT) == ["fail"]
    assert verdicts(folder, f"count[status={absent}] == 0", **LENIENT) == ["pass"]


def test_every_count_of_every_status_is_what_the_records_say(make_run, verdicts):
    folder = make_run([row for kind, row in KINDS.items() for _ in range(STATUSES.index(kind) + 1)])
    for status, figure in itertools.product(STATUSES, COUNTS):
        if figure in {"count.captions", "count.broken"}:
            continue
        scored = {"ok", "partial"} if figure == "count.scored" else {status, figure.partition(".")[2]}
        same = status in scored and (figure in {"count", "count.scored"} or figure == f"count.{status}")
        number = STATUSES.index(status) + 1 if same else 0
        assert verdicts(folder, f"{figure}[status={status}] == {number}", **LENIENT) == ["pass"], (status, figure)


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("count[subset=music] == 0", "pass"),
        ("count.error[subset=music] == 0", "pass"),
        ("count[subset=unknown] <= 0", "pass"),
        ("count[dimension=tempo] == 0", "pass"),
        ("dimension.tempo.count < 1", "pass"),
        ("faults[dimension=tempo] == 0", "pass"),
        ("count[dimension=tempo] <= 5", "not-enough-data"),
        ("count[subset=music] <= 5", "not-enough-data"),
        ("count[subset=musik] == 0", "not-enough-data"),
        ("count[model=v9] == 0", "not-enough-data"),
        ("count[subset=music] >= 1", "not-enough-data"),
    ],
)
def test_what_may_be_misspelt_is_not_enough_data(make_run, verdicts, rule, verdict):
    folder = make_run([{**KINDS["ok"], "subset": "sound"}] * 3)
    assert verdicts(folder, rule) == [verdict]


@pytest.mark.parametrize("rule", ["count[status=eror] == 0", "count[status=eror, subset=sound] <= 2"])
def test_a_status_that_is_none_is_refused(rule):
    with pytest.raises(InputError, match=r"no clip has the status 'eror' .did you mean 'error'"):
        RuleSet.of([rule])


def test_faults_are_counted_and_gated(make_run, verdicts):
    folder = make_run([{"answers": [0.9, 0.9], "dimensions": ["tempo", "key"]}] * 4)
    rules = ("faults == 0", "faults[dimension=tempo] == 0", "faults[dimension=key] == 0", "dimension.tempo.faults <= 0")
    assert verdicts(folder, *rules) == ["pass"] * 4
    with_fault(folder)
    assert verdicts(folder, *rules) == ["fail", "fail", "pass", "fail"]
    assert verdicts(folder, "faults <= 1", "faults[status=partial] == 1") == ["pass", "pass"]
    assert "items with a fault: 1" in evaluate(folder, RuleSet.of(["faults == 0"])).notes


RULES_ON_ERRORS = ["error_rate <= 0.02", "count.error <= 2", "count[status=error] <= 2", "count.error < 3"]


@pytest.mark.parametrize("rule", RULES_ON_ERRORS)
def test_a_rule_about_errors_decides_where_the_run_allowed_none(make_run, rule):
    good, bad = [{"answers": [0.9]}] * 240, [{"error": "not-audio"}]
    result = evaluate(make_run(good + bad * 2, info=STRICT), RuleSet.of([rule, "score.mean >= 0.5"]))
    assert (result.verdict, result.exit_code, result.shortage) == ("pass", 0, None)
    assert "clips that could not be judged: 2" in result.notes
    result = evaluate(make_run(good + bad * 9, info=STRICT), RuleSet.of([rule, "score.mean >= 0.5"]))
    assert (result.verdict, result.exit_code, result.shortage) == ("fail", 1, None)


@pytest.mark.parametrize(
    "rule",
    [
        *("score.mean >= 0.5", "count.error >= 1", "count.error <= 500", "error_rate[subset=sound] <= 0.5"),
        *("count.error[language=en] <= 2", "coverage >= 0.1", "count.broken <= 5", "faults == 0"),
    ],
)
def test_any_other_rule_leaves_the_limit_standing(make_run, rule):
    rows = [{"answers": [0.9], "subset": "sound"}] * 240 + [{"error": "not-audio"}] * 2
    result = evaluate(make_run(rows, info=STRICT), RuleSet.of([rule]))
    assert result.exit_code == 3
    assert result.shortage is not None
    assert result.shortage.startswith("2 of 242 clips could not be judged")


@pytest.mark.parametrize(
    ("rule", "code"), [("count.broken <= 1", 0), ("count.broken == 0", 1), ("error_rate <= 0.1", 3)]
)
def test_rows_that_are_no_clip_have_a_rule_of_their_own(make_run, rule, code):
    folder = make_run([{"answers": [0.9]}] * 9, info={**STRICT, "counts": {"rows": 10, "broken": 1}})
    result = evaluate(folder, RuleSet.of([rule]))
    assert result.exit_code == code
    assert "rows of the manifest that are no clip: 1" in result.notes


@pytest.mark.parametrize(("rule", "code"), [("coverage >= 0.3", 0), ("coverage >= 0.6", 1), ("score.mean >= 0.1", 3)])
def test_so_has_coverage(make_run, rule, code):
    assert evaluate(make_run([{"answers": [0.9, None]}] * 9, info=STRICT), RuleSet.of([rule])).exit_code == code


def test_a_warning_decides_nothing(make_run, tmp_path):
    from audiojudge_cli.gates.rule_file import read_rules

    (tmp_path / "r.yaml").write_text("[count >= 1, {require: error_rate <= 0.9, severity: warn}]\n")
    folder = make_run([{"answers": [0.9]}] * 9 + [{"error": "x"}], info=STRICT)
    assert evaluate(folder, read_rules(tmp_path / "r.yaml")).exit_code == 3


def test_an_exit_code_3_that_nothing_explains_stays(make_run):
    folder = make_run([{"answers": [0.9]}] * 9, info={"exit_code": 3, "reason": "more than 5 clips failed"})
    result = evaluate(folder, RuleSet.of(["error_rate <= 0.5", "coverage >= 0.1", "count.broken <= 9"]))
    assert result.exit_code == 3
    assert "more than 5 clips failed" in str(result.shortage)


def test_a_comparison_tells_what_could_not_be_judged(make_run):
    rows = [{"answers": [0.9]}] * 9
    found = compare(make_run(rows, "old"), make_run([*rows[:8], {"error": "x"}], "new", info=STRICT))
    assert found.notes == ("new run, clips that could not be judged: 1",)
    json.dumps(found.notes)
