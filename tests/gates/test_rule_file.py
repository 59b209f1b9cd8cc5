from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates import RuleSet
from audiojudge_cli.gates.rule_file import read_rules


@pytest.fixture
def read(tmp_path):
    def go(text):
        path = tmp_path / "rules.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_rules(path)

    return go


def test_long_and_short_forms(read):
    rules = read(
        """
description: Release gate
pass_at: 0.7
max_errors: 0.0
rules:
  - score.mean >= 0.80
  - require: dimension.tempo.mean >= 60%
    severity: warn
    name: Tempo
    min_clips: 30
"""
    )
    assert (rules.pass_at, rules.max_errors, rules.min_coverage, rules.min_paired) == (0.7, 0.0, 0.5, 0.9)
    first, second = rules.rules
    assert (first.title, first.severity, first.min_clips) == ("score.mean >= 0.8", "error", 1)
    assert (second.title, second.severity, second.min_clips) == ("Tempo", "warn", 30)


def test_a_bare_list_is_enough(read):
    assert read("- coverage >= 0.5\n").hash == RuleSet.of(["coverage >= 50%"]).hash


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("[]", "there are no gate rules"),
        ("rules: []", "there are no gate rules"),
        ("rules:", "rules"),
        ("pass_at: 0.5", "there are no gate rules"),
        ("42", "a list, or a mapping"),
        ("rule:\n- score.mean >= 0.8", "did you mean 'rules'"),
        ("rules:\n- score.maen >= 0.8", "did you mean 'score.mean'"),
        ("- {require: score.mean >= 0.8, severty: warn}", "did you mean 'severity'"),
        ("- {require: score.mean >= 0.8, severity: info}", "severity"),
        ("- {severity: warn}", "require"),
        ("- {require: score.mean >= 0.8, min_clips: 0}", "min_clips"),
        ("- 42", "rules.1"),
        ("- null", "rules.1"),
        ("pass_at: 80\nrules: [coverage >= 0.5]", "pass_at"),
        ("pass_at: 0.0\nrules: [coverage >= 0.5]", "greater than 0"),
        ("pass_at: .nan\nrules: [coverage >= 0.5]", "pass_at"),
        ("rules: [coverage >= 0.5]\nrules: [coverage >= 0.1]", "there twice"),
        ("a: &x [1]\nrules: *x", "aliases"),
        ("rules: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        (b"\xff\xfe\x00", "not YAML"),
        ("{" * 3000, "not YAML"),
        ("#" * 300_000, "at most"),
    ],
)
def test_mistakes_name_the_file_and_the_place(read, text, says):
    with pytest.raises(InputError) as error:
        read(text)
    assert says in str(error.value)
    assert "rules.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="cannot read the rule file"):
        read_rules(tmp_path / "none.yaml")


def test_the_hash_is_that_of_what_the_rules_mean(read):
    base = read("rules: [score.mean >= 0.8, coverage >= 0.5]").hash
    same = ("rules: [coverage >= 50%, score.mean>=0.80]", "description: x\nrules: [score.mean >= .8, coverage >= 0.5]")
    other = (
        "rules: [score.mean >= 0.81, coverage >= 0.5]",
        "rules: [score.mean >= 0.8]",
        "pass_at: 0.7\nrules: [score.mean >= 0.8, coverage >= 0.5]",
        "rules: [score.mean >= 0.8, {require: coverage >= 0.5, severity: warn}]",
        "min_paired: 0.5\nrules: [score.mean >= 0.8, coverage >= 0.5]",
    )
    assert {read(text).hash for text in same} == {base}
    assert len({read(text).hash for text in other} | {base}) == len(other) + 1


@given(st.binary(max_size=200))
def test_any_file_is_rules_or_one_clear_line(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "rules.yaml"
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        read_rules(path)
    assert "\n" not in str(error.value)
