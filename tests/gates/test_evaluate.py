"""What each rule says about prepared runs, and every known way to a false pass."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.errors import AudiojudgeError, InputError, NotJudgedError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.results.rule import Rule


def rows(scores: Any, **fields: Any) -> list[dict[str, Any]]:
    return [{"answers": [score], **fields} for score in scores]


def verdicts(folder: Path, *texts: str, baseline: Path | None = None, **options: Any) -> list[str]:
    rules = RuleSet(RuleSet.of(texts).rules, **options)
    return [ruling.verdict for ruling in evaluate(folder, rules, baseline).rulings]


MIXED = [
    {"answers": [0.9, 0.8], "subset": "speech", "dimensions": ["age", "tempo"], "metadata": {"model": "v1", "n": 1}},
    {"answers": [0.7, 0.6], "subset": "speech", "dimensions": ["age", "tempo"], "metadata": {"model": "v2", "n": 2}},
    {"answers": [0.2, None], "subset": "music", "dimensions": ["age", "tempo"], "metadata": {"model": "v2"}},
    {"answers": [None, None], "subset": "music", "dimensions": ["age", "tempo"], "language": "zh"},
    {"error": "not-audio", "answers": [0.0, 0.0], "dimensions": ["age", "tempo"], "metadata": {"model": "v2"}},
]  # scores 0.85, 0.65, 0.2, none, none


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("score.mean >= 0.5", (0.85 + 0.65 + 0.2) / 3),
        ("score.median >= 0.5", 0.65),
        ("score.p10 >= 0.5", 0.2),
        ("score.p90 >= 0.5", 0.85),
        ("pass_rate >= 0.5", 1 / 3),
        ("match_rate >= 0.5", 2 / 3),
        ("coverage >= 0.5", 5 / 10),
        ("error_rate <= 0.5", 1 / 5),
        ("count >= 1", 5),
        ("count.scored >= 1", 3),
        ("count.ok >= 1", 2),
        ("count.partial >= 1", 1),
        ("count.unverifiable >= 1", 1),
        ("count.error >= 1", 1),
        ("count.captions >= 1", 5),
        ("score.mean[subset=speech] >= 0.5", 0.75),
        ("score.mean[subset=music] >= 0.5", 0.2),
        ("coverage[subset=music] >= 0.5", 0.25),
        ("score.mean[model=v2] >= 0.5", 0.425),
        ("error_rate[model=v2] <= 0.5", 1 / 3),
        ("score.mean[n=2] >= 0.5", 0.65),
        ("score.mean[status=partial] >= 0.5", 0.2),
        ("score.mean[model=v2, subset=speech] >= 0.5", 0.65),
        ("dimension.age.mean >= 0.5", 0.6),
        ("dimension.tempo.mean >= 0.5", 0.7),
        ("dimension.tempo.coverage >= 0.5", 2 / 5),
        ("dimension.age.yes_rate >= 0.5", 2 / 3),
        ("dimension.age.pass_rate >= 0.5", 1 / 3),
        ("dimension.age.median >= 0.5", 0.7),
        ("dimension.age.count >= 5", 5),
        ("dimension.age.mean[subset=music] >= 0.5", 0.2),
    ],
)
def test_figures(make_run, text, value):
    result = evaluate(make_run(MIXED), RuleSet(RuleSet.of([text]).rules, max_errors=0.5))
    (ruling,) = result.rulings
    assert ruling.value == pytest.approx(value)
    threshold = ruling.rule.expression.threshold
    holds = value <= threshold if "<" in text else value >= threshold
    assert ruling.verdict == ("pass" if holds else "fail")
    assert result.exit_code == (0 if holds else 1)


def test_equal_to_the_threshold_passes(make_run):
    folder = make_run(rows([0.7, 0.8, 0.9]))  # whose floating mean is 0.7999999999999999
    assert verdicts(folder, "score.mean >= 0.8", "score.mean > 0.8", "pass_rate >= 66%") == ["pass", "fail", "pass"]


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ([0.9] * 3, "not-enough-data"),  # three clips that agree prove nothing
        ([0.8, 0.9, 0.95, 0.85] * 10, "pass"),
        ([0.5, 0.9, 0.7, 0.6] * 10, "not-enough-data"),
        ([0.5, 0.6, 0.4, 0.55] * 10, "fail"),
    ],
)
def test_with_confidence_the_whole_interval_decides(make_run, scores, verdict):
    (ruling,) = evaluate(make_run(rows(scores)), RuleSet.of(["score.mean >= 0.7 at 95%"])).rulings
    assert ruling.verdict == verdict
    if verdict == "pass":
        assert ruling.low is not None
        assert ruling.low > 0.7
    if verdict == "fail":
        assert ruling.high is not None
        assert ruling.high < 0.7


def test_not_enough_data_names_the_smallest_effect(make_run):
    scores = np.random.default_rng(1).uniform(0.5, 1, 50).round(4).tolist()
    (ruling,) = evaluate(make_run(rows(scores)), RuleSet.of(["score.mean >= 0.74 at 95%"])).rulings
    assert ruling.verdict == "not-enough-data"
    spread = np.std(scores, ddof=1) / np.sqrt(50)
    assert ruling.detectable == pytest.approx((2.01 + 0.85) * spread, rel=0.05)
    assert f"{ruling.detectable:.3f}" in ruling.reason


def test_a_distance_of_the_detectable_size_is_decided_four_times_in_five(make_run):
    random = np.random.default_rng(5)
    decided = []
    for number in range(60):
        scores = np.clip(random.normal(0.6, 0.1, 40), 0, 1).round(4).tolist()
        (ruling,) = evaluate(make_run(rows(scores), f"r{number}"), RuleSet.of(["score.mean >= 0.55 at 95%"])).rulings
        decided.append((ruling.verdict == "pass", ruling.detectable))
    # 0.05 away with 40 clips of spread 0.1: detectable is about 0.045, so a little more than 80 % are decided.
    assert np.mean([size for _, size in decided]) == pytest.approx(0.0455, abs=0.003)
    assert 0.7 <= np.mean([won for won, _ in decided]) <= 1.0


def test_shares_that_all_agree_are_judged_by_the_exact_test(make_run):
    few, many = make_run(rows([0.9] * 20), "few"), make_run(rows([0.9] * 80), "many")
    rule = "match_rate >= 0.95 at 95%"
    assert verdicts(few, rule) == ["not-enough-data"]  # 0.95 ** 20 = 0.36
    assert verdicts(many, rule) == ["pass"]  # 0.95 ** 80 = 0.017


def test_clips_of_one_caption_are_one_piece_of_evidence(make_run):
    scores = [0.8, 0.9, 0.95, 0.85] * 10
    apart = make_run(rows(scores), "apart")
    together = make_run([{"answers": [score], "caption": "One."} for score in scores], "together")
    rule = "score.mean >= 0.7 at 95%"
    assert verdicts(apart, rule) == ["pass"]
    assert verdicts(together, rule) == ["not-enough-data"]


def test_many_rules_are_corrected_together(make_run):
    """Each rule alone is just sure enough; twenty of them together are not."""
    scores = np.random.default_rng(3).normal(0.7, 0.1, 40).clip(0, 1).round(4).tolist()
    folder = make_run(rows(scores))
    low = evaluate(folder, RuleSet.of(["score.mean >= 0.5 at 95%"])).rulings[0].low
    assert low is not None
    rule = f"score.mean >= {low - 0.001:.4f} at 95%"
    others = [f"score.mean >= {low - 0.001 - number / 1e6:.6f} at 95%" for number in range(19)]
    assert verdicts(folder, rule) == ["pass"]
    assert set(verdicts(folder, rule, *others)) == {"not-enough-data"}


def test_min_clips(make_run, tmp_path):
    from audiojudge_cli.gates.rule_file import read_rules

    file = tmp_path / "rules.yaml"
    file.write_text("- {require: score.mean >= 0.5, min_clips: 4}\n")
    assert evaluate(make_run(rows([0.9] * 3), "a"), read_rules(file)).exit_code == 1
    assert evaluate(make_run(rows([0.9] * 4), "b"), read_rules(file)).exit_code == 0


def test_order_of_clips_and_rules_changes_nothing(make_run):
    clips = [{"id": f"c{n}", "answers": [n / 40], "caption": f"caption {n % 9}"} for n in range(40)]
    rules = RuleSet.of(["score.mean >= 0.3 at 95%", "score.median >= 0.2", "pass_rate >= 0.1 at 90%"])
    turned = RuleSet(rules.rules[::-1])
    one, other = evaluate(make_run(clips, "a"), rules), evaluate(make_run(clips[::-1], "b"), turned)
    assert [ruling.to_dict() for ruling in one.rulings] == [ruling.to_dict() for ruling in other.rulings[::-1]]
    assert rules.hash == turned.hash
    assert len(rules.hash) == 16


def test_severity_warn_shows_and_does_not_fail(make_run, tmp_path):
    from audiojudge_cli.gates.rule_file import read_rules

    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n- score.mean >= 0.5\n- {require: score.mean >= 0.95, severity: warn}\n")
    result = evaluate(make_run(rows([0.9] * 3)), read_rules(file))
    assert [ruling.verdict for ruling in result.rulings] == ["pass", "fail"]
    assert result.exit_code == 0


# Regression against a baseline


def test_a_drop_is_paired_by_clip(make_run):
    """The spread between clips is large, the drop of each is small and even: only pairing sees it."""
    base = np.random.default_rng(4).uniform(0.2, 0.9, 60).round(4)
    noise = np.random.default_rng(6).normal(0, 0.01, 60)
    old, new = make_run(rows(base), "old"), make_run(rows((base - 0.03 + noise).clip(0, 1)), "new")
    told = verdicts(
        *(new, "regression.score.mean <= 0.02 at 95%", "regression.score.mean <= 0.04 at 95%"),
        *("regression.score.mean <= 0.03 at 95%", "regression.score.mean <= 0.02"),
        baseline=old,
    )
    assert told == ["fail", "pass", "not-enough-data", "fail"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("regression.score.mean <= 0.02", 0.1),
        ("regression.score.median <= 0.02", 0.1),
        ("regression.score.p10 <= 0.02", 0.1),
        ("regression.pass_rate <= 0.02", 0.25),
        ("regression.match_rate <= 0.02", 0.25),
        ("regression.coverage <= 0.02", 0.0),
        ("regression.error_rate <= 0.02", 0.0),
        ("regression.score.mean[subset=music] <= 0.02", 0.1),
        ("regression.score.mean[model=v2] <= 0.02", 0.1),
        ("regression.dimension.event.mean <= 0.02", 0.1),
        ("regression.dimension.event.yes_rate <= 0.02", 0.25),
    ],
)
def test_regression_of_every_figure(make_run, text, value):
    before, after = [0.9, 0.85, 0.5, 0.4], [0.8, 0.75, 0.4, 0.3]
    old = make_run(rows(before, subset="music", metadata={"model": "v1"}), "old")
    new = make_run(rows(after, subset="music", metadata={"model": "v2"}), "new")
    (ruling,) = evaluate(new, RuleSet.of([text]), old).rulings
    assert ruling.value == pytest.approx(value)
    assert ruling.verdict == ("pass" if value <= 0.02 else "fail")


def test_more_errors_are_a_regression(make_run):
    old = make_run(rows([0.9] * 20), "old")
    new = make_run([*rows([0.9] * 19), {"error": "truncated"}], "new")
    (ruling,) = evaluate(new, RuleSet.of(["regression.error_rate <= 0.01"]), old).rulings
    assert ruling.value == pytest.approx(0.05)
    assert ruling.verdict == "fail"


# Ways to a false pass


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


def pending_without_run_json(make_run):
    folder = make_run(GOOD, pending=5)
    (folder / "run.json").unlink()
    return folder


def not_judged_enough(make_run):
    return make_run(GOOD, info={"exit_code": 3, "reason": "too few"})


def many_errors(make_run):
    return make_run([*GOOD, *[{"error": "not-audio", "answers": [0.0]}] * 3])


def little_coverage(make_run):
    return make_run([{"answers": [0.9, None, None]}] * 5)


@pytest.mark.parametrize(
    "make",
    [
        *(nothing_judged, all_errors, coverage_zero, interrupted, still_running, pending_without_run_json),
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


@pytest.mark.parametrize("name", ["records.jsonl", "summary.json"])
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


@pytest.mark.parametrize(
    "new",
    [
        rows([0.9] * 8),  # the two worst clips are gone
        [*rows([0.9] * 8), {"error": "truncated"}, {"answers": [None]}],  # or broke
        [{**row, "id": f"other{n}"} for n, row in enumerate(GOOD)],  # no clip in common
        [{**row, "caption": f"Another {n}."} for n, row in enumerate(GOOD)],  # same ids, other captions
        [{**row, "questions": ["Is anything heard?"]} for row in GOOD],  # same expander, other rubric
    ],
)
def test_a_regression_over_survivors_is_not_enough_data(make_run, new):
    old = make_run(GOOD, "old")
    assert verdicts(
        *(make_run(new, "new"), "regression.score.mean <= 0.5", "regression.score.mean <= 0.5 at 95%"),
        baseline=old,
        max_errors=0.5,
    ) == ["not-enough-data", "not-enough-data"]


def test_clips_that_broke_do_not_drop_out_of_a_selection(make_run):
    """A clip that failed has no subset of its own any more; it still counts among those that the baseline had."""
    old = make_run(rows([0.9] * 10, subset="speech"), "old")
    new = make_run([*rows([0.9] * 8, subset="speech"), {"error": "empty"}, {"error": "empty"}], "new")
    rule = "regression.score.mean[subset=speech] <= 0.5"
    assert verdicts(new, rule, baseline=old, max_errors=0.5) == ["not-enough-data"]


def test_a_share_without_a_single_regression_needs_enough_pairs(make_run):
    """None of 50 clips flipped: a regression of 2 % would still go unseen in one case of three."""
    rule = "regression.match_rate <= 0.02 at 95%"
    few = [make_run(rows([0.9] * 50), name) for name in ("few", "few_old")]
    many = [make_run(rows([0.9] * 250), name) for name in ("many", "many_old")]
    assert verdicts(few[0], rule, baseline=few[1]) == ["not-enough-data"]
    assert verdicts(many[0], rule, baseline=many[1]) == ["pass"]


def test_the_very_same_audio_is_noted(make_run):
    clips = [{**row, "sha": "same"} for row in GOOD]
    result = evaluate(make_run(clips, "new"), RuleSet.of(["regression.match_rate <= 0.02"]), make_run(clips, "old"))
    assert result.exit_code == 0
    assert any("very same audio" in note for note in result.notes)


def test_a_copy_of_the_run_under_another_name_compares(make_run, tmp_path):
    folder = make_run(GOOD)
    shutil.copytree(folder, tmp_path / "copy")
    assert evaluate(folder, RuleSet.of(["regression.score.mean <= 0.01"]), tmp_path / "copy").passed


@pytest.mark.parametrize("value", [0, -1, 2])
def test_pass_at_must_mean_something(value):
    with pytest.raises(AudiojudgeError):
        RuleSet.of(["pass_rate >= 0.5"]).plus([], pass_at=value)
