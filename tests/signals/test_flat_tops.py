from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.signals.flat_tops import flat_tops

RATE = 24_000
TIME = np.arange(RATE) / RATE


def saw(hertz: float) -> np.ndarray:
    return 2 * ((hertz * TIME) % 1) - 1


# Waves that nobody cut off, at any level: round ones, pointed ones, and those that are flat by nature.
WHOLE = {
    "sine": np.sin(2 * np.pi * 50 * TIME),
    "chord": sum(np.sin(2 * np.pi * hertz * TIME) for hertz in (220.0, 277.18, 329.63)),
    "saw": saw(110),
    "saw chord": saw(110) + saw(138.59) + saw(164.81),
    "square": np.sign(np.sin(2 * np.pi * 100.3 * TIME)),
    "pulse": np.where((70 * TIME) % 1 < 0.2, 1.0, -1.0),
    "square notes on rests": np.sign(np.sin(2 * np.pi * 330 * TIME)) * (TIME % 0.3 < 0.2),
    "one-bit noise": np.sign(np.random.default_rng(1).normal(size=RATE)),
    "triangle": np.abs(saw(80)) - 0.5,
    "noise": np.random.default_rng(2).normal(size=RATE),
    "silence": np.zeros(RATE),
}


@pytest.mark.parametrize("kind", WHOLE)
@given(level=st.floats(0.01, 1.0), bits=st.sampled_from([0, 8, 12, 16, 24]))
def test_no_whole_wave_is_cut_off(kind, level, bits):
    wave = WHOLE[kind] / max(1e-9, np.abs(WHOLE[kind]).max()) * level
    wave = np.round(wave * (2 ** (bits - 1) - 1)) / 2 ** (bits - 1) if bits else wave
    assert flat_tops(wave.astype(np.float32)).samples == 0


@pytest.mark.parametrize("kind", ["sine", "chord", "triangle", "noise"])
@given(ceiling=st.floats(0.1, 0.9), level=st.floats(0.15, 1.0))
def test_a_wave_cut_off_is(kind, ceiling, level):
    wave = WHOLE[kind] / np.abs(WHOLE[kind]).max()
    cut = (np.clip(wave, -ceiling, ceiling) * (level / ceiling)).astype(np.float32)
    share = float((np.abs(wave) >= ceiling).mean())
    found = flat_tops(cut)
    if kind != "noise":  # whose tops are mostly single samples
        assert found.samples / len(cut) == pytest.approx(share, abs=0.02)
        assert found.level_db == pytest.approx(20 * np.log10(level), abs=0.01)
    for start, end in found.spans:
        assert (np.abs(cut[start:end]) >= 0.99 * level).all()


def test_nothing_has_no_tops():
    assert flat_tops(np.zeros(0, np.float32)).samples == 0
