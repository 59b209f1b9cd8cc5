from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("transformers")

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.mel import exact_features, padded_features

SAMPLES = st.one_of(st.integers(1, 3000), st.integers(20_000, 20_400), st.sampled_from([480_000, 479_999, 479_841]))


def extractor(seconds: int = 30) -> Any:
    from transformers import WhisperFeatureExtractor

    return WhisperFeatureExtractor(feature_size=128, chunk_length=seconds, return_attention_mask=True)


def sound(samples: int, seed: int = 0) -> Any:
    return (0.1 * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def library(made: Any, audio: Any, **options: Any) -> tuple[Any, int]:
    found = made(audio, sampling_rate=16_000, return_attention_mask=True, return_tensors="pt", **options)
    return found["input_features"][0], int(found["attention_mask"].sum())


@settings(max_examples=25, deadline=None)
@given(SAMPLES, st.integers(0, 3))
def test_padded_features_equal_the_librarys(samples, reach):
    made = extractor()
    audio = sound(samples)
    whole, heard = library(made, audio, padding="max_length")
    mel = padded_features(made, audio, reach)
    assert mel.frames == heard
    assert mel.values.shape[-1] == min(heard + reach, 3000)
    np.testing.assert_allclose(mel.values, whole[:, : mel.values.shape[-1]], atol=2e-5)


@settings(max_examples=15, deadline=None)
@given(st.one_of(st.integers(201, 3000), st.integers(20_000, 20_400)))
def test_exact_features_equal_the_librarys(samples):
    made = extractor()
    whole, heard = library(made, sound(samples), padding=True, truncation=False)
    mel = exact_features(made, sound(samples))
    assert mel.frames == heard == mel.values.shape[-1]
    np.testing.assert_allclose(mel.values, whole, atol=2e-5)


def test_silence_has_the_librarys_floor():
    made = extractor()
    audio = np.zeros(16_000, dtype=np.float32)
    whole, heard = library(made, audio, padding="max_length")
    np.testing.assert_allclose(padded_features(made, audio, 2).values, whole[:, : heard + 2])


def test_short_clips_of_long_chunks_stay_short():
    assert padded_features(extractor(300), sound(16_000), 0).values.shape == (128, 100)


def test_nothing_is_cut_off():
    with pytest.raises(ClipError, match=r"30\.0 s of audio at once; this model hears 30 s") as error:
        padded_features(extractor(), sound(480_001), 0)
    assert error.value.kind == "too-long"


def test_less_than_half_a_window_is_too_short():
    with pytest.raises(ClipError, match="12 ms"):
        exact_features(extractor(), sound(200))
