"""The real models and the clips of `examples/`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

AUDIO = Path(__file__).parents[2] / "examples" / "audio"


@pytest.fixture(scope="session")
def models() -> Models:
    """The models of the default card, on CPU, from the usual cache."""
    return Models(Store(), find_card("embedded"), "cpu")


def _read(name: str) -> Array:
    import soundfile
    import soxr

    samples, rate = soundfile.read(AUDIO / name, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, 16_000, quality="VHQ"), dtype=np.float32)


@pytest.fixture(scope="session")
def clip() -> Callable[[str], Array]:
    """Read an example as mono at 16 kHz."""
    return _read
