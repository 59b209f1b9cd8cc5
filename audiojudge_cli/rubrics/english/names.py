"""Names of what is heard as a question says them: which words of a phrase they have, and in what case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, noun_phrase
from audiojudge_cli.rubrics.english.thing import is_adjective_claim
from audiojudge_cli.rubrics.vocabulary import table
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token


def name_tokens(sentence: Sentence, noun: Token, hit: Hit, *, keep: bool) -> list[Token]:
    """Return the noun with its compound; `keep` leaves adjectives in that are no claims of their own."""
    phrase = noun_phrase(noun)
    first = min([hit.first, *(t.i for t in phrase if t.dep_ == "compound")])
    kept: list[Token] = []
    for token in sentence.doc[min(first, *(t.i for t in phrase)) : max(noun.i, hit.last) + 1]:
        inside = token.i == noun.i or (token.i >= first and not is_adjective_claim(sentence, token.i))
        wanted = keep and token.dep_ == "amod" and not is_adjective_claim(sentence, token.i)
        wanted = wanted and token.lower_ not in word_class("no_kinds") and token.head.i == noun.i
        leading = token.dep_ in {"det", "punct"} and not kept and token.i != noun.i
        inside = inside and token.lower_ != "like"  # "an accordion-like wind instrument"
        if (inside or wanted or hit.first <= token.i <= hit.last) and not leading:
            kept.append(token)
    lead = min(first, phrase[0].i)  # "four on the floor kick" is a kick
    kept = [t for t in kept if t.i not in sentence.at or sentence.at[t.i].first >= lead or sentence.at[t.i] == hit]
    comma = max((t.i for t in sentence.doc[kept[0].i : hit.first] if t.text == ","), default=-1)
    kept = [t for t in kept if t.i > comma]  # "808s, rapid hi-hat rolls" are two
    before_it = sentence.doc[max(0, kept[0].i - 2) : kept[0].i]
    if len(before_it) == 2 and before_it[1].text == "-" and not before_it[0].whitespace_:
        kept = [*before_it, *kept]  # "down-tuned guitars"
    joints = [t.i for t in kept if (t.pos_ == "CCONJ" or t.text == "/") and t.i not in _span(hit)]
    before = max((i for i in joints if i < hit.first or hit.last < noun.i), default=-1)
    behind = next((i for i in joints if i > hit.last >= noun.i), len(sentence.doc))
    kept = [t for t in kept if before < t.i < behind]  # "bass line and Tambour percussions", "jazz/rock" are two
    if max((t.i for t in kept if t.text == ","), default=-1) < hit.first:
        kept = tidied(kept)
    plain = noun.lower_ in _SOUNDING and len(kept) > 1 and kept[-1] == noun and kept[-2].lower_ not in _CHORDS
    plain = plain and kept[-2].pos_ != "ADJ" and not _KIND.search(kept[-2].lower_)
    return kept[:-1] if plain else kept  # not "mechanical sounds"


def tidied(name: Sequence[Token]) -> list[Token]:
    """Return a name without adjectives that other claims took the rest of: "short, high (pitched) call"."""
    comma = max((at for at, token in enumerate(name) if token.text == ","), default=-1)
    return [t for t in name[comma + 1 :] if not (t.lower_ in {"high", "low"} and _behind(t).endswith("pitched"))]


def _behind(token: Token) -> str:
    return str(token.doc[token.i + 1 : token.i + 2].text)


def _span(hit: Hit) -> range:
    return range(hit.first, hit.last + 1)


# Nouns behind an instrument's name that say no more than that it is heard.
_SOUNDING = frozenset({"sfx", "fx", "sound", "sounds", "playing", "accompaniment", "progression", "progressions"})
# Adjectives, whatever the tagger took them for, and "string" of "string sounds": no names by themselves.
_KIND = re.compile(r"(?<!mus)(?<!traff)(?:ic|ive|al|ed)$|^string$")
_CHORDS = frozenset({"chord", "chords", "harmonic"})
"""What has a progression of its own."""


def worded(tokens: Sequence[Token]) -> str:
    """Return a name as it stands inside a question: capitals stay where a word names a people or a language."""
    parts = []
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        plain = token.text.istitle() and not token.text.isupper() and token.lower_ not in _peoples()
        parts.append(token.lower_ if plain or len(token) == 1 else token.text)
        parts.append(token.whitespace_ if following.i == token.i + 1 else " ")
    return " ".join("".join(parts).split())


@cache
def _peoples() -> frozenset[str]:
    return frozenset(phrase for english, _ in table("language").values() for phrase in english) | {"christmas"}


def source_of(sentence: Sentence, noun: Token) -> list[Token]:
    """Return what a sound comes from, where that follows it: "quacking of a duck", "honks of a horn"."""
    for child in noun.rights:
        below = next((t for t in child.rights if t.dep_ == "pobj"), None)
        if child.lower_ not in {"of", "from"} or below is None or child.i > noun.i + 1 or is_word(below, "never_alone"):
            continue
        named = noun_phrase(below)
        told = any(t.i in sentence.used or t.i in sentence.ignored for t in named) or any(
            t.dep_ == "conj" for t in below.rights
        )
        if not told and len(named) <= _LONGEST_SOURCE and named[0].i == child.i + 1:
            return [child, *named]
    return []


_LONGEST_SOURCE = 4  # words that name a source ("a small metal gate"); longer ones describe it


def counted_by(sentence: Sentence, noun: Token, named_by: Sequence[Token]) -> Token:
    """Return the word of a name that says whether it is counted: its last, or the one that does what that says."""
    last = named_by[-1]
    if any(token.pos_ == "ADP" for token in sentence.doc[noun.i : last.i]):
        return noun
    does = last.lower_.endswith("ing") and len(named_by) > 1 and named_by[-2].pos_ in {"NOUN", "PROPN"}
    does = does and named_by[-2].lower_ not in _MANNERS
    return named_by[-2] if does else last


_MANNERS = frozenset({"background", "foreground", "mechanical", "faint", "digital", "electronic", "metallic"})
"""What stands before an action and does nothing: "background rustling"."""
