"""Fit the curves of `audiojudge rate` with the embedded judge: from a measured figure to a share of a five-point scale.

    python benchmarks/fit_ratings.py SET SET [--write]

A SET is a folder with `ratings.jsonl` (audio, dimension, score 1 to 5, source_clip) of graded degradations. Each set is
left out in turn: curves fitted on the others rate it. The figures printed first are those; `--write` fits on all.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiojudge_cli.bundle import bundled
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.judges.embedded.rating import ASPECTS, SCHEMA
from audiojudge_cli.judges.embedded.reading import NotHeard
from audiojudge_cli.stats.ranking import spearman

OVERALL = "overall"
Knots = list[tuple[float, float]]


@dataclass(frozen=True)
class Row:
    """One graded clip: its set, degradation, source clip, score 1 to 5, and the figures by aspect."""

    set: str
    dimension: str
    source: str
    score: float
    figures: dict[str, float]


def observe(folder: Path) -> list[Row]:
    """Measure every clip of a set."""
    judge, rows = load(device="cpu"), []
    aspects = {aspect.name: aspect for aspect in ASPECTS}
    for clip in find_clips(folder / "ratings.jsonl", captioned=False).clips:
        told = clip.metadata
        heard = ClipFeatures(decode(clip.source), judge.models, judge.heads)
        found = {name: aspects[name].measure(heard) for name in {str(told["dimension"]), OVERALL} if name in aspects}
        figures = {name: one.value for name, one in found.items() if not isinstance(one, NotHeard)}
        rows.append(Row(folder.name, str(told["dimension"]), str(told["source_clip"]), float(told["score"]), figures))
    return rows


def knots(rows: Iterable[Row], name: str) -> Knots:
    """Return the median figure of each score, made monotone, with the score as a share of the scale."""
    by_score: dict[float, list[float]] = defaultdict(list)
    for row in rows:
        if name in row.figures and name in {row.dimension, OVERALL}:
            by_score[row.score].append(row.figures[name])
    scores = sorted(by_score)
    medians = np.array([float(np.median(by_score[score])) for score in scores])
    # Figures rise or fall with the score; neighbours out of order are pooled (isotonic regression).
    from scipy.optimize import isotonic_regression

    increasing = bool(medians[-1] > medians[0])
    fitted = isotonic_regression(medians, increasing=increasing).x
    low, high = 1.0, 5.0
    found: dict[float, list[float]] = defaultdict(list)
    for value, score in zip(fitted, scores, strict=True):
        found[round(float(value), 4)].append((score - low) / (high - low))
    return sorted((value, float(np.mean(shares))) for value, shares in found.items())


def errors(rows: Sequence[Row], name: str, curve: Knots) -> tuple[list[float], list[float]]:
    """Return the errors in shares of the scale, and the rank correlation of each source clip."""
    missed, ranks = [], []
    by_source: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if name in row.figures and name in {row.dimension, OVERALL}:
            share = float(np.interp(row.figures[name], [x for x, _ in curve], [y for _, y in curve]))
            missed.append(share - (row.score - 1.0) / 4.0)
            by_source[row.dimension, row.source].append((row.score, share))
    for pairs in by_source.values():
        rank = spearman(*zip(*pairs, strict=True))
        if rank is not None:
            ranks.append(rank)
    return missed, ranks


def main() -> None:
    """Print left-out and in-sample errors; write the curves where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rows = [row for folder in args.sets for row in observe(folder)]
    names = sorted({name for row in rows for name in row.figures})
    curves = {}
    print("aspect      left out: error (points of five)  Spearman     in sample: error  Spearman")
    for name in names:
        missed, ranks = [], []
        for folder in args.sets:
            inside = [row for row in rows if row.set == folder.name]
            found = errors(inside, name, knots([row for row in rows if row.set != folder.name], name))
            missed += found[0]
            ranks += found[1]
        whole = knots(rows, name)
        seen, seen_ranks = errors(rows, name, whole)
        spread = float(np.sqrt(np.mean(np.square(missed))))
        curves[name] = {"knots": whole, "spread": round(spread, 4)}
        left, inner = np.mean(np.abs(missed)) * 4, np.mean(np.abs(seen)) * 4
        print(f"{name:10} {left:18.2f} {np.mean(ranks):22.3f} {inner:21.2f} {np.mean(seen_ranks):9.3f}")
    if args.write:
        told = (
            "medians of the figure per score of graded degradations of clean speech (8 source clips, 2 sets), made "
            "monotone; spread: root mean square error of each set rated by the curve of the other. What separates two "
            "scores is the convention of those sets, no listening test. Fitted by benchmarks/fit_ratings.py"
        )
        text = json.dumps({"schema": SCHEMA, "fitted": told, "curves": curves}, indent=1)
        (bundled("models") / "embedded.ratings.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
