from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.omni.two_scores import read_scores

SCORES = st.integers(4, 40).map(lambda quarters: quarters / 4)


@given(
    SCORES,
    SCORES,
    st.sampled_from([", ", "\n", "\n\n", "; ", ". ", " and ", ",  ", "，"]),
    st.sampled_from(["", "**", "`"]),
    st.sampled_from([":", " :", "：", ": "]),
    st.sampled_from(["", "/10", " / 10", " points"]),
    st.sampled_from(["", "\n", ".", "。", " Output A is better."]),
)
def test_every_clear_pair_is_read(first, second, between, mark, colon, of_ten, after):
    scores = f"Output A{colon}{first:g}{of_ten}{mark}{between}{mark}Output B{colon}{second:g}{of_ten}"
    text = f"Prosody: A is livelier.\n{mark}{scores}{mark}"
    assert read_scores(text + after) == (first, second)


def test_numbers_are_compared_as_numbers():
    scores = read_scores("Output A: 10, Output B: 9")
    assert scores == (10.0, 9.0)
    assert scores[0] > scores[1]


def test_the_conclusion_counts_and_not_what_came_before():
    text = "Pacing: Output A: 3, Output B: 4.\nOverall:\n**Output A: 8**\n**Output B: 6.5**"
    assert read_scores(text) == (8.0, 6.5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A is better.",
        "Output A: 8",
        "Output B: 8, Output A: 7",
        "Output A: X, Output B: X",
        "Output A: 0, Output B: 5",
        "Output A: 11, Output B: 5",
        "Output A: 8, Output B: 100",
        "Output A: 8, Output B: 7/100",
        "Output A: 80/100, Output B: 7",
        "Output A: -3, Output B: 7",
        "Output A: 8, Output B: 7.123",
        "Output A: eight, Output B: seven",
        "Output A: 8, or perhaps 7, Output B: 6",
        "Output A: 8, Output B: 6. No: Output A: 5",
        "Output A: 8, Output B: 6\nOutput A: ?, Output B: ?",
        "Output A: 8-9, Output B: 6",
    ],
)
def test_nothing_else_is(text):
    assert read_scores(text) is None


@given(st.text())
def test_any_text_is_read_or_not(text):
    assert read_scores(text) is None or "Output" in text
