"""How well `audiojudge compare` prefers, and from what difference on it should.

Usage: python benchmarks/compare.py DIR [DIR ...] --out FOLDER [--workers N] [--clips N] [--judge JUDGE [--votes K]]

A DIR holds audio/, pairs.jsonl (audio_a, audio_b, preferred, target_text), ratings.jsonl (audio, dimension, score,
source_clip) and manifest.jsonl (audio, caption, type: pos or neg_swap, a caption of another clip that is wrong here).
Everything is judged by the command itself, in run folders under FOLDER that a later call goes on with. Prints

* pairs: how often the preference of pairs.jsonl is met, by quality.
* ratings: Spearman's correlation of score and quality within each degradation of each source clip.
* captions: how often `--by alignment` prefers the clip whose caption it is over another with the same caption.
* unheard: by how much the scores of N clips move when the same clip is 1 dB softer, begins 20 ms later, or went through
  Ogg Vorbis at its best quality; 95 of 100 move by less than the figure given. Margins are rounded up from it.

With --judge only the pairs, as that judge prefers: by hearing both clips, or by rewards. Nothing is fitted here.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from scipy.stats import spearmanr

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.comparing.prefer import quality
from audiojudge_cli.results.index import read_records

WORST = -9.0
"""Stands for a clip without a score: it comes last."""


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON-lines file; none where there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


class Bench:
    """Runs the command line.

    Args:
        out: Folder of everything that is made.
        workers: Clips at once.
    """

    def __init__(self, out: Path, workers: str) -> None:
        self.out, self.workers = out, workers
        out.mkdir(parents=True, exist_ok=True)

    def run(self, name: str, rows: Iterable[dict[str, Any]], *command: str) -> Path:
        """Write a manifest, run a command on it, and return the run folder."""
        manifest = self.out / f"{name}.jsonl"
        manifest.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        folder = self.out / name
        line = [sys.executable, "-m", "audiojudge_cli", command[0], str(manifest), *command[1:], "-o", str(folder)]
        done = subprocess.run([*line, "--workers", self.workers, "-q"], check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(done.returncode)
        return folder

    def agreement(self, name: str, rows: Iterable[dict[str, Any]], by: str, *judge: str) -> str:
        """Return how far a comparison agrees with `preferred`, as a line."""
        folder = self.run(name, rows, "compare", "--by", by, *judge)
        comparison = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["comparison"]
        found = comparison["agreement"]
        rate = found["accuracy"]
        counts = ", ".join(f"{found[name]} {name}" for name in ("right", "tied", "wrong", "undecided"))
        heard = comparison["heard"]
        bias = "" if not heard or heard["bias"] is None else f"; coming first is worth {heard['bias']['value']:+.3f}"
        if rate["value"] is None:
            return f"none: {counts}{bias}"
        between = "" if rate["low"] is None else f" ({rate['low']:.3f} to {rate['high']:.3f})"
        return f"{rate['value']:.3f}{between}: {counts}{bias}"

    def moves(self, name: str, rows: Iterable[dict[str, Any]], by: str) -> list[float]:
        """Return by how much the scores of pairs differ."""
        with (self.run(name, rows, "compare", "--by", by) / "pairs.csv").open(encoding="utf-8", newline="") as file:
            return [abs(float(row["margin"])) for row in csv.DictReader(file) if row["margin"]]


def pairs_of(folder: Path) -> list[dict[str, Any]]:
    """Return pairs.jsonl with paths that hold anywhere."""
    sides = ("audio_a", "audio_b")
    return [{**row, **{side: str(folder / row[side]) for side in sides}} for row in read(folder / "pairs.jsonl")]


def captions_of(folder: Path) -> list[dict[str, Any]]:
    """Return a pair for each wrong caption: the clip it is of, and the clip it was given to; sides take turns."""
    rows = read(folder / "manifest.jsonl")
    right = {row["caption"]: row["audio"] for row in reversed(rows) if row["type"] == "pos"}
    wrong = [
        row for row in rows if row["type"] == "neg_swap" and right.get(row["caption"], row["audio"]) != row["audio"]
    ]
    found = []
    for at, row in enumerate(wrong):
        sides = (right[row["caption"]], row["audio"])[:: 1 if at % 2 == 0 else -1]
        paths = {f"audio_{side}": str(folder / name) for side, name in zip("ab", sides, strict=True)}
        found.append({"caption": row["caption"], "subset": row["subset"], "preferred": "ab"[at % 2], **paths})
    return found


def spearman(bench: Bench, folder: Path) -> dict[str, float]:
    """Return the mean correlation of score and quality over source clips, for each degradation."""
    ratings = read(folder / "ratings.jsonl")
    run = bench.run(
        f"{folder.name}-ratings",
        ({"audio": str(folder / row["audio"])} for row in ratings),
        "quality",
        "--depth",
        "full",
    )
    known = {record.audio.path: quality(record.quality) for record in read_records(run)}
    groups: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for row in ratings:
        value = known[str(folder / row["audio"])]
        groups[row["dimension"]][row["source_clip"]].append((float(row["score"]), WORST if value is None else value))
    return {
        kind: float(np.mean([spearmanr(np.array(rows)).statistic for rows in clips.values()]))
        for kind, clips in sorted(groups.items())
    }


def unheard(bench: Bench, folder: Path, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return pairs of clips with themselves after changes that nobody hears."""
    place = bench.out / f"{folder.name}-unheard"
    place.mkdir(exist_ok=True)
    found = []
    for row in rows:
        wave, stem = decode(folder / row["audio"]), Path(row["audio"]).stem
        samples = wave.channels.T
        changes = {
            "soft.wav": samples * 10 ** (-1 / 20),
            "late.wav": np.pad(samples, ((round(0.02 * wave.rate), 0), (0, 0))),
        }
        for name, changed in changes.items():
            soundfile.write(place / f"{stem}-{name}", changed, wave.rate, "FLOAT")
        # libsndfile's level of compression: 0 is its best quality.
        soundfile.write(place / f"{stem}-coded.ogg", samples, wave.rate, "VORBIS", compression_level=0.0)
        kept: dict[str, Any] = {"caption": row["caption"]} if "caption" in row else {}
        original = str(folder / row["audio"])
        for name in (*changes, "coded.ogg"):
            pair: dict[str, Any] = {**kept, "audio_a": original, "audio_b": str(place / f"{stem}-{name}")}
            found.append(pair)
    return found


