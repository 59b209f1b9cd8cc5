"""Captions and questions in English: parsed along their grammar into claims, and claims rendered as questions."""

from __future__ import annotations

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.segment import Parser


def reader() -> Parser:
    """Return the reader of English sentences; its weights load with the first sentence."""
    from audiojudge_cli.rubrics.english.parser import EnglishParser

    return EnglishParser()


def question(claim: Claim, basis: str) -> str:  # noqa: ARG001 - the reader of Chinese looks at the words as written
    """Return the question that asks in English whether `claim` holds."""
    from audiojudge_cli.rubrics.english.wording import question as worded

    return worded(claim)


def parser_fingerprint() -> str:
    """Return the digest of the parser's weights."""
    from audiojudge_cli.rubrics.english.pipeline import CARD, WEIGHTS
    from audiojudge_cli.weights.catalog import find_card

    return find_card(CARD).weights[WEIGHTS].fingerprint
