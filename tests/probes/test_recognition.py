from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import numpy as np
import pytest

from audiojudge_cli.probes.activity import listen
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.recognition import detect_language, recognise
from audiojudge_cli.probes.sessions import Models

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def plain(text: str) -> str:
    return re.sub(r"[^\w ]", "", text.lower())


def test_english_words_with_their_times(models: Models, clip: Callable[[str], Array]) -> None:
    samples = clip("speech_librivox_en.flac")
    segments = listen(samples, models.silero).segments()
    said = recognise(samples, models.whisper, language="en", segments=segments)
    assert "might even have been made amiable" in plain(said.text)
    assert said.avg_logprob > -0.6
    assert said.no_speech_p < 0.2
    duration = len(samples) / 16_000
    assert all(0 <= word.start_s <= word.end_s <= duration for word in said.words)
    assert all(a.start_s <= b.start_s for a, b in itertools.pairwise(said.words))
    assert "".join(word.text for word in said.words) == said.text.replace(" ", "")


def test_the_small_english_model_reads_the_same(models: Models, clip: Callable[[str], Array]) -> None:
    said = recognise(clip("speech_librivox_en.flac"), models.whisper_english)
    assert "might even have been made amiable" in plain(said.text)
    assert (said.language, said.language_p) == ("en", 1.0)


@pytest.mark.parametrize(
    ("name", "language"),
    [("speech_librivox_en.flac", "en"), ("speech_hello_zh.flac", "zh"), ("speech_counting_fr.flac", "fr")],
)
def test_languages_are_told_apart(models: Models, clip: Callable[[str], Array], name: str, language: str) -> None:
    found = detect_language(clip(name), models.whisper)
    assert next(iter(found)) == language
    assert found[language] > 0.8
    assert sum(found.values()) == pytest.approx(1.0, abs=0.01)


def test_a_language_that_is_not_given_is_detected(models: Models, clip: Callable[[str], Array]) -> None:
    said = recognise(clip("speech_hello_zh.flac"), models.whisper)
    assert said.language == "zh"
    assert said.language_p > 0.8
    assert "世界" in said.text


PAUSE = np.zeros(16_000, dtype=np.float32)
SAID = {
    "speech_librivox_en.flac": "amiable",
    "mix_speech_rain.ogg": "dashwood",
    "mix_speech_piano.ogg": "museum",
}


def test_none_of_many_different_sentences_is_left_out(models: Models, clip: Callable[[str], Array]) -> None:
    order = [0, 2, 0, 1, 0, 2, 2, 1, 2, 0, 0, 2]
    names = [list(SAID)[number] for number in order]
    samples = np.concatenate([part for name in names for part in (clip(name), PAUSE[:6000])])
    assert len(samples) / 16_000 > 32
    segments = listen(samples, models.silero).segments()
    said = recognise(samples, models.whisper_english, segments=segments)
    assert len(said.phrases) >= 2
    assert [word for word in plain(said.text).split() if word in SAID.values()] == [SAID[name] for name in names]


@pytest.mark.parametrize("recogniser", ["whisper", "whisper_english"])
def test_none_of_many_equal_sentences_is_left_out(
    models: Models, clip: Callable[[str], Array], recogniser: str
) -> None:
    samples = np.concatenate([clip("speech_librivox_en.flac"), PAUSE] * 9)
    segments = listen(samples, models.silero).segments()
    said = recognise(samples, getattr(models, recogniser), language="en", segments=segments)
    assert plain(said.text).count("amiable") == 9
    assert said.words[-1].end_s > segments[-1][1] - 0.6
    assert all(a.start_s <= b.start_s for a, b in itertools.pairwise(said.words))
    assert "".join(word.text for word in said.words) == said.text.replace(" ", "")


def test_the_same_words_every_time(models: Models, clip: Callable[[str], Array]) -> None:
    samples = clip("mix_speech_rain.ogg")
    assert recognise(samples, models.whisper, language="en") == recognise(samples, models.whisper, language="en")


def test_without_speech_there_is_nothing_to_say(models: Models) -> None:
    silence = np.zeros(32_000, dtype=np.float32)
    said = recognise(silence, models.whisper, segments=())
    assert (said.text, said.language, said.phrases, said.no_speech_p) == ("", None, (), 1.0)
    assert detect_language(silence, models.whisper, segments=()) == {}


def test_an_unknown_language_is_refused(models: Models, clip: Callable[[str], Array]) -> None:
    with pytest.raises(ValueError, match="'tlh'"):
        recognise(clip("speech_hello_zh.flac"), models.whisper, language="tlh")
    with pytest.raises(ValueError, match="'zh'"):
        recognise(clip("speech_hello_zh.flac"), models.whisper_english, language="zh")


def test_languages_it_knows(models: Models) -> None:
    assert {"en", "zh", "fr", "ja"} <= set(models.whisper.languages)
    assert len(models.whisper.languages) == 99
    assert models.whisper_english.languages == ("en",)


def test_music_does_not_make_it_babble(models: Models, clip: Callable[[str], Array]) -> None:
    samples = clip("music_flute.ogg")
    said = recognise(samples, models.whisper, language="en")
    assert len(said.text) < 30 * len(samples) / 16_000
