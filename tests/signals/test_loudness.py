from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.signals import loudness
from audiojudge_cli.signals.frames import Array
from audiojudge_cli.signals.loudness import k_weighting, loudness_lufs, true_peak_db

RATE = 48_000
EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "audio").iterdir())


def tone(hertz: float, seconds: float, level_db: float = 0.0, rate: int = RATE, phase: float = 0.0) -> Array:
    at = np.arange(round(seconds * rate)) / rate
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * at + phase)).astype(np.float32)


def stereo(*parts: tuple[float, float]) -> Array:
    """Return a 1 kHz tone on both channels: (level in dBFS, seconds) one after the other."""
    mono = np.concatenate([tone(1000, seconds, level) for level, seconds in parts])
    return np.stack([mono, mono])


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 5)], -23),
        ([(-33, 5)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
def test_the_cases_of_ebu_tech_3341(parts, lufs):
    assert loudness_lufs(stereo(*parts), RATE) == pytest.approx(lufs, abs=0.1)


def test_surround_weights_of_ebu_tech_3341():
    """Case 6: 5.0 with -28 dBFS left and right, -24 in the centre, -30 behind; and the low-frequency channel silent."""
    levels = (-28.0, -28.0, -24.0, -30.0, -30.0)
    channels = np.stack([tone(1000, 5, level) for level in levels])
    assert loudness_lufs(channels, RATE) == pytest.approx(-23, abs=0.1)
    with_low = np.insert(channels, 3, tone(1000, 5, 0.0), axis=0)
    assert loudness_lufs(with_low, RATE) == pytest.approx(loudness_lufs(channels, RATE))


@pytest.mark.parametrize("count", range(1, 12))
def test_any_number_of_channels_has_a_loudness(count):
    channels = np.stack([tone(1000, 1, -23)] * count)
    one = loudness_lufs(channels[:1], RATE)
    found = loudness_lufs(channels, RATE)
    assert one is not None
    assert found is not None
    assert one - 0.01 <= found <= one + 10 * np.log10(1.41 * count) + 0.01


def test_what_has_no_loudness():
    assert loudness_lufs(np.zeros((2, RATE), np.float32), RATE) is None
    assert loudness_lufs(tone(1000, 0.399)[None], RATE) is None
    assert loudness_lufs(tone(1000, 0.4)[None], RATE) is not None
    assert loudness_lufs(tone(1000, 1, -80)[None], RATE) is None
    assert loudness_lufs(tone(100, 5, rate=2000)[None], 2000) is None
    assert loudness_lufs(np.zeros((1, 0), np.float32), RATE) is None


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_it_agrees_with_pyloudnorm(rate):
    """At lower rates its filters are up to 0.2 dB off what ffmpeg gives and these do."""
    rng = np.random.default_rng(rate)
    noise = rng.normal(0, 0.1, (2, 3 * rate)) * np.linspace(0.01, 1, 3 * rate)
    theirs = pyloudnorm.Meter(rate).integrated_loudness(noise.T)
    assert loudness_lufs(noise.astype(np.float32), rate) == pytest.approx(theirs, abs=0.1)


def test_the_filter_is_that_of_the_standard():
    """The coefficients that BS.1770-4 prints for 48 kHz."""
    first, second = k_weighting(48_000)
    assert first == pytest.approx(
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585], abs=1e-8
    )
    assert second == pytest.approx([1, -2, 1, 1, -1.99004745483398, 0.99007225036621], abs=1e-8)


@pytest.mark.parametrize("rate", [11025, 48000])
def test_stretches_change_nothing(rate, monkeypatch):
    channels = np.random.default_rng(1).normal(0, 0.1, (2, 4 * rate)).astype(np.float32)
    whole = loudness_lufs(channels, rate), true_peak_db(channels, rate)
    monkeypatch.setattr(loudness, "_STRETCH", 3)
    monkeypatch.setattr(loudness, "_PIECE", 24 * 7)
    assert loudness_lufs(channels, rate) == pytest.approx(whole[0], abs=1e-9)
    assert true_peak_db(channels, rate) == pytest.approx(whole[1], abs=1e-6)


@given(st.floats(-40, 30))
def test_both_follow_the_level(gain_db):
    base = np.random.default_rng(2).normal(0, 0.05, (1, 24_000)).astype(np.float32)
    louder = (base * 10 ** (gain_db / 20)).astype(np.float32)
    for measure in (loudness_lufs, true_peak_db):
        before, after = measure(base, RATE), measure(louder, RATE)
        assert before is not None
        assert after == pytest.approx(before + gain_db, abs=0.05)


@pytest.mark.parametrize(("part", "phase"), [(4, 0), (4, 45), (6, 60), (8, 67.5)])
def test_the_true_peaks_of_ebu_tech_3341(part, phase):
    """Cases 15 to 18: sines of a fraction of the rate at 0.5 of full scale; allowed are +0.2 and -0.4 dB."""
    wave = tone(RATE / part, 1, -6.02, phase=np.deg2rad(phase)) * np.hanning(RATE).astype(np.float32) ** 0.01
    assert true_peak_db(wave[None], RATE) == pytest.approx(-6, abs=0.1)


@given(st.sampled_from([8000, 16000, 44100, 48000, 96000, 192000]), st.floats(0.01, 0.45), st.floats(0, 6.28))
def test_a_true_peak_is_that_of_the_wave_between_the_samples(rate, part, phase):
    size = 4800
    wave = (0.5 * np.sin(2 * np.pi * part * np.arange(size) + phase) * np.hanning(size) ** 0.1).astype(np.float32)
    found = true_peak_db(wave[None], rate)
    assert found is not None
    assert found >= 20 * np.log10(np.abs(wave).max()) - 1e-6
    # Half a step of the interpolation beside the crest, at worst: what the standard allows for four times 48 kHz.
    beside = 20 * np.log10(np.cos(np.pi * part / max(2, -(-192_000 // rate))))
    assert -6.02 + beside - 0.1 < found < -5.92


def test_only_silence_has_no_true_peak():
    assert true_peak_db(np.zeros((2, 100), np.float32), RATE) is None
    assert true_peak_db(np.zeros((2, 0), np.float32), RATE) is None
    click = np.zeros((2, 100), np.float32)
    click[1, 99] = -0.25
    assert true_peak_db(click, RATE) == pytest.approx(-12.04, abs=0.01)


def ebur128(path: Path) -> tuple[float, float]:
    """Return what ffmpeg's filter ebur128 measures: LUFS and dBTP."""
    graph = "ebur128=peak=true:metadata=1,ametadata=print:file=-"
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-filter_complex", graph, "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    peaks = re.findall(r"Peak:\s+(\S+) dBFS", told.stderr)
    return float(re.findall(r"lavfi\.r128\.I=(\S+)", told.stdout)[-1]), float(peaks[-1])


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg, the independent implementation, is not installed")
@pytest.mark.parametrize("kind", ["noise", "music", "surround", *(path.name for path in EXAMPLES)])
def test_it_agrees_with_ffmpeg(kind, tmp_path):
    """Within 0.1 LU and 0.2 dB, on every example clip and on generated stereo and 5.1."""
    path = next((one for one in EXAMPLES if one.name == kind), tmp_path / "made.wav")
    if path.parent == tmp_path:
        rng = np.random.default_rng(3)
        edges = np.round(np.linspace(0, 4 * RATE, 9)).astype(int)
        gains = np.concatenate([np.full(b - a, rng.uniform(0.02, 0.9)) for a, b in pairwise(edges)])
        wide = rng.uniform(-1, 1, (6 if kind == "surround" else 2, 4 * RATE))
        if kind == "music":
            wide = np.sin(np.cumsum(rng.uniform(0.01, 2.5, (2, 1)) + 1e-5 * np.arange(4 * RATE), axis=1))
        soundfile.write(path, (wide * gains).T, RATE, "FLOAT")
    wave = decode(path)
    lufs, peak = ebur128(path)
    assert loudness_lufs(wave.channels, wave.rate) == pytest.approx(lufs, abs=0.1)
    assert true_peak_db(wave.channels, wave.rate) == pytest.approx(peak, abs=0.2)
