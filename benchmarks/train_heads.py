"""Train linear heads that name instruments from musicnn's embedding, on rendered and on recorded notes.

Usage: python benchmarks/train_heads.py MUSIC [MUSIC ...] --speech FOLDER

MUSIC: folders of benchmarks/generate_music.py (several soundfonts) and benchmarks/generate_notes.py (recorded notes,
and sounds that are no music). FOLDER: WAV files of speech (ours were spoken by espeak-ng), mixed over a copy of every
second piece at -2 to 14 dB, so that music under a voice is heard too. Of every piece a copy in other colours is heard
as well. Writes models/embedded.heads.npz and prints how well each instrument is told apart on pieces held out (every
fifth). To measure on a set that was rendered with one of the soundfonts, train without it and give the file to
benchmarks/quality.py --heads. Ours: TimGM6mb and FluidR3 (1,200 pieces each), the bank of Csound (900), notes (800).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.signal import fftconvolve

from audiojudge_cli.bundle import bundled
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.heads import pooled
from audiojudge_cli.probes.music_tags import tag_music
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.stats.ranking import roc_auc
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

RATE = 16_000
RIDGE = 6e-2
"""Per example; chosen on items of sets rendered with other soundfonts among 1e-3 to 1e-1: pieces held out
of the same soundfonts prefer less, and say little about others."""

_BANDS_HZ = (50, 150, 400, 1000, 2500, 5000, 8000)
"""Where a coloured copy is raised or lowered, by up to 8 dB each, linearly between them over the logarithm."""


def pieces(folders: list[Path]) -> Iterator[tuple[Path, list[str]]]:
    """Yield audio file and instruments."""
    for folder in folders:
        for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield folder / entry["audio"], entry["instruments"]


def under_speech(music: np.ndarray, voices: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Return the piece with a random voice over it."""
    voice = np.pad(voices[int(rng.integers(len(voices)))], (0, int(rng.integers(1, RATE))))
    voice = np.resize(voice, len(music))
    gain = 10 ** (rng.uniform(-2, 14) / 20) * np.sqrt(np.mean(music**2) / max(1e-9, float(np.mean(voice**2))))
    mixed = music + voice * gain
    return np.asarray(mixed * (0.7 / np.abs(mixed).max()), dtype=np.float32)


def coloured(music: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the piece as another microphone in another room would have heard it: tilted, echoing, over faint noise."""
    size = len(music)
    heights = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / RATE), _BANDS_HZ[0]))
    tilt = np.interp(heights, np.log2(_BANDS_HZ), rng.uniform(-8, 8, len(_BANDS_HZ)))
    heard = np.fft.irfft(np.fft.rfft(music) * 10 ** (tilt / 20), size)
    if rng.random() < 0.6:  # noise that dies away within 0.15 to 1.5 s stands for a room
        length = int(RATE * rng.uniform(0.15, 1.5))
        echo = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
        wet = rng.uniform(0.1, 0.7)
        heard = (1 - wet) * heard + wet * fftconvolve(heard, echo / np.sqrt((echo**2).sum()))[:size]
    if rng.random() < 0.5:  # 8 to 35 dB below the music
        spectrum = np.fft.rfft(rng.standard_normal(size)) / np.maximum(1, np.arange(size // 2 + 1)) ** rng.uniform(
            0, 0.8
        )
        noise = np.fft.irfft(spectrum, size)
        heard = heard + noise * np.sqrt(np.mean(heard**2) / np.mean(noise**2)) * 10 ** (-rng.uniform(8, 35) / 20)
    return np.asarray(heard * (0.7 / np.abs(heard).max()), dtype=np.float32)


def embed(found: list[tuple[Path, list[str]]], speech: Path, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return pooled embeddings, shape (examples, 200), and the piece each belongs to.

    Every piece gives two, plain and coloured; every second one under speech as well.
    """
    models = Models(Store(), find_card("embedded"), "cpu", 2)
    voices = [decode(path).at(RATE) for path in sorted(speech.glob("*.wav"))]

    def one(number: int) -> list[np.ndarray]:
        rng = np.random.default_rng((seed, number))
        music = decode(found[number][0]).at(RATE)
        heard = [music, coloured(music, rng), *([under_speech(music, voices, rng)] if number % 2 == 0 else [])]
        return [pooled(tag_music(samples, models.musicnn).embedding) for samples in heard]

    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(one, range(len(found))))
    owners = np.repeat(np.arange(len(found)), [len(part) for part in parts])
    return np.stack([row for part in parts for row in part]), owners


def fit(matrix: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return weights and bias of ridge logistic regressions, one row per column of `labels`, all fitted at once.

    Yes and no weigh the same for every instrument.
    """
    share = labels.mean(axis=0)
    weights = np.where(labels, 0.5 / share, 0.5 / (1 - share)) / len(labels)
    shape = (labels.shape[1], matrix.shape[1] + 1)

    def loss(flat: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, np.ndarray]:
        theta = flat.reshape(shape)
        logits = matrix @ theta[:, :-1].T + theta[:, -1]
        value = np.sum(weights * (np.logaddexp(0, logits) - labels * logits)) + 0.5 * RIDGE * np.sum(theta[:, :-1] ** 2)
        residual = weights * (1 / (1 + np.exp(-logits)) - labels)
        gradient = np.column_stack([residual.T @ matrix + RIDGE * theta[:, :-1], residual.sum(axis=0)])
        return float(value), gradient.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.asarray(found.x.reshape(shape))


def main() -> None:
    """Train, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=Path, nargs="+")
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="keep the embeddings in this .npz file")
    parser.add_argument("--out", type=Path, default=bundled("models") / "embedded.heads.npz")
    arguments = parser.parse_args()
    found = list(pieces(arguments.music))
    if arguments.cache is not None and arguments.cache.exists():
        with np.load(arguments.cache) as kept:
            matrix, owners = kept["matrix"], kept["owners"]
    else:
        matrix, owners = embed(found, arguments.speech, arguments.seed)
        if arguments.cache is not None:
            np.savez(arguments.cache, matrix=matrix, owners=owners)
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 0.02
    standard = (matrix - mean) / scale
    names = sorted({name for _, instruments in found for name in instruments})
    held_out = owners % 5 == 0
    labels = np.array([[name in found[owner][1] for name in names] for owner in owners])
    tried = fit(standard[~held_out], labels[~held_out])
    logits = standard[held_out] @ tried[:, :-1].T + tried[:, -1]
    for column, name in enumerate(names):
        auc = roc_auc(list(logits[:, column]), list(labels[held_out, column]))
        print(f"{name:16s} {int(labels[:, column].sum()):5d} of {len(labels)}  held-out AUC {auc:.3f}", flush=True)
    theta = fit(standard, labels)
    np.savez(
        arguments.out,
        names=np.array(names),
        mean=mean.astype(np.float32),
        scale=scale.astype(np.float32),
        weights=theta[:, :-1].astype(np.float16),
        bias=theta[:, -1].astype(np.float32),
    )


if __name__ == "__main__":
    main()
