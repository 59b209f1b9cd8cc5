"""How a measured number stands to the number of a claim."""

from __future__ import annotations

import math

from audiojudge_cli.rubrics.claim import Claim

_BOUNDS = frozenset({"at_least", "more", "at_most", "less", "between"})


def bounded(claim: Claim) -> bool:
    """Return whether a claim gives a bound ("over", "at least", "between") and not one number to meet."""
    return claim.comparator in _BOUNDS


def margin(claim: Claim, measured: float) -> float:
    """Return by how many octaves a positive measurement lies on the right side of a claim's bound; negative is wrong.

    Raises:
        ValueError: If the claim gives no bound or no number.
    """
    if claim.number is None or not bounded(claim):
        raise ValueError("the claim gives no bound")
    above = _octaves(measured, claim.number)
    if claim.comparator == "between":
        return min(above, -_octaves(measured, claim.upper if claim.upper is not None else claim.number))
    return above if claim.comparator in {"at_least", "more"} else -above


def holds(claim: Claim, counted: int) -> bool:
    """Return whether a count is what a claim says; "about" allows one in five more or less, and no less than one.

    Raises:
        ValueError: If the claim gives no number.
    """
    if claim.number is None:
        raise ValueError("the claim gives no number")
    number = claim.number
    if claim.comparator == "between":
        return number <= counted <= (claim.upper if claim.upper is not None else number)
    return {
        "at_least": counted >= number,
        "more": counted > number,
        "at_most": counted <= number,
        "less": counted < number,
        "about": abs(counted - number) <= max(1.0, 0.2 * number),
    }.get(claim.comparator, counted == number)


def _octaves(measured: float, number: float) -> float:
    return math.log2(max(1e-3, measured) / max(1e-3, number))
