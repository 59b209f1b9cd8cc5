"""Space and recording of synthetic sounds whose truth is known, judged end to end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, sosfilt

pytestmark = pytest.mark.weights

Ask = Callable[[npt.NDArray[np.float64], str, str], float | None]
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
    ("samples", "dimension", "question", "expected"),
    [
        (LEFT, "production", "Does it come from the left?", True),
        (RIGHT, "production", "Does it come from the left?", False),
        (MOVING, "transition", "Does it move from left to right?", True),
        (MOVING[::-1], "transition", "Does it move from left to right?", False),
        (WIDE, "production", "Is the stereo image wide?", True),
        (np.stack([BASE, BASE]), "production", "Is the stereo image wide?", False),
        (np.stack([BASE, BASE]), "recording", "Is the recording mono?", True),
        (CLIPPED, "recording", "Is the recording distorted?", True),
        (BASE, "recording", "Is the recording distorted?", False),
        (PHONE, "recording", "Does it sound like a phone line?", True),
        (BASE, "recording", "Does it sound like a phone line?", False),
    ],
)
def test_space_and_recording_of_known_sounds(
    p_yes: Ask, samples: npt.NDArray[np.float64], dimension: str, question: str, expected: bool
) -> None:
    p = p_yes(samples, dimension, question)
    assert p is not None
    assert (p > 0.5) is expected, p


def test_one_channel_has_no_sides(p_yes: Ask) -> None:
    assert p_yes(BASE, "production", "Does it come from the left?") is None
