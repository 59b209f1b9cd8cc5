"""Names sounds so that an English question reads well: articles, number, "a dog barking" for "dog barks"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from audiojudge_cli.rubrics.word_class import word_class
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.vocabulary import table

_ARTICLE = re.compile(
    r"^(?:an?|the|some|someone|something|people|two|three|several|many|his|her|their|its|another|each|every|no"
    r"|one|our"
    r"|my|this|that|only|all|both|multiple|various|hardly any|a lot of|lots of|any|anyone|anything|\d+)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"an?\b|someone|something|each|every|another|one\b", re.IGNORECASE)
_THE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W_]+")
_PREPOSITION = frozenset(
    {
        *("on", "of", "in", "into", "at", "the", "a", "an", "with", "from", "through", "to", "by", "past", "off"),
        *(
            "together",
            "it",
            "shut",
            "open",
            "against",
            "over",
            "under",
            "away",
            "up",
            "down",
            "out",
            "loudly",
            "softly",
        ),
        *("onto", "around", "across", "along", "once", "twice", "slowly", "quickly", "back"),
    }
)
_OBJECT = frozenset(["a", "an", "the", "his", "her", "their", "it", "together", "shut", "open", "off"])
_NEVER_THE = frozenset(
    ["someone", "somebody", "something", "people", "somewhere", "his", "her", "their", "its", "this"]
)


@cache
def _gerunds() -> Mapping[str, str]:
    """Return the stems of words that the list of events has as actions, to their -ing form."""
    return {
        stem(word): word
        for english, _ in table("event").values()
        for phrase in english
        for word in phrase.split()
        if word.endswith("ing") and len(word) > 5
    }


def happening(words: str) -> str:
    """Return an event with its verb as participle: "dog barks" becomes "dog barking"."""
    parts = words.split(" ")
    if len(parts) > 2 and parts[1].lower() in {"starts", "begins", "start", "begin"} and parts[2].endswith("ing"):
        del parts[1]
    if any(len(part) > 5 and part.endswith("ing") for part in parts[1:]):
        return " ".join(parts)
    first = parts[0].lower()
    objects = _PREPOSITION - {"of"} if first.endswith("s") else _OBJECT
    if stem(first) in _gerunds() and len(parts) > 1 and parts[1].lower() in objects:
        parts[0] = _gerunds()[stem(first)] if not first.endswith(("ed", "ing")) else first
        return " ".join(parts)
    for at, part in enumerate(parts):
        if at + 1 < len(parts) and parts[at + 1].lower() not in _PREPOSITION:
            continue
        if len(parts) > 1 and _is_verb(parts, at):
            return " ".join([*parts[:at], _gerunds()[stem(part.lower())], *parts[at + 1 :]])
        if part.lower() in _PREPOSITION:
            break
    return words


def _is_verb(parts: list[str], at: int) -> bool:
    """Whether a word is an action in the third person ("dog barks", "dogs bark", "drops a pen")."""
    word, before = parts[at], parts[at - 1] if at else ""
    if stem(word.lower()) not in _gerunds() or word.endswith(("ing", "ed", "ss")) or word == "chimes":
        return False
    if not at:
        return word.endswith("s") and len(parts) > 1
    many = before.endswith("s") and not before.endswith("ss")
    return many != word.endswith("s")


def participle(word: str) -> str:
    """Return a verb's -ing form: as the list of events has it, else by its spelling."""
    lower = word.lower()
    if lower.endswith("ing"):
        return word
    return _gerunds().get(stem(lower)) or (lower.removesuffix("e")) + "ing"


def with_article(words: str) -> str:
    """Return `words` with the article they need, where they are English."""
    return naming(words)[0] if words.isascii() else words


@lru_cache(64)  # the claims of a caption share their subjects
def definite(words: str) -> str:
    """Return `words` with "the" where a question about them needs it ("the dog barking", "someone snoring")."""
    bare = _THE.sub("", words.strip())
    named = happening(bare)
    parts = _LETTERS.findall(named.lower())
    if not named.isascii() or (parts and parts[0] in _NEVER_THE) or _is_action(parts):
        return named[:1].lower() + named[1:]
    return f"the {named.lower()}"


def naming(words: str) -> tuple[str, bool]:
    """Return `words` with the article they need, and whether they are plural."""
    text = words.strip()
    parts = _LETTERS.findall(text.lower())
    if not parts or text[0] in "“\"'‘「『«":
        return text, False
    plural = _is_plural(parts)
    if _ARTICLE.match(text) or not text.isascii():
        text = text[0].lower() + text[1:]
        return text, plural and not _ONE.match(text)
    action = _is_action(parts)
    head, rest = text.split(" ", 1) if " " in text else (text, "")
    lowered = text if len(head) > 1 and head.isupper() else f"{head.lower()} {rest}".strip()
    bare = len(parts) == 1 or not parts[-1].endswith("ing")
    if plural or action or _noun(parts) in word_class("mass_nouns") or (bare and parts[-1] in word_class("mass_nouns")):
        return lowered, plural
    return ("an " if lowered[0].lower() in "aeiou" else "a ") + lowered, False


def _is_action(parts: list[str]) -> bool:
    """Whether words name an action without its doer ("typing on a keyboard", "laughing together")."""
    return bool(parts) and parts[0].endswith("ing") and (len(parts) == 1 or parts[1] in _PREPOSITION)


def _noun(parts: list[str]) -> str:
    """Return the word that decides the number: the one before a participle ("birds chirping"), else the last."""
    action = next((at for at, part in enumerate(parts[1:], 1) if part.endswith("ing")), 0)
    place = next((at for at, part in enumerate(parts[1:], 1) if part in _PREPOSITION), 0)
    if action and not 0 < place < action:
        return parts[action - 1]
    for at, part in enumerate(parts[1:], 1):
        if part in _PREPOSITION:
            return parts[at - 1]
    return parts[-1]


def _is_plural(parts: list[str]) -> bool:
    noun = _noun(parts)
    if noun in word_class("plurals"):
        return True
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3
