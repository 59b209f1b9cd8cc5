"""Questions written by others (rubric files, language models), read by the same parsers into the same claims."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from audiojudge_cli.rubrics import chinese, english
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.dimensions import FAMILIES, canonical
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.layout import lay_out
from audiojudge_cli.rubrics.segment import Context, Segment
from audiojudge_cli.rubrics.stems import HAN
from audiojudge_cli.rubrics.vocabulary import dimensions, find

LONGEST = 2000
"""Characters of a question that are read; a longer one is no question about one thing."""

_SPEECH = frozenset(
    [
        *("speaker_sex", "age", "rate", "volume", "clarity", "fluency", "accent", "emotion", "intonation"),
        *("personality", "content", "language", "speaker_count"),
    ]
)
_MUSIC = frozenset(
    ["genre", "mood", "tempo", "metre", "key", "instrument", "vocals", "structure", "dynamics", "production"]
)
# Which voice or music a question about timbre, pitch or style speaks of.
_OF_SINGING = re.compile(r"\b(?:sing\w*|sung|vocals?|vocalist|choir|music|song|melody)\b|唱|歌", re.IGNORECASE)
_OF_VOICES = re.compile(
    r"\b(?:voices?|speaker|speech|speak\w*|talk\w*|narrat\w*|man|woman|boy|girl|delivery)\b|嗓|说话|声音|语|男|女",
    re.IGNORECASE,
)
_WORD = re.compile(r"\bword\b|词", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|no|without|free of|n't)\b|没有|不|无|未", re.IGNORECASE)
# What frames the thing asked for: "Is … audible?", "Can you hear …?", "Does it sound like …?".
_FRAME = re.compile(
    r"^\W*(?:(?:is|are|does|do|can|could|was|were|has|have)\s+)?"
    r"(?:(?:there|you hear|(?:it|this|the \w+) sounds? like|(?:it|this) sounds? as if)\s+)?"
    r"(?:(?:the )?sounds? of\s+)?|(?:\s+(?:be )?(?:audible|heard|present|playing|clearly))*\W*$",
    re.IGNORECASE,
)
_THERE = re.compile(r"\b(?:clearly )?(?:(?:be )?(?:audible|present|heard)|to be heard)\b(?=\W*$)", re.IGNORECASE)
_GUESSED = frozenset({"event", "instrument", "genre", "scene"})


def read_question(item: RubricItem) -> Claim | None:
    """Return what an item asks: its own claim, else what its question says, else what its basis names.

    None where the question is longer than `LONGEST` or says nothing that could be heard.
    """
    if item.claim is not None:
        return item.claim
    if len(item.question) > LONGEST:
        return None
    return _read(canonical(item.dimension), item.question, item.basis[:LONGEST], item.negated)


@lru_cache(4096)  # the same rubric is asked of many clips
def _read(dimension: str, question: str, basis: str, negated: bool) -> Claim | None:
    layout = lay_out(question)
    quotes = [question[start:end][1:-1].strip() for start, end in layout.quotes]
    if dimension == "content" and any(quotes):
        return _content(question, next(filter(None, quotes)), layout.masked)
    if HAN.search(layout.masked):
        from audiojudge_cli.rubrics.chinese.asking import read_question as read_chinese

        told = read_chinese(question, dimension)
        if told is not None:
            return told
    context = _context(dimension, question)
    # "… audible?" says no more than that it is there, and would be read as a part of the sound's name.
    plain = _THERE.sub(lambda match: " " * len(match.group()), layout.masked)
    claims = list(_claims(plain, context, quoted=bool(quotes)))
    chosen = _chosen(dimension, claims)
    if chosen is not None:
        return chosen
    listed = _listed(dimension, layout.masked, _DENIED.search(layout.masked) is not None)
    return listed or _listed(dimension, basis, negated) or _by_basis(dimension, basis, layout.masked, negated)


def _by_basis(dimension: str, basis: str, question: str, negated: bool) -> Claim | None:
    """Return a claim in the item's own words, where words that no list has can be looked for."""
    if dimension in _GUESSED:
        words = _FRAME.sub("", basis or question).strip()
        return Claim(dimension, words=words, negated=negated) if words else None
    if dimension == "content" and basis.strip():
        return Claim("content", words=basis.strip(), subject=Subject("speaker", "the speaker"), negated=negated)
    return None


def _claims(text: str, context: Context, *, quoted: bool) -> list[Claim]:
    module = chinese if HAN.search(text) else english
    body = text.rstrip(" ?？。.")
    segment = Segment(body, 0, len(body), context, quoted=quoted)
    return [one.claim for one in module.reader().claims([[segment]])[0]]


def _context(dimension: str, question: str) -> Context:
    if dimension in _SPEECH:
        return "music" if dimension in {"language", "content", "age"} and _OF_SINGING.search(question) else "speech"
    if dimension in _MUSIC:
        return "music"
    if dimension in {"timbre", "pitch", "style", "level", "distance", "room", "noise", "recording", "overall"}:
        if _OF_SINGING.search(question):
            return "music"
        return "speech" if _OF_VOICES.search(question) else "sound"
    return "sound"


def _chosen(dimension: str, claims: list[Claim]) -> Claim | None:
    """Return the claim of the dimension asked for, else one of its family."""
    same = [claim for claim in claims if claim.dimension == dimension]
    sure = [claim for claim in same if claim.value or claim.number is not None or claim.other or claim.place]
    if sure or same:
        return (sure or same)[0]
    near = {name for family in FAMILIES if dimension in family for name in family}
    return next(
        (claim for claim in claims if claim.dimension in near and (claim.value or claim.number is not None)), None
    )


def _listed(dimension: str, text: str, negated: bool) -> Claim | None:
    """Return the first value of the dimension's word list that a text names."""
    if dimension not in dimensions():
        return None
    for match in find(text, dimension):
        return Claim(dimension, match.value, match.text, negated=negated)
    return None


def _content(question: str, words: str, masked: str) -> Claim:
    before = masked[: question.find(words)] if words in question else masked
    value = "word" if _WORD.search(before) and " " not in words else ""
    sung = _OF_SINGING.search(masked) is not None
    subject = Subject("vocals", "the singing") if sung else Subject("speaker", "the speaker")
    return replace(Claim("content", value, words, subject), negated=_DENIED.search(before) is not None)
