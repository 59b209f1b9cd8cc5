"""Combine recorded single notes into short pieces with known instruments, for training the instrument heads.

Usage: python benchmarks/generate_notes.py NOTES OUT --count 700 --seed 0

NOTES holds notes.jsonl ({"audio", "instrument", "family"}) and its recordings. Writes OUT/NNNN.flac and
OUT/labels.jsonl as generate_music.py does: phrases of one instrument, overlapping for chords, often with a second
instrument or percussion behind it. Recordings keep what a soundfont lacks: breath, bow, room, uneven notes.
A tenth of the pieces is no music at all (noise, rumble, clicks, chirps, hum), with no instrument in its labels.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 16_000
SECONDS = 6
HEADS = {
    "bass clarinet": "clarinet",
    "contrabassoon": "bassoon",
    "cor anglais": "oboe",
    "double bass": "double_bass",
    "french horn": "french_horn",
    "guitar": "acoustic_guitar",
}
"""Recorded instruments whose head has another name."""

NOT_PERCUSSION = frozenset({"swanee whistle", "train whistle", "motor horn", "squeaker", "spring coil", "flexatone"})
"""Filed under percussion because percussionists play them."""

NOTHING = 0.1
"""Share of pieces that are no music."""


def recordings(folder: Path) -> dict[str, list[np.ndarray]]:
    """Return the recordings of each head, silence before the note cut off."""
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    for line in (folder / "notes.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        name = entry["instrument"]
        if name in NOT_PERCUSSION:
            continue
        # Read without our own decoder: the headers of these MP3 files claim a little more than they hold.
        played, rate = soundfile.read(folder / entry["audio"], dtype="float32", always_2d=True)
        samples = soxr.resample(played.mean(axis=1), rate, RATE)
        heard = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())  # 34 dB below the peak
        head = HEADS.get(name, name) if entry["family"] == "melodic" else "drums"
        found[head].append(samples[max(0, heard[0] - 80) : heard[-1] + 800] / np.abs(samples).max())
    return found


def phrase(notes: Sequence[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Return notes one after the other, or over each other, for the length of a piece."""
    out = np.zeros(SECONDS * RATE, dtype=np.float32)
    step = rng.uniform(0.12, 0.8)
    chosen = [notes[int(rng.integers(len(notes)))] for _ in range(int(rng.integers(2, 9)))]
    at = rng.uniform(0, 0.3)
    while at < SECONDS:
        for _ in range(int(rng.integers(1, 4)) if rng.random() < 0.3 else 1):
            note = chosen[int(rng.integers(len(chosen)))]
            longest = int(RATE * step * rng.uniform(0.8, 4.0)) if rng.random() < 0.7 else len(note)
            note = note[: min(longest, len(out) - int(at * RATE))].copy()
            fade = min(400, len(note))
            if fade:
                note[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
            out[int(at * RATE) : int(at * RATE) + len(note)] += note * rng.uniform(0.4, 1.0)
        at += step * rng.choice((0.5, 1.0, 1.0, 2.0))
    return levelled(out)


def levelled(samples: np.ndarray) -> np.ndarray:
    """Return samples with a peak of one."""
    return np.asarray(samples / max(1e-6, float(np.abs(samples).max())), dtype=np.float32)


def nothing(rng: np.random.Generator) -> np.ndarray:
    """Return a sound that no instrument makes: coloured noise, a rumble, clicks, a chirp, hum."""
    size = SECONDS * RATE
    time = np.arange(size) / RATE
    colour, kind = rng.uniform(0, 2), int(rng.integers(4))
    spectrum = np.fft.rfft(rng.standard_normal(size)) / np.maximum(1, np.arange(size // 2 + 1)) ** (colour / 2)
    noise = levelled(np.fft.irfft(spectrum, size))
    swell = np.interp(time, np.linspace(0, SECONDS, 13), rng.uniform(0, 1, 13) ** 2)
    if kind == 0:
        return noise
    if kind == 1:
        return levelled(noise * swell)
    if kind == 2:  # clicks that die away within 5 to 100 ms
        strokes = (rng.random(size) < rng.uniform(1, 12) / RATE).astype(float)
        decay = np.exp(-np.arange(RATE // 4) / RATE / rng.uniform(0.005, 0.1))
        return levelled(np.convolve(strokes, decay)[:size] * noise)
    sweep = rng.uniform(60, 3000) * 2 ** (rng.uniform(-1, 1) * time / SECONDS)
    return levelled(np.sin(2 * np.pi * np.cumsum(sweep) / RATE) * swell + 0.3 * noise)


def piece(found: Mapping[str, Sequence[np.ndarray]], rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """Return a piece and the instruments in it."""
    if rng.random() < NOTHING:
        return nothing(rng), []
    melodic = sorted(found.keys() - {"drums"})
    names = [str(rng.choice(melodic))]
    if rng.random() < 0.4:
        names.append(str(rng.choice(melodic)))
    if rng.random() < 0.3:
        names.append("drums")
    if rng.random() < 0.08:
        names = ["drums"]
    parts = [phrase(found[name], rng) * 10 ** (-rng.uniform(0, 10) / 20) for name in names]
    return levelled(np.sum(parts, axis=0)), sorted(set(names))


def main() -> None:
    """Write the pieces."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=700)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    found = recordings(arguments.notes)
    with (arguments.out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for number in range(arguments.count):
            samples, names = piece(found, np.random.default_rng((arguments.seed, number)))
            soundfile.write(arguments.out / f"{number:04d}.flac", 0.7 * samples, RATE)
            labels.write(json.dumps({"audio": f"{number:04d}.flac", "instruments": names}) + "\n")


if __name__ == "__main__":
    main()
