"""The manner of recorded voices, changed in known ways, judged end to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
import soxr
from scipy.signal import butter, sosfilt

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.reading import Reading
from audiojudge_cli.judges.embedded.traits.speakers import sex_reading
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import Claim, Comparator, Subject

pytestmark = pytest.mark.weights

Hear = Callable[[npt.NDArray[np.float64], Claim], Verdict]
VOICE = Subject("speaker", "the speaker")
MALE = Subject("speaker", "a man", "male")
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


BOTH = np.concatenate([MAN, np.zeros(RATE // 2), WOMAN])


class FakeVoice:
    """A clip of which only pitch and vocal tract are known."""

    def __init__(self, f0_hz: float, tract_cm: float | None) -> None:
        self.voice_f0_hz = f0_hz
        self.measured = SimpleNamespace(tract_length_cm=tract_cm)
        self.speech = SimpleNamespace(segments=lambda: ((0.0, 1.0),), peak=0.9)
        self.events = SimpleNamespace(logits=np.zeros((1, 5)))

    def columns(self, names: tuple[str, ...]) -> list[int]:
        return list(range(len(names)))


@pytest.mark.parametrize(
    ("samples", "claim", "expected"),
    [
        (MAN, Claim("age", "child", subject=VOICE), False),
        (WOMAN, Claim("age", "child", subject=VOICE), False),
        (shrunk(WOMAN, 1.45), Claim("age", "child", subject=VOICE), True),
        (shrunk(WOMAN, 1.45), Claim("age", subject=VOICE, number=8.0, unit="years"), True),
        (MAN, Claim("clarity", "clear", subject=VOICE), True),
        (lowpass(MAN, 600.0), Claim("clarity", "clear", subject=VOICE), False),
        (lowpass(MAN, 600.0), Claim("clarity", "unclear", "muffled"), True),
        (MAN, Claim("clarity", "unclear", "muffled"), False),
        (MAN, Claim("timbre", "raspy", subject=VOICE), False),
        (MAN, Claim("timbre", "breathy", subject=VOICE), False),
        (with_pause(MAN, 2.0), Claim("rate", "pause", subject=VOICE), True),
        (with_pause(MAN, 2.0), Claim("rate", "pause", subject=VOICE, number=2.0, unit="s"), True),
        (with_pause(MAN, 2.0), Claim("rate", "pause", subject=VOICE, number=10.0, unit="s"), False),
        (with_pause(MAN, 2.0), Claim("rate", "pause", subject=VOICE, comparator="more", number=1.0, unit="s"), True),
        (in_noise(MAN, 1.0), Claim("overall", words="of high quality"), False),
        (BOTH, Claim("speaker_count", "two", number=2.0, unit="voices"), True),
        (BOTH, Claim("speaker_count", comparator="more", number=1.0, unit="voices"), True),
        (BOTH, Claim("speaker_count", "one", comparator="exactly", number=1.0, unit="voices"), False),
        (MAN, Claim("speaker_count", "two", number=2.0, unit="voices"), False),
        (MAN, Claim("speaker_count", comparator="less", number=2.0, unit="voices"), True),
    ],
)
def test_manner_of_changed_voices(hear: Hear, samples: npt.NDArray[np.float64], claim: Claim, expected: bool) -> None:
    verdict = hear(samples, claim)
    assert verdict.p_yes is not None, verdict
    assert (verdict.p_yes > 0.5) is expected, verdict


@pytest.mark.parametrize("claim", [Claim("event", "speech", "speaking", MALE), Claim("component", "speech", "", MALE)])
def test_a_man_speaks(hear: Hear, claim: Claim) -> None:
    assert hear(MAN, claim).answer == "yes"
    assert hear(WOMAN, claim).answer == "no"
    assert hear(np.random.default_rng(3).normal(0, 0.1, 3 * RATE), claim).answer == "no"


@pytest.mark.parametrize(
    "spoiled", [lowpass(MAN, 1500.0), lowpass(MAN, 2500.0), in_noise(MAN, 0.1), in_noise(MAN, 0.3)]
)
def test_the_vocal_tract_does_not_outvote_pitch(hear: Hear, spoiled: npt.NDArray[np.float64]) -> None:
    verdict = hear(spoiled, Claim("speaker_sex", "male", subject=VOICE))
    assert verdict.answer == "yes", verdict


def test_a_man_and_a_woman_are_both_found_in_a_dialogue(hear: Hear) -> None:
    for which, sex in enumerate(("male", "female"), 1):
        claim = Claim("speaker_sex", sex, subject=Subject("speaker", "", sex, which))
        assert hear(BOTH, claim).answer == "yes"
    assert hear(MAN, replace(claim, value="female")).answer == "no"
    assert hear(WOMAN, replace(claim, value="male")).answer == "no"


@pytest.mark.parametrize(
    ("comparator", "times", "expected"),
    [("about", 1.0, True), ("about", 2.0, False), ("more", 0.8, True), ("more", 1.2, False), ("less", 1.2, True)],
)
def test_how_long_somebody_speaks(hear: Hear, comparator: Comparator, times: float, expected: bool) -> None:
    spoken, quiet = len(MAN) / RATE, np.zeros(4 * RATE)
    claim = Claim("duration", subject=VOICE, comparator=comparator, number=times * spoken, unit="s")
    assert (hear(np.concatenate([quiet, MAN, quiet]), claim).answer == "yes") is expected
    assert hear(quiet, claim).answer == "unverifiable"


def test_evidence_names_the_vocal_tract_where_it_decides() -> None:
    for hertz in (110.0, 130.0, 150.0, 170.0, 190.0, 230.0):
        for tract_cm in (13.0, 15.0, 16.0, 17.5, 19.0, None):
            reading = sex_reading(FakeVoice(hertz, tract_cm), "female")  # type: ignore[arg-type]
            assert isinstance(reading, Reading)
            decided = reading.features["tract"] != 0.0
            assert ("vocal tract" in reading.evidence) >= decided, reading
            assert f"{hertz:.0f} Hz" in reading.evidence
            if "vocal tract" not in reading.evidence:
                p = load_calibration().p_yes("sex", reading.features)
                assert abs(p - 0.5) < 0.05 or (p > 0.5) == ("women" in reading.evidence), reading


def test_wrong_words_are_a_no(hear: Hear) -> None:
    said = "he might even have been made amiable himself"
    for wrong, known in (("made amiable", "kept angry"), ("made amiable himself", "left behind yesterday")):
        right, other = (hear(MAN, Claim("content", words=words)) for words in (said, said.replace(wrong, known)))
        assert right.answer == "yes", right
        assert other.answer == "no", other
        assert known.split()[0] in other.evidence
    assert hear(MAN, Claim("content", "topic", "kindness")).answer == "unverifiable"


def test_arousal_is_never_sure(hear: Hear) -> None:
    for voice in (MAN, WOMAN, shrunk(WOMAN, 1.6)):
        p = hear(voice, Claim("emotion", "angry", "furious", VOICE)).p_yes
        assert p is not None
        assert 0.1 <= p <= 0.75


def test_higher_faster_voices_are_more_aroused(hear: Hear) -> None:
    excited = Claim("emotion", "excited", "excited", VOICE)
    slow, quick = hear(WOMAN, excited).p_yes, hear(shrunk(WOMAN, 1.2), excited).p_yes
    assert slow is not None
    assert quick is not None
    assert quick > slow


def test_no_manner_without_a_voice(hear: Hear) -> None:
    rumble = lowpass(np.random.default_rng(3).normal(0, 0.3, 3 * RATE), 200.0)
    assert hear(rumble, Claim("timbre", "raspy", subject=VOICE)).p_yes is None
    assert hear(rumble, Claim("fluency", "fluent", subject=VOICE)).p_yes is None
