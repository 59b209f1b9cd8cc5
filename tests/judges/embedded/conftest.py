"""Synthetic clips heard by the real probes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.rubrics.item import RubricItem

Ask = Callable[[npt.NDArray[np.float64], str, str], float | None]


@cache
def _judge() -> EmbeddedJudge:
    return load(device="cpu")


@pytest.fixture
def p_yes() -> Ask:
    """Return a function: samples at 32 kHz (mono, or shape (2, n)), dimension, question → p_yes."""

    def ask(samples: npt.NDArray[np.float64], dimension: str, question: str) -> float | None:
        waveform = Waveform(np.atleast_2d(samples).astype(np.float32), 32_000)
        return _judge().judge([Case(waveform, (RubricItem(dimension, question, ""),))])[0][0].p_yes

    return ask
