from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiojudge_cli.clips.clip import Reference
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.quality import reference as module
from audiojudge_cli.quality.reference import reference_likeness
from audiojudge_cli.results.quality import ReferenceLikeness
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

AUDIO = Path(__file__).parents[2] / "examples" / "audio"
MAN, WOMAN = AUDIO / "speech_librivox_en.flac", AUDIO / "speech_counting_fr.flac"


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Store(), find_card("embedded"), "cpu")


def compared(clip: Path, reference: Path, models: Models) -> ReferenceLikeness:
    told = Reference(reference, reference.name)
    return reference_likeness(told, decode(clip), models, max_duration_s=60.0, max_bytes=1 << 20)


@pytest.mark.weights
def test_a_clip_is_its_own_likeness(models):
    assert compared(MAN, MAN, models) == ReferenceLikeness(
        MAN.name, 0.0, 1.0, hashlib.sha256(MAN.read_bytes()).hexdigest()
    )


@pytest.mark.weights
@pytest.mark.parametrize("decibel", [-20.0, -6.0, 3.0])
def test_a_louder_copy_is_the_same_voice_and_as_much_louder(models, tmp_path, decibel):
    samples, rate = soundfile.read(MAN)
    soundfile.write(tmp_path / "louder.wav", samples * 10 ** (decibel / 20), rate, subtype="FLOAT")
    found = compared(tmp_path / "louder.wav", MAN, models)
    assert found.loudness_difference_lu == pytest.approx(decibel, abs=0.05)
    assert found.speaker_likeness == pytest.approx(1.0, abs=2e-3)


@pytest.mark.weights
def test_another_person_is_less_alike(models):
    likeness = compared(MAN, WOMAN, models).speaker_likeness
    assert likeness is not None
    assert likeness < 0.7


@pytest.mark.weights
def test_without_speech_there_is_no_voice_and_without_sound_no_loudness(models, tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(32_000), 16_000)
    rain = compared(MAN, AUDIO / "sound_rain.ogg", models)
    assert rain.speaker_likeness is None
    assert rain.loudness_difference_lu is not None
    assert compared(AUDIO / "sound_rain.ogg", MAN, models).speaker_likeness is None
    digest = hashlib.sha256((tmp_path / "silence.wav").read_bytes()).hexdigest()
    silence = ReferenceLikeness("silence.wav", None, None, digest)
    assert compared(MAN, tmp_path / "silence.wav", models) == silence


@pytest.mark.weights
def test_a_reference_is_read_once_until_it_changes(models, tmp_path, monkeypatch):
    shared, read = tmp_path / "shared.wav", []
    samples, rate = soundfile.read(MAN)
    soundfile.write(shared, samples, rate)
    waveform = decode(MAN)

    def counting(path: Path, **limits: Any) -> Waveform:
        read.append(path)
        return decode(path, **limits)

    monkeypatch.setattr(module, "decode", counting)
    told = Reference(shared, "shared.wav")
    first, again = (reference_likeness(told, waveform, models, max_duration_s=60, max_bytes=1 << 20) for _ in "ab")
    assert first == again
    assert len(read) == 1
    soundfile.write(shared, samples[: rate * 2] / 2, rate)
    changed = reference_likeness(told, waveform, models, max_duration_s=60, max_bytes=1 << 20)
    assert len(read) == 2
    assert changed.loudness_difference_lu == pytest.approx(6, abs=1.5)


@pytest.mark.parametrize("kind", ["not-found", "not-audio", "too-long", "too-large"])
def test_a_reference_that_cannot_be_read_says_why(models, tmp_path, kind):
    path = tmp_path / "r.wav"
    if kind == "not-audio":
        path.write_text("no audio at all")
    elif kind != "not-found":
        soundfile.write(path, np.zeros(16_000), 8_000)
    most_bytes = 100 if kind == "too-large" else 1 << 20
    with pytest.raises(ClipError) as raised:
        reference_likeness(Reference(path, "r.wav"), decode(MAN), models, max_duration_s=1.0, max_bytes=most_bytes)
    assert raised.value.kind == kind
