"""How well the figures of the quality profile order graded degradations and pairs, and what its faults find.

Usage: python benchmarks/quality_profile.py DIR [DIR ...] [--without-models]

A DIR holds audio/ and, where it has them, ratings.jsonl (audio, dimension, score, source_clip) and pairs.jsonl
(audio_a, audio_b, preferred). Prints

* Spearman's correlation of score and figure within each degradation of each source clip, mean and lowest, for the
  figure that is meant to measure it, and the share of pairs whose preferred clip has the higher opinion (`mos`); a clip
  without speech to be rated comes last. Beside them the scale by which the embedded judge answers
  (`quality/scale.py`).
* The ratio that `snr_db` gives to clips of the ratings that nobody degraded when noise is added at a known one.
* How many of the other clips of audio/ have a fault, clip by clip, and how often a fault made on purpose is found.

Nothing is fitted here.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.stats import spearmanr

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.quality.profile import profile
from audiojudge_cli.results.quality import QualityProfile
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

MEANT: Mapping[str, tuple[str, int]] = {
    "noise": ("snr_db", 1),
    "clipping": ("clipped_pct", -1),
    "bandwidth": ("bandwidth_hz", 1),
    "dropouts": ("silence_pct", -1),
    "reverb": ("mos", 1),
}
"""The figure that measures a degradation, and whether it rises (1) or falls with quality."""

RATIOS_DB = (-5, 0, 5, 10, 20, 30)
LEAST_S = 2.0
"""Shorter clips are not spoilt: a loop of three times half a second is longer."""

Spoil = Callable[[np.ndarray, int, np.random.Generator], Waveform | None]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON-lines file; none where there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


class Rated:
    """The clips of a folder that somebody rated or compared.

    Args:
        folder: Holds ratings.jsonl and pairs.jsonl.
        models: For opinions and for the judge's scale; None: neither.
    """

    def __init__(self, folder: Path, models: Models | None) -> None:
        self.ratings, self.pairs = read(folder / "ratings.jsonl"), read(folder / "pairs.jsonl")
        self.names = {row["audio"] for row in self.ratings}
        self.names |= {pair[side] for pair in self.pairs for side in ("audio_a", "audio_b")}
        self.found: dict[str, QualityProfile] = {}
        for name in sorted(self.names):
            wave = decode(folder / name)
            self.found[name] = profile(wave, models=models)

    def figure(self, name: str, figure: str) -> float:
        """Return a figure of a clip; what it does not have comes last."""
        value = getattr(self.found[name], figure)
        return -np.inf if value is None else float(value)

    def agreement(self, kind: str, figure: str, sign: int) -> list[float]:
        """Return Spearman's correlation of score and figure for each source clip."""
        groups: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for row in self.ratings:
            if row["dimension"] == kind:
                groups[row["source_clip"]].append((float(row["score"]), sign * self.figure(row["audio"], figure)))
        tables = [np.array(rows) for rows in groups.values()]
        return [float(spearmanr(table[:, 0], table[:, 1]).statistic) for table in tables]

    def right(self, figure: str) -> float:
        """Return the share of pairs whose preferred clip has the higher figure; a tie is half."""
        points = []
        for pair in self.pairs:
            a, b = (self.figure(pair[f"audio_{side}"], figure) for side in "ab")
            points.append(0.5 if a == b else float((a > b) == (pair["preferred"] == "a")))
        return float(np.mean(points))


def report_ratings(rated: Rated, *, opinions: bool) -> None:
    """Print how figures and scores agree."""
    print(f"{'degradation':12}{'figure':14}{'Spearman':>9}{'lowest':>8}{'clips':>7}{'the scale':>11}")
    means, scales = [], []
    for kind in sorted({row["dimension"] for row in rated.ratings}):
        figure, sign = MEANT[kind]
        if figure == "mos" and not opinions:
            continue
        found = rated.agreement(kind, figure, sign)
        scale = rated.agreement(kind, "speech", 1) if opinions else [np.nan]
        means.append(np.mean(found))
        scales.append(np.mean(scale))
        print(f"{kind:12}{figure:14}{means[-1]:9.3f}{min(found):8.2f}{len(found):7d}{scales[-1]:11.3f}")
    print(f"{'mean':26}{np.mean(means):9.3f}{'':15}{np.mean(scales):11.3f}")
    if opinions:
        print(
            f"{'pairs':12}{'mos':14}{rated.right('mos'):9.3f}{'':8}{len(rated.pairs):7d}{rated.right('speech'):11.3f}"
        )


def report_noise(folder: Path, rated: Rated) -> None:
    """Print what ratio is measured where noise was added to the untouched clips at a known one."""
    rng = np.random.default_rng(0)
    best = max((float(row["score"]) for row in rated.ratings), default=0.0)
    clean = [row["audio"] for row in rated.ratings if row["dimension"] == "dropouts" and float(row["score"]) == best]
    print(f"\nnoise added, dB        {''.join(f'{ratio:>8d}' for ratio in RATIOS_DB)}")
    for colour, slope in (("white", 0.0), ("pink", 0.5), ("brown", 1.0)):
        errors: list[list[float]] = [[] for _ in RATIOS_DB]
        for name in clean:
            wave = decode(folder / name)
            spectrum = np.fft.rfft(rng.normal(size=len(wave.mono)))
            noise = np.fft.irfft(
                spectrum / np.maximum(np.arange(len(spectrum)), 20 * wave.duration_s) ** slope, len(wave.mono)
            )
            noise *= np.std(wave.mono) / np.std(noise)
            for at, ratio in enumerate(RATIOS_DB):
                mixed = wave.mono + noise * 10 ** (-ratio / 20)
                found = profile(mono(mixed, wave.rate)).snr_db
                errors[at].append(np.nan if found is None else found)
        print(f"  measured, {colour:11}{''.join(f'{np.nanmean(row):8.1f}' for row in errors)}   ({len(clean)} clips)")


