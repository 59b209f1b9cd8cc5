"""Space and recording of synthetic sounds whose truth is known, judged end to end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, sosfilt

from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import Claim

pytestmark = pytest.mark.weights

Hear = Callable[[npt.NDArray[np.float64], Claim], Verdict]
RATE = 32_000
RANDOM = np.random.default_rng(6)
# Falling spectrum, coming and going: neither noise nor tone.
PINK = sosfilt(butter(1, 400.0, fs=RATE, output="sos"), RANDOM.normal(0, 1, 5 * RATE))
BASE = PINK * (0.55 + 0.45 * np.sin(np.arange(5 * RATE) * 2 * np.pi * 1.3 / RATE)) * 0.5
BALANCE = np.linspace(0, 1, len(BASE))
LEFT, RIGHT = np.stack([BASE, 0.3 * BASE]), np.stack([0.3 * BASE, BASE])
MOVING = np.stack([BASE * np.cos(BALANCE * np.pi / 2), BASE * np.sin(BALANCE * np.pi / 2)])
WIDE = np.stack([BASE, PINK[::-1] * 0.4])
CLIPPED = np.clip(BASE * 40, -0.9, 0.9)
PHONE = sosfilt(butter(8, [300.0, 3400.0], "bandpass", fs=RATE, output="sos"), BASE)


@pytest.mark.parametrize(
    ("samples", "claim", "expected"),
    [
        (LEFT, Claim("production", words="on the left"), True),
        (RIGHT, Claim("production", words="on the left"), False),
        (RIGHT, Claim("transition", "pan", "on the right"), True),
        (MOVING, Claim("transition", "pan", "from left to right"), True),
        (MOVING[::-1], Claim("transition", "pan", "from left to right"), False),
        (MOVING, Claim("transition", "pan", "moving to the right"), True),
        (MOVING, Claim("transition", "pan", "从左到右"), True),
        (MOVING, Claim("transition", "pan", "from side to side"), True),
        (WIDE, Claim("production", "effects", "wide stereo"), True),
        (np.stack([BASE, BASE]), Claim("production", "effects", "wide"), False),
        (np.stack([BASE, BASE]), Claim("recording", "studio", "mono"), True),
        (CLIPPED, Claim("recording", "degraded", "distorted"), True),
        (BASE, Claim("recording", "degraded", "distorted"), False),
        (PHONE, Claim("recording", "phone", "a phone line"), True),
        (BASE, Claim("recording", "phone", "a phone line"), False),
    ],
)
def test_space_and_recording_of_known_sounds(
    hear: Hear, samples: npt.NDArray[np.float64], claim: Claim, expected: bool
) -> None:
    verdict = hear(samples, claim)
    assert verdict.p_yes is not None, verdict
    assert (verdict.p_yes > 0.5) is expected, verdict


def test_one_channel_has_no_sides(hear: Hear) -> None:
    assert hear(BASE, Claim("transition", "pan", "on the left")).p_yes is None
