"""From a concept of the vocabulary to the AudioSet classes that speak for it (data in `classes.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

STAND_IN = 0.8
"""Likeness of a sound to a class that stands in for it."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Something to be heard, as a concept of the vocabulary and the AudioSet classes that speak for it.

    Attributes:
        phrase: Words for the evidence sentence ("dog barking").
        classes: AudioSet display names, the one that means the concept first, its kin after it.
        concept: Name in the vocabulary; empty for a class named outright.
        likeness: 1 where the words are known; below 1 the sound is a guess: the cosine it rests on, or a class
            that stands in.
    """

    phrase: str
    classes: tuple[str, ...]
    concept: str = ""
    likeness: float = 1.0


_FILLER = frozenset(
    """
    a an and any are as at audible be been being by can clip do does feature featured features from hear heard
    in into is it its like music noise of on or play played playing present recording some someone something
    sound sounding sounds that the there to with
    """.split()  # noqa: SIM905 - a word list reads better as prose
)


_NOUN = re.compile(r"\b(?:music|noise|recording|sound)\b")
_PLACES = ("Inside, ", "Outside, ")


@cache
def table() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return dimension → concept → AudioSet display names, the one that means the concept first."""
    return {
        dimension: {concept: tuple(names) for concept, names in concepts.items()}
        for dimension, concepts in _data().items()
        if dimension != "stand_ins"
    }


@cache
def stand_ins(dimension: str) -> frozenset[str]:
    """Return the concepts whose classes are only similar to them: an elephant has none of its own."""
    return frozenset(_data()["stand_ins"].get(dimension, ()))


@cache
def _data() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("classes.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = yaml.safe_load(text)
    return data


def sound_of(dimension: str, concept: str, phrase: str) -> Sound | None:
    """Return the sound a concept stands for, or None when no class can hear it.

    Where the phrase itself names a class ("vibraphone", "reversing beeps"), that class speaks first: the
    vocabulary's concepts are wider than AudioSet's classes.
    """
    names = table().get(dimension, {}).get(concept)
    if not names:
        return None
    named = _by_words().get(_content_words(phrase))
    classes = (named, *(name for name in names if name != named)) if named else names
    similar = named is None and concept in stand_ins(dimension)
    return Sound(phrase, classes, concept, STAND_IN if similar else 1.0)


def sound_named(text: str) -> Sound | None:
    """Return the sound whose AudioSet display name shares the most words with `text`, or None.

    The fallback for words outside the vocabulary. Every content word of a class name must stand in the text; where
    the text has others too ("dunks the blade into water"), the sound is a guess, so that an unknown word never becomes
    a confident answer.
    """
    words = _content_words(text)
    fitting = [wanted for wanted, name in _by_words().items() if wanted <= words and _whole(name, text)]
    if not fitting:
        return None
    best = max(fitting, key=len)
    name = _by_words()[best]
    return Sound(name.lower(), (name,), likeness=1.0 if best == words else STAND_IN)


def _whole(name: str, text: str) -> bool:
    """Return whether the noun of a name stands in the text too: "in the background" is no "Background music"."""
    nouns = _NOUN.findall(name.lower())
    return all(noun in text.lower() for noun in nouns)


@cache
def class_names() -> tuple[str, ...]:
    """Return the display names of the 521 AudioSet classes that YAMNet knows (Gemmeke et al., ICASSP 2017)."""
    text = resources.files(__package__).joinpath("audioset.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


@cache
def _by_words() -> Mapping[frozenset[str], str]:
    """Return content words → display name, for every name and every comma-separated part of one."""
    whole = {_content_words(name): name for name in reversed(class_names())}
    several = [name for name in reversed(class_names()) if not name.startswith(_PLACES)]
    parts = {_content_words(part): name for name in several for part in re.split(r",|\(.*", name)}
    return {words: name for words, name in (parts | whole).items() if words}


def _content_words(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", text.lower())
    return frozenset(_stem(word) for word in words if word not in _FILLER and len(word) > 2)


def _stem(word: str) -> str:
    for ending in ("ing", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
