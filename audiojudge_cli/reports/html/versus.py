"""Systems of one run side by side, prompt by prompt, as data for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.gates.prompted import CAPTION
from audiojudge_cli.gates.sample import refuse_unknown_columns
from audiojudge_cli.gates.systems import Answer, Duel, Systems, compare_systems
from audiojudge_cli.reports.gather import Gathered
from audiojudge_cli.text.terminal import safe_line


@dataclass(frozen=True)
class Versus:
    """What a page tells of the systems of a run.

    Attributes:
        by: The column that names them.
        found: How they compare; None where they do not.
        why: Why they do not.
        answers: The prompts that two systems answered with different scores, the furthest apart first.
        total: How many there are.
        clips: Place in `records` of each clip.
        subsets: Subset of each clip.
    """

    by: str
    found: Systems | None = None
    why: str = ""
    answers: Sequence[tuple[Duel, Answer]] = ()
    total: int = 0
    clips: Mapping[str, int] = field(default_factory=dict)
    subsets: Sequence[str] = ()

    @property
    def pairs(self) -> Sequence[tuple[Duel, Answer]]:
        """What the list of the page holds."""
        return self.answers

    def heard_first(self) -> list[int]:
        """Return the places in `records` of what is compared, in its order: the first to get into the page."""
        ids = (name for _, answer in self.answers for name in answer.clips)
        return list(dict.fromkeys(self.clips[name] for name in ids if name in self.clips))

    def data(self) -> dict[str, Any]:
        """Return the pairs for the script of the page."""
        prompts: dict[str, int] = {}
        pairs = [self._pair(at, duel, answer, prompts) for at, (duel, answer) in enumerate(self.answers)]
        return {"pairs": pairs, "prompts": list(prompts), "total": self.total, "scored": True}

    def _pair(self, at: int, duel: Duel, answer: Answer, prompts: dict[str, int]) -> dict[str, Any]:
        margin = answer.first - answer.second
        scores = zip((duel.first, duel.second), answer.clips, (answer.first, answer.second), strict=True)
        known = next((self.clips[name] for name in answer.clips if name in self.clips), None)
        return {
            "n": at,
            "id": " / ".join(map(safe_line, answer.clips)),
            "sides": [self._side(*side) for side in scores],
            "preferred": "a" if margin > 0 else "b",
            "margin": round(margin, 4),
            "prompt": prompts.setdefault(answer.prompt, len(prompts)),
            "subset": "unknown" if known is None else self.subsets[known],
        }

    def _side(self, system: str, clip: str, score: float) -> dict[str, Any]:
        found = {"system": safe_line(system), "path": safe_line(clip), "score": round(score, 4)}
        return found | ({"clip": self.clips[clip]} if clip in self.clips else {})


def read_versus(run: Gathered, by: str, pair_by: str | None, most: int) -> Versus:
    """Return how the systems of a run compare, by prompt as `audiojudge diff --by` pairs them.

    Args:
        run: The run.
        by: The column that names the systems.
        pair_by: The column that identifies the prompt; None for the caption.
        most: Most prompts on the page.

    Raises:
        InputError: If the run has no such column.
    """
    refuse_unknown_columns([each for each in (by, pair_by) if each and each != CAPTION], run.table.columns)
    try:
        found = compare_systems(run.folder, by, pair_by=pair_by or CAPTION, top=most)
    except (InputError, NotJudgedError) as error:
        # The column still tells clips apart; that they have no prompts in common is no reason to show nothing.
        return Versus(by, why=str(error))
    answers = [(duel, one) for duel in found.duels for one in (*duel.best_of_first, *duel.best_of_second)]
    answers.sort(key=lambda each: -abs(each[1].first - each[1].second))
    clips = {record.id: place for place, record in enumerate(run.records)}
    subsets = [record.subset or "unknown" for record in run.records]
    total = sum(sum(duel.ahead) for duel in found.duels)
    return Versus(by, found, answers=answers[:most], total=total, clips=clips, subsets=subsets)
