"""Synthetic clips heard by the real probes, and the claims of the example captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.item import RubricItem

Hear = Callable[[npt.NDArray[np.float64], Claim], Verdict]

MAN, WOMAN = Subject("speaker", "the man", "male"), Subject("speaker", "the woman", "female")
MUSIC, VOCALS = Subject("music", "the music"), Subject("vocals", "the singer")
DOG, RAIN = Subject("sound", "a dog barking", "dog_bark"), Subject("sound", "rain", "rain")

CLAIMS: Mapping[str, tuple[Claim, ...]] = {
    "speech_librivox_en-right": (
        Claim("speaker_sex", "male", subject=MAN),
        Claim("language", "en", subject=MAN),
        Claim("content", words="he might even have been made amiable himself", subject=MAN),
    ),
    "speech_librivox_en-wrong": (
        Claim("speaker_sex", "female", subject=WOMAN),
        Claim("language", "en", subject=WOMAN),
        Claim("content", words="please close the window before you leave the office", subject=WOMAN),
    ),
    "speech_hello_zh-right": (
        Claim("speaker_sex", "female", subject=WOMAN),
        Claim("language", "zh", subject=WOMAN),
        Claim("content", words="你好世界。", subject=WOMAN),
    ),
    "speech_hello_zh-wrong": (
        Claim("speaker_sex", "male", subject=MAN),
        Claim("language", "de", subject=MAN),
        Claim("content", words="明天见。", subject=MAN),
    ),
    "speech_counting_fr-right": (
        Claim("speaker_sex", "female", subject=WOMAN),
        Claim("language", "fr", subject=WOMAN),
    ),
    "speech_counting_fr-wrong": (
        Claim("speaker_sex", "male", subject=MAN),
        Claim("pitch", "low", subject=MAN),
        Claim("style", "whisper", subject=MAN),
        Claim("language", "ja", subject=MAN),
    ),
    "sound_dog-right": (Claim("event", "dog_bark", "a dog barking"), Claim("component", "music", negated=True)),
    "sound_dog-wrong": (Claim("event", "applause", "applause"), Claim("event", "church_bell", "a church bell")),
    "sound_rain-right": (Claim("event", "rain", "rain"), Claim("component", "speech", negated=True)),
    "sound_rain-wrong": (Claim("event", "bird", "birds chirping"), Claim("event", "rooster", "a rooster crowing")),
    "music_piano_slow-right": (
        Claim("tempo", "slow", subject=MUSIC),
        Claim("mood", "sad", subject=MUSIC),
        Claim("instrument", "piano", "a piano"),
        Claim("key", "minor", subject=MUSIC),
        Claim("instrument", "drums", "drums", negated=True),
        Claim("vocals", "vocals", negated=True),
    ),
    "music_piano_slow-wrong": (
        Claim("tempo", "fast", subject=MUSIC),
        Claim("genre", "rock", "rock"),
        Claim("instrument", "electric_guitar", "an electric guitar"),
        Claim("instrument", "drums", "drums"),
        Claim("vocals", "vocals", "singing"),
        Claim("speaker_sex", "male", subject=VOCALS),
    ),
    "music_guitar_drums_fast-right": (
        Claim("instrument", "acoustic_guitar", "an acoustic guitar"),
        Claim("instrument", "drums", "drums"),
        Claim("tempo", subject=MUSIC, comparator="about", number=160.0, unit="bpm"),
        Claim("key", "major", subject=MUSIC),
    ),
    "music_guitar_drums_fast-wrong": (
        Claim("tempo", "slow", subject=MUSIC),
        Claim("instrument", "violin", "小提琴"),
        Claim("instrument", "drums", "鼓", negated=True),
    ),
    "music_flute-right": (Claim("instrument", "flute", "长笛"), Claim("vocals", "vocals", "人声", negated=True)),
    "music_flute-wrong": (
        Claim("instrument", "electric_guitar", "an electric guitar"),
        Claim("instrument", "drums", "drums"),
        Claim("vocals", "vocals", "singing"),
    ),
    "music_singing-right": (
        Claim("vocals", "vocals", "singing"),
        Claim("instrument", "drums", "drums", negated=True),
    ),
    "music_singing-wrong": (
        Claim("vocals", "instrumental"),
        Claim("instrument", "piano", "a piano"),
        Claim("instrument", "drums", "drums"),
    ),
    "mix_speech_rain-right": (
        Claim("speaker_sex", "male", subject=MAN),
        Claim("event", "rain", "rain falling"),
        Claim("level", "background", subject=RAIN),
    ),
    "mix_speech_rain-wrong": (
        Claim("speaker_sex", "female", subject=WOMAN),
        Claim("instrument", "piano", "a piano"),
        Claim("component", "music", "music"),
    ),
    "mix_speech_piano-right": (
        Claim("speaker_sex", "female", subject=WOMAN),
        Claim("content", words="the museum is closed on public holidays", subject=WOMAN),
        Claim("instrument", "piano", "a piano"),
    ),
    "mix_speech_piano-wrong": (
        Claim("speaker_sex", "male", subject=MAN),
        Claim("content", words="the train leaves at seven", subject=MAN),
        Claim("event", "dog_bark", "a dog barking"),
        Claim("level", "background", subject=DOG),
    ),
    "mix_dog_then_rain-right": (
        Claim("event", "dog_bark", "a dog barking"),
        Claim("event", "rain", "rain"),
        Claim("order", subject=DOG, other=RAIN),
    ),
    "mix_dog_then_rain-wrong": (
        Claim("event", "dog_bark", "a dog barking"),
        Claim("event", "rain", "rain"),
        Claim("order", subject=RAIN, other=DOG),
    ),
}
"""Claims of the example captions by the id of their row, as a reader would write them down."""


def item_of(claim: Claim) -> RubricItem:
    return RubricItem(claim.dimension, "", "", claim.negated, claim)


@cache
def embedded_judge() -> EmbeddedJudge:
    return load(device="cpu")


@pytest.fixture
def hear() -> Hear:
    """Return a function: samples at 32 kHz (mono, or shape (2, n)) and a claim → verdict."""

    def ask(samples: npt.NDArray[np.float64], claim: Claim) -> Verdict:
        waveform = Waveform(np.atleast_2d(samples).astype(np.float32), 32_000)
        return embedded_judge().judge([Case(waveform, (item_of(claim),))])[0][0]

    return ask


@pytest.fixture(scope="session")
def judge() -> EmbeddedJudge:
    return embedded_judge()


@pytest.fixture(scope="session")
def example_items() -> Mapping[str, tuple[RubricItem, ...]]:
    """Return the items of each row of the examples by its id."""
    return {row: tuple(map(item_of, claims)) for row, claims in CLAIMS.items()}
