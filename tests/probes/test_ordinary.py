from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.probes import ordinary
from audiojudge_cli.probes.events import EventTrack
from audiojudge_cli.probes.music_tags import TAGS, MusicTags
from audiojudge_cli.probes.ordinary import FARTHEST, LEAST_SPREAD, load_ordinary, means, over, peaks

CLASSES = ("dog", "cat", "music")


def track(logits: list[list[float]], active: list[bool] | None = None) -> EventTrack:
    rows = np.array(logits, dtype=np.float32)
    return EventTrack(
        rows,
        np.zeros((len(rows), 4), np.float32),
        CLASSES,
        0.24,
        0.96,
        len(rows) * 0.24,
        False,
        np.array(active or [True] * len(rows)),
    )


def tags(value: float) -> np.ndarray:
    return np.full(len(TAGS), value, np.float32)


@pytest.fixture
def statistics():
    clips = [track([[0.0, -8.0, 2.0], [-2.0, -8.0, 4.0]]), track([[-4.0, -8.0, 6.0]])]
    return over([peaks(clip, None) for clip in clips], [means(clip) for clip in clips], [tags(-1.0), tags(1.0)])


def test_means_and_spreads_are_those_of_the_clips(statistics):
    np.testing.assert_allclose(statistics.peak_mean, [-2.0, -8.0, 5.0])
    np.testing.assert_allclose(statistics.peak_spread, np.array([2.0, 0.0, 1.0]) + LEAST_SPREAD)
    np.testing.assert_allclose(statistics.mean_mean, [-2.5, -8.0, 4.5])


def test_an_ordinary_clip_stands_at_zero_and_a_remarkable_one_above(statistics):
    usual = statistics.standing(track([[-2.0, -8.0, 5.0]]), None)
    np.testing.assert_allclose(usual.peak, 0.0, atol=1e-6)
    loud = statistics.standing(track([[0.5, -7.5, 5.0]]), None)
    # Half a log odds of a class that never moves is as remarkable as two and a half of one that does.
    np.testing.assert_allclose(loud.peak, [1.0, 1.0, 0.0], atol=1e-6)


def test_silence_and_pauses_count_as_they_should(statistics):
    half = track([[3.0, -8.0, 5.0], [-9.0, -8.0, -9.0]], [True, False])
    np.testing.assert_allclose(means(half), [3.0, -8.0, 5.0])
    between = track([[-2.0, 4.0, 5.0]])
    assert statistics.standing(half, between).peak[1] == FARTHEST


def test_three_clear_patches_last_longer_than_one(statistics):
    once, often = ([[-2.0, -8.0, 5.0]] * 3 for _ in range(2))
    once[0], often = [1.0, -8.0, 5.0], [[1.0, -8.0, 5.0]] * 3
    first, second = (statistics.standing(track(rows), None) for rows in (once, often))
    assert first.peak[0] == second.peak[0]
    assert first.lasting[0] < second.lasting[0]


def test_tags_stand_against_ordinary_ones(statistics):
    heard = MusicTags(tags(1.5)[None], np.zeros((1, 200), np.float32))
    assert statistics.tag(heard, ("guitar", "piano")) == pytest.approx(1.0)
    assert statistics.tag(heard, ()) == 0.0


def test_the_shipped_statistics_name_every_class_and_tag():
    shipped = load_ordinary()
    assert shipped.peak_mean.shape == shipped.mean_spread.shape == (521,)
    assert shipped.tag_mean.shape == (len(TAGS),)
    assert min(shipped.peak_spread.min(), shipped.mean_spread.min(), shipped.tag_spread.min()) >= LEAST_SPREAD
    assert len(shipped.digest) == 64


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_a_damaged_file_is_named(tmp_path, monkeypatch, content):
    (tmp_path / "embedded.ordinary.npz").write_bytes(content)
    monkeypatch.setattr(ordinary, "bundled", lambda _kind: tmp_path)
    load_ordinary.cache_clear()
    try:
        with pytest.raises(WeightsError, match=r"embedded\.ordinary\.npz"):
            load_ordinary()
    finally:
        load_ordinary.cache_clear()
