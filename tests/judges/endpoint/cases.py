"""Clips to ask servers about."""

from __future__ import annotations

import numpy as np

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.rubrics.item import RubricItem


def make_case(number: int = 0, items: int = 3, seconds: float = 0.3, language: str = "en") -> Case:
    """Return a clip unlike any with another number."""
    time = np.arange(int(16_000 * seconds)) / 16_000
    tone = (0.3 * np.sin(2 * np.pi * (200 + 37 * number) * time)).astype(np.float32)
    asked = tuple(RubricItem("event", f"Is thing {at} of {number} heard?", "thing") for at in range(items))
    return Case(Waveform(tone[None], 16_000), asked, f"Things of {number}.", language)
