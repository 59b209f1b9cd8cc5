"""English sentences into claims: scope, numbers, things, what is said of them, how they stand in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.attributes import read_attributes
from audiojudge_cli.rubrics.english.certain import certain, consistent, of_part
from audiojudge_cli.rubrics.english.clauses import read_clauses, read_contents, read_topics
from audiojudge_cli.rubrics.english.deliveries import read_delivery
from audiojudge_cli.rubrics.english.forms import is_mass, is_plural, with_article
from audiojudge_cli.rubrics.english.keywords import as_noun_phrase
from audiojudge_cli.rubrics.english.mend import mend, mend_objects
from audiojudge_cli.rubrics.english.moments import is_section, of_section
from audiojudge_cli.rubrics.english.music_scope import read_quality
from audiojudge_cli.rubrics.english.numbers import read_numbers
from audiojudge_cli.rubrics.english.over import read_over
from audiojudge_cli.rubrics.english.owners import keyed
from audiojudge_cli.rubrics.english.parts import Part, split_events, without_opening
from audiojudge_cli.rubrics.english.pipeline import parsed
from audiojudge_cli.rubrics.english.refusals import read_refusals
from audiojudge_cli.rubrics.english.relations import (
    find_places,
    follow,
    join_events,
    read_answers,
    read_counts,
    read_places,
    thing_above,
)
from audiojudge_cli.rubrics.english.scope import mark_scope
from audiojudge_cli.rubrics.english.sentence import Sentence, make_sentence
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.english.things import find_things
from audiojudge_cli.rubrics.segment import Found, Segment
from audiojudge_cli.rubrics.word_class import MUSIC_LABELS, word_class

if TYPE_CHECKING:
    from spacy.tokens import Doc

_LINKED = frozenset({"count", "duration", "order", "rhythm", "pitch"})
_SPOKEN = "it"
"""Stands in the parser's text where a quoted line was blanked, so that "says … slowly" keeps its object."""


class EnglishParser:
    """Reads English sentences (see `segment.Parser`)."""

    def claims(self, captions: Sequence[Sequence[Segment]]) -> list[list[Found]]:
        """Return the claims of each caption, its sentences' one after the other."""
        split = [[(one, split_events(without_opening(one))) for one in segments] for segments in captions]
        # In order, and parsed as they are asked for: of all captions together, which is three times as fast.
        docs = parsed(_text(part.segment) for sentences in split for _, parts in sentences for part in parts)
        return [_read_caption(sentences, docs) for sentences in split]


def _read_caption(sentences: Sequence[tuple[Segment, Sequence[Part]]], docs: Iterator[Doc]) -> list[Found]:
    """Return the claims of one caption, taking as many parsed sentences as it has parts."""
    found: list[Found] = []
    last: list[Thing] = []
    part_of_piece = False
    for segment, parts in sentences:
        if not parts:
            continue
        part_of_piece = part_of_piece or is_section(segment)
        read: list[tuple[list[Found], list[Thing]]] = []
        for part in parts:
            earlier = [thing for _, things in read for thing in things] or last
            doc = next(docs)
            if part.is_clause and len(doc) == 1 and doc[0].tag_ == "VBG" and not _names_person(segment):
                read.append(([], []))  # "food sizzling while cooking": one happening
                continue
            doc = as_noun_phrase(doc) if _is_phrase(part.segment, doc) else doc
            verb_at = max(0, part.told_from - part.segment.start)
            told, things = read_sentence(part.segment, doc, earlier, clause=part.is_clause, verb_at=verb_at)
            told = [replace(one, start=max(one.start, min(part.told_from, one.end - 1))) for one in told]
            read.append((of_part(told) if part.segment.context == "sound" else told, things))
        claims = [one for claims, _ in read for one in claims]
        claims += join_events(parts, [things for _, things in read])
        claims += _timed(parts[0].segment, claims)
        claims += follow(segment, last, [thing for _, things in read for thing in things])
        sounds = any(part.segment.context == "sound" for part in parts)
        claims = certain(claims) if sounds and not segment.label else claims
        claims = of_section(claims) if part_of_piece else claims
        last = [thing for _, things in read for thing in things if thing.claims] or last
        found += sorted(claims, key=lambda one: (one.start, one.end))
    return consistent(found)


def _names_person(segment: Segment) -> bool:
    """Whether somebody is named in a sentence, who can do two things: "a man speaking while typing"."""
    return any(word.strip(".,").lower() in word_class("person_nouns") for word in segment.text.split())


def _is_phrase(segment: Segment, doc: Doc) -> bool:
    """Whether an entry of a list of keywords is a phrase that the parser takes for a sentence: "crowd cheering"."""
    ordered = segment.context == "sound" and doc[0].tag_ in {"VB", "VBP"}
    valued = segment.label in MUSIC_LABELS | {"mood"} and not segment.quoted  # `Genre: synthwave`
    return (segment.keyword or valued) and (segment.context == "music" or ordered)


def _text(segment: Segment) -> str:
    """Return the words of a segment as the parser gets them: same offsets, gaps of quoted lines filled."""
    body = segment.text[segment.start : segment.end]
    gap = body.find("    ")
    while segment.quoted and gap >= 0:
        end = gap + len(body[gap:]) - len(body[gap:].lstrip())
        if gap > 0 and end < len(body):
            body = f"{body[: gap + 1]}{_SPOKEN}{body[gap + 1 + len(_SPOKEN) :]}"
        gap = body.find("    ", max(end, gap + 4))
    return body.replace("\n", " ").replace("\t", " ")


