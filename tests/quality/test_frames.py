from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.quality import frames as module
from audiojudge_cli.quality.frames import framed


def test_an_offset_is_no_sound_whether_it_stays_or_fades():
    steady = np.full((1, 8000), 0.2, np.float32)
    fading = steady * np.minimum(1, np.arange(8000) / 400).astype(np.float32)
    for channels in (steady, fading):
        found = framed(channels, 8000)
        assert found.silent[8:].all()
        assert not found.empty[8:].any()
    assert framed(steady, 8000).offset == pytest.approx(0.2)


@pytest.mark.parametrize(("level_db", "silent"), [(-58.0, False), (-66.0, True)])
def test_silence_is_what_lies_below_its_level_on_every_channel(level_db, silent):
    wave = 10 ** (level_db / 20) * np.sqrt(2) * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    channels = np.stack([wave * 0, wave]).astype(np.float32)
    assert framed(channels, 16_000).silent.all() == silent


def test_the_last_frame_is_measured_by_its_own_length():
    wave = np.full((1, 1603), 0.5, np.float32)
    wave[0, ::2] = -0.5
    assert framed(wave, 16_000).power == pytest.approx(np.full((1, 11), 0.25))


def test_white_noise_alone_has_nothing_in_common():
    rng = np.random.default_rng(1)
    white = rng.normal(0, 0.1, 48_000).astype(np.float32)
    for rate in (16_000, 48_000):
        assert framed(white[None], rate).likeness.max() < 0.35
        assert np.median(framed(white[None], rate).likeness) < 0.15
        assert framed(np.convolve(white, np.ones(4) / 4, "same").astype(np.float32)[None], rate).likeness.min() > 0.4


@given(st.integers(1, 3), st.integers(1, 4000), st.sampled_from([50, 8000, 11_025]), st.integers(0, 100))
def test_stretches_change_nothing(channels, count, rate, seed):
    wave = np.random.default_rng(seed).normal(0.1, 0.2, (channels, count)).astype(np.float32)
    whole = framed(wave, rate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_STRETCH", 200)
        parts = framed(wave, rate)
    for name in ("power", "mean", "likeness", "offset", "usual"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), abs=1e-9)
    assert (parts.empty == whole.empty).all()
    assert whole.power.shape[1] == -(-count // whole.hop)
