from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform


def tone(frequency: float, rate: int) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(rate) / rate).astype(np.float32)[None]


def level_db(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt((samples[1000:-1000] ** 2).mean()) * np.sqrt(2) + 1e-12))


def test_nothing_above_half_the_rate_comes_back_as_something_else() -> None:
    """A 10 kHz tone at 48 kHz must vanish at 16 kHz; linear interpolation turns it into 6 kHz at -1.2 dB."""
    assert level_db(Waveform(tone(10_000, 48_000), 48_000).at(16_000)) < -90


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000, 192_000])
def test_what_fits_is_kept(rate: int) -> None:
    resampled = Waveform(tone(1_000, rate), rate).at(16_000)
    assert len(resampled) == 16_000
    assert level_db(resampled) == pytest.approx(0, abs=0.05)


def test_each_rate_is_computed_once() -> None:
    waveform = Waveform(tone(440, 8_000), 8_000)
    assert waveform.at(16_000) is waveform.at(16_000)
    assert waveform.mono is waveform.at(8_000)
    assert waveform.duration_s == 1


def test_a_dead_channel_does_not_halve_the_level() -> None:
    both = np.concatenate([tone(440, 8_000), tone(440, 8_000) * 0])
    assert level_db(Waveform(both, 8_000).mono) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("rate", [2_000, 16_001, 48_000, 192_000, 768_000])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_shortest_clip_has_a_sample_at_any_rate(rate: int, count: int) -> None:
    assert len(Waveform(np.full((1, count), 0.5, dtype=np.float32), rate).at(16_000)) >= 1
