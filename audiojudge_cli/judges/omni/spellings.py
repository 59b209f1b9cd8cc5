"""How a tokenizer spells yes and no in a single token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from audiojudge_cli.errors import WeightsError

_ENGLISH = (("yes", "no"),)
_CHINESE = (*_ENGLISH, ("是", "否"))


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


def find_spellings(tokenizer: Encoder, language: str) -> Spellings:
    """Find every single-token spelling: small, capital and upper case, with and without a space before it.

    A model trained to answer "Yes" and one trained to answer " yes" are read alike, without a setting.

    Args:
        tokenizer: The model's own.
        language: Language of the prompt; `zh` adds 是 and 否.

    Raises:
        WeightsError: If yes or no has no such spelling, so that the model can't be read this way.
    """
    words = _CHINESE if language == "zh" else _ENGLISH
    return spellings_of(tokenizer, [pair[0] for pair in words], [pair[1] for pair in words])


def spellings_of(tokenizer: Encoder, yes_words: Sequence[str], no_words: Sequence[str]) -> Spellings:
    """As `find_spellings`, for the words of a prompt set.

    Raises:
        WeightsError: As `find_spellings`.
    """
    yes, no = _single_tokens(tokenizer, yes_words), _single_tokens(tokenizer, no_words)
    if not yes or not no:
        raise WeightsError(
            "This model's tokenizer has no single token for yes or for no. Use --mode generate, or another model."
        )
    return Spellings(yes, no)


def _single_tokens(tokenizer: Encoder, words: Sequence[str]) -> tuple[int, ...]:
    texts = {space + case(word) for word in words for space in ("", " ") for case in (str.lower, str.title, str.upper)}
    encoded = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
    return tuple(sorted({tokens[0] for tokens in encoded if len(tokens) == 1}))
