"""Captions and questions in Chinese: segmented and tagged, read into claims, and claims rendered as questions."""

from __future__ import annotations

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.segment import Parser


def reader() -> Parser:
    """Return the reader of Chinese sentences; its dictionary loads with the first sentence."""
    from audiojudge_cli.rubrics.chinese.parser import ChineseParser

    return ChineseParser()


def question(claim: Claim, basis: str) -> str:
    """Return the question that asks in Chinese whether `claim` holds; `basis` are its words as written."""
    from audiojudge_cli.rubrics.chinese.wording import question as worded

    return worded(claim, basis)
