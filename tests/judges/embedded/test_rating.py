"""Ratings by the embedded judge: which instructions it answers, which way up, and which it leaves alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.judges.embedded.rating import ASPECTS, aspect_of, rising, trait_ends
from audiojudge_cli.scales.instruction import read_instruction
from audiojudge_cli.scales.rated import Rated, Unrated

Array = npt.NDArray[np.float64]
SPEECH = Path(__file__).parents[3] / "examples" / "audio" / "speech_librivox_en.flac"
GUESSES = (
    "Rate how well the music suits a noisy party from 1 to 5",
    "Rate the noise and the reverb from 1 (bad) to 5 (good)",
    "Rate the beauty of the recording from 1 (low) to 5 (high)",
    "Rate the storytelling from 1 to 10",
    "Rate the quality of the storytelling from 1 to 10",
    "Rate how well the pace of speaking suits what is said from 1 to 5",
    "Rate how strongly the speech moves a listener from 1 to 5",
    "Rate how noisy the crowd sounds in the second half from 1 to 5",
    "Rate the distortion from 1 to 5",
)


def rated(samples: Array, text: str) -> Rated:
    found = rate(samples, text)
    assert isinstance(found, Rated)
    return found


def rate(samples: Array, text: str, rate_hz: int = 16_000) -> Rated | Unrated:
    clip = Waveform(np.atleast_2d(np.asarray(samples, np.float32)), rate_hz)
    (found,) = judge().rate(Case(clip, ()), [read_instruction(text)])
    assert not isinstance(found, Exception), found
    return found


@cache
def judge() -> EmbeddedJudge:
    return load(device="cpu")


@cache
def speech() -> Array:
    samples, rate_hz = soundfile.read(SPEECH)
    assert rate_hz == 16_000
    return np.asarray(samples, np.float64)


def noisy(db: float) -> Array:
    samples = speech()
    noise = np.random.default_rng(0).normal(0, 1, len(samples))
    level = float(np.sqrt(np.mean(samples**2)) * 10 ** (-db / 20))
    return samples + noise * level


@pytest.mark.parametrize("text", GUESSES)
def test_what_is_not_wholly_about_something_measured_is_unrated_never_guessed(text):
    found = rate(speech(), text)
    assert isinstance(found, Unrated)
    assert found.reason


@pytest.mark.parametrize(
    ("text", "upwards"),
    [
        ("Rate the background noise from 1 (very noisy) to 5 (silent)", True),
        ("Rate the background noise from 5 (very noisy) to 1 (silent)", False),
        ("Rate the noise from 1 (none) to 5 (unbearable)", False),
        ("Rate the level of background noise from 1 (low) to 5 (high)", False),
        ("Rate how noisy the recording is from 1 to 5", False),
        ("Is the recording noisy? yes or no", False),
        ("Rate the background noise from 1 to 5", None),
        ("Rate the background noise from 1 (noisy) to 5 (very noisy)", None),
        ("Rate the overall quality of the speech from 1 to 10", True),
        ("Rate the sound quality from 1 (excellent) to 6 (bad)", False),
        ("Rate the naturalness of the voice from 1 (not natural) to 5 (natural)", True),
        ("Rate the naturalness of the voice from 1 (human) to 5 (robotic)", False),
        ("Rate the freedom from clipping from 0 to 10", True),
        ("Rate the reverb from 1 (a cathedral) to 5 (dry)", True),
        ("请从1（很吵）到5（安静）评价背景噪声", True),
        ("请从1（安静）到5（很吵）评价背景噪声", False),
        ("Background noise: pass or fail", True),
    ],
)
def test_which_end_is_good_is_read_from_the_words(text, upwards):
    criterion = read_instruction(text)
    aspect = aspect_of(criterion.asking)
    assert aspect is not None
    assert rising(criterion, aspect) is upwards


def test_an_end_that_nobody_names_is_asked_for():
    found = rate(speech(), "Rate the background noise from 1 to 5")
    assert isinstance(found, Unrated)
    assert "name both ends" in found.reason


@pytest.mark.parametrize(
    "text",
    ["Rate the noise from {a} (very noisy) to {b} (silent)", "Rate the speech quality from {a} (bad) to {b} (good)"],
)
def test_a_rescaled_or_inverted_instruction_gives_a_rescaled_or_inverted_rating(text):
    five = rated(noisy(12), text.format(a=1, b=5))
    ten, hundred, inverted = (rated(noisy(12), text.format(a=a, b=b)) for a, b in ((1, 10), (0, 100), (5, 1)))
    assert 0 < five.position < 1
    assert ten.position == hundred.position == five.position
    assert inverted.position == pytest.approx(1 - five.position)
    assert {one.spread for one in (five, ten, hundred, inverted)} == {five.spread}


def test_a_trait_is_rated_between_what_its_two_ends_claim():
    up = rated(speech(), "Rate how fast the speaker talks from 1 (very slow) to 5 (very fast)")
    down = rated(speech(), "Rate how fast the speaker talks from 1 (very fast) to 5 (very slow)")
    slow = rated(speech(), "Rate how slow the speaker talks from 1 (very fast) to 5 (very slow)")
    assert down.position == pytest.approx(1 - up.position)
    assert slow.position == pytest.approx(down.position)


def test_traits_that_are_named_both_ways_round_are_claims_of_their_ends():
    found = trait_ends(read_instruction("Rate how happy the speaker sounds from 5 (sad) to 1 (happy)"))
    assert found is not None
    assert [claim and claim.value for claim in found] == ["sad", "happy"]
    assert trait_ends(read_instruction("Rate how happy the speaker sounds from 1 (happy) to 5 (very happy)")) is None


@pytest.mark.parametrize("scale", ["from 1 (very noisy) to 5 (silent)"])
def test_more_noise_never_rates_quieter(scale):
    ratings = [rated(noisy(db), f"Rate the background noise {scale}").position for db in (40, 20, 10, 0)]
    assert ratings == sorted(ratings, reverse=True)
    assert ratings[0] > 0.6
    assert ratings[-1] < 0.2


@pytest.mark.parametrize("aspect", [aspect.name for aspect in ASPECTS])
@pytest.mark.parametrize(
    "samples", [np.zeros(16_000), np.zeros(1), np.full(8000, 0.3), np.random.default_rng(0).normal(0, 0.1, 16_000)]
)
def test_odd_clips_are_rated_or_unrated_and_never_fail(aspect, samples):
    names = {"overall": "overall quality", "noise": "background noise", "muffled": "muffled sound"}
    found = rate(samples, f"Rate the {names.get(aspect, aspect)} from 1 (bad) to 5 (good)")
    if isinstance(found, Rated):
        assert 0 <= found.position <= 1
        assert found.spread >= 0
    else:
        assert found.reason.endswith(".")


def test_steady_music_is_not_called_noisy():
    tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000)
    assert isinstance(rate(tone, "Rate the noise from 1 (very noisy) to 5 (silent)"), Unrated)
