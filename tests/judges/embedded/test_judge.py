"""The embedded judge on the example clips: real audio, real models."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.rules import load as load_rules

pytestmark = pytest.mark.weights

EXAMPLES = Path(__file__).parents[3] / "examples"
ROWS = [json.loads(line) for line in (EXAMPLES / "captions.jsonl").read_text(encoding="utf-8").splitlines()]
DOG = "sound_dog.flac"


@cache
def judge() -> EmbeddedJudge:
    return load(device="cpu")


def ask(clip: str | Waveform, *items: tuple[str, str]) -> list[Verdict]:
    waveform = decode(EXAMPLES / "audio" / clip) if isinstance(clip, str) else clip
    rubric = tuple(RubricItem(dimension, question, "") for dimension, question in items)
    return judge().judge([Case(waveform, rubric)])[0]


@cache
def decision(number: int) -> float:
    row = ROWS[number]
    items = load_rules().expand(row["caption"], subset=row["subset"]).items
    verdicts = judge().judge([Case(decode(EXAMPLES / "audio" / row["audio"]), items, row["caption"])])[0]
    p = [verdict.p_yes for verdict in verdicts if verdict.p_yes is not None]
    return 0.5 * float(np.mean(p)) + 0.5 * min(p)


@pytest.mark.parametrize("number", range(0, len(ROWS), 2), ids=lambda number: ROWS[number]["audio"])
def test_right_caption_beats_its_wrong_twin(number: int) -> None:
    assert ROWS[number]["expected"] == "right"
    assert ROWS[number + 1]["expected"] == "wrong"
    assert decision(number) > decision(number + 1)


@pytest.mark.parametrize(
    ("clip", "dimension", "question", "answer"),
    [
        (DOG, "event", "Is a dog barking audible?", "yes"),
        (DOG, "event", "Is a church bell audible?", "no"),
        (DOG, "component", "Is the recording free of music?", "yes"),
        ("sound_rain.ogg", "event", "Is rain falling audible?", "yes"),
        ("mix_dog_then_rain.ogg", "order", "Does the dog barking come before the rain?", "yes"),
        ("mix_dog_then_rain.ogg", "order", "Does the rain come before the dog barking?", "no"),
        ("speech_librivox_en.flac", "speaker_sex", "Is the speaker male?", "yes"),
        ("speech_counting_fr.flac", "speaker_sex", "Is the speaker female?", "yes"),
        ("speech_counting_fr.flac", "language", "Is the speech in French?", "yes"),
        ("speech_counting_fr.flac", "language", "Is the speech in Japanese?", "no"),
        ("speech_hello_zh.flac", "content", "说话者是否说了“你好世界”?", "yes"),
        ("speech_librivox_en.flac", "content", 'Is the word "amiable" spoken?', "yes"),
        ("speech_librivox_en.flac", "content", 'Is the word "bicycle" spoken?', "no"),
        ("speech_librivox_en.flac", "style", "Is the voice whispered?", "no"),
        ("music_guitar_drums_fast.ogg", "tempo", "Is the tempo about 160 BPM?", "yes"),
        ("music_guitar_drums_fast.ogg", "instrument", "Are drums playing?", "yes"),
        ("music_piano_slow.ogg", "instrument", "Is the music without drums?", "yes"),
        ("music_piano_slow.ogg", "tempo", "Is the tempo slow?", "yes"),
        ("music_piano_slow.ogg", "key", "Is the music in a minor key?", "yes"),
        ("music_flute.ogg", "instrument", "Is a flute playing?", "yes"),
        ("music_flute.ogg", "instrument", "Is an electric guitar playing?", "no"),
        ("mix_speech_rain.ogg", "event", "Is rain audible?", "yes"),
        ("mix_speech_rain.ogg", "component", "Is somebody speaking?", "yes"),
    ],
)
def test_single_items(clip: str, dimension: str, question: str, answer: str) -> None:
    (verdict,) = ask(clip, (dimension, question))
    assert verdict.answer == answer, verdict
    assert verdict.evidence.endswith(".")
    assert verdict.p_yes is not None


def test_negation_turns_the_probability() -> None:
    with_drums, without = ask(
        "music_flute.ogg", ("instrument", "Are drums playing?"), ("instrument", "Is the music without drums?")
    )
    assert with_drums.p_yes is not None
    assert without.p_yes == pytest.approx(1 - with_drums.p_yes, abs=1e-3)


def test_what_no_probe_hears_is_unverifiable_and_says_why() -> None:
    (verdict,) = ask(DOG, ("personality", "Does the speaker sound trustworthy?"))
    assert verdict.p_yes is None
    assert verdict.answer == "unverifiable"
    assert verdict.evidence


def test_answers_do_not_depend_on_company_order_or_history() -> None:
    items = [
        ("event", "Is a dog barking audible?"),
        ("component", "Is there music?"),
        ("intensity", "Is the sound loud and close?"),
    ]
    forward, backward = ask(DOG, *items), ask(DOG, *reversed(items))
    assert forward == list(reversed(backward))
    rain = Case(decode(EXAMPLES / "audio" / "sound_rain.ogg"), (RubricItem("event", "Is rain audible?", ""),))
    dog = Case(decode(EXAMPLES / "audio" / DOG), tuple(RubricItem(d, q, "") for d, q in items))
    assert judge().judge([rain, dog])[1] == forward


@pytest.mark.parametrize("gain_db", [-30.0, -12.0, 6.0])
def test_what_is_heard_does_not_depend_on_level(gain_db: float) -> None:
    original = decode(EXAMPLES / "audio" / DOG)
    louder = Waveform(np.clip(original.channels * 10 ** (gain_db / 20), -1, 1).astype(np.float32), original.rate)
    (verdict,) = ask(louder, ("event", "Is a dog barking audible?"))
    assert verdict.answer == "yes"


@pytest.mark.parametrize("seconds", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("sound", ["silence", "noise"])
def test_odd_audio_gives_verdicts_and_no_crash(seconds: float, sound: str) -> None:
    rng = np.random.default_rng(0)
    count = int(seconds * 16_000)
    samples = np.zeros(count) if sound == "silence" else rng.normal(0, 0.1, count)
    items = [
        ("event", "Is a dog barking audible?"),
        ("speaker_sex", "Is the speaker male?"),
        ("tempo", "Is the tempo fast?"),
    ]
    items += [
        ("key", "Is the music in A minor?"),
        ("room", "Is there strong reverberation?"),
        ("content", 'Is "yes" spoken?'),
    ]
    items += [
        ("rate", "Does the speaker talk slowly?"),
        ("noise", "Is the recording clean?"),
        ("instrument", "Are drums playing?"),
    ]
    items += [
        ("language", "Is the speech in English?"),
        ("volume", "Is the speech loud?"),
        ("mood", "Does the music sound sad?"),
    ]
    verdicts = ask(Waveform(samples[None].astype(np.float32), 16_000), *items)
    assert len(verdicts) == len(items)
    for verdict in verdicts:
        assert (verdict.p_yes is None) == (verdict.answer == "unverifiable")
    assert verdicts[0].answer != "yes"
    assert verdicts[1].answer != "yes"


def test_fingerprint_names_weights_calibration_and_code() -> None:
    first = judge()
    assert first.fingerprint == load(device="cpu").fingerprint
    assert first.describe()["calibration"] == first.calibration.digest
    assert any(key.startswith("weights.") for key in first.describe())


@pytest.mark.parametrize(
    ("dimension", "question"),
    [
        ("mood", "Does the music sound sad?"),
        ("tempo", "Is the tempo slow?"),
        ("key", "Is the music in a minor key?"),
        ("instrument", "Are drums playing?"),
        ("vocals", "Is somebody singing?"),
    ],
)
def test_silence_is_no_music(dimension: str, question: str) -> None:
    for level in (0.0, 1e-5):
        noise = level * np.random.default_rng(1).normal(0, 1, (1, 48_000)).astype(np.float32)
        (verdict,) = ask(Waveform(noise, 16_000), (dimension, question))
        assert verdict.p_yes is None or verdict.p_yes < 0.2


@pytest.mark.parametrize(
    ("dimension", "question"),
    [("mood", "Does the music sound sad?"), ("tempo", "Is the music slow?"), ("tempo", "Is the tempo fast?")],
)
def test_a_barking_dog_plays_no_music(dimension: str, question: str) -> None:
    (verdict,) = ask(DOG, (dimension, question))
    assert verdict.p_yes is None or verdict.p_yes < 0.2
