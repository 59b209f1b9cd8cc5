"""Rules with a star: one for each value that the run, or the baseline of a regression, has."""

from __future__ import annotations

from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates import RuleSet, evaluate

ROWS: list[dict[str, Any]] = [
    {"answers": [0.9, 0.7], "dimensions": ["event", "tempo"], "subset": "music", "metadata": {"model": "v1"}},
    {"answers": [0.5], "dimensions": ["event"], "subset": "sound", "metadata": {"model": "v2"}},
    {"answers": [0.3], "dimensions": ["event"], "subset": "sound", "metadata": {"model": None}},
]


def told(result: Any) -> list[tuple[str, str]]:
    return [(ruling.rule.expression.text, ruling.verdict) for ruling in result.rulings]


def test_each_value_is_a_rule_of_its_own(make_run):
    result = evaluate(make_run(ROWS), RuleSet.of(["score.mean[subset=*] >= 0.5", "score.mean >= 0.1"]))
    assert told(result) == [
        ("score.mean[subset=music] >= 0.5", "pass"),
        ("score.mean[subset=sound] >= 0.5", "fail"),
        ("score.mean >= 0.1", "pass"),
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("score.mean[dimension=*] >= 0.1", ["[dimension=event]", "[dimension=tempo]"]),
        ("dimension.event.mean[model=*] >= 0.1", ["[model=v1, dimension=event]", "[model=v2, dimension=event]"]),
        ("dimension.tempo.mean[model=*] >= 0.1", ["[model=v1, dimension=tempo]"]),
        ("count[subset=*, model=*] >= 1", ["[model=v1, subset=music]", "[model=v2, subset=sound]"]),
        ("score.mean[subset=*, model=v2] >= 0.1", ["[model=v2, subset=sound]"]),
    ],
)
def test_values_are_those_of_the_clips_that_are_left(make_run, rule, wanted):
    result = evaluate(make_run(ROWS), RuleSet.of([rule]))
    assert [ruling.rule.expression.selection.text for ruling in result.rulings] == wanted
    assert result.passed


def test_no_value_at_all_never_passes(make_run):
    rule = "score.mean[subset=*, model=v9] >= 0.1"
    result = evaluate(make_run(ROWS), RuleSet.of([rule]))
    assert told(result) == [("score.mean[model=v9, subset=*] >= 0.1", "not-enough-data")]
    assert (result.rulings[0].reason, result.exit_code) == ("no clip has a value of subset", 1)


def test_a_column_that_is_not_there_is_refused(make_run):
    with pytest.raises(InputError, match="did you mean 'subset'"):
        evaluate(make_run(ROWS), RuleSet.of(["score.mean[subsett=*] >= 0.1"]))


def test_a_value_that_only_the_baseline_has_does_not_drop_out_of_sight(make_run):
    old, new = make_run(ROWS, "old"), make_run(ROWS[:1], "new")
    result = evaluate(new, RuleSet.of(["regression.score.mean[subset=*] <= 0.1"]), old)
    assert [verdict for _, verdict in told(result)] == ["pass", "not-enough-data"]
    bare = make_run([{**row, "metadata": {}} for row in ROWS], "bare")
    assert evaluate(make_run(ROWS, "full"), RuleSet.of(["regression.score.mean[model=*] <= 0.1"]), bare).passed


def test_names_say_which_and_too_many_values_are_refused(make_run, tmp_path):
    from audiojudge_cli.gates.rule_file import read_rules

    path = tmp_path / "rules.yaml"
    path.write_text("- {require: 'score.mean[subset=*] >= 0.1', name: Each, severity: warn, min_clips: 2}\n")
    rulings = evaluate(make_run(ROWS), read_rules(path)).rulings
    assert [(each.rule.title, each.verdict) for each in rulings] == [
        ("Each: music", "not-enough-data"),
        ("Each: sound", "pass"),
    ]
    many = make_run([{"answers": [0.9], "metadata": {"seed": n}} for n in range(1001)], "many")
    with pytest.raises(InputError, match="at most 1,000 rules"):
        evaluate(many, RuleSet.of(["score.mean[seed=*] >= 0.1"]))
