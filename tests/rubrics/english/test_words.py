"""What is kept of words is what spaCy tells of them, in every sentence and however often they were met."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.rubrics.english import words
from audiojudge_cli.rubrics.english.pipeline import CARD, WEIGHTS, parsed
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

SENTENCES = [
    "There is a dog barking, and it isn't loud.",
    "The clock is there; is the clock ticking?",
    "She does what he did: she has had enough of doing it.",
    "A man laughs and laughs   while others don't.",
    "Others can't, but some can, and they do have laughs.",
    "Dogs bark. Bark falls off that tree, that is what barks.",
]


@pytest.fixture(scope="module")
def plain() -> Any:
    from spacy import load

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return load(Store().path(find_card(CARD), WEIGHTS), exclude=["ner", "senter"])


def told(doc: Any) -> list[tuple[Any, ...]]:
    return [(t.text, t.tag_, t.dep_, t.head.i, t.pos_, str(t.morph), t.lemma_) for t in doc]


@pytest.mark.parametrize("kept", [words._MOST_KEPT, 0, 7])
def test_words_are_told_as_spacy_tells_them(plain: Any, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST_KEPT", kept)
    for _ in range(2):
        for doc in parsed(SENTENCES):
            assert told(doc) == told(plain(doc.text))


def test_vectors_are_the_same_to_the_bit_whatever_they_are_asked_with(plain: Any) -> None:
    alone = [np.array(next(parsed([text])).tensor) for text in SENTENCES]
    for text, vectors, doc in zip(SENTENCES, alone, parsed(SENTENCES), strict=True):
        assert np.array_equal(vectors, doc.tensor)
        assert np.array_equal(vectors, plain(text).tensor)
