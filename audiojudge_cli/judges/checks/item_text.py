"""The text of an item as readers see it: question first, basis as the fallback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from audiojudge_cli.judges.checks.kinds import Sound
from audiojudge_cli.judges.checks.polarity import denied, unquoted
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.vocabulary import Match, find

Nearest = Callable[[str, str], Sound | None]
"""From a dimension and a few words to the sound nearest in meaning, or None."""

_LEADING = re.compile(
    r"^\W*(?:(?:is|are|do|does|can|was|were)\b\s*)?(?:the sounds? of\b\s*)?"
    r"(?:(?:there|you hear|(?:it|this) sounds? like|(?:the|this) (?:audio|clip|recording|music|piece|track)"
    r" (?:contains?|features?|includes?|has|have))\b\s*)?(?:(?:the )?sounds? of\b\s*)?"
    r"(?:(?:a|an|the|some|any|this|it)\b\s*)?",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s*\b(?:(?:be )?(?:audible|heard|present)|playing|clearly"
    r"|in the (?:background|clip|recording|audio|music)))*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A concept found in an item's text.

    Attributes:
        value: Canonical name in the vocabulary.
        text: The words it was found in.
        denied: Whether the question denies it.
        start: Where it stands in that text.
    """

    value: str
    text: str
    denied: bool
    start: int


@dataclass(frozen=True, slots=True)
class ItemText:
    """An item's question and basis, searchable for concepts.

    Attributes:
        item: The item.
        nearest: Guesses what words outside the vocabulary mean; None where nobody guesses.
    """

    item: RubricItem
    nearest: Nearest | None = None

    @property
    def question(self) -> str:
        """The question, quoted passages blanked."""
        return unquoted(self.item.question)

    @property
    def denies(self) -> bool:
        """Whether the question denies anything."""
        return denied(self.item.question)

    def concepts(self, *dimensions: str) -> Iterator[Found]:
        """Yield concepts of the dimensions, in text order; those of the basis when the question has none."""
        found = False
        for match in _matches(self.question, dimensions):
            found = True
            yield Found(match.value, match.text, denied(self.item.question, match.start), match.start)
        if not found:
            for match in _matches(self.item.basis, dimensions):
                yield Found(match.value, match.text, self.item.negated or self.denies, match.start)

    def first(self, *dimensions: str) -> Found | None:
        """Return the first concept of the dimensions, or None."""
        return next(self.concepts(*dimensions), None)

    def guess(self, dimension: str) -> Sound | None:
        """Return the sound that the basis, or else the question, is taken to mean where no word of it is known."""
        if self.nearest is None:
            return None
        for text in (self.item.basis, self.question):
            words = _TRAILING.sub("", _LEADING.sub("", text))
            sound = self.nearest(dimension, words) if words else None
            if sound is not None:
                return sound
        return None


def _matches(text: str, dimensions: tuple[str, ...]) -> list[Match]:
    found = [match for dimension in dimensions for match in find(text, dimension)]
    return sorted(found, key=lambda match: (match.start, -match.end))
