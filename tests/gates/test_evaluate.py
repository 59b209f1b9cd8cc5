"""What each rule says about prepared runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.gates import RuleSet, evaluate


def rows(scores: Any, **fields: Any) -> list[dict[str, Any]]:
    return [{"answers": [score], **fields} for score in scores]


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


def test_equal_to_the_threshold_passes(make_run, verdicts):
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


def test_shares_that_all_agree_are_judged_by_the_exact_test(make_run, verdicts):
    few, many = make_run(rows([0.9] * 20), "few"), make_run(rows([0.9] * 80), "many")
    rule = "match_rate >= 0.95 at 95%"
    assert verdicts(few, rule) == ["not-enough-data"]  # 0.95 ** 20 = 0.36
    assert verdicts(many, rule) == ["pass"]  # 0.95 ** 80 = 0.017


def test_clips_of_one_caption_are_one_piece_of_evidence(make_run, verdicts):
    scores = [0.8, 0.9, 0.95, 0.85] * 10
    apart = make_run(rows(scores), "apart")
    together = make_run([{"answers": [score], "caption": "One."} for score in scores], "together")
    rule = "score.mean >= 0.7 at 95%"
    assert verdicts(apart, rule) == ["pass"]
    assert verdicts(together, rule) == ["not-enough-data"]


def test_many_rules_are_corrected_together(make_run, verdicts):
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
