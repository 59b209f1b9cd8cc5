"""Every entry of every word list is asked on a clip of each subset: answered or unverifiable, and nothing breaks."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from audiojudge_cli.judges.checks.kinds import NotHeard
from audiojudge_cli.judges.embedded.hearing import Hearing

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import observe, probability
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.item import RubricItem
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


@cache
def entries() -> tuple[RubricItem, ...]:
    """Return one item per phrase of every list, English and Chinese."""
    items = []
    for dimension in vocabulary.dimensions():
        for english, chinese in vocabulary.table(dimension).values():
            items += [RubricItem(dimension, f"Is there {phrase}?", phrase) for phrase in english]
            items += [RubricItem(dimension, f"是否有{phrase}?", phrase) for phrase in chinese]
    return tuple(items)


@pytest.mark.parametrize("subset", CLIPS)
def test_every_entry_is_answered_or_unverifiable(subset: str) -> None:
    whole = decode(AUDIO / CLIPS[subset])
    clip = Waveform(np.ascontiguousarray(whole.channels[:, : 4 * whole.rate]), whole.rate)
    hearing = Hearing(clip, Models(Store(), find_card("embedded"), "cpu"), load_heads())
    calibration = load_calibration()
    broken: dict[str, list[str]] = {}
    answered: set[str] = set()
    for item in entries():
        name = f"{item.dimension}: {item.basis}"
        try:
            _, reading = observe(hearing, item)
            if isinstance(reading, NotHeard):
                continue
            p = probability(reading, calibration)
        except Exception as error:  # noqa: BLE001 - all of them are wanted, by what went wrong
            broken.setdefault(repr(error), []).append(name)
            continue
        answered.add(item.dimension)
        spans = [bound for span in reading.times for bound in span]
        if not (math.isfinite(p) and 0.0 <= p <= 1.0 and all(-1e-6 <= s <= clip.duration_s + 0.01 for s in spans)):
            broken.setdefault("out of range", []).append(f"{name}: {p}, {reading.times}")
    assert not broken, broken
    assert len(entries()) > 5000
    assert {"event", "instrument", "genre", "scene", "component", "duration"} - answered <= {"duration"}
