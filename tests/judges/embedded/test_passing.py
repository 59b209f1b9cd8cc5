"""What passes by is louder in the middle than at its ends; what only comes, goes or stays is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import Claim, Subject

pytestmark = pytest.mark.weights

Hear = Callable[[npt.NDArray[np.float64], Claim], Verdict]
RATE = 32_000
NOISE = np.random.default_rng(11).normal(0, 0.1, 6 * RATE)
PLACE = np.linspace(0.0, 1.0, len(NOISE))
CAR = Subject("sound", "the car", "car")


def passing(nearest: float, decibels: float) -> npt.NDArray[np.float64]:
    """Return noise that is nearest at a share of the clip, and so many dB quieter at the farther end."""
    far = np.abs(PLACE - nearest) / max(nearest, 1.0 - nearest)
    return np.asarray(NOISE * 10.0 ** (-decibels * far / 20.0))


@pytest.mark.parametrize("nearest", [0.35, 0.5, 0.65])
@pytest.mark.parametrize("decibels", [18.0, 30.0])
def test_what_swells_and_fades_passes(hear: Hear, nearest: float, decibels: float) -> None:
    p = hear(passing(nearest, decibels), Claim("distance", "passing", subject=CAR)).p_yes
    assert p is not None
    assert 0.5 < p <= 0.8


@pytest.mark.parametrize("nearest", [0.0, 1.0])
@pytest.mark.parametrize("decibels", [0.0, 18.0, 30.0])
def test_what_comes_goes_or_stays_does_not_pass(hear: Hear, nearest: float, decibels: float) -> None:
    p = hear(passing(nearest, decibels), Claim("distance", "passing", subject=CAR)).p_yes
    assert p is not None
    assert 0.2 <= p < 0.5
