"""A rating scale: its values, how each is spelt, and what its ends mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_VALUES = 201
"""A scale of more values is none that a listener could use; 0 to 100 in halves has 201."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values that a rating can take.

    Attributes:
        values: Ascending, at least two.
        spellings: How a model writes each value: `1`, `0.5`, `pass`.
        anchors: What single values mean, as (value, words), ascending: (1.0, "very noisy"), (5.0, "silent").
    """

    values: tuple[float, ...]
    spellings: tuple[str, ...]
    anchors: tuple[tuple[float, str], ...] = ()

    @property
    def low(self) -> float:
        """The lowest value."""
        return self.values[0]

    @property
    def high(self) -> float:
        """The highest value."""
        return self.values[-1]

    @property
    def span(self) -> float:
        """From the lowest value to the highest; above 0."""
        return self.high - self.low

    def at(self, position: float) -> float:
        """Return the rating at a position: 0 is the lowest value, 1 the highest; four decimals."""
        return round(self.low + position * self.span, 4)

    def position(self, rating: float) -> float:
        """Return where a rating lies, 0 to 1."""
        return min(1.0, max(0.0, (rating - self.low) / self.span))

    def mean(self, probabilities: Sequence[float]) -> tuple[float, float]:
        """Return the expectation and the standard deviation over the values.

        Args:
            probabilities: One per value; they need not add up to one, but to more than zero.
        """
        total = sum(probabilities)
        mean = sum(p * value for p, value in zip(probabilities, self.values, strict=True)) / total
        square = sum(p * (value - mean) ** 2 for p, value in zip(probabilities, self.values, strict=True)) / total
        return mean, square**0.5

    def words(self, value: float) -> str:
        """Return what a value means; empty where nothing is said about it."""
        return next((words for anchored, words in self.anchors if anchored == value), "")

    def text(self, *, falling: bool = False) -> str:
        """Return the scale in words: `from 1 (very noisy) to 5 (silent)`; `falling` names the highest value first."""
        first, last = (len(self.values) - 1, 0) if falling else (0, len(self.values) - 1)
        return f"from {self._end(first)} to {self._end(last)}"

    def _end(self, index: int) -> str:
        words = self.words(self.values[index])
        return self.spellings[index] + (f" ({words})" if words else "")


def number_scale(first: str, last: str, anchors: Sequence[tuple[float, str]] = ()) -> Scale | None:
    """Return the scale between two numbers as a person wrote them, in steps of their last decimal.

    Args:
        first: One end: `1`, `0.0`.
        last: The other end, in either direction.
        anchors: What values mean; those outside the scale are dropped.

    Returns:
        None where there are fewer than two values, or more than `MOST_VALUES`.
    """
    places = max(len(end.partition(".")[2]) for end in (first, last))
    low, high = sorted(round(float(end) * 10**places) for end in (first, last))
    if not 2 <= high - low + 1 <= MOST_VALUES:
        return None
    values = tuple(step / 10**places for step in range(low, high + 1))
    kept = tuple(sorted({value: words for value, words in anchors if value in values and words}.items()))
    return Scale(values, tuple(f"{value:.{places}f}" for value in values), kept)


PASS_FAIL = Scale((0.0, 1.0), ("fail", "pass"))
"""0 is fail and 1 is pass: a rating is the probability of passing."""

YES_NO = Scale((0.0, 1.0), ("no", "yes"))
"""0 is no and 1 is yes."""
