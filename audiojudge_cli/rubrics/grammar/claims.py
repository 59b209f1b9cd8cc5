"""Reads every claim out of a caption that was taken apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from audiojudge_cli.rubrics.grammar import extent, figures
from audiojudge_cli.rubrics.grammar.contexts import sense, sibling
from audiojudge_cli.rubrics.grammar.happenings import counts, events, leftovers, unlisted
from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause, Context, Hit
from audiojudge_cli.rubrics.grammar.repeats import settle_repeats
from audiojudge_cli.rubrics.grammar.sequence import connected
from audiojudge_cli.rubrics.vocabulary import find

_PAIRS = (("speaker_sex", "age"), ("speaker_sex", "pitch"), ("genre", "metre"), ("age", "speaker_sex"))
_ELSEWHERE = frozenset(["order", "simultaneity", "event"])
_RELABEL = frozenset(
    ["rate", "fluency", "volume", "clarity", "pitch", "accent", "intonation", "personality", "tempo", "dynamics"]
)
_DENIABLE_ALONE = frozenset(["level", "intensity", "distance", "duration", "rhythm", "dynamics", "order"])
_LOOSE = frozenset(["component", "structure", "level", "duration", "event", "content"])
_TAIL = re.compile(
    r"\b(?:on|in|between|under|underneath|behind|from|during|until|at|after|before|for|throughout)\b", re.IGNORECASE
)
_NOT_DESCRIBING = frozenset(["event", "instrument", "content", "scene", "genre", "mood", "order", "simultaneity"])
_NAMING = frozenset(["event", "instrument", "speaker_sex"])
_UTTERED = frozenset(["whisper", "shout", "murmur"])
_OF_SPEAKERS = frozenset(["speaker_sex", "age"])
_NOT_IN_SPEECH = frozenset(["level", "transition"])
_ASIDE_SIGNS = (
    *("for ", "it's ", "recording", "clip", "audio", "sound effect", "cue for", "make it", "award", "用于", "用在"),
    *("给我的", "为我的", "适合用"),
)
_ASIDE = re.compile(
    r"\bfor (?:my|our|a|an|the|use in)\b[^,.;\n]{0,60}?\b(?:channel|video|short|film|movie|project|game|app"
    r"|ads?|advert"
    r"|presentation|trailer|series|show|scene|clip|reel|website|vlog|episode)\b|\bit'?s the [^,.;\n]{1,60}"
    r"|\bcue for the moment\b[^.\n]{0,120}|\bmake it[^,.;\n]{0,20}\bpro\b|award[- ]winning[^,.;\n]{0,20}"
    r"|\b(?:an?|the)? ?(?:short |clear |clean |simple |realistic )*(?:field |audio |sound )?(?:recording|clip"
    r"|audio|sound effect)"
    r"(?: of\b|: )|(?:用于|用在|给我的|为我的|适合用)[^，。；\n]{0,30}",
    re.IGNORECASE,
)


def claims(layout: Layout, denials: Sequence[tuple[int, int]], subset: str) -> list[Claim]:
    """Return the claims of a caption in order of their basis, each with the number of its clause."""
    asides = _drop_asides(layout)
    starts = [clause.start for clause in layout.clauses]
    numbers: dict[int, list[Claim]] = {}
    for claim in figures.figures(layout.masked, layout.clauses):
        numbers.setdefault(claim.clause, []).append(claim)
    found = _spoken(layout)
    for number, clause in enumerate(layout.clauses):
        here = _of_clause(layout, clause, numbers.get(number, []), subset)
        here += numbers.get(number, [])
        here += connected(layout, clause, here)
        for claim in here:
            claim.clause = number
        found += here
    found += _of_keys(layout, subset)
    found += _of_ranges(layout, starts)
    if subset == "speech":
        found = [claim for claim in found if claim.dimension not in _NOT_IN_SPEECH]
    _deny(found, denials, layout)
    found += leftovers(layout, denials, found, asides)
    return settle_repeats(sorted(found, key=lambda claim: (claim.start, claim.end)), layout, subset)


def _drop_asides(layout: Layout) -> list[tuple[int, int]]:
    """Forget words that say what the clip is for, not how it sounds; return where they stand."""
    asides = [m.span() for m in _ASIDE.finditer(layout.masked)] if _may_be_aside(layout.masked) else []
    if asides:
        for clause in layout.clauses:
            at = bisect_right(asides, (clause.start, len(layout.text)))
            near = asides[max(0, at - 1) : at + 2]
            clause.hits = [h for h in clause.hits if not any(a <= h.start < b for a, b in near)]
    return asides


def _may_be_aside(masked: str) -> bool:
    lower = masked.lower()
    return any(sign in lower for sign in _ASIDE_SIGNS)


def _spoken(layout: Layout) -> list[Claim]:
    return [Claim("content", start, end, context="speech") for start, end in sorted(layout.quotes + layout.values)]


def _of_clause(layout: Layout, clause: Clause, numbers: list[Claim], subset: str) -> list[Claim]:
    masked = layout.masked
    exact = [n for n in numbers if n.dimension != "speaker_count"]  # "two old women" tells sex and age as well
    clause.hits = [h for h in clause.hits if not any(n.start < h.end and h.start < n.end for n in exact)]
    found = list(events(masked, clause, subset))
    found += _of_hits(masked, clause, heard=bool(found))
    found += unlisted(masked, clause, found + numbers)
    found += counts(masked, clause, found)
    labelled = clause.label not in {"", "other", "speech", "speaker", "music", "content"}
    if labelled and not found and not numbers:
        found.append(Claim(clause.label, clause.start, clause.end, context=clause.context))
    elif clause.label in _RELABEL and len(found) == 1 and found[0].dimension != clause.label and _leads(masked, clause):
        found[0] = Claim(clause.label, found[0].start, found[0].end, context=clause.context)
    return found


def _leads(masked: str, clause: Clause) -> bool:
    """Whether a short clause stands right behind its key."""
    before = masked[max(0, clause.start - 4) : clause.start].rstrip()
    return clause.end - clause.start < 30 and before.endswith((":", "："))


def _of_hit(masked: str, clause: Clause, hit: Hit) -> list[Claim]:
    name, listed = sense(hit, clause), ""
    if not name:
        name, listed = sibling(hit, clause)
    if not name or name in _ELSEWHERE:
        return []
    start = extent.left(masked, hit.start, clause.start)
    end = extent.right(masked, hit.end, clause.end)
    value = hit.senses[listed or name]
    if name == "style" and clause.context == "sound" and value in _UTTERED:
        name, listed = "event", name
    found = [Claim(name, start, end, value="" if listed else value, context=hit.context or clause.context)]
    for first, other in _PAIRS:
        if name == first and other in hit.senses:
            kind = "noun" if "speaker_sex" in (first, other) else ""
            found[0].kind = kind
            found.append(
                Claim(other, start, end, value=hit.senses[other], context=hit.context or clause.context, kind=kind)
            )
    return found


def _of_hits(masked: str, clause: Clause, *, heard: bool) -> list[Claim]:
    """Return the claims of a clause's words, without degree words ("heavy" in "heavy reverberation")."""
    found: list[Claim] = []
    for hit in clause.hits:
        made = _of_hit(masked, clause, hit)
        if heard and clause.context == "sound":  # "a man coughing" names a cough, not a speaker
            made = [claim for claim in made if claim.dimension not in _OF_SPEAKERS]
        if made and made[0].start < hit.start:
            found = [claim for claim in found if claim.start < made[0].start or claim.dimension == made[0].dimension]
        found += made
    return found


