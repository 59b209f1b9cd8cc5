"""What is done with things: places and tools that are not heard themselves, doers only pointed at, objects left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.sentence import is_word
from audiojudge_cli.rubrics.english.verbs import may_sound
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_POINTING = frozenset({"some", "others", "one", "ones", "another", "each"})
"""Who or what is only pointed at: "some start to cheer"."""
_HANDLED = frozenset(
    {"dishes", "door", "truck", "car", "shower", "writing", "faucet", "tap_water", "clang", "cart", "paper"}
)
"""Sounds that are named by things which are silent until something is done with them."""


def is_handled(noun: Token, value: str) -> bool:
    """Return whether a thing is only where or with what something is done: "stirred in a bowl", "opens the lid"."""
    if (value not in _HANDLED and noun.lemma_ != "gear") or (
        may_sound(noun.lower_) and noun.lower_.endswith(("ing", "s"))
    ):
        return False
    made = noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_ in {"make", "one", "piece"}
    placed = noun.dep_ == "pobj" and noun.head.lower_ in word_class("at_places") and noun.head.head.lemma_ != "follow"
    return made or placed or (noun.dep_ == "dobj" and noun.head.pos_ == "VERB")


def is_one(noun: Token) -> bool:
    """Return whether a caption counts a noise, or who makes it, against its noun: "a hissing noise"."""
    if noun.i == 0 or noun.tag_ in {"NNS", "NNPS"} or not any(child.lower_ in {"a", "an"} for child in noun.lefts):
        return False
    before = noun.nbor(-1)
    made = noun.lower_ in {"noise", "sound"} and before.lower_.endswith("ing")
    return made or (noun.lower_.endswith("ing") and before.pos_ == "NOUN")


def points(subject: Token, verb: Token) -> bool:
    """Return whether who or what acts is only pointed at: "some start to cheer", not "some rattling"."""
    return subject.lower_ in _POINTING and not (verb.tag_ == "VBG" and verb.i == subject.i + 1)


def lacks_object(verb: Token, subject: Token | None) -> bool:
    """Return whether somebody does what needs an object, and it stands elsewhere: "a person opening"."""
    done = verb.lemma_ in {"open", "close", "shut", "fill", "lift", "cook"} and verb.tag_ != "VBN"
    somebody = subject is None or is_word(subject, "person_nouns")
    return done and somebody and not any(c.dep_ in {"dobj", "prt", "nsubjpass"} for c in verb.children)
