"""How far the ratings of a run, or the quality that it measured, agree with what people gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from audiojudge_cli.comparing.prefer import quality
from audiojudge_cli.results.ratings import clip_ratings, human_agreement, human_score, system_of
from audiojudge_cli.results.record import Record
from audiojudge_cli.stats.agreement import agreement
from audiojudge_cli.stats.bootstrap import mean_interval

SOURCE = "source_clip"
"""Column that names what a clip was made from, as by grading one degradation of it: ranks within a source are told."""

_OVERALL, _ALL = "overall", "all"


@dataclass(frozen=True, slots=True)
class Pair:
    """One clip on one dimension: our number, None where there is none, and that of people."""

    dimension: str
    ours: float | None
    human: float
    system: str
    source: str


def agreements(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return the correlations with people by dimension; docs/bench.md documents every field.

    Of a run that only measures, the number of a clip is its speech quality (`comparing.prefer.quality`), and its
    dimension that of the row; several have a line for all of them, where ranks within a source keep them apart.

    Args:
        records: Of the finished run; those that failed are in no figure.
    """
    found: dict[str, list[Pair]] = {}
    rated = False
    for record in records:
        rated = rated or record.is_rated
        for one in _pairs(record):
            found.setdefault(one.dimension, []).append(one)
    if not rated and len(found) > 1:
        found = {_ALL: [one for pairs in found.values() for one in pairs], **dict(sorted(found.items()))}
    return [_told(name, pairs) for name, pairs in found.items()]


def _pairs(record: Record) -> Iterator[Pair]:
    if record.error is not None:
        return
    system, source = system_of(record.metadata), str(record.metadata.get(SOURCE) or "")
    if not record.is_rated:
        dimension = str(record.metadata.get("dimension") or _OVERALL)
        human = human_score(record.metadata, dimension)
        if human is not None:
            yield Pair(dimension, quality(record.quality), human, system, source)
        return
    own = str(record.metadata.get("dimension") or "")
    for found in clip_ratings(record):
        own = "" if own == found.dimension else own
        if found.human is not None:
            yield Pair(found.dimension, found.rating, found.human, system, source)
    # What people were asked and the scale does not ask is unrated, and not passed over.
    if own and (human := human_score(record.metadata, own)) is not None:
        yield Pair(own, None, human, system, source)


def _told(dimension: str, pairs: list[Pair]) -> dict[str, Any]:
    known = [(one, one.ours) for one in pairs if one.ours is not None]
    ours, human = [value for _, value in known], [one.human for one, _ in known]
    told = human_agreement(ours, human, [one.system for one, _ in known])
    within = _within(
        [(f"{one.dimension}\n{one.source}" if one.source else "", one.human, value) for one, value in known]
    )
    return {"dimension": dimension, "clips": len(pairs), "rated": len(known), "human": {**told, "within": within}}


def _within(known: list[tuple[str, float, float]]) -> dict[str, Any] | None:
    """Return the mean rank correlation within sources, its interval over these; None without any."""
    groups: dict[str, list[tuple[float, float]]] = {}
    for source, human, ours in known:
        if source:
            groups.setdefault(source, []).append((human, ours))
    found = [agreement([one for one, _ in group], [two for _, two in group]).spearman for group in groups.values()]
    ranks = [one.value for one in found if one is not None]
    if not ranks:
        return None
    mean = mean_interval(ranks)
    # Where all sources have one rank correlation, there is no spread to draw from, and that is no certainty.
    low, high = (None, None) if len(set(ranks)) == 1 else (mean.low, mean.high)
    ends = {"value": mean.mean, "low": low, "high": high}
    return {
        "sources": len(ranks),
        "spearman": {name: None if value is None else round(value, 4) for name, value in ends.items()},
    }
