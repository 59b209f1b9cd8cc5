"""A judge that rates: criteria are asked as items are; a rating lies where p_yes does, its numbers are facts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from audiojudge_cli.code_digest import code_digest
from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.base import Case, Judge, concurrency
from audiojudge_cli.results.verdict import Verdict, answered, faulted, unverifiable
from audiojudge_cli.scales.instruction import Criterion
from audiojudge_cli.scales.rated import Rated, Unrated

_SOURCES = ("judges/rating.py", "scales")


@runtime_checkable
class Rating(Protocol):
    """A judge that can rate clips on a scale."""

    @property
    def ratings_digest(self) -> str:
        """Changes whenever a rating could though the judge's fingerprint stays."""
        ...

    def rate(self, case: Case, criteria: Sequence[Criterion]) -> list[Rated | Unrated | Exception]:
        """Return one rating per criterion, in order, or why there is none; an exception is the fault of its own.

        Raises:
            ClipError: If the clip cannot be heard.
        """
        ...


@dataclass(frozen=True)
class RatingJudge:
    """Asks a judge for ratings where items were.

    The p_yes of a rating is its position on the scale, and its facts hold `rating` and `spread`.

    Attributes:
        rater: Loaded, and able to rate.
        criteria: By their instructions.
    """

    rater: Judge
    criteria: Mapping[str, Criterion]

    @property
    def name(self) -> str:
        """That of the judge."""
        return self.rater.name

    @property
    def device(self) -> str:
        """That of the judge."""
        return self.rater.device

    @property
    def concurrent(self) -> int:
        """Most threads that should call it at once."""
        return concurrency(self.rater)

    @property
    def fingerprint(self) -> str:
        """Digest of the judge and of how its answers become ratings."""
        text = f"rating {code_digest(*_SOURCES)}\n{self._rating.ratings_digest}\n{self.rater.fingerprint}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def describe(self) -> Mapping[str, str]:
        """Return what the judge says of itself."""
        return {**self.rater.describe(), "rating": code_digest(*_SOURCES)}

    @property
    def _rating(self) -> Rating:
        assert isinstance(self.rater, Rating)  # noqa: S101 - see `rating_judge`
        return self.rater

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one rating per item, in order, for every case."""
        return [self._rated(case) for case in cases]

    def _rated(self, case: Case) -> list[Verdict]:
        criteria = [self.criteria[item.question] for item in case.items]
        return [self._verdict(*pair) for pair in zip(criteria, self._rating.rate(case, criteria), strict=True)]

    def _verdict(self, criterion: Criterion, found: Rated | Unrated | Exception) -> Verdict:
        if isinstance(found, Exception):
            return faulted(found, self.name)
        if isinstance(found, Unrated):
            return unverifiable(found.reason, self.name, warnings=found.warnings)
        scale = criterion.scale
        facts = {**found.facts, "rating": scale.at(found.position), "spread": round(found.spread * scale.span, 4)}
        return answered(
            found.position, found.evidence, self.name, times=found.times, facts=facts, warnings=found.warnings
        )


def rating_judge(judge: Judge, criteria: Sequence[Criterion]) -> RatingJudge:
    """Return a judge that rates.

    Raises:
        InputError: If the judge cannot.
    """
    if not isinstance(judge, Rating):
        raise InputError(f"the judge {judge.name} cannot rate on a scale; take embedded, or an omni judge")
    return RatingJudge(judge, {criterion.instruction: criterion for criterion in criteria})
