"""How the distance between two sets of clips behaves: halves of one set, sets of two kinds, clips that were degraded.

Usage: python benchmarks/distances.py SETS [--embedding yamnet|musicnn]

SETS is the folder that holds the development sets `devset`, `devset2` and `gendev`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.resample import resample
from audiojudge_cli.clips.waveform import Samples, Waveform
from audiojudge_cli.probes.mel import RATE
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.quality.embedding import EMBEDDINGS
from audiojudge_cli.runs.set_distance import SCALE
from audiojudge_cli.stats.kernel_distance import Floats, kernel_distance
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

DRAWS = 200
"""Times that a set is cut into two halves."""

DEGRADED, REFERENCE = 80, 160
"""Clips that are degraded, and others that they are compared with."""

LONGEST = 5 * RATE
"""Samples of a clip that is degraded."""


def noisy(decibel: float) -> Callable[[Samples], Samples]:
    """Return what adds white noise so far below the clip."""

    def add(samples: Samples) -> Samples:
        noise = np.random.default_rng(0).normal(size=len(samples))
        level = np.sqrt(np.mean(np.square(samples, dtype=np.float64))) * 10 ** (-decibel / 20)
        return np.asarray(samples + level * noise, dtype=np.float32)

    return add


def dull(hertz: int) -> Callable[[Samples], Samples]:
    """Return what takes everything above half of `hertz` away."""
    return lambda samples: resample(resample(samples, RATE, hertz), hertz, RATE)


def clipped(gain: float) -> Callable[[Samples], Samples]:
    """Return what plays a clip too loud."""
    return lambda samples: np.clip(samples / max(1e-9, float(np.abs(samples).max())) * gain, -1, 1).astype(np.float32)


DEGRADATIONS: dict[str, Callable[[Samples], Samples]] = {
    "untouched": lambda samples: samples,
    "white noise 40 dB below": noisy(40),
    "white noise 30 dB below": noisy(30),
    "white noise 20 dB below": noisy(20),
    "white noise 10 dB below": noisy(10),
    "nothing above 4 kHz": dull(8_000),
    "nothing above 2 kHz": dull(4_000),
    "nothing above 1 kHz": dull(2_000),
    "clipped by 6 dB": clipped(2),
    "clipped by 18 dB": clipped(8),
    "clipped by 30 dB": clipped(32),
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--embedding", choices=tuple(EMBEDDINGS), default="yamnet")
    options = parser.parse_args()
    embedding, models = EMBEDDINGS[options.embedding], Models(Store(), find_card("embedded"), "cpu")
    clips = list(_clips(options.sets))
    print(f"{len(clips)} clips, {embedding.title}")
    vectors = np.stack([embedding.of(decode(path), models) for _, path in clips])
    subsets = np.array([subset for subset, _ in clips])
    for subset in ("", *sorted(set(subsets))):
        _halves(subset or "all", vectors[subsets == subset] if subset else vectors)
    for one, other in (("music", "sound"), ("speech", "mix"), ("speech", "music")):
        _tell(f"{one} against {other}", vectors[subsets == one], vectors[subsets == other])
    order = [at for at, subset in enumerate(subsets) if subset != "mix"]
    random.Random(0).shuffle(order)
    chosen, reference = order[:DEGRADED], vectors[order[DEGRADED:][:REFERENCE]]
    for name, degrade in DEGRADATIONS.items():
        made = [degrade(decode(clips[at][1]).at(RATE)[:LONGEST].copy()) for at in chosen]
        heard = [embedding.of(Waveform(samples[None], RATE), models) for samples in made]
        _tell(name, np.stack(heard), reference)


def _clips(sets: Path) -> Iterator[tuple[str, Path]]:
    for name in ("devset", "devset2", "gendev"):
        text = (sets / name / "manifest.jsonl").read_text(encoding="utf-8")
        by_file = {row["audio"]: row["subset"] for row in map(json.loads, text.splitlines())}
        yield from ((subset, sets / name / audio) for audio, subset in by_file.items())


def _halves(name: str, vectors: Floats) -> None:
    draw, half = np.random.default_rng(0), len(vectors) // 2
    found = []
    for _ in range(DRAWS):
        order: npt.NDArray[np.int64] = draw.permutation(len(vectors))
        found.append(kernel_distance(vectors[order[:half]], vectors[order[half:]]))
    covered = np.mean([one.low <= 0 <= one.high for one in found])
    mean = SCALE * float(np.mean([one.value for one in found]))
    width = SCALE * float(np.mean([one.high - one.low for one in found]))
    print(f"halves of {name}, {half} clips each: mean {mean:.2f}, width {width:.2f}, 0 inside in {covered:.0%}")


def _tell(name: str, outputs: Floats, reference: Floats) -> None:
    found = kernel_distance(outputs, reference)
    low, high = SCALE * found.low, SCALE * found.high
    print(f"{name}: {SCALE * found.value:.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
