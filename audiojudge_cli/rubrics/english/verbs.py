"""Which words are verbs of sounds and voices, by their stems."""

from __future__ import annotations

from functools import cache

from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.vocabulary import index, table
from audiojudge_cli.rubrics.word_class import word_class


def may_sound(word: str) -> bool:
    """Return whether a word in lower case is the form of a verb that the list of events has as an action."""
    folded = stem(word)  # short verbs keep their e ("type"), their -ing forms have lost it
    return folded in acting_stems() or folded.removesuffix("e") in acting_stems()


def names_sound(word: str) -> bool:
    """Return whether a word in lower case alone names a sound ("siren"), whatever the tagger took it for."""
    return any(dimension == "event" for dimension, _ in index(("event",)).english.get(stem(word), ()))


VERB_CLASSES = ("speech_verbs", "sing_verbs", "loud_verbs")
"""Classes of verbs that say what a voice does."""


@cache
def voice_stems() -> frozenset[str]:
    """Return the stems of verbs that say what a voice does."""
    return frozenset(stem(verb) for name in VERB_CLASSES for verb in word_class(name))


@cache
def acting_stems() -> frozenset[str]:
    """Return the stems of what the list of events has as actions ("barking", "chirping")."""
    phrases = [word for english, _ in table("event").values() for phrase in english for word in phrase.split()]
    listed = {word for word in phrases if word.endswith("ing") and len(word) > 5} | word_class("sounding_verbs")
    return frozenset(map(stem, listed)) - _NO_ACTIONS


_NO_ACTIONS = frozenset(
    {"engin", "footstep", "sound", "nois", "build", "ceil", "even", "morn", "hit", "roll", "beat", "drum", "play"}
)
