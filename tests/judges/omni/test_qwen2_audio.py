"""Qwen2-Audio hears 30 s and no more."""

from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.adapter import adapter_for


def test_thirty_seconds_are_heard_and_one_sample_more_is_refused(library_model):
    adapter = adapter_for(library_model("qwen2_audio"))
    audio = np.zeros(480_001, dtype=np.float32)
    (mel,) = adapter.features(audio[:-1])
    assert mel.frames == 3000
    with pytest.raises(ClipError, match="this model hears 30 s"):
        adapter.features(audio)


def test_less_than_a_token_is_refused(library_model):
    adapter = adapter_for(library_model("qwen2_audio"))
    assert len(adapter.encode(adapter.features(np.ones(321, dtype=np.float32))[0])) == 1
    with pytest.raises(ClipError, match="20 ms of audio are too short"):
        adapter.features(np.ones(320, dtype=np.float32))
