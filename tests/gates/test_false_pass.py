"""Every known way to a false pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.errors import AudiojudgeError, InputError, NotJudgedError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.results.rule import Rule


def rows(scores: Any, **fields: Any) -> list[dict[str, Any]]:
    return [{"answers": [score], **fields} for score in scores]


GOOD = rows([0.9] * 10)


def nothing_judged(make_run):
    return make_run([])


def all_errors(make_run):
    return make_run([{"error": "not-audio"}] * 3)


def coverage_zero(make_run):
    return make_run([{"answers": [None, None]}] * 3)


def interrupted(make_run):
    return make_run(GOOD, pending=5, info={"state": "interrupted"})


def still_running(make_run):
    return make_run(GOOD, info={"state": "running"})


def pending(make_run):
    return make_run(GOOD, pending=5)


def not_judged_enough(make_run):
    return make_run(GOOD, info={"exit_code": 3, "reason": "too few"})


def many_errors(make_run):
    return make_run([*GOOD, *[{"error": "not-audio", "answers": [0.0]}] * 3])


def little_coverage(make_run):
    return make_run([{"answers": [0.9, None, None]}] * 5)


@pytest.mark.parametrize(
    "make",
    [
        *(nothing_judged, all_errors, coverage_zero, interrupted, still_running, pending),
        *(not_judged_enough, many_errors, little_coverage),
    ],
)
@pytest.mark.parametrize(
    "text", ["score.mean >= 0.1", "count.error <= 50", "regression.score.mean <= 0.5", "count.scored < 99"]
)
def test_a_run_that_judged_too_little_never_passes(make_run, make, text):
    baseline = make_run(GOOD, "baseline")
    try:
        code = evaluate(make(make_run), RuleSet.of([text]), baseline).exit_code
    except NotJudgedError as error:
        code = error.exit_code
    assert code == 3


def test_a_baseline_that_judged_nothing_never_passes(make_run):
    with pytest.raises(NotJudgedError):
        evaluate(make_run(GOOD), RuleSet.of(["regression.score.mean <= 0.5"]), make_run([], "baseline"))


def edit(folder: Path, change: Any) -> Path:
    path = folder / "records.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[0].update(score=float("nan")),
        lambda lines: lines[0].update(score=float("inf")),
        lambda lines: lines[0].update(score=1.5),
        lambda lines: lines[0].update(score="0.9"),
        lambda lines: lines[0].update(score=True),
        lambda lines: lines[0].update(score=None),
        lambda lines: lines[0].update(status="error"),
        lambda lines: lines[0].update(status="fine"),
        lambda lines: lines[0].update(coverage=float("nan")),
        lambda lines: lines[0]["items"][0].update(p_yes=float("nan")),
        lambda lines: lines[0]["items"][0].update(p_yes=-0.1),
        lambda lines: lines[0]["items"][0].update(p_yes=None),
        lambda lines: lines[0]["decision"].update(match=None),
        lambda lines: lines[0]["judge"].update(fingerprint="other"),
        lambda lines: lines[0]["decision"].update(threshold=0.1),
        lambda lines: lines[0].update(schema="audiojudge.record/9"),
        lambda lines: lines.pop(),
        lambda lines: lines.append({**lines[0], "id": "extra"}),
        lambda lines: lines.append({"not": "a record"}),
    ],
)
def test_a_tampered_journal_never_passes(make_run, change):
    folder = edit(make_run(GOOD), change)
    with pytest.raises(InputError):
        evaluate(folder, RuleSet.of(["score.mean >= 0.1"]))


@pytest.mark.parametrize("name", ["records.jsonl", "summary.json", "run.json"])
def test_a_folder_without_its_files_never_passes(make_run, name):
    folder = make_run(GOOD)
    (folder / name).unlink()
    with pytest.raises(InputError):
        evaluate(folder, RuleSet.of(["score.mean >= 0.1"]))


def test_a_torn_last_line_never_passes(make_run):
    path = make_run(GOOD) / "records.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"9 clips and summary\.json 10"):
        evaluate(path.parent, RuleSet.of(["score.mean >= 0.1"]))


def test_no_rules_never_pass():
    with pytest.raises(InputError, match="no gate rules"):
        RuleSet.of([])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("score.mean[model=v1] >= 0.1", "no metadata column 'model'"),
        ("score.mean[subsett=sound] >= 0.1", "did you mean 'subset'"),
        ("dimension.tempoo.mean >= 0.1", "did you mean 'tempo'"),
        ("count.error[model=v1] <= 5", "no metadata column 'model'"),
    ],
)
def test_a_name_that_the_run_does_not_have_is_refused(make_run, text, says):
    with pytest.raises(InputError, match=says):
        evaluate(make_run(GOOD), RuleSet.of([text]))


@pytest.mark.parametrize(
    "text",
    [
        "dimension.tempo.mean >= 0.1",
        "dimension.tempo.coverage >= 0.1",
        "dimension.tempo.count < 5",
        "score.mean[subset=musik] >= 0.1",
        "error_rate[subset=musik] <= 0.5",
        "count.error[subset=musik] == 0",
        "score.mean[subset=musik] >= 0.1 at 95%",
        "regression.score.mean[subset=musik] <= 0.5 at 95%",
        "regression.dimension.tempo.mean <= 0.5",
        "score.mean[language=en, status=error] >= 0.1",
    ],
)
def test_a_rule_over_nothing_is_not_enough_data(make_run, text):
    result = evaluate(make_run(GOOD), RuleSet.of([text]), make_run(GOOD, "old"))
    assert [ruling.verdict for ruling in result.rulings] == ["not-enough-data"]
    assert result.exit_code == 1


def test_warnings_alone_that_found_nothing_do_not_pass(make_run, tmp_path):
    from audiojudge_cli.gates.rule_file import read_rules

    file = tmp_path / "rules.yaml"
    file.write_text("- {require: 'score.mean[subset=musik] >= 0.1', severity: warn}\n")
    result = evaluate(make_run(GOOD), read_rules(file))
    assert (result.verdict, result.exit_code) == ("not-enough-data", 1)


@pytest.mark.parametrize("options", [{"judge": "j2"}, {"rule": Rule(1.0, 0.0, 0.5)}, {"rule": Rule(0.5, 0.5, 0.1)}])
def test_a_baseline_of_another_judge_rubric_or_decision_is_refused(make_run, options):
    old, new = make_run(GOOD, "old", **options), make_run(GOOD, "new")
    for rule in ("regression.score.mean <= 0.5", "score.mean >= 0.1"):
        with pytest.raises(InputError, match="another"):
            evaluate(new, RuleSet.of([rule]), old)


@pytest.mark.parametrize("field", ["questions", "dimensions"])
def test_rubrics_of_another_maker_that_differ_are_refused(make_run, field):
    other = [*GOOD[:-1], {**GOOD[-1], field: ["tempo"]}]
    old, new = make_run(other, "old", expander="e2"), make_run(GOOD, "new")
    for rule in ("regression.score.mean <= 0.5", "score.mean >= 0.1"):
        with pytest.raises(InputError, match=r"1 of 10 clips have another rubric .*rules e2.*rules e1"):
            evaluate(new, RuleSet.of([rule]), old)


def test_rubrics_of_another_maker_that_ask_the_same_compare(make_run):
    old = make_run(GOOD, "old", expander="e2")
    assert evaluate(make_run(GOOD), RuleSet.of(["regression.score.mean <= 0.01"]), old).passed


def test_regression_without_a_baseline_or_against_itself_is_refused(make_run):
    folder = make_run(GOOD)
    rules = RuleSet.of(["regression.score.mean <= 0.5"])
    with pytest.raises(InputError, match="--baseline"):
        evaluate(folder, rules)
    with pytest.raises(InputError, match="its own baseline"):
        evaluate(folder, rules, folder)


@pytest.mark.parametrize("value", [0, -1, 2])
def test_pass_at_must_mean_something(value):
    with pytest.raises(AudiojudgeError):
        RuleSet.of(["pass_rate >= 0.5"]).plus([], pass_at=value)
