"""Reads every claim out of a caption that was taken apart."""

from __future__ import annotations

from audiojudge_cli.rubrics.grammar import extent, figures
from audiojudge_cli.rubrics.grammar.contexts import sense
from audiojudge_cli.rubrics.grammar.happenings import counts, events
from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause, Hit
from audiojudge_cli.rubrics.grammar.sequence import sequence

_BOTH = (("speaker_sex", "age"), ("genre", "metre"))
_SILENT = frozenset(["order", "simultaneity", "component", "event"])
_ONCE = frozenset(["instrument", "genre", "scene", "key", "metre", "vocals", "language", "speaker_count"])


def claims(layout: Layout) -> list[Claim]:
    """Return the claims of a caption in order of their basis."""
    found: list[Claim] = []
    found += _spoken(layout)
    numbers = list(figures.figures(layout.masked))
    for clause in layout.clauses:
        found += _of_clause(layout, clause, numbers)
    found += [claim for claim in numbers if _settle_number(layout, claim)]
    found += sequence(layout, found)
    found += [Claim("duration", start, end, kind="range") for start, end in layout.ranges]
    return _once(sorted(found, key=lambda claim: (claim.start, claim.end)), layout)


def _spoken(layout: Layout) -> list[Claim]:
    return [Claim("content", start, end, context="speech") for start, end in sorted(layout.quotes + layout.values)]


def _settle_number(layout: Layout, claim: Claim) -> bool:
    for clause in layout.clauses:
        if clause.start <= claim.start < clause.end:
            claim.context = clause.context
            return True
    return False


def _of_clause(layout: Layout, clause: Clause, numbers: list[Claim]) -> list[Claim]:
    masked = layout.masked
    found = list(events(masked, clause))
    taken = [(claim.start, claim.end) for claim in numbers if clause.start <= claim.start < clause.end]
    for hit in clause.hits:
        if any(start < hit.end and hit.start < end for start, end in taken):
            continue
        found += _of_hit(masked, clause, hit)
    found += counts(masked, clause, found)
    if not found and clause.label not in {"", "other", "speech", "music", "content"}:
        found.append(Claim(clause.label, clause.start, clause.end, context=clause.context))
    return found


def _of_hit(masked: str, clause: Clause, hit: Hit) -> list[Claim]:
    name = sense(hit, clause)
    if not name or name in _SILENT:
        return []
    start = extent.left(masked, hit.start, clause.start)
    end = extent.right(masked, hit.end, clause.end)
    found = [Claim(name, start, end, value=hit.senses[name], context=clause.context)]
    for pair in _BOTH:
        if name in pair:
            other = pair[1 - pair.index(name)]
            if other in hit.senses:
                found.append(Claim(other, start, end, value=hit.senses[other], context=clause.context))
    return found


def _once(found: list[Claim], layout: Layout) -> list[Claim]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for claim in found:
        key = (claim.dimension, claim.value or layout.text[claim.start : claim.end].lower())
        if claim.dimension in _ONCE or claim.dimension == "speaker_sex":
            if key in seen:
                continue
            seen.add(key)
        kept.append(claim)
    return kept


def subjects(claim: Claim, found: list[Claim], layout: Layout) -> str:
    """Return the words naming the sound or instrument that a claim of the same clause describes, or nothing."""
    if claim.dimension in {"event", "instrument", "content", "scene", "genre", "mood", "order", "simultaneity"}:
        return ""
    for clause in layout.clauses:
        if clause.start <= claim.start < clause.end:
            near = [
                other
                for other in found
                if other.dimension in {"event", "instrument"} and clause.start <= other.start < clause.end
            ]
            if near:
                best = min(near, key=lambda other: abs(other.start - claim.start))
                return layout.text[best.start : best.end]
    return ""
