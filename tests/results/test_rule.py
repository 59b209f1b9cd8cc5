from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.results.rule import Rule, score

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
