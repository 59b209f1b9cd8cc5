"""Questions written by others (rubric files, language models), read by the same parsers into the same claims."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from audiojudge_cli.rubrics import chinese, english
from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.dimensions import FAMILIES, canonical
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.layout import lay_out
from audiojudge_cli.rubrics.segment import Context, Found, Segment
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
_DENIED = re.compile(
    r"\b(?:not|never|no|without|absen(?:t|ce)|lacks?|free (?:of|from)|n't)\b|没有|不|无|未", re.IGNORECASE
)
# What frames the thing asked for: "Is … audible?", "Can you hear …?", "Does it sound like …?".
_FRAME = re.compile(
    r"^\W*(?:(?:is|are|does|do|can|could|was|were|has|have)\s+)?"
    r"(?:(?:there|you hear|(?:it|this|the \w+) sounds? like|(?:it|this) sounds? as if)\s+)?"
    r"(?:(?:the )?sounds? of\s+)?|(?:\s+(?:be )?(?:audible|heard|present|playing|clearly))*\W*$",
    re.IGNORECASE,
)
# What is excepted is not what is asked for: "no sound other than the wind" is no claim of wind, nor of none.
_BUT = re.compile(r"\b(?:other than|besides|except|apart from|nothing (?:else|but))\b", re.IGNORECASE)
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

        known = read_chinese(question, dimension)
    else:
        known = _stood(dimension, layout.masked) if dimension in _RELATIONS else None
    if dimension in _NAMED and _BUT.search(layout.masked):
        return None
    context = _context(dimension, question)
    known = known or _told(dimension, layout.masked, context, quoted=bool(quotes))
    if known is None:
        listed = _listed(dimension, layout.masked, _DENIED.search(layout.masked) is not None)
        listed = listed or _listed(dimension, basis, negated)
        known = replace(listed, subject=_owner(dimension, context)) if listed is not None else None
    if known is not None:
        return _compared(known, layout.masked)
    return _filed_otherwise(dimension, layout.masked, context) or _by_basis(dimension, basis, layout.masked, negated)


def _told(dimension: str, question: str, context: Context, *, quoted: bool) -> Claim | None:
    """Return the claim of the dimension asked for, or of its family, that a question is read as."""
    found, about = _found(question, context, quoted=quoted)
    if dimension == "vocals":
        said = [one.claim for one in found if 0 < about < one.end]
        sexes = [claim for claim in said if claim.dimension == "speaker_sex"]
        if sexes:  # "Is the singer male?" asks for the sex and takes the singing for granted
            return sexes[0]
        if not any(claim.dimension == "vocals" for claim in said):
            told = next((claim for claim in said if claim.value and claim.dimension in _ATTRIBUTES), None)
            if told is not None:
                return told
    chosen = _chosen(dimension, [one.claim for one in found if one.end > about or dimension in _NAMED])
    if dimension not in {"instrument", "vocals"} or (chosen is not None and chosen.dimension != "event"):
        return chosen
    listed = _listed(dimension, question, _DENIED.search(question) is not None)  # "Are cymbals being hit?"
    return listed or (chosen if dimension == "instrument" else None)


def _filed_otherwise(dimension: str, question: str, context: Context) -> Claim | None:
    """Return an attribute of what is asked about that others count elsewhere: a shout under "volume"."""
    if dimension not in _ATTRIBUTES or HAN.search(question):
        return None
    found, about = _found(question, context, quoted=False)
    said = (one.claim for one in found if 0 < about < one.end and one.claim.value)
    safe = _ATTRIBUTES - {"pitch", "room"} | ({"vocals"} if dimension == "style" else set())  # "Is the text sung?"
    return next((claim for claim in said if claim.dimension in safe), None)


def _owner(dimension: str, context: Context) -> Subject:
    """Return whose attribute a dimension is where a question names nobody: a voice's, the music's or the clip's."""
    if dimension in _NAMED or dimension not in _SPEECH | _MUSIC | _VOICED or context == "sound":
        return Subject()
    if context == "speech":
        return Subject("speaker", "the speaker")
    return Subject("music", "the music") if dimension in _MUSIC else Subject("vocals", "the singing")


_VOICED = frozenset({"timbre", "pitch", "style"})
_NAMED = frozenset({"event", "component", "instrument", "vocals", "scene", "genre", "speaker_sex", "age"})
"""Dimensions of what is simply there, which a question may name as what it is about."""
_ATTRIBUTES = frozenset(
    [
        *("style", "pitch", "rate", "volume", "clarity", "accent", "timbre", "emotion", "intonation", "personality"),
        *("intensity", "distance", "rhythm", "mood", "tempo", "dynamics", "production", "transition", "room"),
        "recording",
    ]
)
"""What something that is there may be said to be like."""
# "Does the man sound younger than the woman?"
_THAN = re.compile(
    r"\b(?!other|rather)(?:\w+er|more|less)(?: \w+)? than (?P<other>(?:the|an?|his|her|its) .+?)\W*$", re.IGNORECASE
)


