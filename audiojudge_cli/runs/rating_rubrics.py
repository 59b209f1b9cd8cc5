"""The rubric of a run that rates: the same instructions for every clip."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.results.record import RATED, JudgeRef
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.measuring_only import NoExpander
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.scales.instruction import Criterion


class CriteriaRubrics(RubricSource):
    """Gives every clip one item per criterion, whatever its row says.

    Args:
        criteria: What clips are rated on, in order.
    """

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        super().__init__(NoExpander())
        self._items = tuple(RubricItem(one.name, one.instruction, "") for one in criteria)
        text = "\n".join(f"{one.name}\t{one.instruction}" for one in criteria)
        self.default = JudgeRef(RATED, hashlib.sha256(text.encode()).hexdigest()[:16])

    def rubric(self, clip: Clip) -> tuple[Rubric, JudgeRef]:
        """Return the criteria as items."""
        return Rubric(self._items, clip.language or "", clip.subset or ""), self.default

    def is_given(self, clip: Clip) -> bool:  # noqa: ARG002 - every clip
        """Return True: nothing is expanded."""
        return True

    def try_out(self, clips: Iterable[Clip], *, most_chars: int) -> None:
        """Do nothing: there is no expander to reach."""
