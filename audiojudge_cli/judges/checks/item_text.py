"""The text of an item as readers see it: question first, basis as the fallback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audiojudge_cli.judges.checks.polarity import denied, unquoted
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.vocabulary import Match, find


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
    """An item's question and basis, searchable for concepts."""

    item: RubricItem

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


def _matches(text: str, dimensions: tuple[str, ...]) -> list[Match]:
    found = [match for dimension in dimensions for match in find(text, dimension)]
    return sorted(found, key=lambda match: (match.start, -match.end))
