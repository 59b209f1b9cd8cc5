"""Instructions in the forms that people write them in, read into a criterion and a scale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.scales.instruction import LONGEST, MOST_WORDINGS, read_instruction
from audiojudge_cli.scales.scale import MOST_VALUES, number_scale

ASKING = "Rate the background noise"
FORMS = (
    "from {a} ({x}) to {b} ({y})",
    "on a scale of {a} ({x}) to {b} ({y})",
    "using the scale {a} ({x}) - {b} ({y})",
    "{a}-{b} ({a} = {x}, {b} = {y})",
    "from {a} to {b}, where {a} is {x} and {b} is {y}",
    "between {a} and {b}. {a} means {x}, {b} means {y}",
    "{a}–{b}, {a}: {x}; {b}: {y}.",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("first", "last"), [("1", "5"), ("5", "1"), ("0", "100"), ("0.0", "1.0"), ("-2", "2")])
def test_every_form_of_a_scale_names_its_ends_and_what_they_mean(form, first, last):
    found = read_instruction(f"{ASKING} {form.format(a=first, b=last, x='very noisy', y='silent')}")
    low, high = sorted((float(first), float(last)))
    assert (found.scale.low, found.scale.high) == (low, high)
    assert found.scale.words(float(first)) == "very noisy"
    assert found.scale.words(float(last)) == "silent"
    assert found.asking == ASKING
    assert found.name == "background_noise"


OTHER_RANGES = (
    "of the 2020-2021 recordings", "between 20 and 200 Hz", "from 5 to 10 seconds", "in the first 1-5 s", "at 60-80 dB",
    "(1990 to 1999)", "with 2 to 3 speakers", "of 0 to 100 people", "在5到10分钟之间",
)  # fmt: skip


@pytest.mark.parametrize("other", OTHER_RANGES)
@pytest.mark.parametrize("form", [*FORMS, "{a} to {b}", "{a}-{b}", "{a}到{b}分"])
@pytest.mark.parametrize(("first", "last"), [("1", "5"), ("0", "100"), ("10", "1")])
def test_a_range_of_something_else_is_not_taken_for_the_scale(other, form, first, last):
    scale = form.format(a=first, b=last, x="very noisy", y="silent")
    for text in (f"{ASKING} {other}, {scale}", f"{ASKING} {scale}, {other}"):
        found = read_instruction(text).scale
        assert (found.low, found.high) == tuple(sorted((float(first), float(last))))
    with pytest.raises(InputError, match="names no scale"):
        read_instruction(f"{ASKING} {other}")


@pytest.mark.parametrize(
    "text", ["Rate it 1-5 or 1-10", "Rate it from 1 to 5 and from 0 to 100", "请从1到5、从1到10评价"]
)
def test_two_scales_are_refused_and_the_word_decides(text):
    with pytest.raises(InputError, match=r"names two scales, 1 to 5 and (1 to 10|0 to 100); say 'on a scale from'"):
        read_instruction(text)
    assert read_instruction(f"{text}; on a scale from 1 to 7").scale.high == 7


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("Is it clean? pass or fail", ("fail", "pass")),
        ("Is it clean: fail/pass", ("fail", "pass")),
        ("Is it noisy? Answer yes or no.", ("no", "yes")),
    ],
)
def test_two_verdicts_are_a_scale(text, spellings):
    found = read_instruction(text)
    assert found.scale.spellings == spellings
    assert (found.scale.low, found.scale.high) == (0.0, 1.0)
    assert found.asking.startswith("Is it")
    assert "or" not in found.asking.split()


def test_chinese_scales_are_read():
    found = read_instruction("请从1（很吵）到5（安静）评价背景噪声")
    assert (found.scale.low, found.scale.words(1.0), found.scale.words(5.0)) == (1.0, "很吵", "安静")


@pytest.mark.parametrize(
    "text",
    [
        "Rate the noise",
        "Rate it out of ten",
        "",
        "   ",
        "Rate the noise from 1 to 1",
        "Rate the noise from 0.00 to 9.99",
        "Rate the noise on version 1.2.3",
        "x" * (LONGEST + 1),
    ],
)
def test_what_has_no_scale_is_refused_with_the_remedy(text):
    with pytest.raises(InputError) as caught:
        read_instruction(text)
    assert "instruction" in str(caught.value) or "scale" in str(caught.value)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        found = read_instruction(text)
    except InputError:
        return
    assert 2 <= len(found.scale.values) <= MOST_VALUES
    assert list(found.scale.values) == sorted(set(found.scale.values))
    assert "\0" not in found.asking or "\0" in text


@pytest.mark.parametrize("what", ["背景噪音", "说话人的自然度"])
@pytest.mark.parametrize(
    "form",
    ["请从1（差）到5（好）给{}打分", "给{}从1（差）到5（好）评分", "请给这段录音的{}评分，1到5", "请从1到5评价{}"],
)
def test_the_words_that_ask_in_chinese_are_no_part_of_the_name(form, what):
    assert read_instruction(form.format(what)).name.replace("_", "") == what.replace("的", "")


def test_a_name_before_the_instruction_names_the_dimension():
    assert read_instruction("hiss: Rate the noise 1-5").name == "hiss"
    assert "hiss" not in read_instruction("hiss: Rate the noise 1-5").instruction


def test_wordings_ask_the_same_on_the_same_scale_in_other_words():
    found = read_instruction("Rate the noise from 1 (loud) to 5 (none)").reworded(MOST_WORDINGS)
    assert len({one.instruction for one in found}) == MOST_WORDINGS
    assert len({(one.name, one.asking, one.scale) for one in found}) == 1
    for one in found:
        again = read_instruction(one.instruction)
        assert (again.scale, "noise" in again.asking) == (found[0].scale, True)
    assert any("from 5" in one.instruction for one in found)
    assert any("from 1" in one.instruction for one in found[1:])


@pytest.mark.parametrize("count", [0, -1, MOST_WORDINGS + 1])
def test_more_wordings_than_there_are_is_refused(count):
    with pytest.raises(InputError, match="paraphrases"):
        read_instruction("Rate it 1-5").reworded(count)


@given(st.lists(st.floats(0.001, 1), min_size=5, max_size=5))
def test_the_mean_over_values_is_the_sum_by_hand(weights):
    scale = number_scale("1", "5")
    assert scale is not None
    mean, spread = scale.mean(weights)
    by_hand = sum(w * v for w, v in zip(weights, (1, 2, 3, 4, 5), strict=True)) / sum(weights)
    assert mean == pytest.approx(by_hand)
    assert 1 - 1e-9 <= mean <= 5 + 1e-9
    assert 0 <= spread <= 2 + 1e-9
