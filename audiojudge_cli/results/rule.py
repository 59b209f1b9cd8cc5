"""The decision rule: from the p_yes of a clip's items to match or no match."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.results.curves import NAME, ItemCurves
from audiojudge_cli.results.record import Decision
from audiojudge_cli.text.jsonl import loads

SCHEMA = "audiojudge.decision/1"


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
    def curves(self) -> None:
        """Plain weights go with what the judge answered."""
        return

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
        return _decided(self.text, value, self.threshold, answers)


FLOOR = 0.02
"""No answer counts as surer than this for or against a caption: beyond it, curves were fitted on too few items."""

MOST_ITEMS = 10
"""Of more items the lowest ten count: no labelled caption makes more claims, and one clear miss decides among any
number."""

_NUMBER = r"(-?[0-9.]+(?:e-?[0-9]+)?)"
# As `Rule.text` and `Calibrated.text` write them.
_PLAIN = re.compile(rf"{_NUMBER}\*mean \+ {_NUMBER}\*min")
_CALIBRATED = re.compile(
    rf"logistic\({_NUMBER} \+ {_NUMBER}\*log odds of geometric mean \+ {_NUMBER}\*log\(min\) \+ {_NUMBER}\*log\(n\)\), "
    rf"p within {_NUMBER} of 0 and 1(?:, items by curves ({NAME}))?"
)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A clip matches when it is likelier right than wrong, from its answers' mean, lowest and number.

    value = logistic(bias + mean_odds * log odds of the geometric mean + min_log * log(lowest) + count_log * log(n)),
    each p_yes kept off 0 and 1. One doubtful item out of ten costs little, one clear miss decides; 0.5 is as likely
    right as wrong on short captions and on long ones. The numbers are data (`models/decision.json`), fitted by
    `benchmarks/fit_embedded.py`.

    Attributes:
        bias: Log odds where the other terms are zero.
        mean_odds: Weight of the log odds of the geometric mean of p_yes, zero or above.
        min_log: Weight of the logarithm of the lowest p_yes, zero or above.
        count_log: Weight of the logarithm of the number of verified items, zero or above.
        floor: Every p counts as at least this far from 0 and 1; above 0, below 0.5.
        threshold: In [0, 1].
        fitted: How the numbers came about, for people.
        curves: What the p_yes of items counts as in records; the decision looks at what the judge answered.
    """

    bias: float
    mean_odds: float
    min_log: float
    count_log: float
    floor: float = FLOOR
    threshold: float = 0.5
    fitted: str = ""
    curves: ItemCurves | None = None

    @property
    def text(self) -> str:
        """The rule as records name it."""
        items = f", items by curves {self.curves.name}" if self.curves else ""
        return (
            f"logistic({self.bias:g} + {self.mean_odds:g}*log odds of geometric mean + {self.min_log:g}*log(min)"
            f" + {self.count_log:g}*log(n)), p within {self.floor:g} of 0 and 1{items}"
        )

    @staticmethod
    def features(answers: Sequence[float], floor: float = FLOOR) -> tuple[float, float, float]:
        """Return log odds of the geometric mean, log of the lowest p_yes and of their number; over the lowest ten."""
        logs = sorted(math.log(min(1.0 - floor, max(floor, p))) for p in answers)[:MOST_ITEMS]
        mean = math.fsum(logs) / len(logs)
        return mean - math.log(-math.expm1(mean)), logs[0], math.log(len(logs))

    def decide(self, answers: Sequence[float]) -> Decision:
        """Return the decision on the p_yes of all verified items, in any order; none gives neither value nor match."""
        if not answers:
            return Decision(self.text, None, self.threshold, match=None)
        mean, least, count = self.features(answers, self.floor)
        total = self.bias + self.mean_odds * mean + self.min_log * least + self.count_log * count
        value = round(1.0 / (1.0 + math.exp(-total)), 4)
        return _decided(self.text, value, self.threshold, answers)


DecisionRule = Rule | Calibrated


def read_rule(text: str, threshold: float) -> DecisionRule:
    """Return the rule that a record names.

    Raises:
        InputError: If it is none of ours.
    """
    if found := _PLAIN.fullmatch(text):
        mean, least = map(float, found.groups())
        return Rule(mean, least, threshold)
    if found := _CALIBRATED.fullmatch(text):
        *numbers, curves = found.groups()
        bias, mean_odds, min_log, count_log, floor = map(float, numbers)
        known = ItemCurves((), curves) if curves else None
        return Calibrated(bias, mean_odds, min_log, count_log, floor, threshold, curves=known)
    raise InputError(f"unknown decision rule {text!r} in the records")


def _decided(text: str, value: float, threshold: float, answers: Sequence[float]) -> Decision:
    mean, least = score(answers), round(min(answers), 4)
    return Decision(text, value, threshold, match=value >= threshold, mean=mean, min=least)


def score(answers: Sequence[float]) -> float | None:
    """Return the alignment score, the mean p_yes in [0, 1] with four decimals; None without answers."""
    return round(math.fsum(answers) / len(answers), 4) if answers else None


def decision_path() -> Path:
    """Return where the numbers of the calibrated decision lie."""
    return bundled("models") / "decision.json"


@lru_cache(maxsize=1)
def load_decision() -> Calibrated:
    """Read the calibrated decision of this installation.

    Raises:
        WeightsError: If the file is missing or not what it should be.
    """
    path = decision_path()
    try:
        data = loads(path.read_bytes())
        schema = data.pop("schema")
        rule = Calibrated(**{**data, "fitted": str(data["fitted"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path} holds no decision: {error}. Reinstall audiojudge-cli.") from error
    if schema != SCHEMA:
        raise WeightsError(f"{path} has schema {schema!r}, expected {SCHEMA!r}. Reinstall audiojudge-cli.")
    return rule
