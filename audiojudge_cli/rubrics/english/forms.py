"""Word forms that questions need: participles, articles, number."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.stems import adverb
from audiojudge_cli.rubrics.vocabulary import dimensions, table
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

# One vowel between single consonants at the end doubles the last ("stop" → "stopping"), but not w, x and y ("mow").
_DOUBLED = re.compile(r"(?:^|[^aeiou])[aeiouy][bdgklmnprtv]$")
# What is spoken with a vowel in front, not "ukulele", "unison", "European", "one"; "80s" and "8-bit" are.
_VOWEL = re.compile(r"(?!uk|un[ai][scfqv]|union|us[eu]|eu|one\b|once\b)[aeiou]|8|1[18]\b", re.IGNORECASE)
_NOT_DOUBLED = frozenset({"whisper", "open", "murmur", "chatter", "clatter", "flutter", "patter", "rattle", "water"})
_UNCOUNTED_ENDINGS = ("ment", "ness", "ance", "sion", "tion", "music")
# The -ing of a verb has a vowel before it: "drumming", not "string", "ring" or "ping".
_GERUND = re.compile(r"[aeiouy].*ing$")


# What an English verb of one syllable may have in front of it: "unwrap", "unplug".
_PREFIX = re.compile(r"^un(?=[^aeiou])")


def gerund(lemma: str) -> str:
    """Return the -ing form of an English verb by its spelling ("bark" → "barking", "slam" → "slamming")."""
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and len(lemma) > 2:
        return lemma[:-1] + "ing"
    plain = _PREFIX.sub("", lemma)
    short = len(re.findall(r"[aeiouy]+", plain)) == 1  # one syllable: in longer verbs the stress seldom lies last
    if short and _DOUBLED.search(lemma) and lemma not in _NOT_DOUBLED:
        return lemma + lemma[-1] + "ing"
    return lemma + ("king" if lemma.endswith("ic") else "ing")


def is_plural(words: str) -> bool:
    """Return whether a noun phrase takes "are": by its head, the word before the first preposition or participle."""
    parts = re.findall(r"[\w'-]+", words.lower())
    head = ""
    for at, part in enumerate(parts):
        if at and (part in _AFTER_HEAD or (part.endswith("ing") and head not in word_class("determiners"))):
            break
        if part == "and":
            return True
        head = part
    if head in word_class("plurals") or head in {"they", "these", "those", "men", "women"}:
        return True
    return len(head) > 3 and head.endswith("s") and not head.endswith(("ss", "us", "is", "news", "bass", "rhodes"))


_AFTER_HEAD = frozenset("of on in into at with from through to by past off that which who over under for as".split())  # noqa: SIM905


def with_article(words: str, *, countable: bool) -> str:
    """Return a noun phrase with the indefinite article it needs.

    Args:
        words: Any noun phrase in English, with or without a determiner.
        countable: Whether its head is a singular noun that can be counted.
    """
    first = words.split(" ", 1)[0].lower()
    if first == "few" and " " in words:
        return f"a {words}"
    if first in {"a", "an"} and " " in words:  # "an baby" is how some captions spell it
        words, countable, first = words.split(" ", 1)[1], True, ""
    owned = first.endswith("'s") and first[:-2] in {"someone", "somebody", "everyone", "nobody"}
    if not countable or owned or first in word_class("determiners") or first.isdigit() or not words.isascii():
        return words
    return f"{article(words)} {words}"


def article(words: str) -> str:
    """Return the indefinite article by the sound that words begin with."""
    return "an" if _VOWEL.match(words) else "a"


_ARTICLE = re.compile(r"^(?:an?|the|some) ", re.IGNORECASE)


def bare(words: str) -> str:
    """Return a noun phrase without its article."""
    return _ARTICLE.sub("", words)


def agreeing(asked: str, subject: str) -> str:
    """Return the question with its verb in the number of the subject."""
    if not is_plural(subject):
        return asked
    for one, many in (("Does ", "Do "), ("Is ", "Are ")):
        if asked.startswith(f"{one}{subject}"):
            return many + asked[len(one) :]
    return asked


def is_mass(lemma: str) -> bool:
    """Return whether a singular noun goes without an article."""
    uncounted = lemma.endswith(_UNCOUNTED_ENDINGS) or _GERUND.search(lemma) is not None
    return lemma in word_class("mass_nouns") or (uncounted and lemma not in word_class("counted_nouns"))


def is_counted(noun: Token) -> bool:
    """Return whether a noun takes the indefinite article."""
    return noun.tag_ in {"NN", "NNP"} and not is_mass(noun.lemma_.lower()) and not is_mass(noun.lower_)


def decapitalised(words: str) -> str:
    """Return a phrase as it reads inside a sentence: its first word in lower case unless it is an abbreviation."""
    first, _, rest = words.partition(" ")
    if first.isupper() and len(first) > 1:
        return words
    return f"{first.lower()} {rest}".strip()


@cache
def adjective_of(word: str) -> str:
    """Return the adjective of an adverb in -ly ("gently" → "gentle"), by the vocabulary where it lists one."""
    return _adjectives().get(word) or (word[:-3] + "y" if word.endswith("ily") else word.removesuffix("ly"))


@cache
def _adjectives() -> dict[str, str]:
    listed = {phrase for name in dimensions() for english, _ in table(name).values() for phrase in english}
    colours = {phrase for english, _ in table("timbre").values() for phrase in english}  # adjectives all: "gravelly"
    told = {adverb(word): word for word in sorted(listed) if word.isalpha() and not word.endswith("ly")}
    return told | {word: word for word in colours if word.endswith("ly")}
