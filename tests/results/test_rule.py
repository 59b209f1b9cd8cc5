from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.rule import Calibrated, Rule, load_decision, read_rule, score

answers = st.lists(st.floats(0, 1).map(lambda p: round(p, 4)), min_size=1, max_size=30)


def test_one_wrong_attribute_among_several_is_no_match():
    decision = Rule().decide([1.0, 1.0, 1.0, 0.0])
    assert decision.value == 0.375
    assert decision.match is False
    assert score([1.0, 1.0, 1.0, 0.0]) == 0.75


def test_rule_text_names_both_weights():
    assert Rule().text == "0.5*mean + 0.5*min"
    assert Rule(0.75, 0.25).text == "0.75*mean + 0.25*min"


def test_nothing_verified_is_null_and_not_zero():
    decision = Rule().decide([])
    assert decision.value is None
    assert decision.match is None
    assert score([]) is None


@pytest.mark.parametrize(("p_yes", "match"), [(0.5, True), (0.4999, False)])
def test_threshold_belongs_to_match(p_yes, match):
    assert Rule().decide([p_yes]).match is match


@given(answers, st.randoms(use_true_random=False))
def test_order_of_items_does_not_matter(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    assert Rule().decide(values) == Rule().decide(shuffled)
    assert score(values) == score(shuffled)


@given(answers)
def test_value_lies_between_minimum_and_mean(values):
    decision = Rule().decide(values)
    assert decision.value is not None
    assert min(values) - 1e-4 <= decision.value <= (score(values) or 0) + 1e-4


def test_one_doubtful_item_out_of_ten_does_not_refuse_a_clip():
    assert load_decision().decide([0.95] * 9 + [0.35]).match is True


@pytest.mark.parametrize("others", range(1, 100))
def test_one_clear_miss_refuses_a_clip_however_much_else_is_right(others):
    assert load_decision().decide([1.0] * others + [0.02]).match is False


@given(answers, st.integers(0, 29), st.floats(0, 1))
def test_no_answer_counts_against_itself(values, index, higher):
    rule, index = load_decision(), index % len(values)
    better = [*values[:index], max(values[index], higher), *values[index + 1 :]]
    assert (rule.decide(better).value or 0) >= (rule.decide(values).value or 0)


@given(answers, st.randoms(use_true_random=False))
def test_the_calibrated_rule_does_not_mind_the_order(values, random):
    shuffled = random.sample(values, len(values))
    assert load_decision().decide(values) == load_decision().decide(shuffled)


def test_mean_and_minimum_stay_in_the_decision():
    for rule in (Rule(), load_decision()):
        decision = rule.decide([0.9, 0.6, 0.3])
        assert (decision.mean, decision.min) == (0.6, 0.3)


@given(st.lists(st.floats(0, 9).map(lambda x: float(f"{x:g}")), min_size=4, max_size=4), st.floats(0, 1))
def test_a_rule_is_read_from_its_own_text(numbers, threshold):
    bias, mean_odds, min_log, count_log = numbers
    calibrated = Calibrated(bias, mean_odds, min_log, count_log, threshold=threshold)
    assert read_rule(calibrated.text, threshold) == calibrated
    plain = Rule(0.75, 0.25, threshold)
    assert read_rule(plain.text, threshold) == plain


@pytest.mark.parametrize("text", ["", "mean", "0.5*mean", "logistic(1)", "0.5*mean + 0.5*min + 1"])
def test_another_rule_is_refused(text):
    with pytest.raises(InputError, match="unknown decision rule"):
        read_rule(text, 0.5)
