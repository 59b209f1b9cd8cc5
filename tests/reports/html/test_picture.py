from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from PIL import Image

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.reports.html.picture import (
    COLUMNS,
    HEIGHT,
    WAVE_SHARE,
    draw,
    envelope,
    frequency_ticks,
    mel_decibels,
)

RATE = 16_000


def tone(hz: float, seconds: float, rate: int = RATE) -> npt.NDArray[np.float32]:
    return np.asarray(0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate), dtype=np.float32)


def test_the_envelope_keeps_the_extremes_where_they_are():
    samples = np.zeros(COLUMNS * 100, dtype=np.float32)
    samples[5050], samples[-1] = 0.7, -0.9
    low, high = envelope(samples)
    assert len(low) == len(high) == COLUMNS
    assert np.flatnonzero(high).tolist() == [50]
    assert np.flatnonzero(low).tolist() == [COLUMNS - 1]
    assert [len(part) for part in envelope(samples[:3])] == [3, 3]


def test_a_tone_lies_higher_than_a_lower_one_and_where_it_sounds():
    silence = np.zeros(RATE, dtype=np.float32)
    samples = np.concatenate([tone(300, 1), silence, tone(3000, 1)])
    mel = mel_decibels(Waveform(samples[None], RATE))
    third = mel.shape[1] // 3
    early, middle, late = mel[:, : third - 4], mel[:, third + 4 : 2 * third - 4], mel[:, 2 * third + 4 :]
    assert early.mean(axis=1).argmax() < late.mean(axis=1).argmax()
    assert middle.max() < early.max() - 60


@pytest.mark.parametrize("seconds", [0.001, 0.05, 600])
def test_very_short_and_long_clips_take_bounded_work(seconds):
    mel = mel_decibels(Waveform(np.zeros((1, int(seconds * RATE)), dtype=np.float32), RATE))
    assert 2 <= mel.shape[1] <= COLUMNS // 2
    assert np.isfinite(mel).all()


@pytest.mark.parametrize(("rate", "samples"), [(8000, 1), (8000, 4000), (2000, 4000), (192_000, 9600)])
def test_draws_a_picture_of_any_audio(tmp_path, rate, samples):
    soundfile.write(tmp_path / "a.wav", tone(200, samples / rate, rate), rate)
    data = draw(tmp_path / "a.wav")
    assert data is not None
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (COLUMNS, HEIGHT)
        assert len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)) > 10


def test_what_is_no_audio_has_no_picture(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"nothing of the kind")
    assert draw(tmp_path / "a.wav") is None
    assert draw(tmp_path / "b.wav") is None


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 48_000])
def test_a_tone_lies_where_the_tick_beside_it_says(rate):
    ticks = frequency_ticks(rate)
    assert len(ticks) >= 4
    assert [top for _, top in ticks] == sorted(top for _, top in ticks)
    for name, top in ticks:
        number, unit = name.split()
        hz = int(number) * (1000 if unit == "kHz" else 1)
        if hz >= rate / 2:
            continue
        mel = mel_decibels(Waveform(tone(hz, 0.5, rate)[None], rate, ""))
        row = float(mel.mean(axis=1).argmax()) + 0.5
        assert (1 - WAVE_SHARE) * (1 - row / len(mel)) + WAVE_SHARE == pytest.approx(top, abs=0.02), name


@pytest.mark.parametrize("rate", [1, 100, 600, 1000, 192_000])
def test_ticks_of_any_rate_lie_within_the_spectrogram_and_apart(rate):
    tops = [top for _, top in frequency_ticks(rate)]
    assert all(WAVE_SHARE <= top <= 1 for top in tops)
    assert all(after - before > 0.05 for before, after in pairwise(tops))
