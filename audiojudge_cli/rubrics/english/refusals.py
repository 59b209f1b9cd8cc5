"""What a sentence denies that no other reader takes: "no sudden changes", "nothing else", "a cappella"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, noun_phrase
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.word_class import dimension_nouns

if TYPE_CHECKING:
    from spacy.tokens import Token

_BY_CONTEXT = {"music": "structure", "speech": "style", "sound": "event"}
_TOLD = ("production", "timbre", "rhythm", "noise", "room")
"""Dimensions whose nouns are denied by name: "no autotune", "without swing"."""
_PLAYED = "musical instruments"
_UNSUNG = frozenset({"cappella", "capella", "acappella", "acapella", "unaccompanied"})
_ABSENT = frozenset(
    [
        *("one", "way", "more", "longer", "matter", "doubt", "need", "hurry", "sign", "hint", "problem", "letup"),
        *("end", "break"),
    ]
)
"""What "no" stands before without denying that something is heard: "no one", "no longer", "in no hurry"."""


def is_refused(sentence: Sentence, hit: Hit, owner: Subject, things: Mapping[int, Thing]) -> bool:
    """Return whether a describing word is denied together with what it describes, which is asked for as a whole."""
    root = sentence.doc[hit.root]
    if root.i not in sentence.denied:
        return False
    if any(thing.claims and thing.subject == owner and thing.claims[0].negated for thing in things.values()):
        return True  # "no music underneath"
    denied = [child for child in root.lefts if child.lower_ == "no" and child.i < hit.first - 1]
    named = root.pos_ == "NOUN" and bool(denied)  # "no bright highs"
    noun = root if named else root.head
    within = named or root.dep_ in {"amod", "compound", "nmod"}
    return within and noun.i in sentence.denied and _may_refuse(sentence, noun, things)


def read_refusals(sentence: Sentence, things: Mapping[int, Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that what stands behind "no" or "without" is not there, where no claim says so yet."""
    for token in sentence.tokens:
        if token.i in sentence.ignored or token.i in sentence.used:
            continue
        if token.lower_ == "nothing" and token.i + 1 < len(sentence.doc) and token.nbor().lower_ == "else":
            kind = "instrument" if sentence.segment.context == "music" else "event"
            words = "other instruments" if kind == "instrument" else "other sounds"
            yield Claim(kind, "", words, Subject("sound", words), negated=True), {token.i, token.i + 1}
        elif token.lower_ in _UNSUNG and _is_sung(sentence):
            yield Claim("instrument", "", _PLAYED, Subject("instrument", _PLAYED), negated=True), {token.i}
        elif token.i in sentence.denied and _may_refuse(sentence, token, things) and _is_denied(token):
            tokens = {t.i for t in noun_phrase(token) if t.pos_ != "DET"}
            if not tokens & sentence.used:
                sentence.used |= tokens
                told = sentence.at[token.i].senses if token.i in sentence.at else {}
                dimension = next((name for name in _TOLD if name in told), _BY_CONTEXT[sentence.segment.context])
                words = sentence.inside(tokens)
                if token.lemma_ in {"instrumentation", "accompaniment", "backing"}:
                    dimension, words = "instrument", "other instruments" if "other" in words else _PLAYED
                yield Claim(dimension, "", words, Subject("clip"), negated=True), tokens


def _is_sung(sentence: Sentence) -> bool:
    return any(is_word(t, name) for t in sentence.tokens for name in ("singer_nouns", "sing_verbs", "voice_words"))


def _is_denied(noun: Token) -> bool:
    """Whether "no" or "without" stands before a noun itself, which does nothing and has no exception."""
    refused = any(c.lower_ == "no" for c in noun.lefts) or (noun.dep_ == "pobj" and noun.head.lower_ == "without")
    excepted = any(t.lower_ in {"besides", "except", "but"} for t in noun.subtree)
    return refused and not excepted and noun.dep_ not in {"nsubj", "nsubjpass"}


def _may_refuse(sentence: Sentence, noun: Token, things: Mapping[int, Thing]) -> bool:
    """Whether a noun is asked for as what is not there: unknown, and no word such as "tempo" or "one"."""
    known = noun.i in things and things[noun.i].claims
    plain = noun.lemma_.lower() not in dimension_nouns() and noun.lower_ not in _ABSENT
    return not known and plain and noun.pos_ == "NOUN" and noun.i not in sentence.used