def mono(samples: np.ndarray, rate: int) -> Waveform:
    """Return one channel of samples as a decoded clip."""
    return Waveform(np.asarray(samples, dtype=np.float32)[None], rate)


def _loop(samples: np.ndarray, rate: int, rng: np.random.Generator) -> Waveform:
    length = round(rng.uniform(0.3, 1.5) * rate)
    start = int(rng.integers(0, max(1, len(samples) - length)))
    return mono(np.concatenate([samples[:rate], np.tile(samples[start : start + length], 4)]), rate)


def _burst(samples: np.ndarray, rate: int, rng: np.random.Generator) -> Waveform:
    spoilt = samples / max(1e-9, float(np.abs(samples).max())) * 0.7
    length = round(rng.uniform(0.08, 0.4) * rate)
    start = int(rng.integers(0, len(samples) - length))
    spoilt[start : start + length] = rng.uniform(-1, 1, length)
    return mono(spoilt, rate)


def _cut(samples: np.ndarray, rate: int, rng: np.random.Generator) -> Waveform | None:
    """End within 4 dB of the level that the loud parts reach, at any such place after 0.8 s."""
    size = rate // 50
    level = np.square(samples[: len(samples) // size * size]).reshape(-1, size).mean(axis=1)
    places = np.flatnonzero(level > 0.4 * np.quantile(level, 0.95))
    places = places[(places > 40) & (places < len(level) - 5)]
    return mono(samples[: (int(rng.choice(places)) + 1) * size], rate) if len(places) else None


def _clip(samples: np.ndarray, rate: int, rng: np.random.Generator) -> Waveform:
    ceiling = float(np.quantile(np.abs(samples), rng.uniform(0.9, 0.99)))
    return mono(np.clip(samples, -ceiling, ceiling) * (0.9 / max(1e-9, ceiling)), rate)


def _narrow(samples: np.ndarray, rate: int, _rng: np.random.Generator) -> Waveform | None:
    return mono(mono(mono(samples, rate).at(8000), 8000).at(48_000), 48_000) if rate > 8000 else None


def _dead(samples: np.ndarray, rate: int, _rng: np.random.Generator) -> Waveform:
    return Waveform(np.stack([samples * 1e-4, samples]).astype(np.float32), rate)


SPOILT: Mapping[str, Spoil] = {
    "silent": lambda samples, rate, _: mono(samples * 0, rate),
    "nearly-silent": lambda samples, rate, _: mono(samples / max(1e-9, float(np.abs(samples).max())) * 5e-4, rate),
    "clipped": _clip,
    "truncated": _cut,
    "dead-channel": _dead,
    "telephone-band": _narrow,
    "digital-noise": _burst,
    "loop": _loop,
    "dc-offset": lambda samples, rate, rng: mono(samples * 0.8 + rng.choice([-1, 1]) * rng.uniform(0.02, 0.2), rate),
}


def clips(folder: Path, without: set[str]) -> Iterator[tuple[str, Waveform]]:
    """Yield the clips of audio/ that nobody degraded on purpose."""
    for path in sorted((folder / "audio").iterdir()):
        if f"audio/{path.name}" not in without:
            yield path.name, decode(path)


def report_faults(folder: Path, without: set[str]) -> None:
    """Print what faults are found, and how often those made on purpose are."""
    rng = np.random.default_rng(0)
    found: Counter[str] = Counter()
    made: dict[str, list[bool]] = {name: [] for name in SPOILT}
    subsets = {Path(row["audio"]).name: row["subset"] for row in read(folder / "manifest.jsonl")}
    cut: dict[str, list[bool]] = defaultdict(list)
    named: list[str] = []
    count = 0
    for name, wave in clips(folder, without):
        count += 1
        before = {fault.name for fault in profile(wave).faults}
        found.update(before)
        named += [f"{fault} {name}" for fault in sorted(before)]
        for fault, spoil in SPOILT.items():
            if wave.duration_s < LEAST_S or fault in before:
                continue
            spoilt = spoil(wave.mono, wave.rate, rng)
            if spoilt is not None:
                made[fault].append(fault in {one.name for one in profile(spoilt).faults})
                if fault == "truncated":
                    cut[subsets.get(name, "other")].append(made[fault][-1])
    print(f"\n{'fault':16}{'found as they are':>19}{'found when made':>17}")
    for fault, hits in made.items():
        print(f"{fault:16}{found[fault]:10d} of {count:<5d}{np.mean(hits):11.2f} of {len(hits)}")
    print(f"truncated: {', '.join(f'{name} {np.mean(hits):.2f} of {len(hits)}' for name, hits in sorted(cut.items()))}")
    print("  " + "\n  ".join(named))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--without-models", action="store_true", help="leave out opinions and the judge's scale")
    options = parser.parse_args(arguments)
    models = None if options.without_models else Models(Store(), find_card("embedded"), "cpu")
    for folder in options.folders:
        print(f"\n== {folder.name}")
        rated = Rated(folder, models)
        if rated.ratings:
            report_ratings(rated, opinions=models is not None)
            report_noise(folder, rated)
        report_faults(folder, rated.names)


if __name__ == "__main__":
    main()
