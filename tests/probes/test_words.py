from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.probes.words import LONGEST_WORD_S, Word, group_tokens, unwritten_s


def prefixes(pieces: list[str]) -> list[str]:
    return ["".join(pieces[:i]) for i in range(len(pieces) + 1)]


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([" The", " child", "ren", " built", "."], ["The", "children", "built."]),
        ([" Ill", "-", "dis", "posed", ","], ["Ill-disposed,"]),
        (["你", "好", "世界", "。"], ["你", "好", "世界。"]),
        (["こん", "にちは", "、", "世界"], ["こん", "にちは、", "世界"]),
        (["สวัส", "ดี"], ["สวัส", "ดี"]),
        ([" don", "'", "t", " go"], ["don't", "go"]),
        ([" OK", "你", "好", " fine"], ["OK", "你", "好", "fine"]),
        ([], []),
    ],
)
def test_tokens_become_words(pieces: list[str], words: list[str]) -> None:
    assert [text for _, _, text in group_tokens(prefixes(pieces))] == words


def test_a_character_in_two_tokens_is_one_word_of_both() -> None:
    assert group_tokens(["", " caf", " caf\ufffd", " café", " café is"]) == [(0, 3, "café"), (3, 4, "is")]


@given(st.lists(st.text(st.characters(exclude_characters="\ufffd"), min_size=1, max_size=4), max_size=12))
def test_no_letter_is_lost_and_groups_follow_each_other(pieces: list[str]) -> None:
    groups = group_tokens(prefixes(pieces))
    assert "".join("".join(text.split()) for *_, text in groups) == "".join("".join(pieces).split())
    assert all(first < last for first, last, _ in groups)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(groups))


def words(*times: tuple[float, float]) -> list[Word]:
    return [Word("w", start, end, 1.0) for start, end in times]


@pytest.mark.parametrize(
    ("found", "seconds"),
    [
        (words(), 6.0),
        (words((1.0, 1.5), (1.5, 2.0), (2.0, 2.9), (2.9, 3.9)), 3.0),
        # A word seems to last where something beside it was left out.
        (words((1.0, 4.0), (5.0, 8.0)), 6.0 - 2 * LONGEST_WORD_S),
        # Short gaps are edges of words.
        (words((1.2, 2.1), (2.4, 3.4), (3.4, 3.9), (5.0, 5.9), (6.2, 7.1), (7.2, 8.0)), 0.0),
    ],
)
def test_speech_without_a_word_is_counted(found: list[Word], seconds: float) -> None:
    assert unwritten_s(found, ((1.0, 4.0), (5.0, 8.0)), (0.0, 9.0)) == pytest.approx(seconds)


def test_only_speech_within_the_window_counts() -> None:
    assert unwritten_s((), ((0.0, 4.0), (5.0, 8.0)), (3.0, 6.0)) == pytest.approx(2.0)
    assert unwritten_s((), ((0.0, 4.0),), (5.0, 6.0)) == 0.0
