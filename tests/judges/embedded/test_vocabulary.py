"""Every entry of every word list is asked on a clip of each subset: answered or unverifiable, and nothing breaks."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.judges.embedded.reading import NotHeard
from audiojudge_cli.judges.embedded.traits import answer
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

pytestmark = [pytest.mark.weights, pytest.mark.slow]

AUDIO = Path(__file__).parents[3] / "examples" / "audio"
CLIPS = {
    "speech": "speech_librivox_en.flac",
    "sound": "sound_dog.flac",
    "music": "music_piano_slow.ogg",
    "mix": "mix_speech_rain.ogg",
}


KINDS: dict[str, Kind] = {
    **dict.fromkeys(("speaker_sex", "age", "rate", "volume", "fluency", "accent", "emotion", "language"), "speaker"),
    **dict.fromkeys(("intonation", "personality", "clarity", "style", "speaker_count"), "speaker"),
    **dict.fromkeys(("genre", "mood", "tempo", "key", "metre", "structure", "dynamics", "production"), "music"),
    **dict.fromkeys(("event", "intensity", "distance", "rhythm", "level", "transition", "duration"), "sound"),
    "instrument": "instrument",
    "vocals": "vocals",
}


@cache
def entries() -> tuple[Claim, ...]:
    """Return one claim per phrase of every list, English and Chinese, about what the dimension is said of."""
    claims = []
    for dimension in vocabulary.dimensions():
        subject = Subject(KINDS.get(dimension, "clip"))
        for value, columns in vocabulary.table(dimension).items():
            claims += [Claim(dimension, value, phrase, subject) for phrases in columns for phrase in phrases]
    return tuple(claims)


# Two of the four: every entry is asked of each, and a mix has sound and music in it.
@pytest.mark.parametrize("subset", ["speech", "mix"])
def test_every_entry_is_answered_or_unverifiable(subset: str) -> None:
    whole = decode(AUDIO / CLIPS[subset])
    clip = Waveform(np.ascontiguousarray(whole.channels[:, : 4 * whole.rate]), whole.rate)
    heard = ClipFeatures(clip, Models(Store(), find_card("embedded"), "cpu"), load_heads())
    calibration = load_calibration()
    broken: dict[str, list[str]] = {}
    answered: set[str] = set()
    for claim in entries():
        name = f"{claim.dimension}: {claim.words}"
        try:
            reading = answer(heard, claim)
            if isinstance(reading, NotHeard):
                continue
            p = probability(reading, calibration)
        except Exception as error:  # noqa: BLE001 - all of them are wanted, by what went wrong
            broken.setdefault(repr(error), []).append(name)
            continue
        answered.add(claim.dimension)
        spans = [bound for span in reading.times for bound in span]
        if not (math.isfinite(p) and 0.0 <= p <= 1.0 and all(-1e-6 <= s <= clip.duration_s + 0.01 for s in spans)):
            broken.setdefault("out of range", []).append(f"{name}: {p}, {reading.times}")
    assert not broken, broken
    assert len(entries()) > 5000
    assert {"event", "instrument", "genre", "scene", "component"} <= answered
