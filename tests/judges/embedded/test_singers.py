"""Whether a man or a woman sings: music tags, not the pitch of what is mixed with the voice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.judges.embedded.music_tag_map import FEMALE_TAGS, MALE_TAGS
from audiojudge_cli.judges.embedded.reading import Reading
from audiojudge_cli.judges.embedded.traits import answer
from audiojudge_cli.probes.music_tags import TAGS
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

AUDIO = Path(__file__).parents[3] / "examples" / "audio"
SINGER = Subject("vocals", "the singer")
SEXES = ("female", "male")

pytestmark = pytest.mark.weights


def heard(name: str, *, raised: tuple[str, ...] = ()) -> ClipFeatures:
    """Return a clip as it is heard, some tags raised by four in log odds."""
    clip = ClipFeatures(decode(AUDIO / name), Models(Store(), find_card("embedded"), "cpu"), load_heads())
    logits = clip.tags.logits.copy()
    logits[:, [TAGS.index(tag) for tag in raised]] += np.float32(4.0)
    clip.__dict__["tags"] = replace(clip.tags, logits=logits)
    return clip


def asked(clip: ClipFeatures, value: str) -> tuple[Reading, float]:
    """Return the reading whether a singer of this sex is heard, and its probability."""
    reading = answer(clip, Claim("speaker_sex", value, subject=SINGER))
    assert isinstance(reading, Reading)
    return reading, probability(reading, load_calibration())


@pytest.mark.parametrize("value", SEXES)
def test_tags_of_voices_decide_who_sings(value: str) -> None:
    clip = heard("music_singing.ogg", raised=FEMALE_TAGS if value == "female" else MALE_TAGS)
    (reading, p), (_, other) = asked(clip, value), asked(clip, next(one for one in SEXES if one != value))
    assert p > 0.6
    assert other < 0.4
    assert reading.source == "music-tags"


@pytest.mark.parametrize("value", SEXES)
def test_nobody_of_either_sex_sings_where_nobody_sings(value: str) -> None:
    _, p = asked(heard("music_piano_slow.ogg"), value)
    assert p < 0.3


def test_who_sings_is_never_sure() -> None:
    for raised in (FEMALE_TAGS, MALE_TAGS):
        clip = heard("music_singing.ogg", raised=raised)
        assert all(0.05 < asked(clip, value)[1] < 0.85 for value in SEXES)


def test_speakers_are_told_by_their_pitch() -> None:
    reading = answer(heard("music_singing.ogg"), Claim("speaker_sex", "male", subject=Subject("speaker", "the man")))
    assert not isinstance(reading, Reading) or reading.kind == "sex"
