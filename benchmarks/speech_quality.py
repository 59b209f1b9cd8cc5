"""How well the speech-quality scale orders pairs and graded degradations.

Usage: python benchmarks/speech_quality.py DIR

DIR holds pairs.jsonl (audio_a, audio_b, preferred) and ratings.jsonl (audio, dimension, score, source_clip). Prints
the share of pairs in the right order, and Spearman's correlation of scale and score within each degradation of each
source clip, averaged by degradation: for the predicted opinions alone and for the scale that the judge uses. Nothing
is fitted; the three weights of the scale were set by hand (`judges/embedded/scale.py`), so both columns are shown.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.scale import QualityFacts, quality_facts
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

Score = Callable[[QualityFacts], float]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measured(folder: Path, names: Iterable[str]) -> dict[str, QualityFacts]:
    """Return what the scale rests on, by audio file."""
    models, heads = Models(Store(), find_card("embedded"), "cpu", 2), load_heads()

    def one(name: str) -> tuple[str, QualityFacts]:
        return name, quality_facts(ClipFeatures(decode(folder / name), models, heads))

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, sorted(set(names))))


def pair_accuracy(pairs: Iterable[Mapping[str, Any]], facts: Mapping[str, QualityFacts], score: Score) -> float:
    """Return the share of pairs whose preferred clip scores higher; a tie is half."""
    right = []
    for pair in pairs:
        other = "b" if pair["preferred"] == "a" else "a"
        better, worse = (score(facts[pair[f"audio_{side}"]]) for side in (pair["preferred"], other))
        right.append(1.0 if better > worse else 0.5 if better == worse else 0.0)
    return float(np.mean(right))


def rank_agreement(
    ratings: Iterable[Mapping[str, Any]], facts: Mapping[str, QualityFacts], score: Score
) -> dict[str, float]:
    """Return Spearman's correlation by degradation, the mean over source clips."""
    groups: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for rating in ratings:
        scored = (score(facts[rating["audio"]]), float(rating["score"]))
        groups[rating["dimension"], rating["source_clip"]].append(scored)
    by_kind: dict[str, list[float]] = defaultdict(list)
    for (kind, _), found in groups.items():
        ours, theirs = zip(*found, strict=True)
        by_kind[kind].append(float(spearmanr(ours, theirs).statistic))
    return {kind: float(np.mean(values)) for kind, values in sorted(by_kind.items())}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pairs, ratings = read(folder / "pairs.jsonl"), read(folder / "ratings.jsonl")
    names = [pair[side] for pair in pairs for side in ("audio_a", "audio_b")] + [row["audio"] for row in ratings]
    facts = measured(folder, names)
    for title, score in (("opinion alone", lambda one: one.opinion), ("the scale", lambda one: one.score)):
        by_kind = rank_agreement(ratings, facts, score)
        shown = "  ".join(f"{kind} {value:.3f}" for kind, value in by_kind.items())
        print(
            f"{title:14s} pairs {pair_accuracy(pairs, facts, score):.3f}  Spearman {np.mean([*by_kind.values()]):.3f}"
        )
        print(f"{'':14s} {shown}")


if __name__ == "__main__":
    main()