def _of_keys(layout: Layout, subset: str) -> list[Claim]:
    """Return claims that a key makes by itself: `Drums: dusty` says that there are drums."""
    found = []
    for (start, end), name in layout.keys:
        if name in {"instrument", "vocals"} and find(layout.text[start:end], name):
            found.append(Claim(name, start, end, context="music", kind="key"))
        elif name in {"speech", "music"} and subset == "mix":
            context: Context = "speech" if name == "speech" else "music"
            found.append(Claim("component", start, end, value=name, context=context, kind="key"))
    return found


def _of_ranges(layout: Layout, starts: list[int]) -> list[Claim]:
    """Return a claim for each time range of a timeline, and one for their order."""
    found = []
    clauses = layout.clauses
    music = sum(clause.context == "music" for clause in clauses) * 2 > len(clauses)
    for span in layout.ranges:
        number = bisect_left(starts, span.end)
        if number == len(clauses):
            continue
        at = clauses[number]
        if music:
            found.append(Claim("structure", span.start, at.end, context="music", kind="range"))
        else:
            phrase = layout.text[at.start : at.end]
            found.append(Claim("duration", span.start, span.end, context=at.context, kind="range", phrase=phrase))
    if len(layout.ranges) > 1 and not music:
        first, second = layout.ranges[0], layout.ranges[1]
        number = bisect_left(starts, second.end)
        end = clauses[number].end if number < len(clauses) else second.end
        found.append(Claim("order", first.start, end, kind="range"))
    return found


