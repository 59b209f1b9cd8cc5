"""How a tokenizer spells yes and no in a single token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from audiojudge_cli.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Encoder(Protocol):
    """What is used of a tokenizer."""

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        """Return the tokens of a text."""
        ...


@dataclass(frozen=True, slots=True)
class Spellings:
    """Tokens that answer an item, each on its own.

    Attributes:
        yes: Tokens for yes, ascending.
        no: Tokens for no, ascending.
    """

    yes: tuple[int, ...]
    no: tuple[int, ...]


def spellings_of(tokenizer: Encoder, yes: Sequence[str] = ("yes",), no: Sequence[str] = ("no",)) -> Spellings:
    """Find every single-token spelling: small, capital and upper case, with and without a space before it.

    A model trained to answer "Yes" and one trained to answer " yes" are read alike, without a setting.

    Args:
        tokenizer: The model's own.
        yes: Words for yes; Chinese prompts add 是.
        no: Words for no; Chinese prompts add 否.

    Raises:
        WeightsError: If no word for yes, or none for no, is a single token, so that the model can't be read this way.
    """
    found = Spellings(_single_tokens(tokenizer, yes), _single_tokens(tokenizer, no))
    if not found.yes or not found.no:
        raise WeightsError(
            f"This model's tokenizer has no single token for {yes[0]!r} or for {no[0]!r}. "
            "Use --mode generate, or another model."
        )
    return found


def written(words: Sequence[str]) -> frozenset[str]:
    """Return all ways to write the words: small, capital and upper case, with and without a space before them."""
    cases = (str.lower, str.title, str.upper)
    return frozenset(space + case(word) for word in words for space in ("", " ") for case in cases)


def _single_tokens(tokenizer: Encoder, words: Sequence[str]) -> tuple[int, ...]:
    encoded = [tokenizer.encode(text, add_special_tokens=False) for text in written(words)]
    return tuple(sorted({tokens[0] for tokens in encoded if len(tokens) == 1}))
