"""The strongest tone of clips whose tones are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.signals.tone import strongest_tone

RATE = 16_000
TIME = np.arange(2 * RATE) / RATE


@settings(max_examples=25, deadline=None)
@given(st.floats(40.0, 7_900.0), st.floats(0.001, 0.9))
def test_a_sine_is_found_within_a_thousandth(hertz: float, level: float) -> None:
    found = strongest_tone((level * np.sin(2 * np.pi * hertz * TIME)).astype(np.float32), RATE)
    assert found is not None
    assert abs(found.frequency_hz / hertz - 1.0) < 0.005
    assert found.share > 0.9


def test_noise_has_no_tone_to_speak_of() -> None:
    found = strongest_tone(np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32), RATE)
    assert found is not None
    assert found.share < 0.05


def test_the_stronger_of_two_tones_is_named() -> None:
    found = strongest_tone(
        (0.1 * np.sin(2e3 * np.pi * TIME) + 0.5 * np.sin(1e3 * np.pi * TIME)).astype(np.float32), RATE
    )
    assert found is not None
    assert found.frequency_hz == pytest.approx(500.0, rel=0.002)


@pytest.mark.parametrize("samples", [np.zeros(2 * RATE), np.zeros(0), np.ones(RATE // 20)])
def test_silence_and_instants_have_none(samples: np.ndarray) -> None:
    assert strongest_tone(samples.astype(np.float32), RATE) is None
