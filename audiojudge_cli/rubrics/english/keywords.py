"""Entries of a list of keywords ("tinny hi hats, male voice, boomy"), read as noun phrases: none is a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.sentence import is_word
from audiojudge_cli.rubrics.vocabulary import candidates, dimensions, longest

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LONGEST = 7  # words of an entry that is one phrase; longer ones are clauses
_NAMING = frozenset({"instrument", "vocals", "event", "genre", "component", "scene", "structure"})
# Words that make an entry more than one noun phrase: the parse of the sentence that it is stays as it is.
_JOINING = frozenset(
    [
        *(",", ";", "of", "in", "on", "at", "with", "for", "to", "from", "by", "over", "without", "like", "as", "into"),
        *("between", "and", "or", "but", "that", "which", "who", "while", "is", "are", "i", "you", "it", "each"),
        *("their", "up"),
    ]
)


def as_noun_phrase(doc: Doc) -> Doc:
    """Return an entry parsed as one noun phrase or adjective, the parse as it is where it can't be one.

    The parser expects sentences and takes "pop" for a verb and "hits" for what somebody does; what a word is, its
    place and the vocabulary tell: the last noun is the head, what stands before it describes it.
    """
    words = [token for token in doc if not token.is_space]
    if len(words) != len(doc) or not 0 < len(words) <= _LONGEST or any(t.lower_ in _JOINING for t in words):
        return doc
    senses = _senses(doc)
    if any(_acts(t, senses) for t in doc[: len(doc) - 1]):
        return doc
    kinds = [_kind(token, senses) for token in doc]
    if "" in kinds or kinds[-1] in {"PUNCT", "DET"}:
        return doc
    doing = kinds[-1] == "DOING"
    head = len(doc) - 1 - doing
    if doing and kinds[head] != "NOUN":
        return doc
    return _built(doc, kinds, head, senses)


def _acts(token: Token, senses: Mapping[int, tuple[int, frozenset[str]]]) -> bool:
    """Whether a word inside an entry is the verb of a clause."""
    if token.tag_ in {"VBZ", "VBP"} and token.i:
        return is_word(token, "play_verbs")  # "horns plays howling tones"
    if token.tag_ != "VBG":
        return False
    played = is_word(token, "play_verbs") and token.i not in senses  # "trumpets playing harmony"
    return played or bool(token.i and token.nbor().tag_ == "DT")  # "people enjoying the music"


def _senses(doc: Doc) -> Mapping[int, tuple[int, frozenset[str]]]:
    """Return for each token in a phrase of the vocabulary the number of its last token, and its dimensions."""
    found: dict[int, tuple[int, frozenset[str]]] = {}
    for start, end, senses in longest(candidates(doc.text, dimensions())):
        inside = [token.i for token in doc if start <= token.idx < end]
        for number in inside:
            found[number] = inside[-1], frozenset(name for name, _ in senses)
    return found


_BY_TAG = {"HYPH": "PUNCT", "SYM": "PUNCT", ":": "PUNCT", "``": "PUNCT", "''": "PUNCT", ",": "PUNCT", "DT": "DET"}


def _kind(token: Token, senses: Mapping[int, tuple[int, frozenset[str]]]) -> str:
    """Return what a word is inside a noun phrase, nothing where it can't be part of one ("chords played")."""
    last, names = senses.get(token.i, (token.i, frozenset()))
    final = token.i == len(token.doc) - 1
    naming = bool(names & _NAMING)
    if token.tag_ in _BY_TAG:
        return _BY_TAG[token.tag_]
    if token.tag_ == "VBG":
        return _gerund(token, names, spans=senses.get(token.i - 1, (-1, names))[0] == token.i)
    if token.tag_.startswith("RB") and not final:
        return "ADV" if token.lower_.endswith("ly") or last > token.i or is_word(token, "degree") else "ADJ"
    if token.tag_ in {"VBN", "VBD"} and final and token.i:
        return ""
    describing = token.tag_ in {"VBN", "VBD", "JJ", "JJR", "JJS"}
    describing = describing and ("instrument" not in names or token.lower_ == "solo")
    describing = describing or (token.pos_ not in {"NOUN", "PROPN", "NUM"} and bool(names) and not naming)
    named = "NUM" if token.tag_ == "CD" and not naming else "NOUN"
    return "ADJ" if describing and not (final and naming) else named


def _gerund(token: Token, names: frozenset[str], *, spans: bool) -> str:
    """Return whether a word in -ing names ("vinyl scratching"), describes ("walking bass") or tells what is done."""
    if token.i < len(token.doc) - 1:
        return "NOUN" if names == {"instrument"} else "ADJ"
    if token.i == 0:
        return "NOUN" if names & _NAMING else "ADJ"
    return "NOUN" if spans or "instrument" in names or token.lower_ == "singing" else "DOING"


def _built(doc: Doc, kinds: list[str], head: int, senses: Mapping[int, tuple[int, frozenset[str]]]) -> Doc:
    """Return the words with the tags and heads of a noun phrase."""
    from spacy.tokens import Doc as NewDoc

    tags, pos, heads, deps, lemmas = [], [], [], [], []
    for token, kind in zip(doc, kinds, strict=True):
        plural = token.lower_.endswith("s") and not token.lower_.endswith(("ss", "us", "bass"))
        named = token.tag_ if token.tag_.startswith("NN") else "NNS" if plural else "NN"
        tag = {"NOUN": named, "ADJ": token.tag_ if token.tag_.startswith("JJ") else "JJ"}.get(kind, token.tag_)
        tags.append(tag)
        pos.append({"NOUN": "NOUN", "ADJ": "ADJ", "ADV": "ADV", "DOING": "VERB"}.get(kind, token.pos_))
        same = tag == token.tag_
        lemmas.append(token.lemma_ if same else token.lower_[:-1] if tag == "NNS" else token.lower_)
        heads.append(token.i + 1 if kind == "ADV" and token.i < head else head)
        bound = kind == "ADJ" and senses.get(token.i, (0, frozenset()))[0] > token.i  # "electric" of "electric guitar"
        deps.append("ROOT" if token.i == head else "compound" if bound else _DEPS[kind])
    return NewDoc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=tags,
        pos=pos,
        lemmas=lemmas,
        heads=heads,
        deps=deps,
    )


_DEPS = {
    "NOUN": "compound",
    "ADJ": "amod",
    "ADV": "advmod",
    "NUM": "nummod",
    "DET": "det",
    "PUNCT": "punct",
    "DOING": "acl",
}
