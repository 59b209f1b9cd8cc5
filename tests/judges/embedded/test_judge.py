"""The embedded judge on the example clips: real audio, real models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.calibration import Calibration, load_calibration
from audiojudge_cli.judges.embedded.classes import table
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.judges.embedded.traits import check_curves
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics.claim import CLIP, Claim, Comparator, Subject
from audiojudge_cli.rubrics.item import RubricItem

pytestmark = pytest.mark.weights

EXAMPLES = Path(__file__).parents[3] / "examples"
ROWS = [json.loads(line) for line in (EXAMPLES / "captions.jsonl").read_text(encoding="utf-8").splitlines()]
DOG = "sound_dog.flac"


@cache
def judge() -> EmbeddedJudge:
    return load(device="cpu")


def ask(clip: str | Waveform, *claims: Claim) -> list[Verdict]:
    waveform = decode(EXAMPLES / "audio" / clip) if isinstance(clip, str) else clip
    rubric = tuple(RubricItem(claim.dimension, "", "", claim.negated, claim) for claim in claims)
    return judge().judge([Case(waveform, rubric)])[0]


def decision(row: Mapping[str, str], items: Mapping[str, tuple[RubricItem, ...]]) -> float:
    verdicts = judge().judge([Case(decode(EXAMPLES / "audio" / row["audio"]), items[row["id"]], row["caption"])])[0]
    p = [verdict.p_yes for verdict in verdicts if verdict.p_yes is not None]
    return 0.5 * float(np.mean(p)) + 0.5 * min(p)


@pytest.mark.parametrize("number", range(0, len(ROWS), 2), ids=lambda number: ROWS[number]["audio"])
def test_right_caption_beats_its_wrong_twin(number: int, example_items: Mapping[str, tuple[RubricItem, ...]]) -> None:
    assert ROWS[number]["expected"] == "right"
    assert ROWS[number + 1]["expected"] == "wrong"
    assert decision(ROWS[number], example_items) > decision(ROWS[number + 1], example_items)


DOG_BARK, RAIN = Subject("sound", "a dog barking", "dog_bark"), Subject("sound", "rain", "rain")
VOICE, MUSIC = Subject("speaker", "the speaker"), Subject("music", "the music")
DRUMS, BARKING = Claim("instrument", "drums", "drums"), Claim("event", "dog_bark", "a dog barking")


def bpm(number: float, comparator: Comparator = "about", upper: float | None = None) -> Claim:
    return Claim("tempo", subject=MUSIC, comparator=comparator, number=number, upper=upper, unit="bpm")


@pytest.mark.parametrize(
    ("clip", "claim", "answer"),
    [
        (DOG, BARKING, "yes"),
        (DOG, Claim("event", "church_bell", "a church bell"), "no"),
        (DOG, Claim("component", "music", negated=True), "yes"),
        (DOG, Claim("duration", comparator="less", number=60.0, unit="s"), "yes"),
        ("sound_rain.ogg", Claim("event", "rain", "rain falling"), "yes"),
        ("mix_dog_then_rain.ogg", Claim("order", subject=DOG_BARK, other=RAIN), "yes"),
        ("mix_dog_then_rain.ogg", Claim("order", subject=RAIN, other=DOG_BARK), "no"),
        ("speech_librivox_en.flac", Claim("speaker_sex", "male", subject=VOICE), "yes"),
        ("speech_counting_fr.flac", Claim("speaker_sex", "female", subject=VOICE), "yes"),
        ("speech_counting_fr.flac", Claim("language", "fr", subject=VOICE), "yes"),
        ("speech_counting_fr.flac", Claim("language", "ja", subject=VOICE), "no"),
        ("speech_counting_fr.flac", Claim("language", "mixed", subject=VOICE), "unverifiable"),
        ("speech_hello_zh.flac", Claim("content", words="你好世界", subject=VOICE), "yes"),
        ("speech_librivox_en.flac", Claim("content", "word", "amiable", VOICE), "yes"),
        ("speech_librivox_en.flac", Claim("content", "word", "bicycle", VOICE), "no"),
        ("speech_librivox_en.flac", Claim("style", "whisper", subject=VOICE), "no"),
        ("music_guitar_drums_fast.ogg", bpm(160.0), "yes"),
        ("music_guitar_drums_fast.ogg", bpm(140.0, "more"), "yes"),
        ("music_guitar_drums_fast.ogg", bpm(140.0, "less"), "no"),
        ("music_guitar_drums_fast.ogg", bpm(150.0, "between", 170.0), "yes"),
        ("music_guitar_drums_fast.ogg", bpm(90.0, "between", 120.0), "no"),
        ("music_guitar_drums_fast.ogg", DRUMS, "yes"),
        ("music_piano_slow.ogg", Claim("instrument", "drums", "drums", negated=True), "yes"),
        ("music_piano_slow.ogg", Claim("tempo", "slow", subject=MUSIC), "yes"),
        ("music_piano_slow.ogg", Claim("key", "minor", subject=MUSIC), "yes"),
        ("music_flute.ogg", Claim("instrument", "flute", "a flute"), "yes"),
        ("music_flute.ogg", Claim("instrument", "electric_guitar", "an electric guitar"), "no"),
        ("music_flute.ogg", Claim("instrument", "solo", "solo", Subject("instrument", "", "flute")), "yes"),
        ("mix_speech_rain.ogg", Claim("event", "rain", "rain"), "yes"),
        ("mix_speech_rain.ogg", Claim("component", "speech"), "yes"),
        ("mix_speech_rain.ogg", Claim("event", "speech", "somebody talking"), "yes"),
        ("mix_speech_rain.ogg", Claim("event", "conversation", "a conversation"), "yes"),
        ("mix_speech_rain.ogg", Claim("component", "effects"), "unverifiable"),
    ],
)
def test_single_claims(clip: str, claim: Claim, answer: str) -> None:
    (verdict,) = ask(clip, claim)
    assert verdict.answer == answer, verdict
    assert verdict.evidence.endswith(".")
    assert (verdict.p_yes is None) is (answer == "unverifiable")


def test_negation_turns_the_probability() -> None:
    with_drums, without = ask("music_flute.ogg", DRUMS, replace(DRUMS, negated=True))
    assert with_drums.p_yes is not None
    assert without.p_yes == pytest.approx(1 - with_drums.p_yes, abs=1e-3)


def test_what_no_probe_hears_is_unverifiable_and_says_why() -> None:
    (verdict,) = ask(DOG, Claim("personality", "kind", "trustworthy", VOICE))
    assert verdict.p_yes is None
    assert verdict.answer == "unverifiable"
    assert verdict.evidence


def test_answers_do_not_depend_on_company_order_or_history() -> None:
    claims = [BARKING, Claim("component", "music"), Claim("intensity", "loud")]
    forward, backward = ask(DOG, *claims), ask(DOG, *reversed(claims))
    assert forward == list(reversed(backward))
    rain = Case(
        decode(EXAMPLES / "audio" / "sound_rain.ogg"), (RubricItem("event", "", "", claim=Claim("event", "rain")),)
    )
    dog = Case(decode(EXAMPLES / "audio" / DOG), tuple(RubricItem(one.dimension, "", "", claim=one) for one in claims))
    assert judge().judge([rain, dog])[1] == forward


@pytest.mark.parametrize("gain_db", [-30.0, -12.0, 6.0])
def test_what_is_heard_does_not_depend_on_level(gain_db: float) -> None:
    original = decode(EXAMPLES / "audio" / DOG)
    louder = Waveform(np.clip(original.channels * 10 ** (gain_db / 20), -1, 1).astype(np.float32), original.rate)
    (verdict,) = ask(louder, BARKING)
    assert verdict.answer == "yes"


@pytest.mark.parametrize("seconds", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("sound", ["silence", "noise"])
def test_odd_audio_gives_verdicts_and_no_crash(seconds: float, sound: str) -> None:
    rng = np.random.default_rng(0)
    count = int(seconds * 16_000)
    samples = np.zeros(count) if sound == "silence" else rng.normal(0, 0.1, count)
    claims = [
        BARKING,
        Claim("speaker_sex", "male", subject=VOICE),
        Claim("tempo", "fast", subject=MUSIC),
        bpm(140.0, "more"),
        Claim("key", "minor", number=9.0, unit="pitch_class"),
        Claim("room", "reverberant"),
        Claim("content", "word", "yes"),
        Claim("content", words="yes we can"),
        Claim("rate", "slow", subject=VOICE),
        Claim("noise", "clean"),
        DRUMS,
        Claim("language", "en"),
        Claim("volume", "loud"),
        Claim("mood", "sad"),
        Claim("duration", "silence"),
        Claim("event", "tone", number=440.0, unit="hz"),
        Claim("order", subject=DOG_BARK, other=RAIN),
    ]
    verdicts = ask(Waveform(samples[None].astype(np.float32), 16_000), *claims)
    assert len(verdicts) == len(claims)
    for verdict in verdicts:
        assert (verdict.p_yes is None) == (verdict.answer == "unverifiable")
    assert verdicts[0].answer != "yes"
    assert verdicts[1].answer != "yes"


def test_fingerprint_names_weights_calibration_and_code() -> None:
    first = judge()
    assert first.fingerprint == load(device="cpu").fingerprint
    assert first.describe()["calibration"] == first.calibration.digest
    assert any(key.startswith("weights.") for key in first.describe())


SAD, SLOW = Claim("mood", "sad", subject=MUSIC), Claim("tempo", "slow", subject=MUSIC)


@pytest.mark.parametrize("claim", [SAD, SLOW, Claim("key", "minor"), DRUMS, Claim("vocals", "vocals")], ids=str)
def test_silence_is_no_music(claim: Claim) -> None:
    for level in (0.0, 1e-5):
        noise = level * np.random.default_rng(1).normal(0, 1, (1, 48_000)).astype(np.float32)
        (verdict,) = ask(Waveform(noise, 16_000), claim)
        assert verdict.p_yes is None or verdict.p_yes < 0.2


@pytest.mark.parametrize("claim", [SAD, SLOW, Claim("tempo", "fast", subject=MUSIC)], ids=str)
def test_a_barking_dog_plays_no_music(claim: Claim) -> None:
    (verdict,) = ask(DOG, claim)
    assert verdict.p_yes is None or verdict.p_yes < 0.2


INSTRUMENTS = sorted(table()["instrument"])


def test_no_instrument_plays_where_no_music_does() -> None:
    noise = Waveform(np.random.default_rng(1).normal(0, 0.1, (1, 64_000)).astype(np.float32), 16_000)
    claims = [Claim("instrument", name, name.replace("_", " ")) for name in INSTRUMENTS]
    for clip in (DOG, "sound_rain.ogg", noise):
        fired = [
            claim.value for claim, verdict in zip(claims, ask(clip, *claims), strict=True) if verdict.answer == "yes"
        ]
        assert not fired, clip


def test_times_outside_the_clip_are_unverifiable() -> None:
    length = decode(EXAMPLES / "audio" / DOG).duration_s
    for dimension, subject in (("order", DOG_BARK), ("event", CLIP), ("volume", VOICE)):
        outside = Claim(dimension, "dog_bark", "a dog", subject, from_s=length + 1.0, to_s=length + 2.0)
        (verdict,) = ask(DOG, outside)
        assert verdict.answer == "unverifiable"
        assert f"{length:.1f} s" in verdict.evidence


def test_an_item_that_nobody_can_read_is_unverifiable() -> None:
    case = Case(decode(EXAMPLES / "audio" / DOG), (RubricItem("event", "Frumious?", ""),))
    (verdict,) = judge().judge([case])[0]
    assert verdict.answer == "unverifiable"
    assert verdict.evidence


def test_a_missing_curve_or_feature_is_told_when_the_judge_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_calibration()
    for kind in whole.curves:
        curves = {name: curve for name, curve in whole.curves.items() if name != kind}
        with pytest.raises(WeightsError, match=f"'{kind}'"):
            check_curves(Calibration(curves))
        strange = replace(whole.curves[kind], features=(*whole.curves[kind].features[1:], "flurbish"))
        with pytest.raises(WeightsError, match="flurbish"):
            check_curves(Calibration({**whole.curves, kind: strange}))
    monkeypatch.setattr("audiojudge_cli.judges.embedded.judge.load_calibration", lambda: Calibration({}))
    with pytest.raises(WeightsError, match="no curve"):
        load(device="cpu")
