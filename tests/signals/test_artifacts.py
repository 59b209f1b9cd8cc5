import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.artifacts import Artifacts, artifacts

Array = npt.NDArray[np.float32]
RATES = [8000, 16000, 44100, 192000]


def music(rate: int, seconds: float = 3.0, gain: float = 0.3) -> Array:
    """Low-passed noise with a slow swell: sound without artifacts at any rate."""
    rng = np.random.default_rng(4)
    t = np.arange(int(rate * seconds)) / rate
    wave = sum(
        np.sin(2 * np.pi * f * t + rng.uniform(0, 6)) / (i + 1) for i, f in enumerate((221.3, 443.1, 877.7, 1530.0))
    )
    wave = wave * (0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * t)) + rng.normal(0, 0.01, len(t))
    return np.asarray(gain * wave / np.abs(wave).max(), dtype=np.float32)


def found(wave: Array, rate: int) -> Artifacts:
    facts = artifacts(wave, rate)
    assert facts is not None
    return facts


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("gain", [0.01, 0.99])
def test_clean_sound_has_none(rate: int, gain: float) -> None:
    facts = found(music(rate, gain=gain), rate)
    assert facts.clipped_share == 0
    assert facts.clip_level_db is None
    assert facts.dropouts == ()
    assert facts.clicks == ()
    assert facts.hum_hz is None
    assert abs(facts.dc_offset) < 0.001


def test_a_pure_tone_is_not_clipped() -> None:
    t = np.arange(48000) / 48000
    assert found((0.9 * np.sin(2 * np.pi * 50 * t)).astype(np.float32), 48000).clipped_share == 0


@pytest.mark.parametrize("rate", RATES)
def test_flat_tops_are_counted_with_their_level(rate: int) -> None:
    wave = np.clip(music(rate, gain=1.0), -0.4, 0.4)
    facts = found(wave, rate)
    assert facts.clipped_share == pytest.approx(float((np.abs(wave) >= 0.4).mean()), rel=0.2)
    assert facts.clip_level_db == pytest.approx(20 * np.log10(0.4), abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_a_hole_is_found_where_it_is(rate: int) -> None:
    wave = music(rate)
    wave[rate : rate + rate // 20] = 0
    ((start, end),) = found(wave, rate).dropouts
    assert start == pytest.approx(1.0, abs=0.002)
    assert end == pytest.approx(1.05, abs=0.002)


def test_a_pause_is_no_hole() -> None:
    wave = music(16000)
    fade = np.ones(len(wave), np.float32)
    fade[14000:16000] = np.linspace(1, 0, 2000)
    fade[16000:20000] = 0
    fade[20000:22000] = np.linspace(0, 1, 2000)
    assert found(wave * fade, 16000).dropouts == ()


@pytest.mark.parametrize("rate", RATES)
def test_clicks_are_found_where_they_are(rate: int) -> None:
    wave = music(rate)
    at = (0.5, 1.25, 2.0)
    for second in at:
        wave[int(second * rate)] += 0.3
    assert found(wave, rate).clicks == pytest.approx(at, abs=0.001)


def test_a_pulse_train_is_a_voice_not_clicks() -> None:
    wave = music(16000)
    wave[::160] += 0.3
    assert found(wave, 16000).clicks == ()


@pytest.mark.parametrize("mains", [50, 60])
def test_mains_hum_is_told_apart(mains: int) -> None:
    rng = np.random.default_rng(0)
    t = np.arange(5 * 16000) / 16000
    hum = sum(0.01 / k * np.sin(2 * np.pi * mains * k * t + k) for k in (1, 2, 3, 4))
    facts = found((hum + rng.normal(0, 0.02, len(t))).astype(np.float32), 16000)
    assert facts.hum_hz == mains


def test_offset() -> None:
    assert found(music(16000) + np.float32(0.1), 16000).dc_offset == pytest.approx(0.1, abs=0.002)


def test_silence_says_nothing() -> None:
    assert artifacts(np.zeros(16000, np.float32), 16000) is None
    assert artifacts(music(16000)[:100], 16000) is None