def _compared(claim: Claim, question: str) -> Claim:
    """Return a claim with what it is compared with."""
    than = _THAN.search(question)
    if than is None or claim.other is not None or claim.number is not None:
        return claim
    return replace(claim, comparator="more", other=_subject(than["other"]) or Subject("sound", than["other"]))


_RELATIONS = frozenset({"order", "simultaneity"})


def _stood(dimension: str, question: str) -> Claim | None:
    """Return how two sounds stand in time, or where one is heard; None where not both of them can be told."""
    from audiojudge_cli.rubrics.english.asking import related

    told = related(question)
    if told is None or (told.way == "together") != (dimension == "simultaneity"):
        return None
    one, other = _subject(told.one), _subject(told.other) if told.other else None
    if one is not None and told.place:
        return Claim("order", told.place, subject=one, place=told.place)
    if one is None or other is None:
        return Claim(dimension, words=question.strip(" ?"))
    if told.way == "together":
        return Claim("simultaneity", "while", subject=one, other=other)
    return Claim(
        "order", "then", subject=one if told.way == "before" else other, other=other if told.way == "before" else one
    )


def _subject(words: str) -> Subject | None:
    """Return what a phrase or clause names that can be heard, by the vocabulary; None where it names nothing."""
    bare = words.strip(" ,;")
    claims = [one.claim for one in _found(bare, "sound", quoted=False)[0] if one.claim.dimension in _HEARD]
    listed = [_listed(name, bare, negated=False) for name in ("event", "instrument")]
    sure = next((claim for claim in [*claims, *filter(None, listed)] if claim.value), None)
    if sure is None:
        sure = claims[0] if claims else None
    if sure is None or sure.negated:
        return None
    if sure.dimension in {"event", "instrument"}:
        kind: Kind = "instrument" if sure.dimension == "instrument" else "sound"
        return Subject(kind, bare, sure.value)
    return replace(sure.subject, words=bare)


_HEARD = frozenset({"event", "instrument", "component", "vocals", "speaker_sex", "age"})


def _by_basis(dimension: str, basis: str, question: str, negated: bool) -> Claim | None:
    """Return a claim in the item's own words, where words that no list has can be looked for."""
    if dimension in _GUESSED:
        words = _FRAME.sub("", basis or question).strip()
        return Claim(dimension, words=words, negated=negated) if words else None
    if dimension == "content" and basis.strip():
        return Claim("content", words=basis.strip(), subject=Subject("speaker", "the speaker"), negated=negated)
    return None


def _found(text: str, context: Context, *, quoted: bool) -> tuple[list[Found], int]:
    """Return what a question is read as, and how many characters at its start only name what it is about."""
    body, about, denied = text.rstrip(" ?？。."), 0, False
    module = chinese if HAN.search(text) else english
    if module is english and not quoted:
        from audiojudge_cli.rubrics.english.asking import statement

        told = statement(body, plain=context == "sound")
        body, about, denied = told.text, told.about, told.denied
    segment = Segment(body, 0, len(body), context, quoted=quoted)
    found = module.reader().claims([[segment]])[0]
    if denied:
        found = [replace(one, claim=replace(one.claim, negated=not one.claim.negated)) for one in found]
    return found, about


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
    if dimension == "other":
        return next((claim for claim in claims if claim.value or claim.number is not None), None)
    near = {name for family in FAMILIES if dimension in family for name in family}
    return next(
        (claim for claim in claims if claim.dimension in near and (claim.value or claim.number is not None)), None
    )


def _listed(dimension: str, text: str, negated: bool) -> Claim | None:
    """Return the first value of the dimension's word list that a text names."""
    if dimension not in dimensions():
        return None
    for match in find(text, dimension):
        # "no reverb" is a value that says itself what is not there
        return Claim(dimension, match.value, match.text, negated=negated and not _DENIED.search(match.text))
    return None


def _content(question: str, words: str, masked: str) -> Claim:
    before = masked[: question.find(words)] if words in question else masked
    value = "word" if _WORD.search(before) and " " not in words else ""
    sung = _OF_SINGING.search(masked) is not None
    subject = Subject("vocals", "the singing") if sung else Subject("speaker", "the speaker")
    return replace(Claim("content", value, words, subject), negated=_DENIED.search(before) is not None)
