import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.chroma import chroma
from audiojudge_cli.signals.key import NAMES, Key, key

RATE = 22050
MAJOR = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
MINOR = ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))


def tone(semitones_from_a4: float, seconds: float) -> npt.NDArray[np.float64]:
    t = np.arange(int(seconds * RATE)) / RATE
    f0 = 440.0 * 2.0 ** (semitones_from_a4 / 12.0)
    wave = sum(np.sin(2 * np.pi * f0 * k * t) / k**1.5 for k in range(1, 7))
    return np.asarray(wave * np.exp(-1.5 * t) * np.clip(t / 0.01, 0, 1))


def piece(tonic: int, mode: str, *, cents: float = 0.0, repeats: int = 2) -> npt.NDArray[np.float32]:
    chords = MAJOR if mode == "major" else MINOR
    bars = [
        sum(tone(tonic - 9 - 12 + note + cents / 100, 1.0) for note in (*chord, chord[0] - 12))
        for chord in chords * repeats
    ]
    samples = np.concatenate(bars)
    return np.asarray(0.3 * samples / np.abs(samples).max(), dtype=np.float32)


def heard(samples: npt.NDArray[np.float32]) -> Key:
    found = chroma(samples, RATE)
    assert found is not None
    result = key(found)
    assert result is not None
    return result


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_a_cadence_has_its_key(tonic: int, mode: str) -> None:
    result = heard(piece(tonic, mode))
    assert result.name == f"{NAMES[tonic]} {mode}"
    assert sum(result.posterior) == pytest.approx(1.0)
    assert result.confidence == pytest.approx(result.p(tonic, mode))
    assert (result.p_minor > 0.5) == (mode == "minor")
    assert (result.p_minor_on(tonic) > 0.5) == (mode == "minor")


@pytest.mark.parametrize("cents", [-35.0, 20.0, 40.0])
def test_the_tuning_of_the_clip_is_followed(cents: float) -> None:
    samples = piece(2, "minor", cents=cents)
    found = chroma(samples, RATE)
    assert found is not None
    assert found.tuning_cents == pytest.approx(cents, abs=5)
    assert heard(samples).name == "D minor"


def test_drums_do_not_hide_the_key() -> None:
    samples = piece(7, "major")
    rng = np.random.default_rng(2)
    for start in range(0, len(samples) - 4000, RATE // 2):
        samples[start : start + 4000] += (0.3 * rng.normal(0, 1, 4000) * np.exp(-np.arange(4000) / 600)).astype(
            np.float32
        )
    assert heard(samples).name == "G major"


@pytest.mark.parametrize("gain", [0.01, 3.0])
def test_level_does_not_change_the_key(gain: float) -> None:
    samples = np.clip(piece(9, "minor") * np.float32(gain), -1, 1)
    assert heard(samples).name == "A minor"


def test_notes_are_more_tonal_than_noise() -> None:
    noise = chroma(np.random.default_rng(0).normal(0, 0.1, 5 * RATE).astype(np.float32), RATE)
    notes = chroma(piece(0, "major"), RATE)
    assert notes is not None
    assert noise is not None
    assert notes.tonal_share > 3 * noise.tonal_share


def test_nothing_tonal_gives_none() -> None:
    assert chroma(np.zeros(RATE, dtype=np.float32), RATE) is None
    assert chroma(np.ones(1000, dtype=np.float32), RATE) is None
