"""Windows of Audio Flamingo 3."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.adapter import adapter_for


def sound(samples: int) -> Any:
    return (0.1 * np.random.default_rng(0).standard_normal(samples)).astype(np.float32)


def test_every_window_is_scaled_by_its_own_loudest_moment(library_model):
    adapter = adapter_for(library_model("audioflamingo3"))
    audio = np.concatenate([sound(480_000), 0.001 * sound(16_000)])
    loud, quiet = adapter.features(audio)
    alone = adapter.features(audio[480_000:])[0]
    assert (loud.frames, quiet.frames) == (3000, 100)
    np.testing.assert_array_equal(quiet.values, alone.values)


def test_a_last_window_too_short_for_a_token_adds_none(library_model):
    from omni_plain import Plain

    loaded = library_model("audioflamingo3")
    adapter = adapter_for(loaded)
    audio = sound(480_000 + 300)
    placeholders = Plain.of(loaded).inputs(audio, "", "")["input_ids"].shape[1]
    assert sum(len(adapter.encode(mel)) for mel in adapter.features(audio)) == placeholders == 750


def test_less_than_a_token_is_refused(library_model):
    with pytest.raises(ClipError, match="too short"):
        adapter_for(library_model("audioflamingo3")).features(sound(300))
