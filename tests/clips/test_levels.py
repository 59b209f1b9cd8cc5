from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.clips.levels import clipped_share

RATE = 48_000


def sine(frequency: float, seconds: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def test_clipping_needs_a_run() -> None:
    assert clipped_share(sine(1000, 1)) == 0
    cut = np.clip(2 * sine(50, 1), -1, 1)
    assert clipped_share(cut) == pytest.approx(2 / 3, abs=0.01)  # |sin| > 1/2 for two thirds of a period
    single = np.zeros(100, np.float32)
    single[[3, 10, 11]] = 1
    assert clipped_share(single) == 0
    single[[12, 99, 98, 97]] = -1
    assert clipped_share(single) == pytest.approx(0.06)
    assert clipped_share(np.zeros((2, 0), np.float32)) == 0
