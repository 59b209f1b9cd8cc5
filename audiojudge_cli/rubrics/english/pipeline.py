"""The English dependency parser: spaCy's small pipeline, fetched by card, loaded once."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import get_ident
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.words import Tags, keep_vectors
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

CARD = "language"
WEIGHTS = "english"
_BATCH = 128  # sentences parsed together, those of some forty captions; more gains nothing on one core
# "e-bass" and "8-bit" fall apart at the hyphen, and the parser takes the letter or "bit" for the noun.
_INSTRUMENTS = ("guitar", "bass", "piano", "drum", "organ", "violin", "cello")
_ONE_WORD = (
    *(f"{letter}-{name}{plural}" for letter in "eE" for name in _INSTRUMENTS for plural in ("", "s")),
    *("8-bit", "16-bit", "32-bit"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, as broken JSON escapes leave it: spaCy takes UTF-8 only


@cache
def _pipeline() -> tuple[Language, Tags]:
    """Return tokenizer, tagger and parser, and what follows them.

    Raises:
        WeightsError: If the weights are missing and can't be fetched.
    """
    folder = Store().path(find_card(CARD), WEIGHTS)
    with warnings.catch_warnings():
        # W095: made by spaCy 3.6, run by a later 3.x; the tests hold its parses to what they were measured with.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        with _without("torch", "tensorflow", "mxnet", "cupy"):
            from spacy import load

        loaded = load(folder, exclude=["ner", "senter"])
    for word in _ONE_WORD:
        loaded.tokenizer.add_special_case(word, [{"ORTH": word}])  # type: ignore[union-attr]
    loaded.tokenizer.add_special_case("w/", [{"ORTH": "w/", "NORM": "with"}])  # type: ignore[union-attr]
    keep_vectors(loaded)
    return loaded, Tags(loaded)


@contextmanager
def _without(*packages: str) -> Iterator[None]:
    """Hide packages from what this thread imports: spaCy looks for every framework, and torch alone takes a second."""
    finder = _Hiding(frozenset(packages), get_ident())
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@dataclass(frozen=True)
class _Hiding:
    """Finds nothing, and lets nobody else find some packages in one thread; another may load a judge meanwhile."""

    packages: frozenset[str]
    thread: int

    def find_spec(self, name: str, *_: object) -> None:
        if name in self.packages and get_ident() == self.thread:
            raise ModuleNotFoundError(name, name=name)


def parsed(texts: Iterable[str]) -> Iterator[Doc]:
    """Yield one parsed document per text, in order and with the text's offsets."""
    nlp, tags = _pipeline()
    yield from map(tags, nlp.pipe((_SURROGATE.sub("\ufffd", text) for text in texts), batch_size=_BATCH))


def lemma_of(token: Token) -> str:
    """Return the lemma of a token by the part of speech it has now."""
    return _pipeline()[1].lemma(token)
