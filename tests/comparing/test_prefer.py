"""Preferences follow from records, the same from either side, and never from a failure."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.comparing import prefer as rules
from audiojudge_cli.comparing.prefer import NOTHING_SAID, Heard, prefer, quality
from audiojudge_cli.results.quality import QualityProfile, WordErrors
from audiojudge_cli.results.rule import Rule, load_decision

BASIC = QualityProfile(*(None,) * 9)
CALIBRATED = load_decision()
RULES = [(rule.text, rule.threshold) for rule in (Rule(), CALIBRATED)]
p_yes = st.none() | st.integers(0, 10_000).map(lambda p: p / 10_000)


@st.composite
def couples(draw: st.DrawFn) -> tuple[Heard, Heard]:
    size, rule = draw(st.integers(0, 4)), draw(st.sampled_from(RULES))
    sides = [
        Heard(
            sha256=draw(st.sampled_from([None, "x", "y"])),
            error=draw(st.sampled_from([None, None, None, "decode: no audio"])),
            quality=draw(st.none() | st.floats(-5, 5).map(lambda value: round(value, 4))),
            answers=tuple(draw(st.lists(p_yes, min_size=size, max_size=size))),
            asked=1,
            rule=rule,
        )
        for _ in "ab"
    ]
    return sides[0], sides[1]


TURNED = {"a": "b", "b": "a"}


@pytest.mark.parametrize("by", ["quality", "alignment", "both"])
@given(couple=couples())
def test_both_orders_agree(by: rules.By, couple: tuple[Heard, Heard]) -> None:
    a, b = couple
    one, other = prefer(a, b, by), prefer(b, a, by)
    assert one.preferred == TURNED.get(other.preferred, other.preferred)
    assert (one.score_a, one.score_b) == (other.score_b, other.score_a)
    assert one.margin == (None if other.margin is None else -other.margin)
    if one.preferred in TURNED:
        assert one.margin is not None
        assert (one.margin > 0) == (one.preferred == "a")


@pytest.mark.parametrize("by", ["quality", "alignment", "both"])
@given(couple=couples())
def test_what_is_no_preference(by: rules.By, couple: tuple[Heard, Heard]) -> None:
    a, b = couple
    found = prefer(a, b, by)
    assert (found.preferred == "error") == (a.error is not None or b.error is not None)
    if found.preferred == "error":
        assert (found.score_a, found.score_b, found.margin) == (None, None, None)
    same = prefer(a, replace(b, sha256="z"), by), prefer(replace(a, sha256="z"), replace(b, sha256="z"), by)
    if found.preferred != "error":
        assert same[1].preferred == "tie"
        assert prefer(a, a, by).preferred in {"tie", "unverifiable"}


@given(couples())
def test_alignment_compares_what_was_verified_in_both(couple: tuple[Heard, Heard]) -> None:
    a, b = (replace(side, error=None, sha256=None) for side in couple)
    found = prefer(a, b, "alignment")
    shared = [at for at in range(len(a.answers)) if None not in {a.answers[at], b.answers[at]}]
    if not shared:
        assert found.preferred == "unverifiable"
        return
    kept = [replace(side, answers=tuple(side.answers[at] for at in shared)) for side in (a, b)]
    again = prefer(kept[0], kept[1], "alignment")
    assert (again.preferred, again.score_a, again.score_b) == (found.preferred, found.score_a, found.score_b)
    value = (CALIBRATED if a.rule == RULES[1] else Rule()).decide([p for p in kept[0].answers if p is not None]).value
    assert value is not None
    if 0.001 < value < 0.999:
        assert found.score_a == pytest.approx(math.log(value / (1 - value)), abs=1e-4)


@given(couples())
def test_both_questions_decide_together(couple: tuple[Heard, Heard]) -> None:
    a, b = (replace(side, error=None, sha256=None) for side in couple)
    parts = {prefer(a, b, "quality").preferred, prefer(a, b, "alignment").preferred} - {"unverifiable"}
    found = prefer(a, b, "both").preferred
    wanted = {side for side in parts if side in TURNED}
    expected = "unverifiable" if not parts else wanted.pop() if len(wanted) == 1 else "tie"
    assert found == expected


def test_other_rubrics_are_not_compared() -> None:
    one = Heard("x", None, None, (0.9,), 1, RULES[0])
    assert prefer(one, replace(one, sha256="y", asked=2), "alignment").preferred == "unverifiable"


def words(wer: float | None, cer: float, heard: str, wanted: str) -> WordErrors:
    return WordErrors(wer, cer, heard, wanted, ())


def test_the_quality_of_speech() -> None:
    spoken = replace(BASIC, speech=3.5, depth="full")
    assert quality(None) is None
    assert quality(BASIC) is None
    assert quality(spoken) == 3.5
    assert quality(replace(spoken, words=words(0.25, 0.1, "a b", "a c"))) == 3.25
    assert quality(replace(spoken, words=words(3.0, 0.9, "a b", "a"))) == 2.5
    assert quality(replace(spoken, words=words(None, 0.5, "你", "你好"))) == 3.0
    # Nothing was said: the worst there is; "Yes." may be too short to be rated, a sentence may not.
    assert quality(replace(spoken, words=words(1.0, 1.0, "", "a b"))) == NOTHING_SAID
    silent = replace(spoken, speech=None)
    assert quality(replace(silent, words=words(0.0, 0.0, "yes", "yes"))) is None
    assert quality(replace(silent, words=words(0.0, 0.0, "a b c d", "a b c d"))) == NOTHING_SAID
    assert quality(replace(silent, words=words(None, 0.0, "你好", "你好"))) is None
    assert quality(replace(silent, words=words(None, 0.5, "你好", "今天天气"))) == NOTHING_SAID


@given(st.floats(-5, 5), st.floats(0, 9), st.floats(0, 9))
def test_more_wrong_words_are_never_better(speech: float, few: float, more: float) -> None:
    few, more = sorted((few, more))
    found = [quality(replace(BASIC, speech=speech, words=words(rate, 0, "a", "b"))) for rate in (few, more)]
    assert found[0] is not None
    assert found[1] is not None
    assert NOTHING_SAID <= found[1] <= found[0]