def spread(rows: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return so many rows from all over a list."""
    return [rows[at] for at in sorted({round(at) for at in np.linspace(0, len(rows) - 1, min(count, len(rows)))})]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True, help="folder of what is made")
    parser.add_argument("--workers", default="auto")
    parser.add_argument("--clips", type=int, default=24, help="clips of each kind that are changed unheard")
    parser.add_argument("--judge", help="who compares the pairs, instead of the records")
    parser.add_argument("--votes", help="of a judge that hears both clips")
    options = parser.parse_args(arguments)
    bench = Bench(options.out, options.workers)
    for given in options.folders:
        folder = given.resolve()
        print(f"== {folder.name}", flush=True)
        if options.judge:
            how = ("--judge", options.judge, *(("--votes", options.votes) if options.votes else ()))
            print(f"pairs     {bench.agreement(f'{folder.name}-heard', pairs_of(folder), 'quality', *how)}", flush=True)
            continue
        print(f"pairs     {bench.agreement(f'{folder.name}-pairs', pairs_of(folder), 'quality')}", flush=True)
        found = spearman(bench, folder)
        told = ", ".join(f"{kind} {value:.3f}" for kind, value in found.items())
        print(f"ratings   {np.mean(list(found.values())):.3f}: {told}", flush=True)
        print(f"captions  {bench.agreement(f'{folder.name}-captions', captions_of(folder), 'alignment')}", flush=True)
        clean = [row for row in read(folder / "ratings.jsonl") if float(row["score"]) == 5]
        clean += [{"audio": row[f"audio_{row['preferred']}"]} for row in read(folder / "pairs.jsonl")]
        clean = list({row["audio"]: {"audio": row["audio"]} for row in clean}.values())
        captioned = [row for row in read(folder / "manifest.jsonl") if row["type"] == "pos"]
        for by, rows in (("quality", clean), ("alignment", captioned)):
            pairs = unheard(bench, folder, spread(rows, options.clips))
            moved = bench.moves(f"{folder.name}-unheard-{by}", pairs, by)
            ends = np.quantile(moved, (0.5, 0.95))
            print(
                f"unheard   {by}: half under {ends[0]:.3f}, 95 % under {ends[1]:.3f}, of {len(moved)} pairs", flush=True
            )


if __name__ == "__main__":
    main()
