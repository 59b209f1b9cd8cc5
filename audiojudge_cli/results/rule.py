"""The decision rule: from the p_yes of a clip's items to match or no match."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from audiojudge_cli.results.record import Decision


@dataclass(frozen=True, slots=True)
class Rule:
    """A clip matches its caption when mean_weight * mean + min_weight * min >= threshold.

    A plain mean forgives one wrong attribute among several, so the minimum has its say in the decision; the
    alignment score itself stays the plain mean, as in AnyAudio-Judge (arXiv 2606.03116).

    Attributes:
        mean_weight: In [0, 1]; the two weights sum to 1.
        min_weight: In [0, 1].
        threshold: In [0, 1].
    """

    mean_weight: float = 0.5
    min_weight: float = 0.5
    threshold: float = 0.5

    @property
    def text(self) -> str:
        """The rule as records name it: `0.5*mean + 0.5*min`."""
        return f"{self.mean_weight:g}*mean + {self.min_weight:g}*min"

    @classmethod
    def parse(cls, text: str, threshold: float) -> Rule:
        """Return the rule that a record names, its weights with six significant digits.

        Raises:
            ValueError: If it is none.
        """
        mean, times, rest = text.partition("*mean + ")
        lowest, end, left = rest.partition("*min")
        if not times or not end or left:
            raise ValueError(f"{text!r} is no decision rule")
        rule = cls(float(mean), float(lowest), threshold)
        # Six significant digits of each weight: their sum is 1 to within a millionth.
        if not (0 <= rule.mean_weight <= 1 and abs(rule.mean_weight + rule.min_weight - 1) <= 2e-6):
            raise ValueError(f"{text!r} is no decision rule")
        return rule

    def decide(self, answers: Sequence[float]) -> Decision:
        """Return the decision on the p_yes of all verified items, in any order; none gives neither value nor match."""
        if not answers:
            return Decision(self.text, None, self.threshold, match=None)
        mean = math.fsum(answers) / len(answers)
        value = round(self.mean_weight * mean + self.min_weight * min(answers), 4)
        return Decision(self.text, value, self.threshold, match=value >= self.threshold)


def score(answers: Sequence[float]) -> float | None:
    """Return the alignment score, the mean p_yes in [0, 1] with four decimals; None without answers."""
    return round(math.fsum(answers) / len(answers), 4) if answers else None
