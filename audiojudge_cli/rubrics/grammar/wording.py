"""English questions in the caption's own words: "a steady beat" as "Is the beat steady?", "stutters" as "Does … ?"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from audiojudge_cli.rubrics.word_class import word_class
from audiojudge_cli.rubrics.grammar.naming import naming
from audiojudge_cli.rubrics.stems import adverb, stem
from audiojudge_cli.rubrics.vocabulary import table

_LISTED = (
    *("emotion", "mood", "personality", "rate", "tempo", "intensity", "dynamics", "volume", "rhythm", "timbre"),
    *("clarity", "fluency", "intonation", "pitch", "distance", "age"),
)
_IS: Mapping[str, str] = {
    "rate": "Is the speech {never}{x}?",
    "volume": "Is the voice {never}{x}?",
    "clarity": "Is {subject} {never}{x}?",
    "fluency": "Is the speech {never}{x}?",
    "intonation": "Is the intonation {never}{x}?",
    "pitch": "Is {subject} {never}{x}?",
    "style": "Is the {manner} {never}{x}?",
    "intensity": "Is {subject} {never}{x}?",
    "dynamics": "Is {subject} {never}{x}?",
    "rhythm": "Is {beat} {never}{x}?",
    "tempo": "Is the tempo {never}{x}?",
    "distance": "Does {subject} {never}sound {x}?",
    "room": "Does it {never}sound {x}?",
    "noise": "Is the recording {never}{x}?",
    "recording": "Does the recording {never}sound {x}?",
    "production": "Is the production {never}{x}?",
    "duration": "Is {subject} {never}{x}?",
    "timbre": "Does {subject} {never}sound {x}?",
    "emotion": "Does the speaker {never}sound {x}?",
    "personality": "Does the speaker {never}come across as {x}?",
    "mood": "Does the music {never}sound {x}?",
    "age": "Does the speaker {never}sound {x}?",
}
_DO = frozenset(
    [
        *("fluency", "style", "transition", "distance", "dynamics", "intensity", "rhythm", "duration", "tempo"),
        *("timbre", "clarity", "rate"),
    ]
)
_ASKED = frozenset(_IS) | _DO
_BY_SPEAKER = frozenset(["fluency", "style", "clarity", "rate"])
_HEARD_IN: Mapping[str, str] = {
    "emotion": "{is_are} {x} heard in the voice?",
    "mood": "{is_are} {x} heard in the music?",
    "timbre": "{is_are} {x} heard in {subject}?",
    "rhythm": "{is_are} {x} heard?",
}
_KEPT = frozenset(["whisper", "shout", "murmur", "newsreader", "narration"])
_BEHIND = re.compile(r" (?:at first|at the start|by the end|throughout|than normal|than usual|enough)$", re.IGNORECASE)
_AHEAD = re.compile(r"^(?:(?:at|in|with) )?(?:an?|the|his|her|its) ", re.IGNORECASE)
_NOUN = re.compile(r"(?:ness|ment|[ts]ion|ity|ance|ence)$", re.IGNORECASE)
_PLAIN_PITCH = frozenset(["low", "high", "medium", "lower", "higher", "mid"])
_WITHIN = re.compile(r"(?<!hint) of | with | to ")
_DANGLING = re.compile(r"(?: (?:to|into|from|of|with|in|on|at|a|the))+$", re.IGNORECASE)
_OFTEN = re.compile(
    r"(?:only |just |very )?(?:occasion|sporadic|intermittent|repeated|periodic|constant)(?:al)?ly|now and then"
    r"|every now and then|from time to time|sometimes|at times|over and over|again and again|in bursts|on and off",
    re.IGNORECASE,
)
_RENAMED = {"level": "voice", "talker": "speech", "speaker": "speech", "speed": "pace", "beats": "beat"}
_ITS = frozenset(["rhythm", "pitch", "volume"])
_LOWERED = frozenset(["low", "high", "full"])


def in_own_words(dimension: str, value: str, words: str, slots: Mapping[str, str]) -> str:
    """Return a question about what a claim says in its own words, or nothing where they fit no plain sentence.

    Args:
        dimension: Dimension of the claim.
        value: Canonical value it has.
        words: Its words in English, as written.
        slots: `subject` (what it describes, with its article), `context`, and `named`, which is empty where the
            caption names no sound; `never` is that word and a blank where the caption denies the claim.
    """
    if dimension not in _ASKED or (dimension == "style" and value in _KEPT):
        return ""
    tail = _BEHIND.search(words)
    suffix = tail.group() if tail else ""
    text = words[: len(words) - len(suffix)]
    lowered = text if text[:2].isupper() or dimension == "content" else text[:1].lower() + text[1:]
    slots = {**slots, "manner": manner(slots["context"])}
    slots["beat"] = (
        slots["subject"] if slots["named"] else ("the sound" if slots["context"] == "sound" else "the rhythm")
    )
    often = _OFTEN.fullmatch(lowered)
    if dimension == "rhythm" and often:
        return f"Is {slots['subject']} {slots['never']}heard {lowered}{suffix}?"
    return _of_head(dimension, lowered, suffix, slots) or _plain(dimension, lowered, suffix, slots)


def _plain(dimension: str, text: str, suffix: str, slots: dict[str, str]) -> str:
    parts = text.split()
    described = adjective(text) or (text if dimension == "production" and parts[0].endswith("ed") else "")
    if described and dimension in _IS and not _is_noun(parts[-1]):
        frame = _IS[dimension]
        if dimension == "tempo" and re.search(r"tempo|paced", described):
            frame = "Is the music {never}{x}?"
        if dimension == "pitch" and described.split()[-1] in _PLAIN_PITCH:
            frame = "Is the pitch of {subject} {never}{x}?"
        if (
            dimension == "rhythm"
            and described.split()[-1] in {"quick", "fast", "slow"}
            and slots["beat"] == "the rhythm"
        ):
            frame = "Is the pace {never}{x}?"
        return frame.format_map({**slots, "x": described + suffix})
    if dimension in _HEARD_IN and _is_noun(parts[-1]) and not _WITHIN.search(text) and not slots["never"]:
        named, plural = (text, False) if dimension in {"emotion", "mood"} else naming(text)
        return _HEARD_IN[dimension].format_map({**slots, "x": named, "is_are": "Are" if plural else "Is"})
    if dimension not in _DO:
        return ""
    doer = "the speaker" if dimension in _BY_SPEAKER and slots["context"] == "speech" else slots["subject"]
    done = _DANGLING.sub("", text)
    first, _, rest = done.partition(" ")
    base = verb(first)
    if base:
        return f"Does {doer} {slots['never']}{base}{' ' * bool(rest)}{rest}{suffix}?"
    if first.endswith("ing") and _participle(first) and (rest or dimension != "rhythm"):
        return f"Is {doer} {slots['never']}{done}{suffix}?"
    return ""


def manner(context: str) -> str:
    """Return what a claim of style is about."""
    return "style" if context == "music" else "delivery"


def _of_head(dimension: str, text: str, suffix: str, slots: Mapping[str, str]) -> str:
    """Return the question where the words hold the noun they describe ("crisp diction", "voice cracks")."""
    parts = _AHEAD.sub("", text).split()
    if len(parts) < 2 or dimension in {"emotion", "mood", "style", "content", "recording", "production"}:
        return ""
    heads, never = word_class("heads"), slots["never"]
    of = f" of {slots['subject']}" if slots["named"] else ""
    if parts[-1] in heads:
        described = adjective(" ".join(parts[:-1]))
        if described and described not in _LOWERED:
            noun = _RENAMED.get(parts[-1], parts[-1])
            return f"Is the {noun}{of if noun in _ITS else ''} {never}{described}{suffix}?"
    if parts[0] in heads:
        described = adjective(" ".join(parts[1:]))
        if described:
            return f"Is the {parts[0]} {never}{described}{suffix}?"
        base = verb(parts[1]) if parts[1].endswith("s") else ""
        if base:
            return f"Does the {parts[0]} {never}{' '.join([base, *parts[2:]])}{suffix}?"
    return ""


def adjective(text: str) -> str:
    """Return words that can follow "is" ("very slowly" as "very slow"), or nothing."""
    head, _, last = text.rpartition(" ")
    last = last.lower()
    described = last if last in _adjectives() else _from_adverb().get(last, "")
    if not described:
        return ""
    for word in head.lower().split():
        if (
            word not in word_class("degree")
            and not word.endswith("ly")
            and word not in _adjectives() | {"a", "bit", "and"}
        ):
            return ""
    return f"{head} {described}".strip()


def verb(word: str) -> str:
    """Return the base of a verb in the third person, or of a plain verb; nothing for other words."""
    lower = word.lower()
    if lower in word_class("verbs"):
        return lower
    for base in (lower[:-1], lower[:-2], lower[:-3] + "y"):
        if lower.endswith("s") and base in word_class("verbs"):
            return base
    return ""


@cache
def _participle(word: str) -> bool:
    return stem(word) in {stem(base) for base in word_class("verbs")} or stem(word) in {"dy", "cutt"}


def _is_noun(word: str) -> bool:
    return word.lower() in word_class("no_adjectives") or (
        _NOUN.search(word) is not None and word.lower() not in word_class("adjectives")
    )


@cache
def _adjectives() -> frozenset[str]:
    words = {
        phrase
        for name in _LISTED
        for english, _ in table(name).values()
        for phrase in english
        if " " not in phrase and not phrase.endswith("ly")
    }
    plain = {word for word in words if not (word.endswith("s") and not word.endswith(("ss", "us")))}
    return frozenset({word for word in plain if not _NOUN.search(word)} | word_class("adjectives")) - word_class(
        "no_adjectives"
    )


@cache
def _from_adverb() -> dict[str, str]:
    return {adverb(word): word for word in sorted(_adjectives()) if word.isalpha()}


def place(words: str) -> str:
    """Return a place or time as it follows "sounds like": with an article, except times of the day and such."""
    text = _AHEAD.sub("", words)
    if text.split(" ", 1)[0].lower() in word_class("no_article") or text.lower() in word_class("no_article"):
        return text[:1].lower() + text[1:]
    return naming(text)[0]


def part_of(words: str) -> str:
    """Return the question about a part of a piece of music."""
    text = _AHEAD.sub("", words)
    if len(text.split()) > 3 or verb(text.split()[-1]) or verb(text.split()[0]):
        return f"Does this happen in the music: “{words}”?"
    named, plural = naming(text)
    return f"{'Are' if plural else 'Is'} there {named} in the music?"


def how_long(words: str, subject: str) -> str:
    """Return the question about a stated length, or about the time at which `subject` is heard."""
    text = re.sub(r"^(?:for|lasting) ", "", words, flags=re.IGNORECASE)
    text = text[:1].lower() + text[1:]
    if text.startswith(("at ", "after ")):
        return f"Is {subject} heard {text}?"
    if text.startswith(("the ", "first ", "last ", "final ")):
        return f"Is {subject} heard in the {text.removeprefix('the ')}?"
    return f"Does it last {text}?"


def years(words: str) -> str:
    """Return a stated age as it follows "sounds"."""
    text = re.sub(r"[- ]years?[- ]olds?", " years old", words)
    if re.match(r"in (?:his|her|their)\b", text, re.IGNORECASE):
        return f"like someone {text}"
    if re.match(r"(?:early |mid[- ]|late )?(?:\d0s|teens|\w+ties)", text, re.IGNORECASE):
        return f"like someone in their {text}"
    if re.match(r"(?:aged? |about |around )?(?:\d+|[a-z]+)$", text, re.IGNORECASE):
        return f"{text.removeprefix('aged ')} years old"
    return text


def echo(words: str) -> str:
    """Return the question about reverberation: heard as such, or as the place it belongs to."""
    if re.search(r"(?:reverb\w*|echo|echoes|slapback|tail|decay)$", words, re.IGNORECASE):
        named, plural = naming(words.lower())
        return f"{'Are' if plural else 'Is'} {named} heard?"
    if (re.search(r"(?:s|ing)$", words) and verb(words.split(maxsplit=1)[0])) or words.lower().startswith(
        ("reverberat", "resonat")
    ):
        return f"Is reverberation heard (“{words}”)?"
    return f"Does it sound as if in {place(words)}?"
