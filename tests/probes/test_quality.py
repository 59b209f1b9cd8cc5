from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.quality import WINDOW, rate_overall, rate_quality
from audiojudge_cli.probes.sessions import Models

pytestmark = pytest.mark.weights


def test_noise_costs_points(models: Models, clip: Callable[[str], Array]) -> None:
    clean = clip("speech_librivox_en.flac")
    noise = np.random.default_rng(1).standard_normal(len(clean)).astype(np.float32)
    noisy = clean + noise * 0.3 * clean.std()
    before, after = (rate_quality(samples, models.p835, models.p808) for samples in (clean, noisy))
    assert before.p808 > after.p808 + 0.2
    assert before.bak > after.bak + 0.5
    assert before.ovrl > after.ovrl + 0.3
    for value in (before.sig, before.bak, before.ovrl, before.p808):
        assert 1.0 <= value <= 5.0


def test_a_short_clip_is_repeated(models: Models, clip: Callable[[str], Array]) -> None:
    samples = clip("speech_hello_zh.flac")
    doubled = samples
    while len(doubled) < WINDOW:
        doubled = np.concatenate((doubled, doubled))
    short = rate_quality(samples, models.p835, models.p808)
    assert short.repeated
    assert short.windows == 1
    assert short.p808 == rate_overall(doubled[:WINDOW], models.p808)


@pytest.mark.parametrize(("length", "windows"), [(1, 1), (WINDOW, 1), (WINDOW + 1, 2), (3 * WINDOW, 3)])
def test_as_few_windows_as_cover_every_sample(models: Models, length: int, windows: int) -> None:
    tone = np.asarray(0.1 * np.sin(np.arange(length) / 10), dtype=np.float32)
    assert rate_quality(tone, models.p835, models.p808).windows == windows


def test_the_last_sample_counts(models: Models, clip: Callable[[str], Array]) -> None:
    speech = np.resize(clip("speech_librivox_en.flac"), 2 * WINDOW)
    spoiled = speech.copy()
    spoiled[-48_000:] = np.random.default_rng(2).uniform(-0.5, 0.5, 48_000)
    assert rate_overall(spoiled, models.p808) < rate_overall(speech, models.p808) - 0.1


def test_no_samples_are_an_error(models: Models) -> None:
    with pytest.raises(ValueError, match="no samples"):
        rate_overall(np.zeros(0, dtype=np.float32), models.p808)
