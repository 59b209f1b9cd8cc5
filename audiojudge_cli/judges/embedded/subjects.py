"""From what a claim is about to the sound classes that can hear it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.classes import Sound, sound_named, sound_of, table
from audiojudge_cli.rubrics.claim import Claim, Subject

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures

SUNG = (
    "Singing",
    "Vocal music",
    "A capella",
    "Choir",
    "Song",
    "Humming",
    "Chant",
    "Child singing",
    "Opera",
    "Lullaby",
)
"""Classes of voices that sing."""

SPOKEN = frozenset({"speech", "conversation"})
"""Events that voice activity hears better than the sound classes."""

DRUMS = frozenset({"drums", "percussion", "drum_machine"})
"""Instruments that the probe of drums hears."""

# The article belongs to the question and not to what is named.
_ARTICLE = re.compile(r"(?:a|an|the|some|any)\s+", re.IGNORECASE)


def bare(words: str) -> str:
    """Return words without their article: "a dog barking" gives "dog barking"."""
    return _ARTICLE.sub("", words.strip(), count=1) if _ARTICLE.match(words.strip()) else words.strip()


def sound_of_claim(claim: Claim, clip: ClipFeatures | None = None) -> Sound | None:
    """Return the sound whose presence a claim asserts, or None where no class can hear it.

    A value of the vocabulary is looked up; words without one are looked for among the names of the classes, and then
    among the words nearest in meaning, which only `clip` can tell.
    """
    phrase = bare(claim.words) or claim.value.replace("_", " ")
    if claim.value:
        return sound_of(claim.dimension, claim.value, phrase)
    named = sound_named(phrase) if claim.dimension != "scene" else None
    if clip is None or not phrase or (named is not None and named.likeness >= 1.0):
        return named
    return clip.nearest(claim.dimension, phrase) or named


def sound_of_subject(subject: Subject) -> Sound | None:
    """Return the sound that something named in passing makes ("the dog" in "the dog barks twice"), or None."""
    phrase = bare(subject.words) or subject.concept.replace("_", " ")
    if subject.kind == "speaker":
        return sound_of("event", "speech", phrase or "the voice")
    if subject.kind == "vocals":
        return Sound(phrase or "the singing", SUNG, "singing_event")
    for dimension in ("instrument", "event") if subject.kind == "instrument" else ("event", "instrument"):
        if subject.concept in table()[dimension]:
            return sound_of(dimension, subject.concept, phrase)
    if subject.kind == "music":
        return Sound(phrase or "the music", ("Music",), "music")
    return sound_named(phrase) if subject.kind in {"sound", "instrument"} and not subject.concept else None


def presence_of(subject: Subject) -> Claim | None:
    """Return the claim that a subject is there at all, or None for the clip as a whole."""
    if subject.kind in {"speaker", "vocals", "music"} and subject.concept not in table()["event"]:
        value = {"speaker": "speech", "vocals": "vocals", "music": "music"}[subject.kind]
        return Claim("vocals" if subject.kind == "vocals" else "component", value, subject.words, subject)
    if subject.kind == "instrument" or subject.concept in table()["instrument"]:
        return Claim("instrument", subject.concept, subject.words, subject)
    if subject.kind == "clip" or not (subject.concept or subject.words):
        return None
    return Claim("event", subject.concept, subject.words, subject)
