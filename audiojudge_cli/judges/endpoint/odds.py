"""From the likeliest tokens to the odds of yes, and how far from the truth they can be."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounded:
    """How a model would answer one item, as far as the likeliest tokens tell.

    Attributes:
        p_yes: Probability of the best spelling of yes against that of the best spelling of no, in [0, 1]; None where
            neither is among the tokens.
        mass: Probability of all spellings among the tokens, in [0, 1]: what the model gives to yes and no at least.
        error: How far `p_yes` can be from what all tokens would give, in [0, 0.5].
        rest: Probability of all tokens that were not told, in [0, 1].
    """

    p_yes: float | None
    mass: float
    error: float
    rest: float


def bounded_odds(
    tops: Sequence[tuple[str, float]], yes: Collection[str], no: Collection[str], *, is_top: bool = True
) -> Bounded:
    """Read one answer, as `judges.omni.odds.read_odds` does with all logits.

    Where both yes and no are among the likeliest tokens, their best spellings are, and p_yes is exact. Where one of
    them is not, its best spelling has at most the probability of the last token told, and at most what is left of 1:
    p_yes then lies in an interval, whose middle is given, with half its width as the error.

    Args:
        tops: Tokens with the logarithms of their probabilities, at least one.
        yes: Spellings of yes.
        no: Spellings of no.
        is_top: Whether the tokens are the likeliest there are; a token alone may have been drawn.
    """
    rest = min(1.0, max(0.0, 1.0 - sum(math.exp(value) for _, value in tops)))
    found = {side: [value for token, value in tops if token in words] for side, words in (("yes", yes), ("no", no))}
    mass = min(1.0, sum(math.exp(value) for values in found.values() for value in values))
    best = {side: max(values) for side, values in found.items() if values}
    if not best:
        return Bounded(None, mass, 0.5, rest)
    if len(best) == 2:
        return Bounded(_sigmoid(best["yes"] - best["no"]), mass, 0.0, rest)
    ((side, value),) = best.items()
    most = min(rest, math.exp(min(other for _, other in tops))) if is_top else rest
    known = math.exp(value)
    # At most 1 of the two sides may be 0 in floating point: a token told at -9999 has no probability at all.
    least = known / (known + most) if known + most > 0 else 0.0
    middle = (1 + least) / 2
    return Bounded(middle if side == "yes" else 1 - middle, mass, (1 - least) / 2, rest)


def _sigmoid(value: float) -> float:
    if value >= 0:
        return 1 / (1 + math.exp(-min(value, 700.0)))
    grown = math.exp(max(value, -700.0))
    return grown / (1 + grown)
