"""Denials are seen where they stand, and quoted words never deny."""

from __future__ import annotations

import pytest

from audiojudge_cli.judges.omni.polarity import denied, unquoted


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is the music without drums?", True),
        ("Is the recording free of speech?", True),
        ("音乐中没有鼓声吗?", True),
        ("Are drums absent?", True),
        ("Are drums playing?", False),
        ("有没有鼓声?", False),
        ("是否有鼓声?", False),
        ('Is the word "no" spoken?', False),
        ("Is not only rain but also wind audible?", False),
    ],
)
def test_denial(question: str, expected: bool) -> None:
    assert denied(question) is expected


def test_denial_counts_only_before_what_it_denies() -> None:
    question = "Is there rain without thunder?"
    assert not denied(question, question.index("rain"))
    assert denied(question, question.index("thunder"))


def test_blanking_quotes_keeps_positions() -> None:
    text = 'say "no" now'
    assert len(unquoted(text)) == len(text)
    assert "no" not in unquoted(text)[:9]
