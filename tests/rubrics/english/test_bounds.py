"""Any text gives a rubric, with spans of the caption, in bounded time and with bounded text per parse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from audiojudge_cli.rubrics.english import parser
from audiojudge_cli.rubrics.english.pipeline import parsed
from audiojudge_cli.rubrics.expander import Expander

_WORDS = st.sampled_from(
    [
        "a",
        "the",
        "no",
        "not",
        "without",
        "dog",
        "barks",
        "man",
        "woman",
        "speaks",
        "sings",
        ",",
        ".",
        ":",
        ";",
        "-",
        "(",
        ")",
        '"',
        "'",
        "and",
        "then",
        "while",
        "over",
        "140",
        "BPM",
        "3",
        "times",
        "20s",
        "loud",
        "music",
        "piano",
        "INT.",
        "[0-4s]",
        "never",
        "her",
        "voice",
        "Tempo:",
        "Avoid:",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=30).map(" ".join)))
def test_any_text(rules: Expander, text: str) -> None:
    for item in rules.expand(text).items:
        assert item.question.endswith(("?", "？"))
        assert item.basis in text
        assert item.basis.strip()


@pytest.mark.parametrize("text", ["a dog barks as " * 3000, "a" * 20_000, "no " * 4000, "ABC\n" * 4000, '"a ' * 3000])
def test_parser_gets_bounded_texts(rules: Expander, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    lengths = [0]

    def watched(texts: Iterable[str]) -> Iterator[Doc]:
        listed = list(texts)
        lengths.extend(len(one) for one in listed)
        return parsed(listed)

    monkeypatch.setattr(parser, "parsed", watched)
    rules.expand(text)
    assert max(lengths) <= 600
    assert sum(lengths) <= len(text)


def test_huge_caption_gives_a_rubric(rules: Expander) -> None:
    caption = ("A dog barks while a man talks about the weather and rain falls. " * 16_000)[:1_000_000]
    assert 1 <= len(rules.expand(caption).items) <= 200
