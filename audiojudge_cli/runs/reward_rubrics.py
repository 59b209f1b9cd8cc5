"""The rubric of a run that gives rewards: one item for every clip, with the words that it was to say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.results.ratings import REWARDED
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.measuring_only import NoExpander
from audiojudge_cli.runs.rubric_source import RubricSource

_QUESTION = "How good is it, by the reward model's own scale?"


class RewardRubrics(RubricSource):
    """Gives every clip one item, whatever its row says; other words are another item."""

    def __init__(self) -> None:
        super().__init__(NoExpander())
        self.default = JudgeRef(REWARDED, hashlib.sha256(_QUESTION.encode()).hexdigest()[:16])

    def rubric(self, clip: Clip) -> tuple[Rubric, JudgeRef]:
        """Return the item."""
        item = RubricItem(REWARDED, _QUESTION, clip.transcript or clip.caption)
        return Rubric((item,), clip.language or "", clip.subset or ""), self.default

    def is_given(self, clip: Clip) -> bool:  # noqa: ARG002 - every clip
        """Return True: nothing is expanded."""
        return True

    def try_out(self, clips: Iterable[Clip], *, most_chars: int) -> None:
        """Do nothing: there is no expander to reach."""
