import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.pitchtrack import pitch_track
from audiojudge_cli.signals.voice import Voice, voice

Array = npt.NDArray[np.float32]
RATE = 16000


def vowel(f0: float, tract_cm: float, seconds: float = 1.5, rate: int = RATE, *, whispered: bool = False) -> Array:
    """Pulses (or noise) through the resonances of a uniform tube closed at one end."""
    from scipy.signal import lfilter

    count = int(rate * seconds)
    if whispered:
        wave = np.random.default_rng(0).normal(0, 1, count)
    else:
        t = np.arange(count) / rate
        vibrato = f0 * (1 + 0.01 * np.sin(2 * np.pi * 5 * t))
        phase = np.cumsum(vibrato) / rate
        wave = np.diff(np.floor(phase), prepend=0.0)
        wave = lfilter([1.0], [1.0, -1.9, 0.9025], wave)
    for number in range(1, 6):
        centre = 35000.0 * (2 * number - 1) / (4 * tract_cm)
        if centre < 0.47 * rate:
            radius = np.exp(-np.pi * (400.0 if whispered else 80.0) / rate)
            wave = lfilter([1.0], [1.0, -2 * radius * np.cos(2 * np.pi * centre / rate), radius**2], wave)
    wave = np.diff(wave, prepend=0.0)
    return np.asarray(0.3 * wave / np.abs(wave).max(), dtype=np.float32)


def measured(wave: Array, rate: int = RATE) -> Voice:
    track = pitch_track(wave, rate)
    assert track is not None
    facts = voice(wave, rate, track)
    assert facts is not None
    return facts


@pytest.mark.parametrize(("f0", "tract_cm"), [(110.0, 17.5), (200.0, 14.5), (280.0, 11.5)])
@pytest.mark.parametrize("gain", [0.03, 1.0])
def test_length_of_the_vocal_tract(f0: float, tract_cm: float, gain: float) -> None:
    found = measured(np.float32(gain) * vowel(f0, tract_cm)).tract_length_cm
    assert found == pytest.approx(tract_cm, rel=0.08)


def test_breath_noise_lowers_the_harmonics_to_noise_ratio() -> None:
    clear = vowel(120.0, 17.0)
    rng = np.random.default_rng(1)
    breathy = (clear + rng.normal(0, 0.5 * clear.std(), len(clear))).astype(np.float32)
    before, after = measured(clear), measured(breathy)
    assert before.hnr_db is not None
    assert after.hnr_db is not None
    assert before.hnr_high_db is not None
    assert after.hnr_high_db is not None
    assert after.hnr_db == pytest.approx(6.0, abs=1.5)
    assert before.hnr_db > after.hnr_db + 3
    assert before.hnr_high_db > after.hnr_high_db


@pytest.mark.parametrize("ratio_db", [-6.0, 12.0])
def test_first_over_second_harmonic(ratio_db: float) -> None:
    t = np.arange(2 * RATE) / RATE
    second = 10 ** (-ratio_db / 20)
    wave = sum(a * np.sin(2 * np.pi * 150 * k * t) for k, a in ((1, 1.0), (2, second), (3, 0.2)))
    found = measured((0.2 * np.asarray(wave)).astype(np.float32)).h1_h2_db
    assert found == pytest.approx(ratio_db, abs=0.5)


def test_tilt_of_a_known_slope() -> None:
    t = np.arange(2 * RATE) / RATE
    wave = sum(np.sin(2 * np.pi * 125 * k * t + k * k) / k for k in range(1, 50))
    found = measured((0.1 * np.asarray(wave)).astype(np.float32)).tilt_db_per_octave
    assert found == pytest.approx(-6.0, abs=1.0)


def test_a_whisper_has_no_voice_to_measure() -> None:
    whisper, spoken = measured(vowel(120.0, 17.0, whispered=True)), measured(vowel(120.0, 17.0))
    assert whisper.voiced_share is not None
    assert whisper.voiced_share < 0.2
    assert spoken.voiced_share is not None
    assert spoken.voiced_share > 0.9
    assert whisper.cepstral_peak_db is not None
    assert spoken.cepstral_peak_db is not None
    assert spoken.cepstral_peak_db > 2 * whisper.cepstral_peak_db


def test_unsteady_pitch_shows() -> None:
    steady = measured(vowel(120.0, 17.0)).jitter_percent
    rng = np.random.default_rng(2)
    phase = np.cumsum(np.repeat(120.0 * (1 + rng.normal(0, 0.03, 150)), RATE // 100)) / RATE
    saw = np.float32(0.3) * (2 * (phase % 1) - 1).astype(np.float32)
    shaky = measured(saw).jitter_percent
    assert steady is not None
    assert shaky is not None
    assert shaky > 3 * steady


@pytest.mark.parametrize("rate", [8000, 48000, 192000])
def test_other_rates(rate: int) -> None:
    facts = measured(vowel(120.0, 17.0, seconds=0.4, rate=rate), rate)
    assert facts.hnr_db is not None
    assert facts.hnr_db > 8
    assert (facts.tract_length_cm is None) == (rate == 8000)
