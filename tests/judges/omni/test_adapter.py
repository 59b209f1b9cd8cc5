"""Every architecture's ears against the library's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.judges.omni.adapter import adapter_for

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3")


def sound(samples: int, seed: int = 0) -> Any:
    return (0.1 * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def library_embeddings(loaded: Any, audio: Any) -> Any:
    """What the library puts in place of the audio tokens, from the inputs of its own processor."""
    import torch
    from omni_plain import Plain

    inputs = Plain.of(loaded).inputs(audio, "", "")
    found: list[Any] = []
    hook = loaded.model.model.language_model.register_forward_pre_hook(
        lambda _module, _args, kwargs: found.append(kwargs["inputs_embeds"][0]), with_kwargs=True
    )
    with torch.inference_mode():
        loaded.model(**inputs)
    hook.remove()
    return found[0]


def own_embeddings(loaded: Any, audio: Any) -> Any:
    import torch

    adapter = adapter_for(loaded)
    with torch.inference_mode():
        return torch.cat([adapter.encode(mel) for mel in adapter.features(audio)])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=st.integers(800, 60_000))
def test_audio_embeddings_equal_the_librarys(library_model, architecture, samples):
    loaded = library_model(architecture)
    adapter = adapter_for(loaded)
    expected = library_embeddings(loaded, sound(samples))
    inside = expected[len(adapter.before) : len(expected) - len(adapter.after)]
    found = own_embeddings(loaded, sound(samples))
    assert found.shape == inside.shape
    scale = float(inside.abs().mean())
    np.testing.assert_allclose(found / scale, inside / scale, atol=2e-3)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_audio_opens_and_closes_as_the_library_writes_it(library_model, architecture):
    from omni_plain import Plain

    loaded = library_model(architecture)
    adapter = adapter_for(loaded)
    ids = Plain.of(loaded).inputs(sound(16_000), "", "")["input_ids"][0].tolist()
    assert tuple(ids[: len(adapter.before)]) == adapter.before
    assert tuple(ids[len(ids) - len(adapter.after) :]) == adapter.after
