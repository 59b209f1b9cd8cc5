"""What the vocabulary has no word for: energy, a denied quality ("no emotion at all"), a bare "medium" behind a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import with_article
from audiojudge_cli.rubrics.english.sentence import Sentence, is_word
from audiojudge_cli.rubrics.english.thing import ROLE_ENDINGS

if TYPE_CHECKING:
    from spacy.tokens import Token

_SPEAKER = Subject("speaker", "the speaker")
_QUALITIES = {"emotion": "emotion", "feeling": "emotion", "expression": "emotion", "inflection": "intonation"}
_MIDDLE = frozenset({"medium", "moderate", "normal", "average", "mid", "middle"})
_MIDDLES = {"pitch": "medium", "volume": "medium", "rate": "moderate"}
_DEGREES_OF_ENERGY = frozenset({"high", "low", "medium", "moderate", "great", "little"})


def read_delivery(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield how lines are delivered where no list has the word; its tokens count as used."""
    if sentence.segment.context != "speech":
        return
    for read in (_energy, _denied, _middle, _raised, _of_role, _overlap):
        for claim, tokens in read(sentence):
            sentence.used |= tokens
            yield claim, tokens


def _energy(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield how much energy there is: "low energy", "her energy is very high", a key's "low to moderate"."""
    if sentence.segment.label == "energy":
        tokens = {t.i for t in sentence.tokens if not t.is_punct and not t.is_space}
        yield Claim("style", "", f"{sentence.inside(tokens)} energy", _SPEAKER), tokens
        return
    for noun in sentence.tokens:
        if noun.lemma_ != "energy" or noun.i in sentence.used | sentence.ignored:
            continue
        told = [t for t in (*noun.lefts, *_predicate(noun)) if t.lower_ in _DEGREES_OF_ENERGY]
        if told:
            graded = {t.i for t in told[0].lefts if t.dep_ == "advmod"} | {told[0].i}
            denied = bool(graded & sentence.denied)
            yield Claim("style", "", f"{sentence.inside(graded)} energy", _SPEAKER, negated=denied), graded | {noun.i}


def _predicate(noun: Token) -> Iterator[Token]:
    if noun.dep_ == "nsubj" and noun.head.lemma_ in {"be", "stay", "remain", "sound"}:
        yield from (child for child in noun.head.children if child.dep_ == "acomp")


def _denied(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that a quality is not there at all: "no emotion", "without inflection"."""
    for noun in sentence.tokens:
        dimension = _QUALITIES.get(noun.lower_)
        plain = dimension is not None and noun.i in sentence.denied and noun.i not in sentence.at
        if plain and not any(child.dep_ in {"amod", "poss", "compound"} for child in noun.lefts):
            yield Claim(str(dimension), "", noun.lower_, _SPEAKER, negated=True), {noun.i}


def _raised(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that a voice is raised or never is, wherever the words hang: nobody but the speaker can do it."""
    for hit in sentence.hits:
        root, tokens = sentence.doc[hit.root], set(range(hit.first, hit.last + 1))
        if hit.senses.get("volume") == "loud" and root.lemma_ == "raise" and sentence.free(hit):
            denied = bool(tokens & sentence.denied)
            yield (
                Claim("volume", "loud", sentence.words(tokens), Subject("speaker", "the voice"), negated=denied),
                tokens,
            )


def _overlap(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that speakers talk at the same time, or never do: "they overlap", "never talk over each other"."""
    for verb in sentence.tokens:
        behind = [t.lower_ for t in sentence.doc[verb.i + 1 : verb.i + 4]]
        over = behind in (["over", "each", "other"], ["over", "one", "another"])
        who = [c for c in verb.children if c.dep_ == "nsubj" and (c.pos_ == "PRON" or is_word(c, "person_nouns"))]
        talking = (verb.lemma_ == "overlap" and bool(who)) or (verb.lemma_ in {"talk", "speak"} and over)
        if verb.pos_ == "VERB" and talking and _free(sentence, verb):
            tokens = {verb.i} | ({*range(verb.i, verb.i + 4)} if over else set())
            first, second = Subject("speaker", "the speakers"), Subject("speaker", "each other")
            denied = verb.i in sentence.denied
            yield Claim("simultaneity", "while", sentence.words(tokens), first, second, negated=denied), tokens


def _of_role(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield whose voice it sounds like: "a smoker's voice", "calm dispatcher voice", "in the tone of a preacher"."""
    for noun in sentence.tokens:
        if noun.lemma_ not in _VOICES or noun.i in sentence.denied:
            continue
        below = [child for child in noun.lefts if child.dep_ in {"compound", "poss"}]
        if any(inner.lower_ == "the" for child in (noun, *below) for inner in child.lefts):
            continue  # "under the host's voice" likens nobody
        below += [inner for child in noun.rights if child.lower_ == "of" for inner in child.children]
        for role in below:
            person = role.pos_ == "NOUN" and role.lemma_.lower().endswith(ROLE_ENDINGS)
            if person and role.i not in sentence.at and role.lemma_ != "speaker" and _free(sentence, role):
                yield Claim("style", "", with_article(role.lower_, countable=True), _SPEAKER), {role.i}


_VOICES = frozenset({"voice", "tone", "delivery", "manner"})


def _free(sentence: Sentence, token: Token) -> bool:
    return token.i not in sentence.used | sentence.ignored


def _middle(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield the middle of a scale that a key names: "Pitch: medium"."""
    value = _MIDDLES.get(sentence.segment.label)
    first = sentence.doc[0] if len(sentence.doc) else None
    if value and first is not None and first.lower_ in _MIDDLE and first.i not in sentence.at:
        yield Claim(sentence.segment.label, value, first.lower_, Subject("speaker", "the voice")), {first.i}
