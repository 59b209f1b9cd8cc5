from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from audiojudge_cli.quality import bands as module
from audiojudge_cli.quality.bands import band_powers, bandwidth_hz, snr_db, telephone_edge_hz
from audiojudge_cli.quality.frames import framed

SPEECH = ("speech_librivox_en", "speech_hello_zh", "speech_counting_fr")


def measured(samples: np.ndarray, rate: int) -> tuple[float | None, float | None, float | None]:
    channels = np.atleast_2d(samples).astype(np.float32)
    bands = band_powers(channels, framed(channels, rate))
    assert bands is not None
    return bandwidth_hz(bands), snr_db(bands), telephone_edge_hz(bands)


def noisy(samples: np.ndarray, snr: float, colour: float, seed: int = 4) -> np.ndarray:
    """Add noise whose spectrum falls by 20 * colour dB per decade, with so much less power than the clip."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=len(samples)))
    noise = np.fft.irfft(spectrum / np.maximum(np.arange(len(spectrum)), 50) ** colour, len(samples))
    return np.asarray(samples + noise / noise.std() * samples.std() * 10 ** (-snr / 20))


@pytest.mark.parametrize("name", SPEECH)
@pytest.mark.parametrize("colour", [0.0, 0.5])
def test_the_ratio_is_the_one_the_noise_was_added_with(name, colour, examples):
    clip = examples[name]
    found = [measured(noisy(clip.mono, snr, colour), clip.rate)[1] for snr in (0, 5, 10)]
    assert found == pytest.approx([0, 5, 10], abs=2.5)
    assert found == sorted(found, key=lambda ratio: ratio or 0.0)


@pytest.mark.parametrize("name", SPEECH)
def test_neither_offset_nor_holes_nor_silence_around_are_noise(name, examples):
    clip = examples[name]
    wave = noisy(clip.mono, 10, 0.5)
    ratio = measured(wave, clip.rate)[1]
    holes = wave * ((np.arange(len(wave)) // (clip.rate // 5)) % 5 > 0)
    pad = np.zeros(clip.rate)
    for changed in (wave + 0.1, holes, np.concatenate([pad, wave, pad]), np.stack([wave, wave])):
        assert measured(changed, clip.rate)[1] == pytest.approx(ratio, abs=1.5)


def test_what_never_changes_has_no_ratio(sound_ones):
    found = {
        name: measured(sound_ones[name].channels, 32_000)[1] for name in ("sine", "chord", "white noise", "square")
    }
    assert found == dict.fromkeys(found)


@pytest.mark.parametrize("rate", [16_000, 44_100, 192_000])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_band_ends_where_its_filter_does(rate, part):
    noise = np.random.default_rng(8).normal(0, 0.1, rate)
    spectrum = np.fft.rfft(noise)
    spectrum[round(part * rate / 2) :] = 0
    assert measured(np.fft.irfft(spectrum, rate), rate)[0] == pytest.approx(part * rate / 2, abs=220)


@pytest.mark.parametrize("name", [*SPEECH, "sound_dog", "sound_rain", "music_guitar_drums_fast"])
@pytest.mark.parametrize("hertz", [1000, 3400])
def test_a_sound_muffled_by_a_gentle_filter_is_no_telephone(name, hertz, examples):
    clip = examples[name]
    muffled = sosfilt(butter(2, hertz, fs=clip.rate, output="sos"), clip.mono)
    assert measured(muffled, clip.rate)[2] is None


def test_a_file_of_8_khz_promises_no_more(examples):
    for name in SPEECH:
        assert measured(examples[name].at(8000), 8000)[2] is None


def test_long_clips_are_looked_at_less_often_and_measure_the_same(examples, monkeypatch):
    clip = examples["speech_counting_fr"]
    wave = np.tile(noisy(clip.mono, 10, 0.5), 4)
    often = measured(wave, clip.rate)
    monkeypatch.setattr(module, "_MOST_WINDOWS", 150)
    monkeypatch.setattr(module, "_CHUNK", 7)
    seldom = measured(wave, clip.rate)
    assert seldom[0] == pytest.approx(often[0], rel=0.05)
    assert seldom[1] == pytest.approx(often[1], abs=2.0)


def test_less_than_a_window_has_no_bands():
    channels = np.ones((1, 100), np.float32)
    assert band_powers(channels, framed(channels, 16_000)) is None
