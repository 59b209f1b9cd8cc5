"""Clips to spoil: the examples, and sounds made by formula that are as they should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"
RATE = 32_000


@pytest.fixture(scope="session")
def examples() -> dict[str, Waveform]:
    """Return the example clips by name."""
    return {path.stem: decode(path) for path in sorted(EXAMPLES.iterdir())}


@pytest.fixture(scope="session")
def models() -> Models:
    """Return the small models."""
    return Models(Store(), find_card("embedded"), "cpu")


def _saw(hertz: float, at: np.ndarray) -> np.ndarray:
    return 2 * ((hertz * at) % 1) - 1


def _struck(period_s: float, decay_s: float, hertz: float, at: np.ndarray) -> np.ndarray:
    return np.exp(-(at % period_s) / decay_s) * np.sin(2 * np.pi * hertz * (at % period_s))


@pytest.fixture(scope="session")
def sound_ones() -> dict[str, Waveform]:
    """Return sounds that a careless check takes for faulty, by name."""
    at = np.arange(6 * RATE) / RATE
    rng = np.random.default_rng(7)
    white = rng.normal(size=len(at))
    brown = np.cumsum(white - white.mean())
    notes = np.array([262, 330, 392, 523])[(at / 0.25).astype(int) % 4]
    made = {
        "sine": np.sin(2 * np.pi * 440 * at),
        "chord": sum(np.sin(2 * np.pi * hertz * at) for hertz in (440.0, 554.37, 659.26)),
        "square": np.sign(np.sin(2 * np.pi * 110 * at)),
        "pulse": np.where((70 * at) % 1 < 0.5, 1.0, -1.0),
        "saw drone": _saw(110, at) + _saw(110.5, at) + _saw(109.3, at),
        "bass": np.sin(2 * np.pi * 41 * at) * (1 + 0.5 * np.sin(2 * np.pi * 0.7 * at)),
        "white noise": white,
        "brown noise": brown,
        "swelling noise": white * (0.05 + at / 6),
        "noise on and off": white * (at % 1 < 0.5),
        "ticking": _struck(0.5, 0.004, 3000, at),
        "metronome": _struck(0.5, 0.02, 1000, at) + 0.5 * _struck(2.0, 0.02, 1500, at),
        "alarm": np.sin(2 * np.pi * 2000 * at) * (at % 1 < 0.5),
        "two-tone siren": np.sin(2 * np.pi * np.where(at % 1 < 0.5, 700, 960) * at),
        "sweeping siren": np.sin(2 * np.pi * np.cumsum(800 + 300 * np.sin(2 * np.pi * at)) / RATE),
        "telephone bell": (np.sin(2 * np.pi * 440 * at) + np.sin(2 * np.pi * 480 * at)) * (at % 2 < 1),
        "engine": np.tile(white[: RATE // 20], len(at) * 20 // RATE + 1)[: len(at)],
        "arpeggio": np.sin(2 * np.pi * notes * at) * np.exp(-(at % 0.25) * 6),
        "four bars": np.resize(rng.normal(size=2 * RATE) * np.exp(-(at[: 2 * RATE] % 0.25) * 9), len(at)),
        "fading": white * np.exp(-at),
        "drums": _struck(1.0, 0.1, 60, at) + np.exp(-((at + 0.5) % 1.0) / 0.05) * white * 0.3,
    }
    found = {
        name: Waveform((0.5 * wave / np.abs(wave).max()).astype(np.float32)[None], RATE) for name, wave in made.items()
    }
    padded = np.zeros(len(at), np.float32)
    padded[RATE : 2 * RATE] = found["fading"].channels[0, :RATE]
    found["between silences"] = Waveform(padded[None], RATE)
    found["twice the same channel"] = Waveform(np.repeat(found["brown noise"].channels, 2, axis=0), RATE)
    return found
