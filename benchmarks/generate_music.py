"""Render short random pieces with known instruments, for training the instrument heads.

Usage: python benchmarks/generate_music.py OUT --count 1200 --seed 0 --soundfont /usr/share/sounds/sf2/TimGM6mb.sf2

Needs the program fluidsynth. Writes OUT/NNNN.flac and OUT/labels.jsonl ({"audio", "instruments"}). Every piece has a
melody, mostly chords, sometimes a bass and drums, in a random key, tempo and register; levels differ, so that an
instrument may stand behind another.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# General MIDI programs by the instrument a listener would name.
PROGRAMS: dict[str, tuple[int, ...]] = {
    "piano": (0, 1, 2, 3),
    "electric_piano": (4, 5),
    "harpsichord": (6,),
    "celesta": (8,),
    "glockenspiel": (9,),
    "music_box": (10,),
    "vibraphone": (11,),
    "marimba": (12,),
    "xylophone": (13,),
    "tubular_bells": (14,),
    "organ": (16, 17, 18, 19, 20),
    "accordion": (21, 23),
    "harmonica": (22,),
    "acoustic_guitar": (24, 25),
    "electric_guitar": (26, 27, 28, 29, 30),
    "violin": (40, 110),
    "viola": (41,),
    "cello": (42,),
    "double_bass": (43,),
    "strings": (44, 45, 48, 49, 50),
    "harp": (46,),
    "choir": (52, 53),
    "trumpet": (56, 59),
    "trombone": (57,),
    "tuba": (58,),
    "french_horn": (60,),
    "brass": (61, 62),
    "saxophone": (64, 65, 66, 67),
    "oboe": (68, 69),
    "bassoon": (70,),
    "clarinet": (71,),
    "flute": (72, 73),
    "recorder": (74, 75),
    "synthesizer": (80, 81, 83, 84, 86, 87, 88, 89, 90, 91, 94, 95),
    "sitar": (104,),
    "banjo": (105,),
    "zither": (107,),
    "bagpipes": (109,),
    "steelpan": (114,),
}
BASSES = (32, 33, 34, 35, 38)
LOW = frozenset({"cello", "double_bass", "trombone", "tuba", "bassoon", "french_horn"})
HIGH = frozenset({"flute", "recorder", "glockenspiel", "xylophone", "music_box", "celesta"})
SECONDS = 6.0
TICKS = 480
_DRUM_CHANNEL = 9


@dataclass(frozen=True)
class Note:
    """A MIDI note: beats, key number, velocity."""

    start: float
    length: float
    key: int
    velocity: int


def piece(rng: random.Random) -> tuple[bytes, list[str]]:
    """Return a random piece as a MIDI file and the names of what plays."""
    bpm, root = rng.uniform(60, 180), rng.randrange(12)
    scale = rng.choice([(0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9)])
    beats = int(SECONDS * bpm / 60) + 2
    lead, comp = rng.choice(list(PROGRAMS)), rng.choice(list(PROGRAMS))
    tracks = [(0, rng.choice(PROGRAMS[lead]), _melody(rng, lead, root, scale, beats), rng.randint(80, 120))]
    names = {lead}
    if rng.random() < 0.55:
        tracks.append((1, rng.choice(PROGRAMS[comp]), _chords(rng, comp, root, scale, beats), rng.randint(50, 110)))
        names.add(comp)
    if rng.random() < 0.35:
        notes = [Note(b, 0.9, 28 + (root + rng.choice(scale)) % 12, 90) for b in range(0, beats, rng.choice((1, 2)))]
        tracks.append((2, rng.choice(BASSES), notes, rng.randint(60, 110)))
        names.add("bass")
    if rng.random() < 0.4:
        tracks.append((_DRUM_CHANNEL, 0, _drums(rng, beats), rng.randint(50, 115)))
        names.add("drums")
    return midi_file(bpm, tracks), sorted(names)


def _register(name: str) -> int:
    return 36 if name in LOW else 72 if name in HIGH else 55


def _melody(rng: random.Random, name: str, root: int, scale: tuple[int, ...], beats: int) -> list[Note]:
    notes, at, step = [], 0.0, rng.randrange(len(scale))
    rhythm = rng.choice(((1.0,), (0.5,), (0.5, 1.0), (0.25, 0.5, 1.0), (2.0, 1.0)))
    base = _register(name) + rng.choice((0, 5, 12))
    while at < beats:
        length = rng.choice(rhythm)
        step = max(-3, min(len(scale) + 3, step + rng.choice((-2, -1, -1, 0, 1, 1, 2))))
        octave, degree = divmod(step, len(scale))
        if rng.random() > 0.08:
            notes.append(
                Note(
                    at, length * rng.uniform(0.6, 1.0), base + root + scale[degree] + 12 * octave, rng.randint(70, 120)
                )
            )
        at += length
    return notes


def _chords(rng: random.Random, name: str, root: int, scale: tuple[int, ...], beats: int) -> list[Note]:
    notes, base = [], _register(name) + rng.choice((-7, 0))
    pattern = rng.choice(("block", "broken", "strum"))
    for bar in range(0, beats, 4):
        degree = rng.randrange(len(scale))
        keys = [base + root + scale[(degree + k) % len(scale)] + 12 * ((degree + k) // len(scale)) for k in (0, 2, 4)]
        if pattern == "block":
            notes += [Note(bar, 3.8, key, 85) for key in keys]
        elif pattern == "broken":
            notes += [Note(bar + i * 0.5, 0.6, keys[i % 3], 85) for i in range(8)]
        else:
            notes += [Note(bar + i, 0.9, key, 90) for i in range(4) for key in keys]
    return notes


def _drums(rng: random.Random, beats: int) -> list[Note]:
    notes = []
    hat = rng.choice((42, 46, 51, 54, 70))
    for beat in range(beats):
        notes += [Note(beat + half, 0.2, hat, rng.randint(60, 100)) for half in rng.choice(((0.0,), (0.0, 0.5)))]
        if beat % 2 == 0 or rng.random() < 0.2:
            notes.append(Note(beat, 0.2, 36, 110))
        elif rng.random() < 0.9:
            notes.append(Note(beat, 0.2, rng.choice((38, 40, 39)), 105))
    return notes


def midi_file(bpm: float, tracks: list[tuple[int, int, list[Note], int]]) -> bytes:
    """Return a MIDI file from tracks of (channel, program, notes, volume); drums lie on channel 9."""
    tempo = struct.pack(">I", int(60_000_000 / bpm))[1:]
    chunks = [_chunk(b"\x00\xff\x51\x03" + tempo)]
    chunks += [_chunk(_track(*track)) for track in tracks]
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(chunks), TICKS) + b"".join(chunks)


def _chunk(body: bytes) -> bytes:
    body += b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(body)) + body


def _track(channel: int, program: int, notes: list[Note], volume: int) -> bytes:
    events = [(0, 0, bytes([0xC0 | channel, program])), (0, 0, bytes([0xB0 | channel, 7, volume]))]
    for note in notes:
        key = max(20, min(108, note.key))
        events.append((int(note.start * TICKS), 2, bytes([0x90 | channel, key, note.velocity])))
        events.append((int((note.start + note.length) * TICKS), 1, bytes([0x80 | channel, key, 0])))
    body, last = b"", 0
    for tick, _, data in sorted(events):
        body += _variable(tick - last) + data
        last = tick
    return body


def _variable(value: int) -> bytes:
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def render(midi: bytes, soundfont: Path, target: Path, *, seconds: float = SECONDS, rate: int = 16_000) -> None:
    """Render a MIDI file and write its first seconds as mono FLAC with a peak of 0.7."""
    import numpy as np
    import soundfile
    import soxr

    with tempfile.TemporaryDirectory() as folder:
        source, wave = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        source.write_bytes(midi)
        subprocess.run(
            ["fluidsynth", "-ni", "-q", "-g", "0.6", "-r", "32000", "-F", str(wave), str(soundfont), str(source)],
            check=True,
            capture_output=True,
        )
        samples, own_rate = soundfile.read(wave, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)[: int(seconds * own_rate)]
    mono *= 0.7 / max(1e-6, float(np.abs(mono).max()))
    soundfile.write(target, soxr.resample(mono, own_rate, rate, quality="VHQ"), rate)


def main() -> None:
    """Write the pieces."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--soundfont", type=Path, default=Path("/usr/share/sounds/sf2/TimGM6mb.sf2"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(arguments.seed)
    pieces = [piece(rng) for _ in range(arguments.count)]

    def write(number: int) -> None:
        render(pieces[number][0], arguments.soundfont, arguments.out / f"{number:04d}.flac")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(arguments.count)))
    with (arguments.out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for number, (_, names) in enumerate(pieces):
            labels.write(json.dumps({"audio": f"{number:04d}.flac", "instruments": names}) + "\n")


if __name__ == "__main__":
    main()
