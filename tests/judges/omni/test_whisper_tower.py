"""Whisper-shaped towers at a clip's own length against the library's forward over 30 s."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.judges.omni import whisper_tower
from audiojudge_cli.judges.omni.mel import padded_features

ARCHITECTURES = ("qwen2_audio", "audioflamingo3")


def features(loaded: Any, samples: int) -> Any:
    audio = (0.1 * np.random.default_rng(samples).standard_normal(samples)).astype(np.float32)
    return padded_features(loaded.feature_extractor, audio, whisper_tower.REACH)


@pytest.mark.parametrize("samples", [480, 16_000, 16_001, 16_161, 479_700, 479_999, 480_000])
def test_heard_frames_come_out_as_after_padding(library_model, samples):
    import torch

    loaded = library_model("audioflamingo3")
    tower = loaded.model.model.audio_tower
    audio = (0.1 * np.random.default_rng(samples).standard_normal(samples)).astype(np.float32)
    padded = loaded.feature_extractor(audio, sampling_rate=16_000, return_attention_mask=True, return_tensors="pt")
    with torch.inference_mode():
        expected = tower(padded["input_features"], input_features_mask=padded["attention_mask"]).last_hidden_state[0]
        found = whisper_tower.encode(tower, features(loaded, samples))
    np.testing.assert_allclose(found, expected[: len(found)], atol=2e-4)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_work_is_that_of_the_clip_not_of_its_padding(library_model, architecture):
    loaded = library_model(architecture)
    tower = loaded.model.model.audio_tower
    frames: list[int] = []
    hook = tower.layers[0].register_forward_pre_hook(lambda _module, args: frames.append(args[0].shape[1]))
    found = whisper_tower.encode(tower, features(loaded, 16_000))
    hook.remove()
    assert frames == [50]
    assert len(found) == 25
