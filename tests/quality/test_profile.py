from __future__ import annotations

import numpy as np

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.quality.profile import profile

RATE = 16_000


def test_a_tone_between_silences():
    tone = np.zeros(4 * RATE, dtype=np.float32)
    tone[RATE : 3 * RATE] = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(2 * RATE) / RATE)
    found = profile(Waveform(tone[None], RATE))
    assert (found.leading_silence_s, found.trailing_silence_s, found.silence_pct) == (1.0, 1.0, 50.0)
    assert found.clipped_pct == 0
    assert found.depth == "basic"


def test_silence_has_no_level():
    found = profile(Waveform(np.zeros((1, RATE), dtype=np.float32), RATE))
    assert (found.lufs, found.true_peak_db, found.snr_db, found.bandwidth_hz) == (None, None, None, None)
    assert found.silence_pct == 100