def _deny(found: list[Claim], denials: Sequence[tuple[int, int]], layout: Layout) -> None:
    starts = [start for start, _ in denials]
    named: dict[int, int] = {}
    for claim in found:
        at = bisect_right(starts, claim.start) - 1
        if at < 0 or claim.dimension == "content" or claim.start >= denials[at][1]:
            continue
        if at in named and _TAIL.search(layout.masked, named[at], claim.start):
            claim.kind = "tail"
            continue
        claim.negated = True
        if claim.dimension not in _DENIABLE_ALONE:
            if at not in named and claim.start - denials[at][0] < 20:
                claim.start = denials[at][0]
            named.setdefault(at, claim.end)
    found[:] = [claim for claim in found if not _idle(claim, named, starts)]


def _idle(claim: Claim, named: dict[int, int], starts: list[int]) -> bool:
    """Whether a claim beside a denial says nothing of its own ("no music *underneath*", "no hiss *between lines*")."""
    if not claim.negated:
        return claim.kind == "tail" and claim.dimension in _LOOSE
    return claim.dimension in _DENIABLE_ALONE and bisect_right(starts, claim.start) - 1 in named


def subjects(found: Sequence[Claim], layout: Layout) -> dict[int, str]:
    """Return, by position in `found`, the words naming the sound or instrument that a claim describes.

    A claim describes what its clause names nearest to it; a clause that names nothing describes what its sentence
    named last, or names next ("Faint, distant thunder"). A claim nearest to a person is about the voice.
    """
    named: dict[int, list[Claim]] = {}
    for claim in found:
        if (
            claim.dimension in _NAMING
            and not claim.negated
            and claim.value != "solo"
            and len(named.get(claim.clause, ())) < 12
        ):
            named.setdefault(claim.clause, []).append(claim)
    result = {}
    for number, claim in enumerate(found):
        if claim.clause < 0 or claim.dimension in _NOT_DESCRIBING:
            continue
        near = named.get(claim.clause) or (
            _neighbours(named, claim.clause, layout) if claim.context == "sound" else None
        )
        if not near:
            continue
        if claim.dimension == "level":  # "birds behind a woman": what stands before the words of place is meant
            near = [other for other in near if other.start < claim.start][-1:] or near[:1]
        best = min(near, key=lambda other: _gap(claim, other))
        if best.dimension == "speaker_sex":
            claim.context = "speech" if claim.context == "sound" or claim.dimension == "pitch" else claim.context
        else:
            result[number] = best.words(layout.text)
    return result


def _gap(claim: Claim, other: Claim) -> int:
    """Return how far apart they stand; a word describes the noun behind it rather than the one before."""
    return other.start - claim.end if other.start >= claim.end else claim.start - other.end + 4


def _neighbours(named: dict[int, list[Claim]], number: int, layout: Layout) -> list[Claim] | None:
    clauses = layout.clauses
    for step in (-1, -2, 1):
        at = number + step
        if 0 <= at < len(clauses) and clauses[at].sentence == clauses[number].sentence and at in named:
            return named[at][-1:] if step < 0 else named[at][:1]
    return None
