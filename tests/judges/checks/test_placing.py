"""When one sound is heard: read from items of order and duration."""

from __future__ import annotations

import pytest
from audiojudge_cli.judges.checks.kinds import Asked, Duration, EventAt, EventOrder, NotHeard
from audiojudge_cli.judges.checks.read import read

from audiojudge_cli.rubrics.item import RubricItem


@pytest.mark.parametrize(
    ("dimension", "question", "concept", "place", "start_s", "end_s"),
    [
        ("order", "Is a door slamming heard at the end?", "door_slam", "end", None, None),
        ("order", "Does it start with a phone ringing?", "telephone", "start", None, None),
        ("order", "爆炸是否在最后？", "explosion", "end", None, None),
        ("duration", "Is the dog barking heard at about five seconds?", "dog_bark", "time", 5.0, 5.0),
        ("duration", "Is this heard at 4-9s: “thunder”?", "thunder", "time", 4.0, 9.0),
        ("duration", "4-9秒是否能听到“雷声”？", "thunder", "time", 4.0, 9.0),
        ("duration", "狗叫是否出现在第5秒？", "dog_bark", "time", 5.0, 5.0),
    ],
)
def test_item_names_sound_and_place(
    dimension: str, question: str, concept: str, place: str, start_s: float | None, end_s: float | None
) -> None:
    asked = read(RubricItem(dimension, question, ""))
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, EventAt)
    assert asked.check.sound.concept == concept
    assert (asked.check.place, asked.check.start_s, asked.check.end_s) == (place, start_s, end_s)
    assert not asked.negated


def test_two_sounds_are_an_order_still() -> None:
    asked = read(RubricItem("order", "Is a car passing heard at the end, after birds sing?", ""))
    assert isinstance(asked, Asked)
    assert isinstance(asked.check, EventOrder)


def test_the_length_of_the_clip_is_no_place() -> None:
    asked = read(RubricItem("duration", "Does it last about five seconds?", ""))
    assert isinstance(asked, Asked)
    assert asked.check == Duration(5.0)


def test_a_range_of_unknown_words_is_not_the_length_of_the_clip() -> None:
    assert isinstance(read(RubricItem("duration", "Is this heard at 4-9s: “glorp”?", "")), NotHeard)


def test_a_place_after_another_sound_is_no_place_of_that_sound() -> None:
    assert isinstance(
        read(RubricItem("order", "Does the spoken line come after the bell, at roughly 6 to 12 seconds?", "")), NotHeard
    )
