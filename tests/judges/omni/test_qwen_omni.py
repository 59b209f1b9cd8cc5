"""The two Omni thinkers: positions, and towers that are called with one clip at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.adapter import adapter_for

ARCHITECTURES = ("qwen2_5_omni", "qwen3_omni_moe")


def sound(samples: int) -> Any:
    return (0.1 * np.random.default_rng(0).standard_normal(samples)).astype(np.float32)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_positions_are_those_of_the_library(library_model, architecture):
    import torch
    from omni_plain import Plain

    loaded = library_model(architecture)
    inputs = Plain.of(loaded).inputs(sound(33_333), "Listen: ", "Is it raining?")
    expected, deltas = loaded.model.model.get_rope_index(
        inputs["input_ids"],
        attention_mask=inputs["attention_mask"],
        audio_seqlens=inputs["feature_attention_mask"].sum(-1),
    )
    steps = torch.arange(inputs["input_ids"].shape[1])[None]
    assert torch.equal(adapter_for(loaded).positions(steps), expected.long())
    assert int(deltas) == 0


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_short_clips_are_not_padded(library_model, architecture):
    (mel,) = adapter_for(library_model(architecture)).features(sound(16_000))
    assert mel.values.shape == (128, 100)
    assert mel.frames == 100


def test_what_the_librarys_padding_would_cut_off_is_refused(library_model):
    with pytest.raises(ClipError, match="this model hears 300 s"):
        adapter_for(library_model("qwen2_5_omni")).features(np.zeros(300 * 16_000 + 1, dtype=np.float32))


@pytest.mark.parametrize("samples", [1, 200])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_less_than_a_token_is_refused(library_model, architecture, samples):
    with pytest.raises(ClipError, match="too short"):
        adapter_for(library_model(architecture)).features(sound(samples))
