import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.reverb import Reverb, reverb

RATE = 16000


def bursts(seconds: float, rate: int = RATE, seed: int = 0) -> npt.NDArray[np.float64]:
    """Return dry noise bursts of 60 to 150 ms with pauses, as of syllables."""
    rng = np.random.default_rng(seed)
    samples = np.zeros(int(seconds * rate))
    at = 0.1
    while at < seconds - 0.3:
        size = int(rng.uniform(0.06, 0.15) * rate)
        start = int(at * rate)
        samples[start : start + size] = rng.normal(0, rng.uniform(0.05, 0.2), size)
        at += rng.uniform(0.25, 0.6)
    return samples


def in_room(dry: npt.NDArray[np.float64], rt60_s: float, rate: int = RATE) -> npt.NDArray[np.float64]:
    from scipy.signal import fftconvolve

    t = np.arange(int(rt60_s * 1.2 * rate)) / rate
    response = np.random.default_rng(9).normal(0, 1, len(t)) * 10 ** (-3 * t / rt60_s)
    wet = fftconvolve(dry, response)[: len(dry)]
    return np.asarray(0.5 * wet / np.abs(wet).max())


def measured(samples: npt.NDArray[np.float64], rate: int = RATE) -> Reverb:
    spec = spectrogram(samples.astype(np.float32), rate, window_s=0.032)
    assert spec is not None
    found = reverb(spec)
    assert found is not None
    return found


@pytest.mark.parametrize("rt60_s", [0.4, 0.8, 1.5])
def test_rooms_have_their_reverberation_time(rt60_s: float) -> None:
    found = measured(in_room(bursts(8.0), rt60_s))
    assert found.rt60_s == pytest.approx(rt60_s, rel=0.4)


def test_larger_rooms_always_read_longer() -> None:
    times = [measured(bursts(8.0)).rt60_s, *(measured(in_room(bursts(8.0), rt)).rt60_s for rt in (0.5, 1.2, 3.0))]
    assert (np.diff(times) > 0).all()


@pytest.mark.parametrize("rate", [8000, 44100])
def test_other_rates_agree(rate: int) -> None:
    assert measured(in_room(bursts(8.0, rate), 1.0, rate), rate).rt60_s == pytest.approx(1.0, rel=0.35)


@pytest.mark.parametrize("snr_db", [30.0, 15.0])
def test_noise_is_no_room(snr_db: float) -> None:
    dry = bursts(6.0)
    hiss = np.random.default_rng(3).normal(0, np.sqrt(np.mean(dry**2)) * 10 ** (-snr_db / 20), len(dry))
    found = measured(dry + hiss)
    assert found.rt60_s < 0.4


def test_drowned_in_noise_there_is_no_confidence() -> None:
    dry = bursts(6.0)
    hiss = np.random.default_rng(3).normal(0, 2 * np.sqrt(np.mean(dry**2)), len(dry))
    spec = spectrogram((dry + hiss).astype(np.float32), RATE, window_s=0.032)
    assert spec is not None
    found = reverb(spec)
    assert found is None or found.confidence < 0.3


def test_a_room_slows_the_tail_and_smears_the_envelope() -> None:
    dry, wet = bursts(6.0), in_room(bursts(6.0), 1.5)
    near, far = measured(dry), measured(wet)
    assert near.tail_db_per_s is not None
    assert far.tail_db_per_s is not None
    assert near.tail_db_per_s > 3 * far.tail_db_per_s
    assert near.decay_db_per_s > 2 * far.decay_db_per_s


def test_level_does_not_matter() -> None:
    wet = in_room(bursts(6.0), 0.9)
    assert measured(wet * 0.01).rt60_s == pytest.approx(measured(wet).rt60_s, rel=0.05)


def test_silence_and_a_blink_are_none() -> None:
    for samples in (np.zeros(RATE), bursts(0.35)):
        spec = spectrogram(samples.astype(np.float32), RATE, window_s=0.032)
        assert spec is not None
        assert reverb(spec) is None
