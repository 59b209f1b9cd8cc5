"""Chinese questions: how claims are worded, and how questions are read."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.rubrics.chinese.asking import read_question
from audiojudge_cli.rubrics.chinese.parser import ChineseParser
from audiojudge_cli.rubrics.chinese.wording import question
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.segment import Context, Segment


@pytest.mark.parametrize(
    ("text", "context", "asked"),
    [
        ("狗叫了三声", "sound", {"是否能听到狗叫？", "狗叫是否正好三声？"}),
        ("没有鼓", "music", {"是否没有鼓？"}),
        ("节奏超过140BPM", "music", {"音乐的速度是否超过每分钟140拍？"}),
        ("男声语速快", "speech", {"说话人是否为男性？", "男声的语速是否快？"}),
        ("狗叫，然后传来雷声", "sound", {"是否能听到狗叫？", "是否能听到雷声？", "雷声是否在狗叫之后出现？"}),
        ("除了钢琴没有其他乐器", "music", {"是否能听到钢琴？", "除了钢琴，是否没有其他乐器？"}),
    ],
)
def test_questions_read_naturally(text: str, context: Context, asked: set[str]) -> None:
    found = ChineseParser().claims([[Segment(text, 0, len(text), context)]])[0]
    assert {question(made.claim, text[made.start : made.end]) for made in found} == asked


@pytest.mark.parametrize("dimension", sorted(NAMES))
@pytest.mark.parametrize("negated", [False, True])
def test_every_dimension_has_a_question(dimension: str, negated: bool) -> None:
    asked = question(Claim(dimension, "", "某某", Subject("sound", "狗叫"), negated=negated), "某某")
    assert asked.endswith("？")
    assert asked.count("是否") == 1
    assert "某某" in asked or dimension in {"order", "simultaneity"}


@pytest.mark.parametrize(
    ("text", "dimension", "value", "negated"),
    [
        ("说话人是否为女性？", "speaker_sex", "female", False),
        ("是否为女声？", "speaker_sex", "female", False),
        ("语速是否偏慢？", "rate", "slow", False),
        ("有没有狗叫声？", "event", "dog_bark", False),
        ("能听到雷声吗？", "event", "thunder", False),
        ("是否没有鼓？", "instrument", "drums", True),
        ("背景里是不是没有音乐？", "component", "music", True),
        ("脚步声是否由远及近？", "distance", "approaching", False),
        ("听起来是否像在森林里？", "scene", "forest", False),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_questions_of_others_become_claims(text: str, dimension: str, value: str, negated: bool, told: bool) -> None:
    claim = read_question(text, dimension if told else "")
    assert claim is not None
    assert (claim.dimension, claim.value, claim.negated) == (dimension, value, negated)


@pytest.mark.parametrize(
    ("text", "comparator", "number"),
    [
        ("狗是否叫了至少三声？", "at_least", 3),
        ("敲门声是否正好出现两次？", "exactly", 2),
        ("枪声是否超过五次？", "more", 5),
    ],
)
def test_counts_are_read(text: str, comparator: str, number: float) -> None:
    claim = read_question(text, "count")
    assert claim is not None
    assert (claim.comparator, claim.number) == (comparator, number)


def test_quoted_words() -> None:
    claim = read_question("说话人是否说了“你好”？", "content")
    assert claim == Claim("content", "", "你好", Subject("speaker"))
    denied = read_question("是否没有说“再见”？", "content")
    assert denied is not None
    assert denied.negated


@pytest.mark.parametrize("text", ["雷声是否在狗叫之后出现？", "狗叫是否在雷声之前出现？"])
def test_order_is_read_both_ways(text: str) -> None:
    claim = read_question(text, "order")
    assert claim is not None
    assert claim.other is not None
    assert (claim.subject.concept, claim.other.concept) == ("dog_bark", "thunder")


@pytest.mark.parametrize("text", ["", "？", "是否？", "天空是否是灰色的？", "啊" * 2001])
def test_what_isnt_certain_is_none(text: str) -> None:
    assert read_question(text) is None


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("是否没有狗叫声在之后同时和前吗？“”的三一"), max_size=40),
    st.sampled_from(["", *NAMES]),
)
def test_any_question(text: str, dimension: str) -> None:
    claim = read_question(text, dimension)
    assert claim is None or Claim.from_dict(claim.as_dict()) == claim


def test_long_questions_take_bounded_time() -> None:
    read_question("狗叫")
    start = time.process_time()
    for piece in ("是否", "在之后", "和同时", "像在", "比"):
        read_question((piece * 2000)[:2000], "order")
    assert time.process_time() - start < 10
