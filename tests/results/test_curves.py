"""Curves of dimensions: they keep the order of answers and touch nothing else; records tell what the judge said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.results.curves import FLOOR, ItemCurve, ItemCurves
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.rule import Calibrated, load_decision, read_rule

CURVES = st.builds(ItemCurve, st.floats(-1000, 1000), st.floats(1e-4, 1000))


@given(CURVES, st.floats(0, 1), st.floats(0, 1))
def test_a_surer_yes_stays_the_surer_one(curve, p, q):
    low, high = sorted((p, q))
    assert 0 <= curve.p_yes(low) <= curve.p_yes(high) <= 1


@given(st.floats(FLOOR, 1 - FLOOR))
def test_the_curve_of_nothing_learned_changes_nothing(p):
    assert ItemCurve(0.0, 1.0).p_yes(p) == pytest.approx(p)


@given(st.dictionaries(st.text(max_size=3), CURVES, max_size=3))
def test_the_name_is_that_of_the_numbers(curves):
    made = ItemCurves.of(curves)
    assert (made is None) == (not curves)
    assert made == ItemCurves.of(dict(reversed(curves.items())))
    if made is not None:
        assert made.p_yes("elsewhere", 0.5) is None
        name, curve = made.by[0]
        assert made.p_yes(name, 0.3) == curve.p_yes(0.3)
        other = ItemCurves.of({**curves, name: ItemCurve(curve.bias + 1, curve.slope)})
        assert other is not None
        assert other.name != made.name
        rule = Calibrated(1, 1, 1, 1, curves=made)
        known = read_rule(rule.text, 0.5)
        assert known.text == rule.text
        assert known.decide([0.3, 0.9]) == rule.decide([0.3, 0.9])


ANSWERS = [{"answers": [0.1, 0.9, None], "dimensions": ["event", "tempo", "event"]}, {"error": "not-found"}]


def test_records_have_the_curves_answer_and_the_judges_decision(make_run):
    curves = ItemCurves.of({"event": ItemCurve(3.0, 1.0)})
    plain = load_decision()
    rule = Calibrated(plain.bias, plain.mean_odds, plain.min_log, plain.count_log, curves=curves)
    before = next(read_records(make_run(ANSWERS, "before", rule=plain)))
    after, failed = read_records(make_run(ANSWERS, "after", rule=rule))
    assert [item.p_yes for item in after.items] == [0.6906, 0.9, None]
    assert [item.answer for item in after.items] == ["yes", "yes", "unverifiable"]
    assert [item.judged for item in after.items] == [0.1, 0.9, None]
    assert after.items[0].facts["p_yes_of_judge"] == 0.1
    assert "p_yes_of_judge" not in after.items[1].facts
    assert after.score == pytest.approx((0.6906 + 0.9) / 2)
    assert (after.decision.mean, after.decision.min) == (after.score, 0.6906)
    assert after.decision.value == before.decision.value
    assert after.decision.rule.startswith(before.decision.rule)
    assert failed.error is not None


@pytest.mark.parametrize("said", ["0.1", True, -1, 2, float("nan"), None])
def test_a_fact_that_is_no_answer_is_not_taken_for_one(make_run, said):
    from dataclasses import replace

    item = next(read_records(make_run(ANSWERS))).items[0]
    assert replace(item, facts={"p_yes_of_judge": said}).judged == item.p_yes
    assert replace(item, facts={"p_yes_of_judge": 0.3}).judged == 0.3
    assert replace(item, p_yes=None, facts={"p_yes_of_judge": 0.3}).judged is None
