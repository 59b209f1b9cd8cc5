"""The manner of recorded voices, changed in known ways, judged end to end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soxr
from scipy.signal import butter, sosfilt

from audiojudge_cli.clips.decode import decode

pytestmark = pytest.mark.weights

Ask = Callable[[npt.NDArray[np.float64], str, str], float | None]
RATE = 32_000
AUDIO = Path(__file__).parents[3] / "examples" / "audio"
MAN = decode(AUDIO / "speech_librivox_en.flac").at(RATE).astype(np.float64)
WOMAN = decode(AUDIO / "speech_counting_fr.flac").at(RATE).astype(np.float64)


def lowpass(samples: npt.NDArray[np.float64], hertz: float) -> npt.NDArray[np.float64]:
    return np.asarray(sosfilt(butter(8, hertz, fs=RATE, output="sos"), samples))


def shrunk(samples: npt.NDArray[np.float64], by: float) -> npt.NDArray[np.float64]:
    """Return the voice of somebody smaller by this factor, who also speaks faster."""
    return np.asarray(soxr.resample(samples, RATE, RATE / by))


def with_pause(samples: npt.NDArray[np.float64], seconds: float) -> npt.NDArray[np.float64]:
    size = RATE // 20
    middle = range(len(samples) // 3, 2 * len(samples) // 3, size)
    at = min(middle, key=lambda start: float(np.square(samples[start : start + size]).sum())) + size // 2
    return np.concatenate([samples[:at], np.zeros(round(seconds * RATE)), samples[at:]])


def in_noise(samples: npt.NDArray[np.float64], ratio: float) -> npt.NDArray[np.float64]:
    return np.asarray(samples + np.random.default_rng(2).normal(0, samples.std() * ratio, len(samples)))


@pytest.mark.parametrize(
    ("samples", "dimension", "question", "expected"),
    [
        (MAN, "age", "Is the speaker a child?", False),
        (WOMAN, "age", "Is the speaker a child?", False),
        (shrunk(WOMAN, 1.45), "age", "Is the speaker a child?", True),
        (MAN, "clarity", "Is the speech clear?", True),
        (lowpass(MAN, 600.0), "clarity", "Is the speech clear?", False),
        (lowpass(MAN, 600.0), "clarity", "Does the audio sound muffled?", True),
        (MAN, "clarity", "Does the audio sound muffled?", False),
        (MAN, "timbre", "Is the voice raspy?", False),
        (MAN, "timbre", "Is the voice breathy?", False),
        (with_pause(MAN, 2.0), "rate", "Is there a long pause in the speech?", True),
        (with_pause(MAN, 2.0), "duration", "Is there a pause of about two seconds?", True),
        (with_pause(MAN, 2.0), "duration", "Is there a pause of about ten seconds?", False),
        (in_noise(MAN, 1.0), "overall", "Is the audio of high quality?", False),
        (np.concatenate([MAN, np.zeros(RATE // 2), WOMAN]), "speaker_count", "Are there two speakers?", True),
        (MAN, "speaker_count", "Are there two speakers?", False),
    ],
)
def test_manner_of_changed_voices(
    p_yes: Ask, samples: npt.NDArray[np.float64], dimension: str, question: str, expected: bool
) -> None:
    p = p_yes(samples, dimension, question)
    assert p is not None
    assert (p > 0.5) is expected, p


def test_arousal_is_never_sure(p_yes: Ask) -> None:
    for voice in (MAN, WOMAN, shrunk(WOMAN, 1.6)):
        p = p_yes(voice, "emotion", "Does the speaker sound furious?")
        assert p is not None
        assert 0.1 <= p <= 0.75


def test_higher_faster_voices_are_more_aroused(p_yes: Ask) -> None:
    slow, quick = p_yes(WOMAN, "emotion", "Is she excited?"), p_yes(shrunk(WOMAN, 1.2), "emotion", "Is she excited?")
    assert slow is not None
    assert quick is not None
    assert quick > slow


def test_no_manner_without_a_voice(p_yes: Ask) -> None:
    rumble = lowpass(np.random.default_rng(3).normal(0, 0.3, 3 * RATE), 200.0)
    assert p_yes(rumble, "timbre", "Is the voice raspy?") is None
    assert p_yes(rumble, "fluency", "Is the speech fluent?") is None
