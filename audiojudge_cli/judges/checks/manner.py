"""Items about the manner of a voice: age, number, emotion, intonation, timbre, clarity, fluency, pauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from audiojudge_cli.judges.checks import traits
from audiojudge_cli.judges.checks.item_text import Found, ItemText
from audiojudge_cli.judges.checks.kinds import Asked, NotHeard
from audiojudge_cli.judges.checks.limits import manner_limit, sung
from audiojudge_cli.judges.checks.numbers import seconds_in

_CHILD = frozenset({"baby", "toddler", "child"})
_CHILD_AGE = re.compile(
    r"\b(?:aged?|about|around|maybe|of)?\s*"
    r"(three|four|five|six|seven|eight|nine|ten|[3-9]|10)[- ]?(?:years?\b|year-old)?"
    r"|([三四五六七八九十])岁",
    re.IGNORECASE,
)
# Arousal of the emotions after Russell's circumplex (1980); those left out lie near its middle.
_AROUSAL: Mapping[str, float] = MappingProxyType(
    {
        "excited": 1.0,
        "angry": 1.0,
        "surprised": 0.7,
        "happy": 0.6,
        "afraid": 0.6,
        "tender": -0.7,
        "sad": -0.7,
        "calm": -1.0,
        "bored": -1.0,
    }
)
_TIMBRES: Mapping[str, str] = MappingProxyType(
    {
        "bright": "bright",
        "dark": "dark",
        "warm": "warm",
        "shrill": "thin",
        "raspy": "raspy",
        "breathy": "breathy",
    }
)
_OF_VOICE_ONLY = frozenset({"raspy", "breathy"})
_VOICE = re.compile(
    r"\b(?:voices?|speaker'?s?|speak\w*|speech|talk\w*|narrator'?s?|man'?s?|woman'?s?|boy'?s?|girl'?s?|diction)\b"
    r"|嗓|说话|语音|声线|吐字|咬字|口齿|男|女|爷爷|奶奶|旁白",
    re.IGNORECASE,
)
_WIDE = re.compile(r"\bwide\b|很宽|宽广", re.IGNORECASE)
_MUFFLED = re.compile(r"\bmuffled\b|闷", re.IGNORECASE)
_LONG_PAUSE = re.compile(r"\b(?:pauses?|pausing|silences?)\b|停顿|沉默|停[了约半一两二三]", re.IGNORECASE)


def about_voice(text: ItemText) -> bool:
    """Return whether the item speaks of a voice, speaking or singing."""
    return bool(_VOICE.search(f"{text.item.question} {text.item.basis}")) or sung(text)


def read_age(text: ItemText) -> Asked | NotHeard:
    """Read "Is the speaker a child?"; the ages of adults are beyond the probes."""
    limit = manner_limit(text)
    if limit:
        return limit
    for found in text.concepts("age"):
        if found.value in _CHILD:
            return Asked(traits.Child(), found.denied)
    if _CHILD_AGE.fullmatch(text.item.basis.strip()) or re.search(r"年幼|孩子|小孩|\bchild", text.question):
        return Asked(traits.Child(), text.denies)
    return NotHeard("Only children and grown-ups can be told apart; a voice hardly tells an adult's age.")


def read_speaker_count(text: ItemText) -> Asked | NotHeard:
    """Read "Is there only one speaker?", "Do two people talk?"."""
    found = text.first("speaker_count")
    value = found.value if found else ""
    denies = found.denied if found else text.denies
    if value in {"two", "many"} or re.search(r"\bother host\b|俩", text.item.basis):
        return Asked(traits.SeveralSpeakers(), denies)
    if value == "one":
        return Asked(traits.SeveralSpeakers(), not denies)
    return NotHeard("Only one speaker and several can be told apart, roughly; no probe counts voices.")


def read_emotion(text: ItemText) -> Asked | NotHeard:
    """Read "Does the speaker sound excited?": only how aroused a voice is can be measured."""
    limit = manner_limit(text)
    if limit:
        return limit
    for found in text.concepts("emotion"):
        lean = _AROUSAL.get(found.value)
        if lean is not None:
            return Asked(traits.Arousal(found.value, lean), found.denied)
    return NotHeard("Only aroused and calm voices can be told apart; this emotion lies on neither side.")


def read_intonation(text: ItemText) -> Asked | NotHeard:
    """Read "Is the intonation monotone?"."""
    limit = manner_limit(text)
    if limit:
        return limit
    for found in text.concepts("intonation"):
        if found.value in {"flat", "expressive"}:
            level = "flat" if found.value == "flat" else "lively"
            return Asked(traits.Intonation(level), found.denied)
    return NotHeard("Only a flat and a lively intonation can be told apart.")


def read_timbre(text: ItemText) -> Asked | NotHeard:
    """Read "Is the voice raspy?", "Do the strings sound bright?"."""
    voiced = bool(_VOICE.search(text.item.question)) or sung(text)
    limit = manner_limit(text) if voiced else None
    if limit:
        return limit
    for found in text.concepts("timbre"):
        check = _timbre(text, found, voiced=voiced)
        if check is not None:
            return check
    if _WIDE.search(f"{text.question} {text.item.basis}") and not voiced:
        return Asked(traits.Wide(), text.denies)
    return NotHeard("Only bright, dark, warm and thin sound, and raspy and breathy voices, can be told apart.")


def _timbre(text: ItemText, found: Found, *, voiced: bool) -> Asked | NotHeard | None:
    quality = _TIMBRES.get(found.value)
    if found.value == "childish" and text.first("instrument") is None:
        return Asked(traits.Child(), found.denied)
    if quality is None:
        return None
    if quality in _OF_VOICE_ONLY and not voiced and text.first("instrument", "event") is not None:
        return NotHeard("Raspy and breathy are measured on speaking voices alone.")
    of_voice = voiced or quality in _OF_VOICE_ONLY
    return Asked(traits.VoiceTimbre(quality) if of_voice else traits.SoundTimbre(quality), found.denied)


def read_clarity(text: ItemText) -> Asked | NotHeard:
    """Read "Is the speech mumbled?", "Does the audio sound muffled?"."""
    limit = manner_limit(text)
    if limit:
        return limit
    found = sorted(text.concepts("clarity"), key=lambda one: one.value == "clear")
    if not found:
        return NotHeard("Only clear and unclear speech, and muffled sound, can be told apart.")
    # "吐字" alone stands among the clear words of the vocabulary: an unclear one beside it decides.
    unclear = found[0].value == "unclear"
    source = f"{text.item.question} {text.item.basis}"
    if _MUFFLED.search(source) and not _VOICE.search(source):
        return Asked(traits.Muffled(), found[0].denied != (not unclear))
    return Asked(traits.Clarity(), found[0].denied != unclear)


def read_fluency(text: ItemText) -> Asked | NotHeard:
    """Read "Does the speaker stutter?", "Is the speech fluent?"."""
    limit = manner_limit(text)
    if limit:
        return limit
    found = text.first("fluency")
    if found is None:
        return NotHeard("The item names neither fluent nor halting speech.")
    return Asked(traits.Fluent(), found.denied != (found.value == "disfluent"))


def read_pause(text: ItemText) -> Asked | None:
    """Read "Are there long silences in the speech?", "说完后是否停顿约两秒?"; None where no pause is asked for."""
    source = f"{text.item.question} {text.item.basis}"
    if not _LONG_PAUSE.search(source):
        return None
    return Asked(traits.LongPause(seconds_in(text.item.basis) or seconds_in(text.question)), text.denies)


def read_accent(_text: ItemText) -> NotHeard:
    """No probe knows accents: those of one language differ in vowels that none of them names."""
    return NotHeard("No probe tells accents and dialects of one language apart.")


def read_personality(_text: ItemText) -> NotHeard:
    """No probe hears character: it lies in the listener as much as in the voice."""
    return NotHeard("The character that a voice conveys has no measurement that listeners would agree with.")
