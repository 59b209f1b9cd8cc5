"""Chinese sentences, with English words in them, to claims."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.attributes import SECTIONS, attributes
from audiojudge_cli.rubrics.chinese.clauses import Clause, clauses
from audiojudge_cli.rubrics.chinese.measures import measures
from audiojudge_cli.rubrics.chinese.memory import Memory, heads
from audiojudge_cli.rubrics.chinese.presence import presence
from audiojudge_cli.rubrics.chinese.relations import relations
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.segment import Found, Segment


class ChineseParser:
    """Reads Chinese and mixed sentences (see `rubrics.segment.Parser`)."""

    def claims(self, captions: Sequence[Sequence[Segment]]) -> list[list[Found]]:
        """Return the claims of each caption, its sentences' one after the other."""
        return [_caption(segments) for segments in captions]


def _caption(segments: Sequence[Segment]) -> list[Found]:
    memory = Memory()
    read = [(segment, clause) for segment in segments for clause in clauses(segment)]
    found = [made for segment, clause in read for made in _clause(segment, clause, memory)]
    found += _keyed(segments)
    return _told_apart(_clean([*found, *relations(read, memory)]))


def _keyed(segments: Sequence[Segment]) -> Iterator[Found]:
    """Yield what keys name that is there (人声：…；音乐：…, where both are told), or a way of speaking (旁白：…)."""
    parts = {segment.label for segment in segments} & {"speech", "music", "event"}
    known = vocabulary.index(("component", "style")).chinese
    for segment in {segment.key_at: segment for segment in reversed(segments) if segment.key_at}.values():
        for name, value in known.get(segment.key, ()) if segment.label in {"speech", "music"} else ():
            if segment.key_at and (name == "style" or len(parts) > 1):
                subject = Subject("speaker") if name == "style" else Subject()
                yield Found(Claim(name, value, segment.key, subject), *segment.key_at)
                break


def _clause(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    if segment.context == "music" and any(word.senses.get("structure") in SECTIONS for word in clause.words):
        memory.part = segment.end
    named = presence(segment, clause, memory)
    spoken_of = heads(clause, memory, present=True)  # 不要鼓，也不要太快: of the piece, not of drums
    if spoken_of and memory.subject not in spoken_of:
        memory.subject = spoken_of[-1]
    numbers = measures(segment, clause, memory)
    found = [*named, *attributes(segment, clause, memory), *numbers]
    return _scoped(clause, found)


_NAMING = frozenset(
    ["event", "instrument", "vocals", "component", "genre", "scene", "room", "noise", "accent", "language"]
)


def _scoped(clause: Clause, found: list[Found]) -> list[Found]:
    """Drop what only describes a thing that is denied (太重 in 不要太重的混响)."""
    denied = [made for made in found if made.claim.negated]
    how = [made for made in denied if made.claim.dimension not in _NAMING]
    if how and clause.kind == "speaker":  # 没有大声说话 denies how, not that somebody speaks
        found = [made for made in found if not (made.claim.negated and made.claim.words in {"说话", "讲话"})]
        denied = [made for made in denied if made in found]
    named = [made for made in denied if made.claim.dimension in _NAMING]
    if named:
        return [made for made in found if not made.claim.negated or made.claim.dimension in _NAMING]
    return [made for made in found if not made.claim.negated or made is denied[0]]


def _told_apart(found: list[Found]) -> list[Found]:
    """Return claims, those of voices of both sexes said of each by its name: not both are of "the speaker"."""
    sexes = [made for made in found if made.claim.dimension == "speaker_sex"]
    if len({made.claim.value for made in sexes if not made.claim.negated}) < 2:
        return found
    persons = {made.start: made.claim for made in sexes}
    kept = []
    for made in found:
        person, claim = persons.get(made.start), made.claim
        if person is not None and not claim.subject.words:
            sexed = claim.dimension == "speaker_sex"
            named = replace(
                claim.subject, words="" if sexed else claim.words, concept=(claim if sexed else person).value
            )
            kept.append(replace(made, claim=replace(claim, subject=named)))
        else:
            kept.append(made)
    return kept


_SAME_PERSON = 16  # characters between two words that tell one voice's age (爷爷七十多岁)


def _clean(found: list[Found]) -> list[Found]:
    """Return claims in order, each once, without the age that a noun implies where the caption tells it beside it."""
    sexed = {made.start for made in found if made.claim.dimension == "speaker_sex"}
    ages = sorted(made.start for made in found if made.claim.dimension == "age" and made.start not in sexed)
    kept: dict[tuple[object, ...], Found] = {}
    for made in sorted(found, key=lambda made: (made.start, made.end)):
        at = bisect_right(ages, made.start - _SAME_PERSON)
        beside = at < len(ages) and ages[at] < made.start + _SAME_PERSON
        told = beside and made.claim.dimension == "age" and made.start in sexed
        if not told and made.end > made.start:
            kept.setdefault((made.claim.dimension, made.start, made.end, made.claim.value), made)
    return list(kept.values())
