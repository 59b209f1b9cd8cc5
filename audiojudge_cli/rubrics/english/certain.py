"""What is certain of a caption of sounds: claims left out where it is unclear what they are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import bare, is_plural
from audiojudge_cli.rubrics.segment import Found
from audiojudge_cli.rubrics.stems import stem

_OF_SOUNDS = frozenset(
    ["level", "distance", "intensity", "volume", "pitch", "rhythm", "timbre", "clarity", "duration", "transition"]
)
"""Dimensions of claims that are about one sound, not about the clip."""
_HEARD = frozenset({"event", "instrument", "vocals", "component", "speaker_sex", "age"})
_GOING_ON = frozenset(
    [
        *(("transition", "cut"), ("transition", "fade_out"), ("transition", "fade_in"), ("duration", "continuous")),
        *(("intensity", "rising"), ("intensity", "falling"), ("pitch", "high"), ("pitch", "low")),
        *(("distance", "receding"), ("distance", "passing"), ("distance", "approaching")),
    ]
)
"""What a later verb tells of the one sound that is heard: "… then fading"."""
_UNNAMED = frozenset({"", "the sound", "it", "the voice", "the voices"})
_WEATHER = {"raining": "rain", "thundering": "thunder", "snowing": "snow"}
"""What "it" does, as it is heard."""
_OPPOSED = tuple(
    frozenset(pair)
    for pair in (
        *(("loud", "soft"), ("loud", "quiet"), ("rising", "falling"), ("close", "distant"), ("high", "low")),
        *(("slow", "fast"), ("whisper", "shout")),
    )
)
_SCALES = frozenset().union(*_OPPOSED)
# Who or what only points back: "some", "small ones", "another".
_POINTING = re.compile(r"(?:some|(?:(?:the |some |an?other |\w+ )?ones?|others?|another)(?: \w+ing\b.*)?)$")
# "a bell ringing in close proximity to each other": one alone does nothing to each other.
_MUTUAL = re.compile(r"^(an? .*?)(?: (?:in|with|to|at|against|near|beside|next)\b.*)? (?:each other|one another)$")
# "an engine being started": what is done to it is heard repeatedly.
_DONE = re.compile(r"(?!some)\w.* being ")
# What a sentence whose subject stands in an earlier part does to what is its own: "revving its engine".
_OWN = re.compile(r"^(\w+ing) (?:its|their|his|her) .*")


def certain(found: Sequence[Found]) -> list[Found]:
    """Return the claims of one sentence about sounds that say of which sound they are, each with a proper name."""
    named: list[Found] = []
    dropped: set[str] = set()
    for one in found:
        claim = _named(one.claim)
        if claim is None:
            dropped.add(one.claim.words)
        else:
            named.append(replace(one, claim=claim))
    heard = [one.claim for one in named if one.claim.dimension in _HEARD and not one.claim.negated]
    kept = [replace(one, claim=claim) for one in named if (claim := _owned(one.claim, heard, dropped)) is not None]
    told = [one.claim.words for one in kept if one.claim.dimension == "event"]
    return [one for one in kept if not (_is_opposed(one.claim, named) or _is_doubled(one.claim, told))]


def consistent(found: list[Found]) -> list[Found]:
    """Return the claims of a caption without those that are told of the same voice or piece as their opposite too.

    Each holds for a part of the time: "soft in the verses but loud in the chorus".
    """
    voices = {one.claim.value for one in found if one.claim.dimension == "speaker_sex"}
    return [
        one
        for one in found
        if not _is_opposed(one.claim, found, ()) or (len(voices) > 1 and one.claim.subject.kind == "speaker")
    ]


def of_part(found: list[Found]) -> list[Found]:
    """Return the claims of one clause, in which what has no owner is said of the only sound it tells of."""
    heard = {one.claim.subject.words: one.claim.subject for one in found if one.claim.dimension == "event"}
    if len(heard) != 1:
        return found
    [only] = heard.values()
    return [replace(one, claim=replace(one.claim, subject=only)) if _is_unowned(one.claim) else one for one in found]


def _is_unowned(claim: Claim) -> bool:
    """Whether it is not told of which sound something is said that can only be said of one."""
    measured = claim.number is not None or claim.value in {"silence", "middle"}
    loose = claim.subject.kind in {"sound", "clip"} and claim.subject.words in _UNNAMED
    return claim.dimension in _OF_SOUNDS and loose and not measured


def _is_doubled(claim: Claim, told: Sequence[str]) -> bool:
    """Whether other words name the same and more: "a sewing machine" beside "a sewing machine sewing material"."""
    if claim.dimension != "event" or claim.negated:
        return False
    if claim.words.endswith(" sounding"):
        return claim.words.removesuffix(" sounding") in told
    return any(words.startswith(f"{claim.words} ") and not words.endswith(" sounding") for words in told)


def _named(claim: Claim) -> Claim | None:
    """Return a claim with names that can stand in a question, None where what is heard only points at another."""
    if (claim.dimension, claim.value) == ("style", "conversational"):
        return Claim("event", "conversation", "a conversation", Subject("sound", "the conversation", "conversation"))
    if claim.dimension == "event":
        words = _proper(claim.words)
        if _POINTING.match(words):
            return None
        claim = replace(claim, words=words) if words != claim.words else claim
    subject, other = _renamed(claim.subject), _renamed(claim.other) if claim.other is not None else None
    return replace(claim, subject=subject, other=other) if (subject, other) != (claim.subject, claim.other) else claim


def _renamed(subject: Subject) -> Subject:
    words = _proper(subject.words)
    return replace(subject, words=words) if words != subject.words else subject


def _proper(words: str) -> str:
    return _OWN.sub(r"\1", _MUTUAL.sub(r"\1", _WEATHER.get(words, words)))


def _owned(claim: Claim, heard: Sequence[Claim], dropped: set[str]) -> Claim | None:
    """Return a claim with the one sound that it can be about, None where several are possible."""
    if claim.dimension in {"order", "simultaneity"}:
        ends = [claim.subject, *([claim.other] if claim.other is not None else [])]
        return None if any(end.words in dropped or _POINTING.match(end.words) for end in ends) else claim
    if claim.dimension == "speaker_count":
        return claim if any(_is_voice(one) for one in heard) else None  # two men who laugh are no speakers
    if claim.dimension not in _OF_SOUNDS or claim.subject.kind not in {"sound", "speaker", "clip"}:
        return claim
    if claim.value == "silence" or claim.number is not None:
        return claim
    return _repeated(claim, heard) if claim.value == "repeated" else _of_one(claim, heard)


def _repeated(claim: Claim, heard: Sequence[Claim]) -> Claim:
    """Return what is heard again and again as what is done, where something is done to it."""
    done = next((one for one in heard if one.subject == claim.subject and _DONE.match(one.words)), None)
    return replace(claim, subject=replace(claim.subject, words=f"the {bare(done.words)}")) if done else claim


def _of_one(claim: Claim, heard: Sequence[Claim]) -> Claim | None:
    if claim.subject.words.startswith("the being "):
        return None  # said of something that has no name
    if claim.subject.kind == "speaker":
        return _of_voice(claim, [one for one in heard if _is_voice(one)])
    if claim.subject.words in _UNNAMED:
        if not heard:
            return None if claim.words in {"light", "heavy"} else claim  # of things by their weight
        only = heard[0] if len(_names(heard)) == 1 and (claim.dimension, claim.value) in _GOING_ON else None
        return replace(claim, subject=Subject("sound", only.subject.words, only.subject.concept)) if only else None
    return None if _is_ambiguous(claim.subject, heard) else claim


def _of_voice(claim: Claim, voices: Sequence[Claim]) -> Claim | None:
    """Return a claim about a voice with the name of whose it is where there are several, or where it has one."""
    unnamed = claim.subject.words in _UNNAMED
    if len(_names(voices)) > 1:
        words = _voice_of(claim)
        whose = Subject("sound", words, claim.subject.concept, claim.subject.which)
        return None if unnamed or not words else replace(claim, subject=whose)
    if not unnamed or not voices:
        return None if unnamed else claim
    murmur = voices[0].words
    if murmur.endswith("ing") and " " not in murmur:
        return replace(claim, subject=Subject("sound", f"the {murmur}", voices[0].value))
    return claim


def _voice_of(claim: Claim) -> str:
    """Return whose voice is meant as a question names it; nothing for several people in what only a voice can be."""
    words = claim.subject.words
    if claim.dimension in {"level", "distance"} or words.endswith((" voice", " speech")):
        return words
    return "" if is_plural(words) or " of " in words else f"{words}'s voice"


def _is_voice(claim: Claim) -> bool:
    return claim.subject.kind == "speaker" or claim.value in {"speech", "conversation"}


def _names(heard: Sequence[Claim]) -> set[str]:
    return {claim.subject.words for claim in heard}


def _is_ambiguous(subject: Subject, heard: Sequence[Claim]) -> bool:
    """Whether a name fits several things that are heard: "the birds" beside "a large bird" and "smaller birds"."""
    last = stem(subject.words.rpartition(" ")[2])
    alike = {one.subject.words for one in heard if stem(one.subject.words.rpartition(" ")[2]) == last}
    return len(alike) > 1


def _is_opposed(claim: Claim, kept: Sequence[Found], others: Collection[str] = _UNNAMED) -> bool:
    """Whether the same sound is also told to be the opposite: at another time, so that neither holds as a whole."""
    if claim.value not in _SCALES:
        return False
    whose = {claim.subject.words, *others}
    told = (one.claim for one in kept if one.claim.subject.words in whose)
    same = (one for one in told if (one.negated, one.place) == (claim.negated, claim.place))
    return any({claim.value, other.value} in _OPPOSED for other in same if other.dimension == claim.dimension)
