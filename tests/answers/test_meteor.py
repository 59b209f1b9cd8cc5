"""METEOR and its stemmer against nltk (figures in nltk.json, made once: nltk and its data are no dependency)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.answers.meteor import MOST_WORDS, meteor, words
from audiojudge_cli.answers.porter import stem

NLTK = json.loads((Path(__file__).parent / "nltk.json").read_text("utf-8"))
WORDS = st.lists(st.sampled_from(["a", "dog", "dogs", "barks", "barking", "loudly", "twice", "then"]), max_size=12)


def test_stems_are_those_of_nltk():
    assert len(NLTK["stems"]) > 150
    assert {word: stem(word) for word in NLTK["stems"]} == NLTK["stems"]


def test_scores_are_those_of_nltk_without_synonyms():
    assert len(NLTK["meteor"]) == 40
    for one in NLTK["meteor"]:
        assert meteor(one["reference"].split(), one["answer"].split()) == one["score"]


def test_the_example_of_nltks_documentation_loses_only_what_synonyms_add():
    reference = "It is a guide to action that ensures that the military will forever heed Party commands"
    answer = "It is a guide to action which ensures that the military always obeys the commands of the party"
    assert meteor(words(reference), words(answer)) == pytest.approx(0.6944, abs=0.0001)


@given(WORDS, WORDS)
def test_scores_lie_between_nothing_and_a_whole_match(reference, answer):
    score = meteor(reference, answer)
    assert 0 <= score < 1
    assert (score > 0) == bool({stem(one) for one in reference} & {stem(one) for one in answer})


@given(WORDS.filter(len))
def test_order_counts_and_the_same_words_in_order_are_best(text):
    assert meteor(text, text) == pytest.approx(1 - 0.5 / len(text) ** 3)
    assert meteor(text, text) >= meteor(text, list(reversed(text)))


def test_words_have_no_punctuation_and_characters_of_chinese_stand_alone():
    assert words("A dog’s bark — twice!") == ["a", "dog's", "bark", "twice"]
    assert words("狗叫two声。") == ["狗", "叫", "two", "声"]


def test_a_text_without_end_is_refused():
    with pytest.raises(ValueError, match="more than 5,000 words"):
        meteor(["a"] * (MOST_WORDS + 1), ["a"])
