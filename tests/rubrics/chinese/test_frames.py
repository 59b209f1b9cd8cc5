"""Chinese questions that others wrote, frame by frame: what they are read as."""

import itertools

import pytest

from audiojudge_cli.judges.embedded.judge import claim_of
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.item import RubricItem


def read(dimension: str, question: str) -> Claim:
    claim = claim_of(RubricItem(dimension, question, ""))
    assert claim is not None, question
    return claim


THINGS = {
    "狗叫": "dog_bark",
    "雨声": "rain",
    "警笛声": "siren",
    "脚步声": "footsteps",
    "掌声": "applause",
    "男人的说话声": "speech",
    "门关上的声音": "door",
    "引擎声": "engine",
}
PAIRS = [(one, list(THINGS)[at - 1]) for at, one in enumerate(THINGS)]
THERE = (
    "是否能听到{}？",
    "能听到{}吗？",
    "有没有{}？",
    "是否存在{}？",
    "音频中是否包含{}？",
    "录音里是否出现了{}？",
    "{}是否清晰可闻？",
    "是不是有{}？",
    "是否可以听出{}？",
)
NOT_THERE = ("是否没有{}？", "音频中是否不含{}？", "是否完全听不到{}？", "是否不包含{}？")


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(THERE + NOT_THERE, THINGS)))
def test_chinese_asks_whether_something_is_there(frame: str, thing: str) -> None:
    claim = read("event", frame.format(thing))
    assert THINGS[thing] in {claim.value, "speech" if claim.value == "male" else ""}
    assert claim.negated == (frame in NOT_THERE)


ORDERS = (
    "{a}是否在{b}之前出现？",
    "{a}在{b}之前吗？",
    "{a}是否先于{b}？",
    "{a}是否早于{b}？",
    "{b}是否晚于{a}？",
    "{b}是否在{a}之后响起？",
    "{a}之后是否有{b}？",
    "{a}结束后是否出现{b}？",
    "{a}后面是否跟着{b}？",
    "{b}之前是否有{a}？",
    "是否先有{a}再有{b}？",
    "是否先{a}后{b}？",
    "是否先听到{a}，然后听到{b}？",
)


@pytest.mark.parametrize(("frame", "pair"), list(itertools.product(ORDERS, PAIRS)))
def test_chinese_order_names_both_sounds_in_their_order(frame: str, pair: tuple[str, str]) -> None:
    claim = read("order", frame.format(a=pair[0], b=pair[1]))
    assert claim.other is not None
    assert (claim.dimension, claim.subject.concept, claim.other.concept) == ("order", *(THINGS[one] for one in pair))


TOGETHER = (
    "{}和{}是否同时出现？",
    "{}是否与{}同时出现？",
    "{}和{}是否重叠？",
    "{}响起时是否能听到{}？",
    "{}的同时是否有{}？",
)


@pytest.mark.parametrize(("frame", "pair"), list(itertools.product(TOGETHER, PAIRS)))
def test_chinese_simultaneity_names_both_sounds(frame: str, pair: tuple[str, str]) -> None:
    claim = read("simultaneity", frame.format(*pair))
    assert claim.other is not None
    assert {claim.subject.concept, claim.other.concept} == {THINGS[one] for one in pair}


PLACES = {
    "{}是否在开头出现？": "start",
    "是否以{}开头？": "start",
    "{}是否最先出现？": "start",
    "最先听到的是否是{}？": "start",
    "开头是否是{}？": "start",
    "是否以{}结束？": "end",
    "{}是否最后出现？": "end",
    "最后听到的是否是{}？": "end",
    "结尾是否有{}？": "end",
}


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(PLACES, THINGS)))
def test_chinese_first_and_last_are_places(frame: str, thing: str) -> None:
    claim = read("order", frame.format(thing))
    assert (claim.place, claim.subject.concept) == (PLACES[frame], THINGS[thing])


COUNTS = {
    "{}是否正好出现三次？": ("exactly", 3),
    "是否至少有两次{}？": ("at_least", 2),
    "{}是否只有一次？": ("exactly", 1),
    "{}是否不超过两次？": ("at_most", 2),
    "是否有三声{}？": ("exactly", 3),
}


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(COUNTS, ["狗叫", "警笛声", "敲门声"])))
def test_chinese_counts_keep_number_and_subject(frame: str, thing: str) -> None:
    claim = read("count", frame.format(thing))
    assert (claim.comparator, claim.number) == COUNTS[frame]
    assert claim.subject.concept
