"""Splits text into words and folds English inflections, so that one listed form finds all of them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

# A stroke belongs to a word between figures alone: "4/4" is one, "jazz/rock" are two.
WORD = re.compile(
    r"[^\W_\u2e80-\u9fff\uf900-\ufaff]+(?:(?:[&#'’.]|(?<=\d)/(?=\d))[^\W_\u2e80-\u9fff\uf900-\ufaff]+)*#?"
)
_ASCII = re.compile(r"[a-z0-9]+(?:(?:[&#'.]|(?<=\d)/(?=\d))[a-z0-9]+)*#?")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")

_VOWEL = re.compile(r"[aeiouy]")
_SHORT = re.compile(r"[^aeiouy][aeiou][^aeiouwxy]|[aeiou][^aeiouy]l")
_KEEP = frozenset(
    {
        *("evening", "morning", "during", "nothing", "something", "anything", "everything", "ceiling", "wedding"),
        *("being", "thing", "tired", "tires", "red", "bed", "sped", "shed", "speed", "breed", "this", "his", "us"),
        *("is", "as", "was", "has", "bass", "always", "perhaps", "across", "less", "wired", "inspired", "hundred"),
        *("sacred", "naked", "wicked", "aged", "news", "seas", "spring", "string", "amusing", "boring"),
        *("theme", "these", "those", "there", "where", "since", "whole", "whose", "quite", "twice", "once", "while"),
    }
)


class Word(NamedTuple):
    """One word of a text: its stem and where it stands."""

    stem: str
    start: int
    end: int


@cache
def stem(word: str) -> str:
    """Return `word` (lower case) without its English inflection.

    Covers plural, third person, past and participle endings and a possessive 's; comparatives and adverbs keep
    their form, since "louder" is another claim than "loud".
    """
    if len(word) > 2 and word[-2] in "'’" and word[-1] == "s":
        word = word[:-2]
    if len(word) <= 3 or word in _KEEP:
        return word
    return _fold(_singular(word))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _fold(word: str) -> str:
    if word in _KEEP:
        return word
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) > 1 and _VOWEL.search(rest) and not word.endswith("eed"):
            if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz":
                return rest[:-1]
            if _SHORT.fullmatch(rest):
                return rest + "e"
            return rest[:-1] if rest.endswith("e") and len(rest) > 4 else rest
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def words(text: str) -> list[Word]:
    """Return the words of `text` outside Chinese, hyphens splitting words, offsets into `text`."""
    lower = text.lower()
    if text.isascii():
        return [Word(stem(m.group()), m.start(), m.end()) for m in _ASCII.finditer(lower)]
    if len(lower) != len(text):  # a few letters change length when lowered; offsets must stay true
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return [Word(stem(m.group()), m.start(), m.end()) for m in WORD.finditer(lower)]


def adverb(word: str) -> str:
    """Return the adverb of an English adjective by its regular spelling."""
    if word.endswith("y") and len(word) > 3:
        return word[:-1] + "ily"
    if word.endswith("le"):
        return word[:-1] + "y"
    if word.endswith("ic"):
        return word + "ally"
    return word + "ly"
