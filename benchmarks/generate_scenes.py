"""Make scenes of known course from single sounds of the development set: what comes first, last, when, how often.

Usage: python benchmarks/generate_scenes.py DEVSET OUT --seed 0

Takes the recorded clips of the set that hold one named sound, and puts them one after another, over each other, or
several times in a row. Writes OUT/manifest.jsonl in the form of the labelled set, so that fit_traits.py reads it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from signal_sets import samples_of
from transforms import Array, envelope, noisy, peak

RATE = 16_000
LONGEST_S = 4.0
BURST_S = 0.6
"""Length of what is repeated, cut around the loudest moment: a longer sound may hold several bursts of its own."""
TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}
_ASKED = re.compile(r"(Is|Are) (.+) audible\?")
Item = tuple[str, str, bool]


@dataclass(frozen=True)
class Single:
    """One recorded sound: its samples without silence around them, what it is called, and its file."""

    samples: Array
    verb: str
    name: str
    source: str


@dataclass
class Book:
    """The scenes written so far."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, audio: Array, items: Sequence[Item], source: str) -> None:
        """Write a scene and its items."""
        path = f"audio/{len(self.rows):04d}_{kind}.flac"
        soundfile.write(self.folder / path, peak(audio, -3.0), RATE)
        rubric = [
            {"dimension": dimension, "question": question, "basis": question, "answer": "yes" if holds else "no"}
            for dimension, question, holds in items
        ]
        row = {"audio": path, "caption": kind, "label": "yes", "type": "pos", "subset": "mix", "source": source}
        self.rows.append({**row, "rubric": rubric})


def singles(devset: Path) -> list[Single]:
    """Return the clips with one named sound, cut to their sounding part and `LONGEST_S`."""
    found = []
    for line in (devset / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        named = [item for item in row["rubric"] if item["dimension"] == "event" and item["answer"] == "yes"]
        asked = _ASKED.fullmatch(named[0]["question"]) if len(named) == 1 else None
        if row["label"] != "yes" or row["subset"] != "sound" or asked is None:
            continue
        samples = samples_of(devset / row["audio"], RATE).astype(np.float64)
        loud = np.flatnonzero(envelope(samples, RATE) > 0.03 * envelope(samples, RATE).max())
        samples = samples[loud[0] : loud[-1] + 1][: round(LONGEST_S * RATE)]
        if len(samples) >= 0.25 * RATE:
            level = np.sqrt(np.mean(samples**2))
            found.append(Single(0.05 * samples / level, asked[1], asked[2], row["audio"]))
    return found


def draw(known: Sequence[Single], count: int, random: np.random.Generator) -> list[Single]:
    """Return some sounds of different names."""
    chosen: dict[str, Single] = {}
    while len(chosen) < count:
        single = known[int(random.integers(len(known)))]
        chosen.setdefault(single.name, single)
    return list(chosen.values())


def sequence(book: Book, parts: Sequence[Single], random: np.random.Generator) -> None:
    """Sounds one after another: which is first, which last, when each begins."""
    pieces, starts, at = [], [], 0
    for part in parts:
        gap = round(random.uniform(0.2, 1.5) * RATE)
        starts.append((at + gap) / RATE)
        pieces += [np.zeros(gap), part.samples * 10 ** (random.uniform(-4, 4) / 20)]
        at += gap + len(part.samples)
    total = at / RATE
    items: list[Item] = []
    for place, part in enumerate(parts):
        items.append(("order", f"Does it start with {part.name}?", place == 0))
        items.append(("order", f"{part.verb} {part.name} heard at the end?", place == len(parts) - 1))
        end = starts[place] + len(part.samples) / RATE
        wrong = [second for second in range(int(total) + 1) if second < starts[place] - 1.5 or second > end + 1.0]
        when = round(starts[place])
        items.append(("duration", f"{part.verb} {part.name} heard at about {when} seconds?", True))
        if wrong:
            other = wrong[int(random.integers(len(wrong)))]
            items.append(("duration", f"{part.verb} {part.name} heard at about {other} seconds?", False))
    first, second = parts[0], parts[1]
    items.append(("simultaneity", f"Are {first.name} and {second.name} heard at the same time?", False))
    book.add("sequence", noisy(np.concatenate(pieces), 45, random), items, first.source)


def overlap(book: Book, one: Single, other: Single, random: np.random.Generator) -> None:
    """Two sounds at once, the shorter one repeated."""
    size = max(len(one.samples), len(other.samples))
    mixed = np.resize(one.samples, size) + 10 ** (random.uniform(-6, 6) / 20) * np.resize(other.samples, size)
    item = ("simultaneity", f"Are {one.name} and {other.name} heard at the same time?", True)
    book.add("overlap", noisy(mixed, 45, random), [item], one.source)


def burst(single: Single) -> Array:
    """Return the loudest moment of a sound, faded in and out."""
    peak_at = int(np.argmax(envelope(single.samples, RATE, 30.0)))
    start = max(0, min(peak_at - RATE // 10, len(single.samples) - round(BURST_S * RATE)))
    cut = single.samples[start : start + round(BURST_S * RATE)]
    at = np.arange(len(cut)) / RATE
    return np.asarray(cut * np.minimum(1.0, np.minimum(at / 0.02, (at[-1] - at) / 0.2)))


def repeats(book: Book, single: Single, random: np.random.Generator) -> None:
    """The loudest moment of a sound several times."""
    stroke = burst(single)
    count = int(random.integers(1, 6))
    pieces = [np.zeros(round(0.3 * RATE))]
    for _ in range(count):
        pieces += [stroke * random.uniform(0.7, 1.0), np.zeros(round(random.uniform(0.5, 1.4) * RATE))]
    wrong = [other for other in TIMES if other != count and abs(other - count) <= 2]
    asked = ((count, True), (wrong[int(random.integers(len(wrong)))], False))
    items = [("count", f"{single.verb} {single.name} heard exactly {TIMES[n]}?", right) for n, right in asked]
    book.add("repeats", noisy(np.concatenate(pieces), 40, random), items, single.source)


def main() -> None:
    """Write the set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("devset", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    (arguments.out / "audio").mkdir(parents=True, exist_ok=True)
    book, known = Book(arguments.out), singles(arguments.devset)
    for number in range(160):
        sequence(book, draw(known, 2 + number % 2, random), random)
    for _ in range(100):
        one, other = draw(known, 2, random)
        overlap(book, one, other, random)
    for _ in range(100):
        repeats(book, known[int(random.integers(len(known)))], random)
    lines = (json.dumps(row, ensure_ascii=False) for row in book.rows)
    (arguments.out / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(book.rows)} scenes of {len(known)} sounds in {arguments.out}")


if __name__ == "__main__":
    main()
