"""Wanted words against heard ones: what differs, and whether it matters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.embedded.traits.words import plain
from audiojudge_cli.judges.embedded.word_diff import word_diff


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ("Please fasten your seat belt.", "please fasten your seatbelt"),
        ("We counted seventeen ships in the harbour.", "We counted 17 ships in the harbor."),
        ("twenty-one guests", "21 guests"),
        ("the museum is closed", "Well, the museum is closed on Mondays."),
        ("你说你好想带我回去", "你說你好想帶我回去"),
        ("五年", "5年"),
        ("don't", "don’t"),
    ],
)
def test_spellings_are_no_other_words(wanted: str, heard: str) -> None:
    assert word_diff(plain(wanted).split(), plain(heard).split()).wrong_share == 0.0


def test_other_words_are_named() -> None:
    wanted = ["good", "morning", "today", "we", "expect", "a", "light", "breeze", "from", "the", "north"]
    heard = ["good", "evening", "tomorrow", "we", "expect", "a", "strong", "wind", "from", "the", "north"]
    diff = word_diff(wanted, heard)
    assert diff.changed == (("morning", "evening"), ("today", "tomorrow"), ("light", "strong"), ("breeze", "wind"))
    assert diff.wrong_share == pytest.approx(4 / 7)
    assert diff.error_rate == pytest.approx(4 / 11)
    assert "“morning” heard as “evening”" in diff.told


def test_what_was_heard_without_certainty_weighs_less() -> None:
    wanted, heard = ["sunny", "day"], ["rainy", "day"]
    assert word_diff(wanted, heard, [0.3, 1.0]).wrong_share < word_diff(wanted, heard).wrong_share == 0.5


@given(st.lists(st.sampled_from(["a", "red", "blue", "seat", "belt", "seatbelt", "2", "two"]), min_size=1, max_size=8))
def test_the_same_words_never_differ(words: list[str]) -> None:
    diff = word_diff(words, ["oh", *words, "yes"])
    assert (diff.wrong_share, diff.error_rate, diff.changed) == (0.0, 0.0, ())


@given(st.lists(st.text(max_size=6), min_size=1, max_size=9), st.lists(st.text(max_size=6), max_size=9))
def test_shares_are_shares(wanted: list[str], heard: list[str]) -> None:
    diff = word_diff(wanted, heard)
    assert 0.0 <= diff.wrong_share <= 1.0
    assert diff.error_rate >= 0.0


def test_long_texts_take_bounded_time() -> None:
    start = time.monotonic()
    word_diff(["red", "green", "blue"] * 30_000, ["red", "blue", "grey", "black"] * 3_000)
    assert time.monotonic() - start < 20.0
