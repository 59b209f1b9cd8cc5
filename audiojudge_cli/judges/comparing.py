"""A judge that hears two clips together and says which is better; others are compared by their records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from audiojudge_cli.code_digest import code_digest
from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.base import Case, Judge, Remarking

_SOURCES = ("judges/comparing.py",)
MOST_VOTES = 100
"""Far more than the ten of SpeechJudge (arXiv 2511.07931), and a typing error beyond."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a judge that heard two clips together says of them.

    Attributes:
        score_a: How good the first is, on the judge's own scale; higher is better.
        score_b: How good the second is, on the same scale.
        reason: One sentence.
        bias: What coming first is worth to the judge here, in points, where it heard both orders.
        contradicted: Whether each order preferred another clip, so that neither is better.
        rationale: What the judge wrote, of the rationale that agrees with the outcome; empty without one.
    """

    score_a: float
    score_b: float
    reason: str
    bias: float | None = None
    contradicted: bool = False
    rationale: str = ""


@runtime_checkable
class Comparing(Protocol):
    """A judge that hears two clips together and says which is better; others are compared by their records.

    It must not matter which of the two comes first: whoever is biased hears both orders and settles the difference.
    """

    @property
    def comparisons_digest(self) -> str:
        """Changes whenever a comparison could though the judge's fingerprint stays."""
        ...

    def compare(self, couples: Sequence[tuple[Case, Case]], *, votes: int = 1, seed: int = 0) -> list[Compared]:
        """Return what is better, for every couple.

        Args:
            couples: Two clips each; the caption of the first is what both were to say or to be.
            votes: Opinions that are averaged, for a judge that can form several.
            seed: Of those that are drawn by chance; the same one gives the same answers.

        Raises:
            ClipError: If one couple cannot be compared.
        """
        ...


@dataclass(frozen=True)
class CoupleJudge:
    """Asks a judge about couples.

    Attributes:
        judge: Loaded, and able to compare.
        votes: Opinions for each couple.
        seed: Of what is drawn by chance.
    """

    judge: Judge
    votes: int = 1
    seed: int = 0

    @property
    def name(self) -> str:
        """That of the judge."""
        return self.judge.name

    @property
    def device(self) -> str:
        """That of the judge."""
        return self.judge.device

    @property
    def fingerprint(self) -> str:
        """Digest of all that a comparison follows from besides the two clips and their words."""
        parts = (f"compare {code_digest(*_SOURCES)} {self.votes} {self.seed}", self._able.comparisons_digest)
        return hashlib.sha256("\n".join((*parts, self.judge.fingerprint)).encode()).hexdigest()[:16]

    def describe(self) -> Mapping[str, str]:
        """Return what the judge says of itself, and how it is asked."""
        told = {"comparing": code_digest(*_SOURCES), "votes": str(self.votes), "seed": str(self.seed)}
        return {**self.judge.describe(), **told}

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell what the judge has to tell."""
        if isinstance(self.judge, Remarking):
            self.judge.remark_to(tell)

    def compare(self, a: Case, b: Case) -> Compared:
        """Return which of two clips is better.

        Raises:
            ClipError: If they cannot be compared.
            ValueError: If the judge answers too much or too little.
        """
        found = self._able.compare([(a, b)], votes=self.votes, seed=self.seed)
        if len(found) != 1:
            raise ValueError(f"the judge answered {len(found)} times about one couple")
        return found[0]

    @property
    def _able(self) -> Comparing:
        assert isinstance(self.judge, Comparing)  # noqa: S101 - see `couple_judge`
        return self.judge


def couple_judge(judge: Judge, votes: int = 1, seed: int = 0) -> CoupleJudge:
    """Return a judge that hears couples.

    Args:
        judge: Loaded.
        votes: From 1 to `MOST_VOTES`.
        seed: At least 0.

    Raises:
        InputError: If the judge cannot, or there are too many votes.
    """
    if not isinstance(judge, Comparing):
        raise InputError(
            f"the judge {judge.name} cannot hear two clips together; take an omni judge, or leave out --judge: then "
            "the clips are measured one by one and compared by their records"
        )
    if not 1 <= votes <= MOST_VOTES:
        raise InputError(f"--votes must be from 1 to {MOST_VOTES}, not {votes}")
    return CoupleJudge(judge, votes, seed)
