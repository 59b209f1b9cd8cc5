"""Items about sound events, their order and number, scenes, distance and what stands in the background."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks.changes import read_loudness_course
from audiojudge_cli.judges.checks.classes import sound_named, sound_of
from audiojudge_cli.judges.checks.item_text import Found, ItemText
from audiojudge_cli.judges.checks.kinds import (
    Asked,
    Check,
    Distance,
    EventCount,
    EventOrder,
    EventsTogether,
    Instrument,
    MusicPresence,
    NotHeard,
    Scene,
    Sound,
    SoundEvent,
    SpeechPresence,
    Vocals,
    Whisper,
)
from audiojudge_cli.judges.checks.placing import read_place
from audiojudge_cli.judges.checks.space import read_moving

_SPEECH = re.compile(
    r"\b(?:speech|speak(?:s|ing|er|ers)?|talk(?:s|ing)?|says?|saying|voices?|dialogue|narrat\w+|conversation"
    r"|man|woman|men|women|person|people|someone|somebody)\b|说话|讲话|人声|语音|对话|男|女|人在说",
    re.IGNORECASE,
)
_MUSIC = re.compile(r"\b(?:music|musical|melody|tune|song|soundtrack|bgm|score)\b|音乐|旋律|配乐|乐曲", re.IGNORECASE)
_SINGING = re.compile(r"\b(?:sing(?:s|ing|er)?|vocals?|choir)\b|唱|歌声", re.IGNORECASE)
_COUNT = {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
}
_COUNT |= {"eight": 8, "nine": 9, "ten": 10, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_TIMES = re.compile(
    r"\b(once|twice|thrice)\b|\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|(\d{1,2}|[一两二三四五六])(?:次|声|下|遍|发|响|回|圈)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:after|following|preceded by)\b|之后才|晚于", re.IGNORECASE)
_BEFORE = re.compile(r"\bbefore\b|\bfollowed by\b|\bthen\b|之前|先|早于|接着|然后|随后", re.IGNORECASE)
_AT_THE_EAR = re.compile(
    r"\b(?:right )?(?:beside|next to) the (?:listener|mic\w*|ear)\b|\bclose to the mic\w*\b|贴着(?:麦|耳)|就在耳边",
    re.IGNORECASE,
)
_FAR = frozenset({"distant", "far", "soft", "very_quiet", "quiet", "receding"})
_NEAR = frozenset({"close", "near", "loud", "very_loud"})


def read_event(text: ItemText) -> Asked | NotHeard:
    """Read "Is a dog barking audible?"; speech, music and singing go to their own probes."""
    found = text.first("event")
    if found is not None:
        sound = sound_of("event", found.value, found.text)
        if sound is not None:
            return Asked(_as_check(found.value, sound), found.denied)
    manner = text.first("style")
    if manner is not None and manner.value == "whisper":
        return Asked(Whisper(), manner.denied)
    for pattern, check in ((_SINGING, Vocals()), (_MUSIC, MusicPresence()), (_SPEECH, SpeechPresence())):
        spot = pattern.search(text.question)
        if spot:
            return Asked(check, text.denies)
    instrument = text.first("instrument")
    if instrument is not None:
        sound = sound_of("instrument", instrument.value, instrument.text)
        if sound is not None:
            return Asked(Instrument(sound), instrument.denied)
    named = sound_named(text.question) or sound_named(text.item.basis)
    if named is None and found is None and instrument is None:
        named = text.guess("event")
    if named is not None:
        return Asked(SoundEvent(named), text.denies)
    return NotHeard(f"No sound class stands for {text.item.basis or text.item.question!r}.")


def _as_check(concept: str, sound: Sound) -> Check:
    if concept in {"speech", "conversation"}:
        return SpeechPresence()
    if concept == "music":
        return MusicPresence()
    if concept == "singing":
        return Vocals()
    return SoundEvent(sound)


def read_component(text: ItemText) -> Asked | NotHeard:
    """Read "Is there background music?", "Is the recording free of human speech?"."""
    for pattern, check in ((_MUSIC, MusicPresence()), (_SINGING, Vocals()), (_SPEECH, SpeechPresence())):
        if pattern.search(text.question):
            return Asked(check, text.denies)
    return read_event(text)


def read_count(text: ItemText) -> Asked | NotHeard:
    """Read "Does the dog bark exactly twice?"."""
    number = _TIMES.search(text.question) or _TIMES.search(text.item.basis)
    event = read_event(text)
    if number is None or not isinstance(event, Asked) or not isinstance(event.check, SoundEvent):
        return NotHeard("Only sound events named with a number can be counted.")
    if event.check.sound.likeness < 1.0:
        return NotHeard(f"No sound class that could be counted stands for {text.item.basis or text.item.question!r}.")
    word = next(group for group in number.groups() if group).lower()
    count = int(word) if word.isdigit() else _COUNT[word]
    return Asked(EventCount(event.check.sound, count), event.negated)


def read_order(text: ItemText) -> Asked | NotHeard:
    """Read "Does the thunder come before the rain?"."""
    pair = _two_sounds(text)
    if pair is None:
        return read_place(text) or NotHeard("Order needs two sounds that the classes know, or one and its place.")
    (first, at), (second, _) = pair
    # "A after B" names the later one first; "after A, B" already stands in order.
    turned = bool(_AFTER.search(text.question[at:])) and not _BEFORE.search(text.question)
    return Asked(EventOrder(second, first) if turned else EventOrder(first, second), text.denies)


def read_together(text: ItemText) -> Asked | NotHeard:
    """Read "Are the rain and the thunder heard at the same time?"."""
    pair = _two_sounds(text)
    if pair is None:
        return NotHeard("Simultaneity needs two sounds that the classes know.")
    return Asked(EventsTogether(pair[0][0], pair[1][0]), text.denies)


def _two_sounds(text: ItemText) -> tuple[tuple[Sound, int], tuple[Sound, int]] | None:
    found: list[tuple[Sound, int]] = []
    named = [*text.concepts("event", "instrument")]
    if len(named) < 2:
        named = sorted([*named, *text.concepts("speaker_sex")], key=lambda concept: concept.start)
    for concept in named:
        sound = _sound_in_order(concept)
        if sound is not None and all(sound.classes != other.classes for other, _ in found):
            found.append((sound, concept.start))
    return (found[0], found[1]) if len(found) >= 2 else None


def _sound_in_order(concept: Found) -> Sound | None:
    for dimension in ("event", "instrument"):
        sound = sound_of(dimension, concept.value, concept.text)
        if sound is not None:
            return sound
    return sound_of("event", "speech", concept.text) if concept.value in {"male", "female"} else None


def read_scene(text: ItemText) -> Asked | NotHeard:
    """Read "Does it sound like a beach?"."""
    for found in text.concepts("scene"):
        sound = sound_of("scene", found.value, found.text)
        if sound is not None:
            return Asked(Scene(sound), found.denied)
    guess = text.guess("scene") if text.first("scene") is None else None
    if guess is not None:
        return Asked(Scene(guess), text.denies)
    return NotHeard("No sound class stands for this place.")


def read_distance(text: ItemText) -> Asked | NotHeard:
    """Read "Is the sound faint and distant?", "Does the train approach?", "Does the rain get heavier?"."""
    course = read_moving(text) or read_loudness_course(text)
    if course is not None:
        return course
    if _AT_THE_EAR.search(text.question):
        return Asked(Distance("near"), text.denies)
    for found in text.concepts("distance", "intensity", "volume"):
        if found.value in _FAR:
            return Asked(Distance("far"), found.denied)
        if found.value in _NEAR:
            return Asked(Distance("near"), found.denied)
    return NotHeard("Only near and far, loud and faint can be told apart.")
