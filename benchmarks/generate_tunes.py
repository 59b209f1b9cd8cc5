"""Make pieces of music and the questions they answer, for the curves of instruments, drums, keys and tempi.

Usage: python benchmarks/generate_tunes.py OUT --speech FOLDER --count 500 --seed 2

Needs the program fluidsynth. Composes as generate_pieces.py does, with the instruments of generate_music.py, and
writes OUT/manifest.jsonl in the form of the labelled set, so that fit_music.py reads it. Every fourth piece lies
under a voice of FOLDER (WAV files; ours were spoken by espeak-ng) and is asked for instruments alone. Take another
seed than those the heads (0, 1) and the models of signals (0) were fitted on: their pieces must not come back here.
"""

from __future__ import annotations

import argparse
import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from generate_music import LOW, PROGRAMS, Note, render
from generate_pieces import RATE, RHYTHMS, SECONDS, Composer
from signal_sets import samples_of
from train_heads import under_speech

from audiojudge_cli.signals.key import NAMES

Item = tuple[str, str, bool]

# Whoever plays one of these may be called by the name of another: neither is asked where the other plays.
ALIKE = (
    {"violin", "viola", "cello", "double_bass", "strings"},
    {"piano", "electric_piano"},
    {"organ", "accordion", "harmonica", "bagpipes"},
    {"glockenspiel", "celesta", "music_box", "tubular_bells"},
    {"xylophone", "marimba", "vibraphone"},
    {"trumpet", "trombone", "tuba", "french_horn", "brass"},
    {"clarinet", "oboe", "bassoon"},
    {"flute", "recorder"},
    {"synthesizer", "electric_piano", "organ"},
    {"acoustic_guitar", "electric_guitar"},
    {"banjo", "sitar", "zither"},
)
NOT_ASKED = frozenset({"choir", "recorder", "viola", "tuba", "oboe", "bassoon", "celesta", "vibraphone"})
"""Sung, or without a class of their own: their questions are answered by another's class."""
ASKED_ABSENT = 2
FAST_BPM, SLOW_BPM = 140.0, 78.0
"""What nobody would call slow, and what nobody would call fast; between them neither is asked."""
STEADY_SHARE = 0.5
OTHER_TEMPI = (0.5, 0.67, 0.78, 0.88, 1.13, 1.28, 1.5, 2.0)


def asked_names() -> list[str]:
    """Return the instruments that are asked for."""
    return [name for name in PROGRAMS if name not in NOT_ASKED]


def named(program: int) -> str:
    """Return the instrument of a General MIDI program."""
    return next(name for name, programs in PROGRAMS.items() if program in programs)


def question(name: str) -> str:
    """Return the question for an instrument."""
    if name in {"strings", "tubular_bells", "bagpipes"}:
        return f"Are {name.replace('_', ' ')} playing?"
    words = "brass section" if name == "brass" else name.replace("_", " ")
    return f"Is {'an' if words[0] in 'aeo' else 'a'} {words} playing?"


def instrument_items(playing: set[str], source: random.Random) -> list[Item]:
    """Return the instruments that play and as many that do not, for each instrument of the piece."""
    near = {other for name in playing for group in ALIKE if name in group for other in group}
    absent = [name for name in asked_names() if name not in near | playing]
    items: list[Item] = [("instrument", question(name), True) for name in sorted(playing - NOT_ASKED)]
    return items + [("instrument", question(name), False) for name in source.sample(absent, ASKED_ABSENT)]


