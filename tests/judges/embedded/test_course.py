"""The course of synthetic sounds whose truth is known, judged end to end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

pytestmark = pytest.mark.weights

Ask = Callable[[npt.NDArray[np.float64], str, str], float | None]
RATE = 32_000
RANDOM = np.random.default_rng(5)
NOISE = RANDOM.normal(0, 0.1, 6 * RATE)


def knocks(gaps: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    starts = 0.2 + np.concatenate([[0.0], np.cumsum(gaps)])
    samples = RANDOM.normal(0, 1e-4, round((starts[-1] + 0.8) * RATE))
    stroke = np.exp(-np.arange(round(0.12 * RATE)) / (0.02 * RATE)) * np.sin(np.arange(round(0.12 * RATE)) * 0.12)
    for start in starts:
        samples[round(start * RATE) :][: len(stroke)] += 0.5 * stroke
    return np.asarray(samples)


LOUDER = NOISE * np.geomspace(0.03, 1, len(NOISE))
FADED = NOISE * np.minimum(1, np.linspace(2, 0, len(NOISE)))
CUT = np.concatenate([NOISE[: 4 * RATE], np.zeros(RATE)])


@pytest.mark.parametrize(
    ("samples", "dimension", "question", "expected"),
    [
        (LOUDER, "volume", "Does it keep growing louder?", True),
        (LOUDER[::-1], "volume", "Does it keep growing louder?", False),
        (NOISE, "volume", "Does it keep growing louder?", False),
        (NOISE, "volume", "Does it keep a steady volume?", True),
        (LOUDER, "volume", "Does it keep a steady volume?", False),
        (LOUDER[::-1], "distance", "Does it sound as if moving away?", True),
        (FADED, "transition", "Does it fade out?", True),
        (FADED, "transition", "Does it fade in?", False),
        (CUT, "transition", "Does the sound stop abruptly?", True),
        (FADED, "transition", "Does the sound stop abruptly?", False),
        (NOISE, "duration", "Does it go on continuously?", True),
        (CUT, "duration", "Does it close with about one second of silence?", True),
        (CUT, "duration", "Does it close with about five seconds of silence?", False),
        (knocks(np.full(8, 0.6)), "rhythm", "Are the knocks at regular intervals?", True),
        (knocks(np.array([0.2, 1.4, 0.3, 0.9, 0.2, 1.8, 0.25])), "rhythm", "Are the knocks regular?", False),
        (knocks(np.geomspace(1.0, 0.2, 9)), "rhythm", "Do the knocks speed up?", True),
        (knocks(np.full(8, 0.6)), "rhythm", "Do the knocks speed up?", False),
        (knocks(np.full(14, 0.2)), "rhythm", "Are the knocks in quick succession?", True),
        (knocks(np.full(5, 1.5)), "rhythm", "Are the knocks slow?", True),
    ],
)
def test_course_of_known_sounds(
    p_yes: Ask, samples: npt.NDArray[np.float64], dimension: str, question: str, expected: bool
) -> None:
    p = p_yes(samples, dimension, question)
    assert p is not None
    assert (p > 0.5) is expected, p


def test_two_sounds_have_no_rhythm(p_yes: Ask) -> None:
    assert p_yes(knocks(np.array([0.7])), "rhythm", "Do the knocks speed up?") is None


def test_silence_is_unverifiable(p_yes: Ask) -> None:
    assert p_yes(np.zeros(2 * RATE), "transition", "Does it fade out?") is None
