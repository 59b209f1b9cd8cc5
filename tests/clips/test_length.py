from __future__ import annotations

import numpy as np
import pytest
import soundfile

from audiojudge_cli.clips.length import claimed_length
from audiojudge_cli.errors import ClipError


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg"])
def test_the_header_tells(suffix, tmp_path):
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, np.zeros(12_000, dtype=np.float32), 8_000)
    assert claimed_length(path) == pytest.approx(1.5, abs=0.01)


def test_what_is_no_audio_is_told(tmp_path):
    path = tmp_path / "a.wav"
    path.write_text("hello")
    with pytest.raises(ClipError):
        claimed_length(path)
    with pytest.raises(ClipError):
        claimed_length(tmp_path / "missing.wav")
