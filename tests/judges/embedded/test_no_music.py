"""Instruments are not heard where there is no music: in noise of every colour, loud or faint."""

from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Samples, Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.rubrics.item import RubricItem

RATE = 16_000
INSTRUMENTS = ("a string quartet", "drums", "a flute", "a piano", "a guitar", "a trumpet", "a violin", "an organ")


def noise(colour: float) -> Samples:
    """Return noise whose power falls with frequency to the power of `colour`: 0 white, 1 pink, 2 brown."""
    size = 4 * RATE
    white = np.fft.rfft(np.random.default_rng(int(10 * colour)).standard_normal(size))
    found = np.fft.irfft(white / np.maximum(1, np.arange(size // 2 + 1)) ** (colour / 2), size)
    return np.asarray(0.5 * found / np.abs(found).max(), dtype=np.float32)


@pytest.mark.weights
@pytest.mark.parametrize("level", [1.0, 0.03])
@pytest.mark.parametrize("colour", [0.0, 0.5, 1.0, 1.5, 2.0])
def test_no_instrument_plays_in_noise(colour: float, level: float) -> None:
    items = tuple(RubricItem("instrument", f"Is {name} playing?", name) for name in INSTRUMENTS)
    waveform = Waveform(np.asarray(level * noise(colour)[None], dtype=np.float32), RATE, "ab" * 32)
    (verdicts,) = load(device="cpu").judge([Case(waveform, items)])
    assert {name: v.p_yes for name, v in zip(INSTRUMENTS, verdicts, strict=True) if (v.p_yes or 0.0) > 0.35} == {}
