from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.probes.spoken import language_of, spoken

AUDIO = Path(__file__).parents[2] / "examples" / "audio"


@pytest.mark.parametrize(
    ("words", "chances", "expected"),
    [
        ("你好", {"en": 0.9}, "zh"),
        ("こんにちは", {"en": 0.9}, "ja"),
        ("привет", {}, "ru"),
        ("hello", {}, "en"),
        ("bonjour", {"fr": 0.8, "en": 0.1}, "fr"),
        ("hello", {"zh": 0.9, "en": 0.05}, "en"),
        ("สวัสดี", {"en": 0.9}, "th"),
        ("שלום", {"en": 0.9}, "he"),
        ("γειά σου", {"en": 0.9}, "el"),
        ("the angle α", {}, "en"),
        ("გამარჯობა", {"en": 0.9}, "ka"),
        ("բարեւ", {"en": 0.9}, "hy"),
        ("привіт", {"ru": 0.2, "uk": 0.7}, "uk"),
        ("سلام", {"fa": 0.9}, "fa"),
        ("नमस्ते", {"en": 0.9}, "hi"),
        ("ଓଡ଼ିଆ", {"bn": 0.5, "en": 0.1}, "bn"),  # no language of the recogniser is written so: what it sounds like
        ("ଓଡ଼ିଆ", {}, "en"),
    ],
)
def test_language_to_recognise_in(words: str, chances: dict[str, float], expected: str) -> None:
    assert language_of(words, chances) == expected


@pytest.mark.weights
def test_a_clip_is_heard_once_whoever_asks(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    from audiojudge_cli.probes import recognition
    from audiojudge_cli.probes import spoken as probe

    heard = []

    def counting(*args, **told):
        heard.append(told["language"])
        return recognition.recognise(*args, **told)

    monkeypatch.setattr(probe, "recognise", counting)
    waveform = decode(AUDIO / "speech_hello_zh.flac")
    words = spoken(waveform, models).transcript("zh").text
    judged = ClipFeatures(waveform, models, load_heads())
    assert judged.transcript("zh").text == words
    assert judged.speech is spoken(waveform, models).activity
    assert heard == ["zh"]
    # Another clip of the same sound is another clip.
    assert spoken(decode(AUDIO / "speech_hello_zh.flac"), models).transcript("zh").text == words
    assert heard == ["zh", "zh"]


def test_a_clip_is_gone_when_nobody_holds_it(models: Models) -> None:
    import gc
    import weakref

    gc.disable()
    try:
        waveform = decode(AUDIO / "speech_hello_zh.flac")
        heard = weakref.ref(spoken(waveform, models))
        del waveform
        assert heard() is None, "held in a circle: hours of samples would wait for the collector"
    finally:
        gc.enable()


@pytest.mark.weights
def test_every_language_of_a_script_is_one_of_the_recogniser(models: Models) -> None:
    from audiojudge_cli.probes.spoken import _LATIN, _SCRIPTS

    codes = [code for _, written in _SCRIPTS for code in written]
    assert {*codes, *_LATIN} <= set(models.whisper.languages)
    assert len(set(codes)) == len(codes)
