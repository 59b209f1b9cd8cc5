"""Comparing wanted words with recognised ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.embedded.traits.words import plain, similarity, word_similarity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", "hello world"),
        ("你好，世界。", "你 好 世 界"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("don't", "dont"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_whole_sentence_is_found_inside_a_longer_one() -> None:
    assert similarity("the museum is closed", "Well, the museum is closed on Mondays.") == pytest.approx(1.0)


def test_one_word_must_stand_as_a_word() -> None:
    assert word_similarity("train", "the strainer is broken") < 0.8
    assert word_similarity("train", "the train is late") == 1.0


def test_other_sentence_is_far() -> None:
    assert similarity("please close the window before you leave", "she painted the kitchen yellow and blue") < 0.7


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_a_share(wanted: str, heard: str) -> None:
    for measure in (similarity, word_similarity):
        assert 0.0 <= measure(wanted, heard) <= 1.0
