"""Whether one instrument plays alone: by the heads of all others, drums and voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.traits import answer
from audiojudge_cli.probes.music_tags import TAGS
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

pytestmark = pytest.mark.weights

PIANO = Path(__file__).parents[3] / "examples" / "audio" / "music_piano_slow.ogg"
ALONE = Claim("instrument", "solo", "solo", Subject("instrument", "the piano", "piano"))
SILENT, LOUD = -6.0, 6.0


def p_alone(heads: Mapping[str, float], *, sung: bool = False) -> float:
    """Return p_yes that the piano plays alone, where these heads speak and no others."""
    known = load_heads()
    clip = ClipFeatures(decode(PIANO), Models(Store(), find_card("embedded"), "cpu"), known)
    clip.__dict__["instruments"] = {name: heads.get(name, SILENT) for name in known.names}
    logits = clip.tags.logits.copy()
    logits[:, [TAGS.index(tag) for tag in ("vocals", "vocal", "singing")]] = np.float32(LOUD if sung else SILENT)
    clip.__dict__["tags"] = replace(clip.tags, logits=logits)
    reading = answer(clip, ALONE)
    assert isinstance(reading, Reading)
    return probability(reading, load_calibration())


def test_a_piano_with_nothing_else_is_alone() -> None:
    assert p_alone({"piano": LOUD}) > 0.7


@pytest.mark.parametrize("other", ["drums", "bass"])
def test_who_plays_over_drums_or_a_bass_is_not_alone(other: str) -> None:
    assert p_alone({"piano": LOUD, other: LOUD}) < 0.4


def test_who_plays_under_a_voice_is_not_alone() -> None:
    assert p_alone({"piano": LOUD}, sung=True) < 0.4


def test_every_other_instrument_counts_against_it() -> None:
    names = ("flute", "violin", "trumpet", "harp", "organ", "banjo", "oboe", "cello")
    heard = [p_alone({"piano": LOUD, **dict.fromkeys(names[:count], LOUD)}) for count in range(0, len(names) + 1, 2)]
    assert heard == sorted(heard, reverse=True)
    assert heard[-1] < heard[0]


def test_drums_alone_are_not_told() -> None:
    clip = ClipFeatures(decode(PIANO), Models(Store(), find_card("embedded"), "cpu"), load_heads())
    drummer = Claim("instrument", "solo", "solo", Subject("instrument", "the drummer", "drums"))
    assert isinstance(answer(clip, drummer), NotHeard)
