"""Items about a speaker: sex, pitch, rate, style, loudness, language, words."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks.changes import plain_volume, read_loudness_course
from audiojudge_cli.judges.checks.classes import sound_of
from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import (
    Asked,
    Language,
    Loudness,
    NotHeard,
    Pitch,
    Rate,
    SoundEvent,
    SpeakerSex,
    SpeechPresence,
    Vocals,
    Whisper,
    Words,
)
from audiojudge_cli.judges.checks.manner import about_voice, read_pause
from audiojudge_cli.judges.checks.traits import HighQuality, SeveralSpeakers, SoundPitch

_QUOTES = re.compile(r"[\"“「『‘«](.+?)[\"”」』’»](?=\W|$)", re.DOTALL)
_SPACED_SINGLE = re.compile(r"(?:^|\s)'(.+?)'(?=[\s?.!,]|$)", re.DOTALL)
_NATURAL = re.compile(r"\b(?:natural[- ]sounding|sounds? natural|human-like)\b|听起来自然", re.IGNORECASE)
_MIDDLING = re.compile(r"中等|适中|不快不慢|\b(?:moderate|medium|normal) (?:pace|speed|rate)\b", re.IGNORECASE)
_SHOUT = re.compile(r"\b(?:shout|yell|cry out)\w*|[喊吼]", re.IGNORECASE)
_DIALOGUE = re.compile(
    r"\b(?:conversation|dialogue|arguing|debat\w+|interview)\b|对话|争吵|吵架|辩论|访谈", re.IGNORECASE
)
_ALONE = re.compile(r"\b(?:monologue|soliloquy)\b|独白", re.IGNORECASE)
_RATES = {"very_slow": "slow", "slow": "slow", "moderate": "moderate", "fast": "fast", "very_fast": "fast"}
_VOLUMES = {"very_quiet": "quiet", "quiet": "quiet", "loud": "loud", "very_loud": "loud"}


def read_sex(text: ItemText) -> Asked | NotHeard:
    """Read "Is the speaker female?"."""
    found = text.first("speaker_sex")
    if found is None or found.value not in {"male", "female"}:
        return NotHeard("The item names no sex that can be heard.")
    return Asked(SpeakerSex(found.value), found.denied)


def read_pitch(text: ItemText) -> Asked | NotHeard:
    """Read "Is the voice high-pitched?"."""
    found = text.first("pitch")
    if found is None or found.value not in {"low", "high", "medium"}:
        return NotHeard("Only low, medium and high voices, and low and high sounds, can be told apart.")
    if found.value != "medium" and not about_voice(text) and text.first("event", "instrument") is not None:
        return Asked(SoundPitch(found.value), found.denied)
    return Asked(Pitch(found.value), found.denied)


def read_rate(text: ItemText) -> Asked | NotHeard:
    """Read "Does the speaker talk quickly?"."""
    found = text.first("rate", "tempo")
    level = _RATES.get(found.value) if found else None
    if level is None and _MIDDLING.search(text.question):
        return Asked(Rate("moderate"), text.denies)
    pause = read_pause(text)
    if pause is not None and (level is None or (found is not None and found.text not in text.question)):
        return pause
    if found is None or level is None:
        return NotHeard("Only slow, moderate and fast speech, and pauses, can be told apart.")
    return Asked(Rate(level), found.denied)


def read_style(text: ItemText) -> Asked | NotHeard:
    """Read "Is the voice whispered?", "Does the speech sound natural?"; other styles have no probe."""
    heard: dict[str, Whisper | Vocals] = {"whisper": Whisper(), "singing": Vocals()}
    for found in text.concepts("style"):
        if found.value in heard:
            return Asked(heard[found.value], found.denied)
    spot = _SHOUT.search(text.question) or _SHOUT.search(text.item.basis)
    shout = sound_of("event", "shout", "shout")
    if spot and shout is not None:
        return Asked(SoundEvent(shout), text.denies or text.item.negated)
    if _NATURAL.search(text.question):
        return Asked(HighQuality(), text.denies)
    for pattern, several in ((_DIALOGUE, True), (_ALONE, False)):
        if pattern.search(text.question):
            return Asked(SeveralSpeakers(), text.denies == several)
    return NotHeard("Only whispers, shouts, singing and natural speech can be told apart from other ways of speaking.")


def read_volume(text: ItemText) -> Asked | NotHeard:
    """Read "Is the speech very quiet?"."""
    course = read_loudness_course(text)
    if course is not None:
        return course
    found = text.first("volume", "intensity")
    level = {**_VOLUMES, "soft": "quiet"}.get(found.value) if found else None
    told = plain_volume(text.question)
    if level is None and told is not None:
        return Asked(Loudness(told), text.denies)
    if found is None or level is None:
        return NotHeard("Only quiet, medium, loud, steady, rising and falling levels can be told apart.")
    return Asked(Loudness(level), found.denied)


def read_language(text: ItemText) -> Asked | NotHeard:
    """Read "Is the speech in French?"."""
    found = text.first("language")
    if found is None:
        return NotHeard("The item names no language that speech recognition knows.")
    return Asked(Language(found.value), found.denied)


def read_words(text: ItemText) -> Asked | NotHeard:
    """Read "Does the speaker say “…”?"; without quotes the basis is taken as the words."""
    for source in (text.item.question, text.item.basis):
        quoted = _QUOTES.search(source) or _SPACED_SINGLE.search(source)
        if quoted and quoted.group(1).strip():
            outside = source[: quoted.start()]
            return Asked(Words(quoted.group(1).strip()), _denies_speaking(outside))
    return NotHeard("The item quotes no words that speech recognition could look for.")


def _denies_speaking(before: str) -> bool:
    return bool(re.search(r"\b(?:not|never|without)\b|没有|不说", before, re.IGNORECASE))


def read_speech_presence(text: ItemText) -> Asked:
    """Read "Is somebody talking?" and "Is the recording free of human speech?"."""
    return Asked(SpeechPresence(), text.denies)