def read_sentence(
    segment: Segment, doc: Doc, before: Sequence[Thing] = (), *, clause: bool = False, verb_at: int = 0
) -> tuple[list[Found], list[Thing]]:
    """Return the claims of one parsed sentence, and the things it names in their order."""
    mend_objects(doc)
    if segment.context != "music":
        mend(doc, clause=clause, verb_at=verb_at)
    sentence = make_sentence(segment, doc)
    mark_scope(sentence)
    numbers = list(read_numbers(sentence))
    topics = [*read_topics(sentence), *read_delivery(sentence), *read_quality(sentence)]
    places = find_places(sentence)
    things = find_things(sentence)
    listed = sorted({id(thing): thing for thing in things.values()}.values(), key=lambda thing: thing.at)
    linked = ((_linked(claim, start, sentence, things), start, end) for claim, start, end in numbers)
    found = [Found(claim, start, end) for claim, start, end in linked if _has_subject(claim, segment)]
    for thing in listed:
        rests = thing.rests or [thing.tokens] * len(thing.claims)
        found += [Found(c, *sentence.offsets(tokens)) for c, tokens in zip(thing.claims, rests, strict=True)]
    read = [
        *read_counts(sentence, listed),
        *read_places(sentence, places, things),
        *read_answers(sentence, before, listed),
        *read_attributes(sentence, things),
        *read_over(sentence, things),
        *read_refusals(sentence, things),
        *topics,
        *read_contents(sentence),
        *read_clauses(sentence),
    ]
    found += [Found(claim, *sentence.offsets(tokens)) for claim, tokens in read if tokens]
    found += _of_key(segment, found)
    return found, listed


def _has_subject(claim: Claim, segment: Segment) -> bool:
    """Whether it is known what is heard so often, or then; a quoted line is what is said so often."""
    if claim.dimension not in {"count", "order"} or claim.subject.words:
        return True
    return claim.dimension == "count" and segment.quoted


_NOTHING = frozenset({"false", "none", "no", "null", "nothing", "n/a", "without"})
_KEYED: dict[str, Claim] = {
    "music": Claim("component", "music", "music", Subject("music", "the music")),
    "vocals": Claim("vocals", "vocals", "vocals", Subject("vocals", "the singing")),
    "speech": Claim("component", "speech", "speech", Subject("speaker", "the speaker")),
    "noise": Claim("noise", "noisy", "background noise", Subject("clip", "the recording")),
}


def _of_key(segment: Segment, found: Sequence[Found]) -> list[Found]:
    """Return what a key says is there ("Drums: dusty"), or with "none" or "false" behind it is not."""
    body = segment.text[segment.start : segment.end].strip().lower()
    played = keyed(segment)
    named = (
        Claim(
            "instrument",
            played.concept,
            with_article(segment.key, countable=not is_plural(segment.key) and not is_mass(segment.key)),
            played,
        )
        if played is not None
        else None
    )
    claim = named or _KEYED.get(segment.label)
    if claim is not None and body in _NOTHING:
        return [Found(replace(claim, negated=True), segment.start, segment.end)]
    told = any(one.claim.dimension == "instrument" for one in found)
    if claim is None or segment.key_at is None or segment.label not in {"instrument", "music", "vocals"} or told:
        return []
    return [Found(claim, *segment.key_at)]


def _linked(claim: Claim, start: int, sentence: Sentence, things: dict) -> Claim:  # type: ignore[type-arg]
    """Return a claim with a number about the sound that its words hang on."""
    negated = any(sentence.segment.start + sentence.doc[i].idx == start for i in sentence.denied)
    claim = replace(claim, negated=negated) if negated else claim
    if claim.dimension not in _LINKED or claim.value == "silence":
        return claim
    token = next((t for t in sentence.tokens if sentence.segment.start + t.idx + len(t.text) > start), None)
    thing = thing_above(token, things) if token is not None else None
    if thing is None and claim.dimension in {"count", "rhythm", "order"}:
        sounds = [one for one in things.values() if one.claims and one.at < (token.i if token else 0)]
        thing = max(sounds, key=lambda one: one.at) if sounds else None
    if claim.dimension == "order" and sentence.segment.context == "music" and (thing is None or not thing.claims):
        return replace(claim, subject=Subject("music", "the music"))
    if thing is None or not thing.claims or thing.subject.kind in {"clip", "speaker"}:
        return claim
    return replace(claim, subject=replace(thing.subject, words=thing.claims[0].words or thing.subject.words))


def _timed(segment: Segment, claims: list[Found]) -> list[Found]:
    """Return when the first sound of a timeline's entry is heard, as a claim of its own."""
    if segment.from_s is None or segment.range_at is None:
        return []
    heard = next((one.claim for one in claims if one.claim.dimension in _TIMED and not one.claim.negated), None)
    if heard is None:
        return []
    subject = replace(heard.subject, words=heard.words or heard.subject.words)
    claim = Claim("order", subject=subject, from_s=segment.from_s, to_s=segment.to_s)
    return [Found(claim, *segment.range_at)]


_TIMED = frozenset({"event", "instrument", "vocals", "component", "speaker_sex"})
