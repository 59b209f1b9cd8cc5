"""Items about music: instruments, vocals, tempo, key, metre, genre, mood."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks.classes import sound_named, sound_of
from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import (
    Asked,
    Drums,
    Genre,
    Instrument,
    Key,
    Metre,
    Mode,
    Mood,
    NotHeard,
    Tempo,
    TempoBpm,
    Vocals,
)

_BPM = re.compile(
    r"(\d{2,3}(?:\.\d+)?)\s*(?:bpm|beats per minute|拍(?:/|每)?分|BPM)|(?:每分钟|bpm[ :=]*)\s*(\d{2,3})",
    re.IGNORECASE,
)
_KEY = re.compile(r"\b([A-G])(?:\s?([#♯b♭])|[- ](sharp|flat))?[- ]?(major|minor|maj|min|m\b|大调|小调)", re.IGNORECASE)
_METRE = re.compile(
    r"\b([2-9]|1[0-2])\s?/\s?(?:4|8)\b|\b(three|four|two)[- ](?:four|quarter)\b|([三四二])拍", re.IGNORECASE
)
_PITCH_CLASS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_BEATS = {"two": 2, "three": 3, "four": 4, "二": 2, "三": 3, "四": 4}
_TEMPI = {"very_slow": "slow", "slow": "slow", "moderate": "moderate", "fast": "fast", "very_fast": "fast"}
_DRUM_CONCEPTS = frozenset({"drums", "percussion", "drum_kit", "drum_machine", "drum"})
_INSTRUMENTAL = re.compile(r"\binstrumental\b|纯音乐|器乐|无人声", re.IGNORECASE)


def read_instrument(text: ItemText) -> Asked | NotHeard:
    """Read "Is a violin playing?", "Is the music without drums?"."""
    found = text.first("instrument")
    if found is None:
        named = sound_named(text.question) or sound_named(text.item.basis) or text.guess("instrument")
        if named is None:
            return NotHeard("The item names no instrument that the sound classes know.")
        return Asked(Instrument(named), text.denies)
    if found.value in _DRUM_CONCEPTS:
        return Asked(Drums(), found.denied)
    sound = sound_of("instrument", found.value, found.text)
    if sound is None:
        return NotHeard(f"No sound class stands for {found.text!r}.")
    return Asked(Instrument(sound), found.denied)


def read_vocals(text: ItemText) -> Asked:
    """Read "Are there vocals?", "Is the music purely instrumental, without vocals?"."""
    instrumental = bool(_INSTRUMENTAL.search(text.question))
    return Asked(Vocals(), instrumental or text.denies)


def read_tempo(text: ItemText) -> Asked | NotHeard:
    """Read "Is the tempo about 120 BPM?", "Is the tempo slow?"."""
    number = _BPM.search(text.question) or _BPM.search(text.item.basis)
    if number:
        bpm = float(number.group(1) or number.group(2))
        return Asked(TempoBpm(bpm), text.denies)
    found = text.first("tempo", "rate")
    level = _TEMPI.get(found.value) if found else None
    if found is None or level is None:
        return NotHeard("Only slow, moderate and fast tempi, or a number of BPM, can be told apart.")
    return Asked(Tempo(level), found.denied)


def read_key(text: ItemText) -> Asked | NotHeard:
    """Read "Is the music in A minor?", "Is the music in a minor key?"."""
    for source in (text.question, text.item.basis):
        named = _KEY.search(source)
        # The article in "in a minor key" is no tonic: a tonic is a capital letter.
        if named and not (named.group(1) == "a" and not named.group(2)):
            return Asked(Key(_tonic(named), _mode(named.group(4))), text.denies)
    found = text.first("key")
    if found is None or found.value not in {"major", "minor"}:
        return NotHeard("The item names no key that can be heard.")
    return Asked(Mode(found.value), found.denied)


def _tonic(named: re.Match[str]) -> int:
    accidental = (named.group(2) or named.group(3) or "").lower()
    shift = 1 if accidental in {"#", "♯", "sharp"} else -1 if accidental in {"b", "♭", "flat"} else 0
    return (_PITCH_CLASS[named.group(1).upper()] + shift) % 12


def _mode(word: str) -> str:
    return "major" if word.lower() in {"major", "maj", "大调"} else "minor"


def read_metre(text: ItemText) -> Asked | NotHeard:
    """Read "Is the music in 3/4 time?", "Is it a waltz?"."""
    for source in (text.question, text.item.basis):
        named = _METRE.search(source)
        if named:
            beats = named.group(1) or str(_BEATS[(named.group(2) or named.group(3)).lower()])
            return Asked(Metre(int(beats)), text.denies)
        if re.search(r"\bwaltz\b|华尔兹|圆舞曲", source, re.IGNORECASE):
            return Asked(Metre(3), text.denies)
    return NotHeard("The item names no metre that can be heard.")


def read_genre(text: ItemText) -> Asked | NotHeard:
    """Read "Is this jazz?"."""
    for found in text.concepts("genre"):
        sound = sound_of("genre", found.value, found.text)
        if sound is not None:
            return Asked(Genre(sound), found.denied)
    named = sound_named(text.question) or sound_named(text.item.basis) or text.guess("genre")
    if named is None:
        return NotHeard("No sound class stands for this genre.")
    return Asked(Genre(named), text.denies)


def read_mood(text: ItemText) -> Asked | NotHeard:
    """Read "Does the music sound sad?"."""
    for found in text.concepts("mood", "emotion"):
        sound = sound_of("mood", found.value, found.text)
        if sound is not None:
            return Asked(Mood(found.value, sound), found.denied)
    return NotHeard("No probe hears this mood.")
