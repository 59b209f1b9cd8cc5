"""Decisions stay as they are when a clip is made faint, clipped, resampled, one-sided or padded with silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Samples, Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.item import RubricItem

pytestmark = pytest.mark.weights

EXAMPLES = Path(__file__).parents[3] / "examples"
ROWS = [json.loads(line) for line in (EXAMPLES / "captions.jsonl").read_text(encoding="utf-8").splitlines()]
CLIPS = ("sound_dog.flac", "mix_dog_then_rain.ogg", "music_guitar_drums_fast.ogg", "speech_counting_fr.flac")
Change = Callable[[Samples, int], tuple[Samples, int]]


def peak(db: float) -> Change:
    return lambda x, rate: (np.clip(x / np.abs(x).max() * np.float32(10 ** (db / 20)), -1, 1), rate)


def resampled(to: int) -> Change:
    return lambda x, rate: (np.stack([soxr.resample(channel, rate, to, quality="VHQ") for channel in x]), to)


def padded(before_s: float, after_s: float) -> Change:
    return lambda x, rate: (np.pad(x, ((0, 0), (int(before_s * rate), int(after_s * rate)))), rate)


def one_sided(x: Samples, rate: int) -> tuple[Samples, int]:
    mono = x.mean(axis=0)
    return np.stack([np.zeros_like(mono), mono]), rate


CHANGES: dict[str, Change] = {
    "-40 dBFS": peak(-40.0),
    "clipped by 6 dB": peak(6.0),
    "11 kHz": resampled(11_025),
    "192 kHz": resampled(192_000),
    "one dead channel": one_sided,
    "silence before": padded(3.0, 0.0),
    "silence after": padded(0.0, 5.0),
}


@cache
def judge() -> EmbeddedJudge:
    return load(device="cpu")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("clip", CLIPS)
def test_decisions_do_not_flip(clip: str, change: Change, example_items: Mapping[str, tuple[RubricItem, ...]]) -> None:
    original = decode(EXAMPLES / "audio" / clip)
    samples, rate = change(original.channels, original.rate)
    waveform = Waveform(np.ascontiguousarray(samples, dtype=np.float32), rate)
    for row in ROWS:
        if row["audio"] == clip:
            verdicts = judge().judge([Case(waveform, example_items[row["id"]])])[0]
            p = [verdict.p_yes for verdict in verdicts if verdict.p_yes is not None]
            assert (0.5 * float(np.mean(p)) + 0.5 * min(p) >= 0.5) == (row["expected"] == "right"), row["caption"]


@pytest.mark.parametrize("clip", ["speech_counting_fr.flac", "mix_speech_piano.ogg", "speech_hello_zh.flac"])
def test_a_telephone_band_makes_no_man_of_a_woman(clip: str) -> None:
    original = decode(EXAMPLES / "audio" / clip)
    samples, rate = resampled(8_000)(original.channels, original.rate)
    item = RubricItem("speaker_sex", "", "", claim=Claim("speaker_sex", "female"))
    (verdict,) = judge().judge([Case(Waveform(np.asarray(samples, dtype=np.float32), rate), (item,))])[0]
    assert verdict.p_yes is not None
    assert verdict.p_yes > 0.5, verdict
