"""Sounds that come back, and sounds that are not there, on the dog and the rain of the example clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.item import RubricItem

pytestmark = pytest.mark.weights

AUDIO = Path(__file__).parents[3] / "examples" / "audio"
DOG, RAIN = Subject("sound", "the dog", "dog_bark"), Subject("sound", "the rain", "rain")
ABSENT = [Subject("sound", f"the {name}", name) for name in ("siren", "rooster", "church_bell")]


def joined(*parts: tuple[str, float]) -> Waveform:
    """Return example clips one after the other, each with its gain."""
    waves = [(decode(AUDIO / name), gain) for name, gain in parts]
    rate = waves[0][0].rate
    assert all(wave.rate == rate for wave, _ in waves)
    channels = np.concatenate([np.atleast_2d(wave.channels[:1]) * np.float32(gain) for wave, gain in waves], axis=1)
    return Waveform(channels.astype(np.float32), rate)


def heard(wave: Waveform, claim: Claim) -> Verdict:
    (verdict,) = load(device="cpu").judge([Case(wave, (RubricItem(claim.dimension, "", "", claim=claim),))])[0]
    return verdict


@pytest.mark.parametrize("gain", [0.5, 1.0])
def test_what_comes_back_louder_came_first_all_the_same(gain: float) -> None:
    clip = joined(("sound_dog.flac", 0.5 * gain), ("sound_rain.ogg", gain), ("sound_dog.flac", gain))
    first = heard(clip, Claim("order", subject=DOG, other=RAIN))
    second = heard(clip, Claim("order", subject=RAIN, other=DOG))
    assert first.p_yes is not None
    assert second.p_yes is not None
    assert first.p_yes > 0.5 > second.p_yes, (first.evidence, second.evidence)


@pytest.mark.parametrize("absent", ABSENT, ids=lambda subject: subject.concept)
def test_nothing_sounds_together_with_what_is_not_there(absent: Subject) -> None:
    found = heard(decode(AUDIO / "sound_rain.ogg"), Claim("simultaneity", "while", subject=RAIN, other=absent))
    assert found.p_yes is not None
    assert 0.4 < found.p_yes < 0.5  # open, but no yes, however the curve is fitted
    assert "share" not in found.evidence
    assert "hardly heard" in found.evidence


def test_what_is_heard_again_and_again_is_told_from_what_is_not_there() -> None:
    again = Claim("rhythm", "repeated", "again and again", DOG)
    barking = heard(joined(("sound_dog.flac", 1.0), ("sound_dog.flac", 1.0)), again)
    raining = heard(decode(AUDIO / "sound_rain.ogg"), again)
    assert barking.p_yes is not None
    assert raining.p_yes is not None
    assert barking.p_yes > 0.5 > raining.p_yes


@pytest.mark.parametrize("words", ["an echo effect", "reverb", "echoes"])
def test_an_echo_effect_is_heard_as_the_tail_of_a_room(words: str) -> None:
    found = heard(
        decode(AUDIO / "sound_dog.flac"), Claim("production", "effects", words, Subject("music", "the music"))
    )
    room = heard(decode(AUDIO / "sound_dog.flac"), Claim("room", "reverberant", "reverberant"))
    assert found.p_yes == room.p_yes is not None


def test_the_open_air_is_no_more_than_a_guess() -> None:
    found = heard(decode(AUDIO / "sound_rain.ogg"), Claim("room", "outdoor", "outdoors"))
    assert found.p_yes is not None
    assert 0.2 <= found.p_yes <= 0.8
    assert "taken to mean" in found.evidence