def all_items(composer: Composer, playing: set[str], source: random.Random) -> list[Item]:
    """Return every item a piece has an answer to."""
    truth = composer.truth
    items = instrument_items(playing, source)
    items.append(("instrument", "Are drums or percussion playing?", truth.drums))
    mode = source.choice(("major", "minor"))
    items.append(("mode", f"Is the music in a {mode} key?", mode == truth.mode))
    other = source.choice(neighbours(truth.tonic, truth.mode))
    items.append(("key", f"Is the music in the key of {NAMES[truth.tonic]} {truth.mode}?", True))
    items.append(("key", f"Is the music in the key of {other}?", False))
    items.append(("tempo", f"Is the tempo about {truth.bpm:.0f} BPM?", True))
    items.append(("tempo", f"Is the tempo about {truth.bpm * source.choice(OTHER_TEMPI):.0f} BPM?", False))
    beats = source.choice((3, 4))
    items.append(("metre", f"Is the music in {beats}/4 time?", truth.metre == beats))
    if truth.bpm >= FAST_BPM or truth.bpm <= SLOW_BPM:
        word = source.choice(("fast", "slow"))
        items.append(("tempo", f"Is the tempo {word}?", (truth.bpm >= FAST_BPM) == (word == "fast")))
    return items


def neighbours(tonic: int, mode: str) -> list[str]:
    """Return keys that are taken for this one: parallel, relative, of the fifths, and two far ones."""
    contrary, relative = ("minor", tonic - 3) if mode == "major" else ("major", tonic + 3)
    keys = [(tonic, contrary), (relative, contrary), (tonic + 7, mode), (tonic + 5, mode), (tonic + 1, mode)]
    return [f"{NAMES[place % 12]} {kind}" for place, kind in [*keys, (tonic + 6, contrary)]]


class Tune(Composer):
    """A piece whose melody and chords may be played by any instrument, in its own register."""

    def __init__(self, source: random.Random) -> None:
        one, other = (source.choice([name for name in PROGRAMS if name != "choir"]) for _ in range(2))
        super().__init__(source, PROGRAMS[one], PROGRAMS[other])
        self._low = one in LOW

    def _rhythms(self) -> list[tuple[float, ...]]:
        """Half of the pieces have as many notes to a beat at any tempo, so that slow ones have few to a second."""
        if self._random.random() < STEADY_SHARE:
            return self._random.choices(RHYTHMS[self.truth.metre], k=2)
        return super()._rhythms()

    def _melody(self) -> list[Note]:
        notes = super()._melody()
        return [replace(note, key=note.key - 12) for note in notes] if self._low else notes


def write_tune(out: Path, number: int, seed: int, soundfont: Path, voices: list[Path]) -> dict[str, Any]:
    """Render one piece; return its row of the manifest."""
    source = random.Random(f"tune {seed} {number}")
    tune = Tune(source)
    path = out / "audio" / f"{number:04d}.flac"
    render(tune.midi(), soundfont, path, seconds=SECONDS, rate=RATE)
    playing = {named(program) for program in tune.programs}
    items = all_items(tune, playing, source)
    if number % 4 == 3:
        noise = np.random.default_rng((seed, number))
        mixed = under_speech(samples_of(path, RATE), [samples_of(source.choice(voices), RATE)], noise)
        soundfile.write(path, mixed, RATE)
        items = instrument_items(playing, source)
    rubric = [
        {"dimension": dimension, "question": text, "basis": text, "answer": "yes" if holds else "no"}
        for dimension, text, holds in items
    ]
    row = {"audio": f"audio/{path.name}", "caption": "music", "label": "yes", "type": "pos", "subset": "music"}
    return {**row, "source": path.stem, "rubric": rubric, "bpm": tune.truth.bpm}


def main() -> None:
    """Write the set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--soundfont", type=Path, default=Path("/usr/share/sounds/sf2/TimGM6mb.sf2"))
    arguments = parser.parse_args()
    (arguments.out / "audio").mkdir(parents=True, exist_ok=True)
    voices = sorted(arguments.speech.glob("*.wav"))

    def write(number: int) -> dict[str, Any]:
        return write_tune(arguments.out, number, arguments.seed, arguments.soundfont, voices)

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(write, range(arguments.count)))
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (arguments.out / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
