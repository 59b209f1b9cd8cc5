"""Chinese sentences, with English words in them, to claims."""

from __future__ import annotations

from collections.abc import Sequence

from audiojudge_cli.rubrics.chinese.attributes import SECTIONS, attributes
from audiojudge_cli.rubrics.chinese.clauses import Clause, clauses
from audiojudge_cli.rubrics.chinese.measures import measures
from audiojudge_cli.rubrics.chinese.memory import Memory, heads
from audiojudge_cli.rubrics.chinese.presence import presence
from audiojudge_cli.rubrics.chinese.relations import relations
from audiojudge_cli.rubrics.segment import Found, Segment


class ChineseParser:
    """Reads Chinese and mixed sentences (see `rubrics.segment.Parser`)."""

    def claims(self, captions: Sequence[Sequence[Segment]]) -> list[list[Found]]:
        """Return the claims of each caption, its sentences' one after the other."""
        return [_caption(list(segments)) for segments in captions]


def _caption(segments: list[Segment]) -> list[Found]:
    memory = Memory()
    read: list[tuple[Segment, Clause]] = []
    results: list[list[Found]] = []
    for segment in segments:
        here: list[Found] = []
        for clause in clauses(segment):
            here += _clause(segment, clause, memory)
            read.append((segment, clause))
        results.append(here)
    for number, made in relations(segments, read, memory):
        results[number].append(made)
    return [one for result in results for one in _clean(result)]


def _clause(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    if segment.context == "music" and any(word.senses.get("structure") in SECTIONS for word in clause.words):
        memory.part = segment.end
    named = presence(segment, clause, memory)
    spoken_of = heads(clause, memory)
    if spoken_of and memory.subject not in spoken_of:
        memory.subject = spoken_of[-1]
    found = [*named, *attributes(segment, clause, memory), *measures(segment, clause, memory)]
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
    if len(denied) < 2:
        return found
    named = [made for made in denied if made.claim.dimension in _NAMING]
    if named:
        return [made for made in found if not made.claim.negated or made.claim.dimension in _NAMING]
    return [made for made in found if not made.claim.negated or made is denied[0]]


_SAME_PERSON = 16  # characters between two words that tell one voice's age (爷爷七十多岁)


def _one_age(found: list[Found]) -> list[Found]:
    """Drop the age that a noun implies where the caption tells the age beside it."""
    told = [made for made in found if made.claim.dimension == "age"]
    sexed = {made.start for made in found if made.claim.dimension == "speaker_sex"}
    exact = [made for made in told if made.start not in sexed]
    return [
        made
        for made in found
        if made not in told
        or made.start not in sexed
        or not any(abs(made.start - one.start) < _SAME_PERSON for one in exact)
    ]


def _clean(found: list[Found]) -> list[Found]:
    seen = set()
    found = _one_age(found)
    kept = []
    for made in sorted(found, key=lambda made: (made.start, made.end)):
        key = (made.claim.dimension, made.start, made.end, made.claim.value)
        if key not in seen and made.end > made.start:
            seen.add(key)
            kept.append(made)
    return kept
