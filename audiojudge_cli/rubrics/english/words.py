"""What spaCy tells of a word whatever stands around it, kept for the next sentence: captions share their words.

The vector of a word that enters the network rests on the word alone; its coarse tag, morphology and lemma on the word,
its fine tag and its dependency. Asking for them anew takes half of the time of parsing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token
    from thinc.api import Model

_MOST_KEPT = 50_000
"""Words kept, some 30 MB with their vectors; beyond, all are forgotten. Captions have a few thousand different ones."""

_Key = tuple[int, ...]


def keep_vectors(nlp: Language) -> None:
    """Make a loaded pipeline keep the vectors of its words; they are the same to the bit."""
    from thinc.api import Model

    whole = nlp.get_pipe("tok2vec").model  # type: ignore[attr-defined]
    plain = whole.get_ref("embed")
    known: dict[_Key, Any] = {}

    def forward(model: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[Any], None]:  # noqa: ARG001
        keys = [_rows(doc, "NORM", "ORTH", "SPACY") for doc in docs]
        found = [[known.get(key) for key in row] for row in keys]
        unknown = [at for at, row in enumerate(found) if any(vector is None for vector in row)]
        for at, vectors in zip(unknown, plain.predict([docs[at] for at in unknown]), strict=True):
            found[at] = list(vectors)
            _keep(known, keys[at], found[at])
        return [model.ops.xp.array(row, dtype="float32").reshape(len(row), -1) for row in found], None

    whole.replace_node(plain, Model("known_words", forward, dims={"nO": plain.get_dim("nO")}))


class Tags:
    """Coarse tags, morphology and lemmas by spaCy's own rules, taken out of a pipeline.

    Of its rules those go that look at two words ("gon" and "na"), but for that on "there is".
    """

    def __init__(self, nlp: Language) -> None:
        self._ruler = cast(Any, nlp.remove_pipe("attribute_ruler")[1])
        self._lemmatizer = cast(Any, nlp.remove_pipe("lemmatizer")[1])
        rules = self._ruler.patterns
        self._ruler.clear()
        self._ruler.add_patterns(
            [rule for rule in rules if len(rule["patterns"][0]) == 1 or "DEP" in rule["patterns"][0][0]]
        )
        self._there = nlp.vocab.strings["expl"]
        self._known: dict[_Key, tuple[Any, ...]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Return the parsed document with everything set."""
        rows = _rows(doc, "ORTH", "TAG", "DEP")
        keys = [(*row, before[2] == self._there) for before, row in zip([(0, 0, 0), *rows], rows, strict=False)]
        told = [known for key in keys if (known := self._known.get(key))]
        if len(told) < len(keys):
            self._lemmatizer(self._ruler(doc))
            _keep(self._known, keys, [(t.tag, t.dep, t.pos, t.morph, t.lemma) for t in doc])
            return doc
        for token, known in zip(doc, told, strict=True):
            token.tag, token.dep, token.pos, token.morph, token.lemma = known
        return doc

    def lemma(self, token: Token) -> str:
        """Return the lemma of a token by the part of speech it has now."""
        return str(self._lemmatizer.rule_lemmatize(token)[0])


def _rows(doc: Doc, *attributes: str) -> list[_Key]:
    return list(map(tuple, doc.to_array(list(attributes)).tolist()))


def _keep(known: dict[_Key, Any], keys: Sequence[_Key], told: Sequence[Any]) -> None:
    if len(known) > _MOST_KEPT:
        known.clear()
    known.update(zip(keys, told, strict=True))
