"""Make random pieces whose tempo, metre, key and drums are known, and render them with a General MIDI soundfont.

Usage: python benchmarks/generate_pieces.py OUT --count 920 --seed 0 --soundfont /usr/share/sounds/sf2/TimGM6mb.sf2

Needs the program fluidsynth. Writes OUT/NNNN.flac (15 s, 22.05 kHz, mono) and OUT/pieces.jsonl. Unlike the pieces of
generate_music.py, made for timbres, these have chord progressions, bars and cadences.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from generate_music import Note, midi_file, render

SECONDS = 15.0
RATE = 22_050
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
# Four bars each, as scale degrees; several fit both relative keys, as in real music.
PROGRESSIONS = {
    "major": ("I IV V I", "I vi IV V", "I V vi IV", "I IV I V", "ii V I I", "I ii V I", "vi IV I V"),
    "minor": ("i iv v i", "i VI III VII", "i VII VI v", "i iv VII III", "i VI iv v", "i i iv v", "i VII VI VII"),
}
_DEGREES = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}
_MELODY = (0, 6, 11, 12, 13, 21, 22, 24, 25, 27, 40, 46, 56, 65, 68, 73, 74, 79, 80, 105)
_CHORDS = (0, 4, 6, 19, 24, 25, 48, 49, 89)
_BASS = (32, 33, 43)
_KITS = (0, 0, 8, 16, 24, 25, 32, 40)
_HATS = (42, 42, 42, 44, 46, 51, 54, 70)
# Lengths in beats that fill half a bar of four, or a bar of three.
RHYTHMS = {
    4: ((1, 1), (0.5, 0.5, 1), (1, 0.5, 0.5), (2,), (0.5,) * 4, (1.5, 0.5)),
    3: ((1, 1, 1), (2, 1), (1, 0.5, 0.5, 1), (0.5,) * 6, (1.5, 0.5, 1), (3,)),
}
_DRUM_CHANNEL = 9
_NOTES_PER_S = 2.2
"""Melodies keep to about this rate at any tempo."""


@dataclass(frozen=True)
class Truth:
    """What is known of a piece: `tonic` 0 = C to 11 = B, `metre` in beats per bar."""

    bpm: float
    metre: int
    tonic: int
    mode: str
    drums: bool


class Composer:
    """Composes one random piece from a source of randomness.

    Args:
        source: Of randomness.
        melodies: General MIDI programs of which one plays the melody.
        chords: Programs of which one plays chords in most pieces.

    Attributes:
        truth: What is known of the piece.
        programs: Those of melody and chords, known once `midi` was called.
    """

    def __init__(
        self, source: random.Random, melodies: Sequence[int] = _MELODY, chords: Sequence[int] = _CHORDS
    ) -> None:
        self._random = source
        self._melodies, self._chord_programs = melodies, chords
        self.programs: tuple[int, ...] = ()
        mode = source.choice(sorted(SCALES))
        self.truth = Truth(
            bpm=round(2 ** source.uniform(5.75, 7.68), 1),
            metre=source.choice((3, 4, 4, 4)),
            tonic=source.randrange(12),
            mode=mode,
            drums=source.random() < 0.5,
        )
        self._roots = [_DEGREES[name.lower()] for name in source.choice(PROGRESSIONS[mode]).split()]
        bars = int((SECONDS + 1) * self.truth.bpm / 60 / self.truth.metre) + 1
        # In minor the dominant mostly has the raised leading note of the harmonic scale.
        self._bars = [(self._roots[bar % 4], source.random() < 0.8) for bar in range(bars)]

    def midi(self) -> bytes:
        """Return the piece as a MIDI file."""
        source = self._random
        tracks = [(0, source.choice(self._melodies), self._melody(), source.randint(90, 110))]
        if source.random() < 0.8:
            tracks.append((1, source.choice(self._chord_programs), self._chords(), source.randint(90, 110)))
        self.programs = tuple(track[1] for track in tracks)
        if source.random() < 0.7:
            tracks.append((2, source.choice(_BASS), self._bass(), source.randint(90, 110)))
        if self.truth.drums:
            tracks.append((_DRUM_CHANNEL, source.choice(_KITS), self._drums(), source.randint(60, 115)))
        return midi_file(self.truth.bpm, tracks)

    def _key(self, degree: int, bar: int, octave: int = 0) -> int:
        """Return the MIDI key of a degree of the scale in a bar."""
        octaves, place = divmod(degree, 7)
        root, raised = self._bars[bar]
        semitones = SCALES[self.truth.mode][place]
        if self.truth.mode == "minor" and root == 4 and place == 6 and raised:
            semitones += 1
        base = 60 + self.truth.tonic - (12 if self.truth.tonic > 6 else 0)
        return base + semitones + 12 * (octaves + octave)

    def _melody(self) -> list[Note]:
        """Notes of the chord on every bar's first beat and often elsewhere, steps between them."""
        source, metre = self._random, self.truth.metre
        rhythms = self._rhythms()
        notes, degree = [], source.randrange(3, 8)
        for bar, (root, _) in enumerate(self._bars):
            pattern = rhythms[bar % 2] * (2 if metre == 4 else 1)
            at = 0.0
            for length in pattern:
                if at == 0.0 or source.random() < 0.4:
                    near = {step: abs(step - degree) + 2 * source.random() for step in range(12)}
                    degree = min((step for step in near if (step - root) % 7 in {0, 2, 4}), key=near.__getitem__)
                else:
                    degree = max(0, min(11, degree + source.choice((-2, -1, -1, 1, 1, 2))))
                stress = 8 if at == int(at) else 0
                velocity = source.randint(80, 105) + stress
                notes.append(Note(bar * metre + at, 0.95 * length, self._key(degree, bar), velocity))
                at += length
        return notes

    def _rhythms(self) -> list[tuple[float, ...]]:
        """Return rhythms for odd and even bars: slow pieces have more notes to a beat than fast ones."""
        known = RHYTHMS[self.truth.metre]
        per_s = [len(rhythm) / sum(rhythm) * self.truth.bpm / 60 for rhythm in known]
        weights = [math.exp(-(math.log2(rate / _NOTES_PER_S) ** 2)) for rate in per_s]
        return self._random.choices(known, weights, k=2)

    def _chords(self) -> list[Note]:
        """Triads, broken or struck once or on every beat."""
        source, metre = self._random, self.truth.metre
        broken, strokes = source.random() < 0.4, source.choice((1, 1, metre))
        step = 1.0 if self.truth.bpm > 140 else 0.5
        notes = []
        for bar, (root, _) in enumerate(self._bars):
            keys = [self._key(degree, bar, 0 if degree < 5 else -1) for degree in (root, root + 2, root + 4)]
            if broken:
                notes += [
                    Note(bar * metre + place * step, 0.95 * step, keys[(0, 1, 2, 1)[place % 4]], 70)
                    for place in range(int(metre / step))
                ]
            else:
                length = metre / strokes
                notes += [
                    Note(bar * metre + stroke * length, 0.95 * length, key, 68 if stroke == 0 else 60)
                    for stroke in range(strokes)
                    for key in keys
                ]
        return notes

    def _bass(self) -> list[Note]:
        source, metre = self._random, self.truth.metre
        notes = []
        for bar, (root, _) in enumerate(self._bars):
            notes.append(Note(bar * metre, 0.95, self._key(root, bar, -2), 90))
            if metre == 4 or source.random() < 0.5:
                second = self._key(root + source.choice((0, 4)), bar, -2)
                notes.append(Note(bar * metre + 2, 0.95, second, 80))
        return notes

    def _drums(self) -> list[Note]:
        """Bass drum on the strong beats, snare on the others, a cymbal or shaker throughout."""
        source, metre = self._random, self.truth.metre
        fast = self.truth.bpm > 140
        hat, step, syncopated = source.choice(_HATS), source.choice((0.5, 1.0, 0.5)), source.random() < 0.3
        step = 1.0 if fast else step
        kicks, snares = ([0.0, 2.0], [1.0, 3.0]) if metre == 4 else ([0.0], [1.0, 2.0])
        if syncopated and metre == 4:
            kicks.append(2.5)
        bar = [
            Note(place * step, 0.2, hat, 80 if (place * step) % 1 == 0 else 60) for place in range(int(metre / step))
        ]
        bar += [Note(at, 0.2, 36, 105) for at in kicks]
        bar += [Note(at, 0.2, 38, 95 if metre == 4 else 70) for at in snares]
        return [
            Note(number * metre + note.start, note.length, note.key, note.velocity)
            for number in range(len(self._bars))
            for note in bar
        ]


