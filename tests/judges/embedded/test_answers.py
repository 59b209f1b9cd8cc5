"""Every check of manner, course and space gives a reading whose curve exists, or says why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from audiojudge_cli.judges.checks import kinds, traits
from audiojudge_cli.judges.checks.kinds import Check, NotHeard
from audiojudge_cli.judges.embedded.answers import answer
from audiojudge_cli.judges.embedded.hearing import Hearing

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

pytestmark = pytest.mark.weights

AUDIO = Path(__file__).parents[3] / "examples" / "audio"
CHECKS: tuple[Check, ...] = (
    traits.Child(),
    traits.SeveralSpeakers(),
    traits.Arousal("angry", 1.0),
    *(traits.Intonation(level) for level in ("flat", "lively")),
    *(traits.VoiceTimbre(quality) for quality in ("bright", "dark", "warm", "thin", "raspy", "breathy")),
    *(traits.SoundTimbre(quality) for quality in ("bright", "dark", "warm", "thin")),
    *(traits.SoundPitch(level) for level in ("low", "high")),
    traits.Clarity(),
    traits.Muffled(),
    traits.Fluent(),
    traits.LongPause(),
    traits.LongPause(2.0),
    *(traits.Rhythm(level) for level in ("regular", "fast", "slow", "accelerating")),
    traits.SteadyBeat(),
    *(traits.LevelTrend(trend) for trend in ("rising", "falling", "fade_in", "fade_out")),
    traits.AbruptEnd(),
    traits.SteadyLevel(),
    traits.MediumLevel(),
    traits.FinalSilence(1.0),
    traits.Continuous(),
    *(traits.Moving(direction) for direction in ("approaching", "receding")),
    *(traits.Side(side) for side in ("left", "right")),
    *(traits.Panning(towards) for towards in ("left", "right", "any")),
    traits.Wide(),
    traits.NarrowBand(),
    traits.Distorted(),
    traits.HighQuality(),
    traits.HeavyBass(),
    *(kinds.Prominence(kinds.MusicPresence(), place) for place in ("background", "foreground")),
    *(kinds.Prominence(kinds.SpeechPresence(), place) for place in ("background", "foreground")),
)


def test_every_trait_is_tried_here() -> None:
    from typing import get_args

    assert set(get_args(traits.Trait)) <= {type(check) for check in CHECKS}


@pytest.mark.parametrize("clip", ["speech_librivox_en.flac", "music_piano_slow.ogg", "sound_dog.flac"])
def test_every_reading_has_its_curve(clip: str) -> None:
    hearing = Hearing(decode(AUDIO / clip), Models(Store(), find_card("embedded"), "cpu", 1), load_heads())
    calibration = load_calibration()
    for check in CHECKS:
        reading = answer(hearing, check)
        if isinstance(reading, NotHeard):
            assert reading.reason.endswith("."), check
        else:
            assert 0.0 <= probability(reading, calibration) <= 1.0, check
            assert reading.evidence.endswith("."), check
