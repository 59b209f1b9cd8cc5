"""The judge and the rubrics of a run that only measures: nobody asks, and nothing is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.judges.base import Case
from audiojudge_cli.results.record import NOBODY, JudgeRef
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.runs.rubric_source import RubricSource


@dataclass(frozen=True, slots=True)
class MeasuringOnly:
    """A judge that is never asked.

    Attributes:
        concurrent: Threads that may measure at once.
    """

    concurrent: int = 1

    name = NOBODY.name
    fingerprint = NOBODY.fingerprint
    device = "cpu"

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return nothing for every case: none of them has items."""
        return [[] for _ in cases]

    def describe(self) -> Mapping[str, str]:
        """Return nothing: nobody answers."""
        return {}


class NoExpander:
    """Expands nothing."""

    name, fingerprint = NOBODY.name, NOBODY.fingerprint

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:  # noqa: ARG002
        """Return no items."""
        return Rubric((), language or "", subset or "")


class NoRubrics(RubricSource):
    """Gives every clip a rubric without items, whatever its row says."""

    def __init__(self) -> None:
        super().__init__(NoExpander())

    def rubric(self, clip: Clip) -> tuple[Rubric, JudgeRef]:
        """Return no items."""
        return Rubric((), clip.language or "", clip.subset or ""), NOBODY

    def is_given(self, clip: Clip) -> bool:  # noqa: ARG002 - every clip
        """Return True: nothing is expanded."""
        return True

    def try_out(self, clips: Iterable[Clip], *, most_chars: int) -> None:
        """Do nothing: there is no expander to reach."""
