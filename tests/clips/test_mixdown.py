from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.clips.mixdown import channel_peaks, dead_channels, mixdown

TONE = np.sin(np.arange(4000) / 9).astype(np.float32) * np.float32(0.5)


def test_mono_is_returned_as_it_is() -> None:
    mono, note = mixdown(TONE[None])
    assert np.shares_memory(mono, TONE)
    assert note is None


def test_the_mean_of_the_living() -> None:
    mono, note = mixdown(np.stack([TONE, TONE * 0.5, TONE * 0]))
    assert np.allclose(mono, TONE * 0.75, atol=1e-6)
    assert note is not None
    assert "channel 3 of 3 is dead" in note
    assert "2 channels were mixed down" in note


def test_one_living_channel_keeps_its_level() -> None:
    for silent in (0.0, 1e-4):
        mono, note = mixdown(np.stack([TONE * silent, TONE]))
        assert np.array_equal(mono, TONE)
        assert note == "channel 1 of 2 is dead and was left out"


def test_inverted_channels_do_not_vanish() -> None:
    mono, note = mixdown(np.stack([TONE * 0.9, -TONE]))
    assert np.array_equal(mono, -TONE)
    assert note is not None
    assert "cancel" in note


def test_unrelated_channels_are_not_called_cancelling() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (8, 20_000)).astype(np.float32)
    mono, note = mixdown(noise)
    assert np.allclose(mono, noise.mean(axis=0), atol=1e-6)
    assert note == "8 channels were mixed down to one by their mean"


def test_silence_has_no_dead_channels() -> None:
    assert dead_channels(np.zeros((2, 100), np.float32)) == ()
    assert mixdown(np.zeros((2, 100), np.float32))[0].shape == (100,)


@pytest.mark.parametrize("value", [-0.7, 0.7])
def test_peaks_count_both_signs(value: float) -> None:
    samples = np.zeros((2, 10), np.float32)
    samples[1, 3] = value
    assert channel_peaks(samples).tolist() == pytest.approx([0, 0.7])
