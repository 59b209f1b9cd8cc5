from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.probes.activity import SpeechActivity, listen
from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.sessions import Models

HOP = 0.032


def activity(probabilities: list[float]) -> SpeechActivity:
    return SpeechActivity(np.array(probabilities, dtype=np.float32), HOP, len(probabilities) * HOP)


@given(st.lists(st.floats(0, 1, width=32), max_size=200), st.floats(0.2, 0.9))
def test_segments_are_in_order_apart_and_inside_the_clip(probabilities: list[float], threshold: float) -> None:
    heard = activity(probabilities)
    segments = heard.segments(threshold)
    assert all(0 <= start < end <= heard.duration_s + 1e-3 for start, end in segments)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(segments))
    assert 0 <= heard.share <= 1 + 1e-6


def test_a_stretch_holds_on_until_clearly_below_the_threshold() -> None:
    assert activity([0.1] * 10 + [0.6] * 10 + [0.4] * 10 + [0.3] * 10).segments(0.5) == ((0.32, 0.96),)


def test_short_pauses_are_bridged_and_short_bursts_dropped() -> None:
    assert activity([0.9] * 10 + [0.0] * 3 + [0.9] * 10).segments() == ((0.0, 0.736),)
    assert activity([0.9] * 10 + [0.0] * 6 + [0.9] * 10).segments() == ((0.0, 0.32), (0.512, 0.832))
    assert activity([0.0] * 10 + [0.9] * 5 + [0.0] * 10).segments() == ()


def test_an_empty_clip_holds_no_speech() -> None:
    nothing = activity([])
    assert (nothing.segments(), nothing.share, nothing.peak) == ((), 0.0, 0.0)


def test_peak_asks_for_more_than_a_click() -> None:
    assert activity([0.0] * 50 + [1.0] + [0.0] * 50).peak == pytest.approx(1 / 8)


@pytest.mark.weights
def test_speech_is_heard_and_other_sounds_are_not(models: Models, clip: Callable[[str], Array]) -> None:
    assert listen(clip("speech_librivox_en.flac"), models.silero).share > 0.7
    assert listen(clip("mix_speech_rain.ogg"), models.silero).peak > 0.9
    assert listen(clip("sound_rain.ogg"), models.silero).peak < 0.3
    assert listen(clip("music_flute.ogg"), models.silero).peak < 0.5
    assert listen(np.zeros(48_000, dtype=np.float32), models.silero).peak < 0.1


@pytest.mark.weights
def test_blocks_answer_like_single_frames(models: Models, clip: Callable[[str], Array]) -> None:
    samples = np.tile(clip("speech_librivox_en.flac"), 6)
    heard = listen(samples, models.silero)
    assert len(heard.probabilities) > 513, "must span two blocks"
    hidden = cell = np.zeros((1, 1, 128), dtype=np.float32)
    before = np.zeros(64, dtype=np.float32)
    padded = np.pad(samples, (0, -len(samples) % 512))
    for frame, probability in zip(padded.reshape(-1, 512), heard.probabilities, strict=True):
        block = np.concatenate((before, frame))[None]
        single, hidden, cell = models.silero.run(None, {"input": block, "h": hidden, "c": cell})
        assert single[0] == pytest.approx(probability, abs=1e-3)
        before = frame[-64:]
