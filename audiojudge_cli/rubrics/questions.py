"""Reading a question that somebody else wrote into the claim it asks about."""

from __future__ import annotations

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.item import RubricItem


def read_question(item: RubricItem) -> Claim | None:
    """Return the claim of an item, or None where only its question is known."""
    return item.claim
