from __future__ import annotations

import math

import numpy as np
import pytest

from audiojudge_cli.clips.levels import clipped_share, loudness_lufs, peak_dbfs, rms_dbfs, silences

RATE = 48_000


def sine(frequency: float, seconds: float, level_dbfs: float = 0.0, rate: int = RATE) -> np.ndarray:
    time = np.arange(int(seconds * rate)) / rate
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def test_a_full_scale_sine() -> None:
    samples = sine(1000, 1)
    assert peak_dbfs(samples) == pytest.approx(0, abs=0.01)
    assert rms_dbfs(samples) == pytest.approx(-3.01, abs=0.01)
    assert rms_dbfs(np.stack([samples, samples * 0])) == pytest.approx(-6.02, abs=0.01)


def test_silence_has_no_level() -> None:
    zeros = np.zeros(RATE, np.float32)
    assert peak_dbfs(zeros) is rms_dbfs(zeros) is loudness_lufs(zeros, RATE) is None
    assert peak_dbfs(zeros[:0]) is rms_dbfs(zeros[:0]) is None


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_loudness_of_the_reference_tone(level: float) -> None:
    """EBU Tech 3341, cases 1 and 2: a stereo 1 kHz sine whose peak is -23 dBFS measures -23 LUFS."""
    tone = sine(1000, 5, level)
    assert loudness_lufs(np.stack([tone, tone]), RATE) == pytest.approx(level, abs=0.1)


def test_loudness_gates_out_silence() -> None:
    """EBU Tech 3341, case 3: quiet parts before and after do not count."""
    parts = [sine(1000, 10, -36), sine(1000, 60, -23), sine(1000, 10, -36)]
    tone = np.concatenate(parts)
    assert loudness_lufs(np.stack([tone, tone]), RATE) == pytest.approx(-23, abs=0.1)


def test_loudness_needs_a_block_and_knows_layouts() -> None:
    tone = sine(1000, 1, -23)
    assert loudness_lufs(tone[: int(0.39 * RATE)], RATE) is None
    assert loudness_lufs(tone * np.float32(1e-4), RATE) is None
    surround = np.stack([tone * 0, tone * 0, tone * 0, tone, tone * 0, tone * 0])
    assert loudness_lufs(surround, RATE) is None
    assert loudness_lufs(np.stack([tone] * 8), RATE) == pytest.approx(loudness_lufs(tone, RATE), abs=0.01)


def test_silences_have_times() -> None:
    samples = np.concatenate([np.zeros(RATE // 2), sine(300, 1, -10), np.zeros(RATE)]).astype(np.float32)
    assert silences(samples, RATE) == [pytest.approx((0, 0.5), abs=0.02), pytest.approx((1.5, 2.5), abs=0.02)]
    assert silences(np.stack([samples, sine(300, 2.5, -10)]), RATE) == []
    assert silences(samples, RATE, minimum_s=0.6) == [pytest.approx((1.5, 2.5), abs=0.02)]


def test_a_wholly_quiet_clip_is_one_silence_however_short() -> None:
    assert silences(np.zeros(RATE // 10, np.float32), RATE) == [(0, 0.1)]
    assert silences(np.zeros(0, np.float32), RATE) == []


def test_clipping_needs_a_run() -> None:
    assert clipped_share(sine(1000, 1)) == 0
    cut = np.clip(2 * sine(50, 1), -1, 1)
    assert clipped_share(cut) == pytest.approx(2 / 3, abs=0.01)  # |sin| > 1/2 for two thirds of a period
    single = np.zeros(100, np.float32)
    single[[3, 10, 11]] = 1
    assert clipped_share(single) == 0
    single[[12, 99, 98, 97]] = -1
    assert clipped_share(single) == pytest.approx(0.06)
    assert clipped_share(np.zeros((2, 0), np.float32)) == 0


def test_levels_agree_with_the_definition() -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, (2, 1_100_000)).astype(np.float32)
    assert rms_dbfs(noise) == pytest.approx(20 * math.log10(float(np.sqrt((noise.astype(float) ** 2).mean()))))
    assert peak_dbfs(noise) == pytest.approx(20 * math.log10(float(np.abs(noise).max())))
