import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.pauses import pauses

Array = npt.NDArray[np.float32]


def syllables(starts: list[float], rate: int, seconds: float, gain: float = 0.3) -> Array:
    """Vowel-like bursts of 120 ms with harmonics of 130 Hz up to 3 kHz."""
    t = np.arange(int(rate * seconds)) / rate
    carrier = sum(np.sin(2 * np.pi * 130 * k * t + k * k) / np.sqrt(k) for k in range(1, 24))
    shape = np.zeros(len(t))
    for start in starts:
        inside = (t >= start) & (t < start + 0.12)
        shape[inside] += np.sin(np.pi * (t[inside] - start) / 0.12)
    wave = carrier * shape + np.random.default_rng(0).normal(0, 0.002, len(t))
    return np.asarray(gain * wave / np.abs(wave).max(), dtype=np.float32)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 192000])
@pytest.mark.parametrize("gain", [0.01, 0.99])
def test_syllables_and_the_pause_between_two_phrases(rate: int, gain: float) -> None:
    starts = [0.2 + 0.15 * i for i in range(8)] + [2.2 + 0.15 * i for i in range(6)]
    facts = pauses(syllables(starts, rate, 3.5, gain), rate)
    assert facts is not None
    assert len(facts.nuclei_s) == 14
    ((start, end),) = facts.pauses
    assert start == pytest.approx(1.37, abs=0.08)
    assert end == pytest.approx(2.2, abs=0.08)
    assert facts.longest_s == pytest.approx(0.83, abs=0.1)
    assert facts.articulation_per_s == pytest.approx(6.8, abs=0.8)
    assert facts.rate_per_s is not None
    assert facts.articulation_per_s is not None
    assert facts.rate_per_s < facts.articulation_per_s


def test_only_what_the_detector_calls_speech_counts() -> None:
    starts = [0.2 + 0.2 * i for i in range(14)]
    facts = pauses(syllables(starts, 16000, 3.2), 16000, speech=((1.15, 2.15),))
    assert facts is not None
    assert len(facts.nuclei_s) == 5


def test_without_speech_there_is_no_rate() -> None:
    facts = pauses(syllables([0.2, 0.5], 16000, 1.0), 16000, speech=())
    assert facts is not None
    assert facts.articulation_per_s is None
    assert facts.longest_s is None
    assert facts.share is None


def test_silence_says_nothing() -> None:
    assert pauses(np.zeros(16000, np.float32), 16000) is None
    assert pauses(np.ones(1000, np.float32), 16000) is None
