"""The course of synthetic sounds whose truth is known, judged end to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import Claim, Comparator

pytestmark = pytest.mark.weights

Hear = Callable[[npt.NDArray[np.float64], Claim], Verdict]
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
    ("samples", "claim", "expected"),
    [
        (LOUDER, Claim("volume", "rising"), True),
        (LOUDER[::-1], Claim("volume", "rising"), False),
        (NOISE, Claim("volume", "rising"), False),
        (NOISE, Claim("volume", "stable"), True),
        (LOUDER, Claim("volume", "stable"), False),
        (LOUDER, Claim("dynamics", "dynamic"), True),
        (LOUDER[::-1], Claim("distance", "receding"), True),
        (FADED, Claim("transition", "fade_out"), True),
        (FADED, Claim("transition", "fade_out", place="end"), True),
        (FADED, Claim("transition", "fade_in"), False),
        (CUT, Claim("transition", "cut"), True),
        (FADED, Claim("transition", "cut"), False),
        (NOISE, Claim("duration", "continuous"), True),
        (CUT, Claim("duration", "silence", place="end", number=1.0, unit="s"), True),
        (CUT, Claim("duration", "silence", place="end", number=5.0, unit="s"), False),
        (CUT, Claim("duration", "silence", place="end", comparator="less", number=3.0, unit="s"), True),
        (knocks(np.full(8, 0.6)), Claim("rhythm", "regular"), True),
        (knocks(np.full(8, 0.6)), Claim("rhythm", "irregular"), False),
        (knocks(np.full(8, 0.6)), Claim("rhythm", comparator="about", number=0.6, unit="s"), True),
        (knocks(np.full(8, 0.6)), Claim("rhythm", comparator="about", number=2.0, unit="s"), False),
        (knocks(np.array([0.2, 1.4, 0.3, 0.9, 0.2, 1.8, 0.25])), Claim("rhythm", "regular"), False),
        (knocks(np.geomspace(1.0, 0.2, 9)), Claim("rhythm", "accelerating"), True),
        (knocks(np.full(8, 0.6)), Claim("rhythm", "accelerating"), False),
        (knocks(np.full(14, 0.2)), Claim("rhythm", "fast"), True),
        (knocks(np.full(5, 1.5)), Claim("rhythm", "slow"), True),
        (knocks(np.full(3, 2.5)), Claim("rhythm", "irregular", "only now and then"), True),
    ],
)
def test_course_of_known_sounds(hear: Hear, samples: npt.NDArray[np.float64], claim: Claim, expected: bool) -> None:
    verdict = hear(samples, claim)
    assert verdict.p_yes is not None, verdict
    assert (verdict.p_yes > 0.5) is expected, verdict


@pytest.mark.parametrize(
    ("comparator", "number", "upper", "expected"),
    [
        ("about", 6.0, None, True),
        ("about", 7.5, None, False),
        ("exactly", 6.0, None, True),
        ("more", 5.0, None, True),
        ("more", 6.5, None, False),
        ("less", 20.0, None, True),
        ("less", 5.0, None, False),
        ("at_least", 5.9, None, True),
        ("at_most", 5.0, None, False),
        ("between", 5.0, 7.0, True),
        ("between", 7.0, 9.0, False),
    ],
)
def test_the_length_of_the_clip(
    hear: Hear, comparator: Comparator, number: float, upper: float | None, expected: bool
) -> None:
    verdict = hear(NOISE, Claim("duration", comparator=comparator, number=number, upper=upper, unit="s"))
    assert (verdict.answer == "yes") is expected, verdict


@pytest.mark.parametrize("level", [0.0, 1e-6, 1e-4])
def test_complete_silence(hear: Hear, level: float) -> None:
    assert hear(level * NOISE, Claim("duration", "silence")).answer == "yes"
    assert hear(NOISE, Claim("duration", "silence")).answer == "no"
    assert hear(CUT, Claim("duration", "silence")).answer == "no"


@pytest.mark.parametrize("hertz", [110.0, 440.0, 3000.0])
def test_the_frequency_of_a_tone(hear: Hear, hertz: float) -> None:
    tone = 0.3 * np.sin(2 * np.pi * hertz * np.arange(3 * RATE) / RATE)
    for dimension in ("event", "pitch"):
        right = Claim(dimension, "tone" if dimension == "event" else "", "a tone", number=hertz, unit="hz")
        assert hear(tone, right).answer == "yes"
        assert hear(tone, replace(right, number=hertz * 1.06)).answer == "no"
        assert hear(NOISE, right).answer == "no"


def test_two_sounds_have_no_rhythm(hear: Hear) -> None:
    assert hear(knocks(np.array([0.7])), Claim("rhythm", "accelerating")).p_yes is None


def test_silence_is_unverifiable(hear: Hear) -> None:
    assert hear(np.zeros(2 * RATE), Claim("transition", "fade_out")).p_yes is None