def write_pieces(out: Path, count: int, seed: int, soundfont: Path) -> list[tuple[Path, Truth]]:
    """Render the pieces of a seed that are not there yet; return all, with what is known of them."""
    out.mkdir(parents=True, exist_ok=True)
    # Every piece has a seed of its own, so that a larger set begins with the smaller one.
    composers = [Composer(random.Random(f"{seed} {number}")) for number in range(count)]
    paths = [out / f"{number:04d}.flac" for number in range(count)]

    def write(number: int) -> None:
        midi = composers[number].midi()
        if not paths[number].exists():
            render(midi, soundfont, paths[number], seconds=SECONDS, rate=RATE)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(count)))
    with (out / "pieces.jsonl").open("w", encoding="utf-8") as lines:
        for path, composer in zip(paths, composers, strict=True):
            lines.write(json.dumps({"audio": path.name, **asdict(composer.truth)}) + "\n")
    return [(path, composer.truth) for path, composer in zip(paths, composers, strict=True)]


def main() -> None:
    """Write the pieces."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=920)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--soundfont", type=Path, default=Path("/usr/share/sounds/sf2/TimGM6mb.sf2"))
    arguments = parser.parse_args()
    write_pieces(arguments.out, arguments.count, arguments.seed, arguments.soundfont)


if __name__ == "__main__":
    main()
