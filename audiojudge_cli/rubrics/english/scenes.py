"""Nouns that say where a clip is set: "in a forest", "office ambience"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.event_words import locates
from audiojudge_cli.rubrics.english.forms import decapitalised, with_article
from audiojudge_cli.rubrics.english.sentence import Sentence, joined, noun_phrase
from audiojudge_cli.rubrics.english.thing import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token


def is_located(noun: Token) -> bool:
    """Whether a noun says where it is, or what it sounds like: "in a forest", "like a shop", "sounds of a market"."""
    if noun.dep_ != "pobj":
        return False
    above = noun.head.head
    if locates(noun.head, noun):
        return above.pos_ in {"VERB", "NOUN", "AUX"} or noun.head.dep_ == "ROOT"
    return noun.head.lower_ == "of" and above.lemma_ in _AMBIENCES | {"second", "minute", "sound", "noise"}


_AMBIENCES = frozenset({"ambience", "ambiance", "atmosphere", "soundscape", "interior", "scene", "foley", "hustle"})


def ambience(sentence: Sentence, noun: Token) -> Thing | None:
    """Return the place whose ambience a noun names: "open-plan office ambience"."""
    if noun.lemma_.lower() not in _AMBIENCES or noun.i in sentence.denied or sentence.segment.context == "music":
        return None
    phrase = [t for t in noun_phrase(noun) if t.dep_ != "det" and t != noun]
    hit = next((sentence.at[t.i] for t in reversed(phrase) if t.i in sentence.at), None)
    if hit is None or "scene" not in hit.senses:
        return None
    place = with_article(decapitalised(joined(phrase)), countable=True)
    claim = Claim("scene", hit.senses["scene"], place, Subject("clip", place, hit.senses["scene"]))
    return Thing(claim.subject, noun.i, {t.i for t in (*phrase, noun)}, -1, [claim])
