"""What the small models of signals are fitted on: facts measured on clips of known truth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from choice import Numbers, Question, yes_or_no
from generate_pieces import Truth
from scipy.signal import fftconvolve
from transforms import noisy, peak

from audiojudge_cli.signals.chroma import chroma
from audiojudge_cli.signals.drums import DRUM_CUES, drums
from audiojudge_cli.signals.frames import Array, spectrogram
from audiojudge_cli.signals.key import KEY_FACTS, key_facts
from audiojudge_cli.signals.onsets import Onsets, onset_spectrogram, onsets
from audiojudge_cli.signals.reverb import Decay, decay
from audiojudge_cli.signals.tempo import PULSE_FACTS, pulses

MUSIC_RATE = 22_050
SPEECH_RATE = 16_000
SPOILING = ("_noi", "_rev", "_whi")
"""In the names of voices of the development set that are not dry or not voiced."""


@dataclass(frozen=True)
class Room:
    """A dry voice in a synthetic room, measured.

    Attributes:
        decay: As measured.
        rt60_s: Of the room; 0 for the dry voice.
        snr_db: Of the noise added.
        voice: The dry clip.
    """

    decay: Decay
    rt60_s: float
    snr_db: float
    voice: str


def samples_of(path: Path, rate: int) -> Array:
    """Return a file as mono at a rate."""
    read, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = read.mean(axis=1)
    return np.asarray(mono if own_rate == rate else soxr.resample(mono, own_rate, rate, quality="VHQ"), np.float32)


def tempo_question(found: Onsets, bpm: float, group: str) -> Question | None:
    """Return which of the possible pulses is within 4 % of the tempo; None without pulses."""
    possible = pulses(found)
    if not possible:
        return None
    facts = np.array([[pulse.facts[name] for name in PULSE_FACTS] for pulse in possible])
    return Question(facts, np.array([abs(pulse.bpm / bpm - 1) <= 0.04 for pulse in possible]), group)


def heard_onsets(samples: Array, rate: int) -> Onsets | None:
    """Return the onsets, None for silence."""
    spec = onset_spectrogram(samples, rate)
    return onsets(spec) if spec is not None else None


def key_question(samples: Array, rate: int, truth: Truth, group: str) -> Question | None:
    """Return which of the 24 keys is the piece's; None where nothing tonal lasts."""
    found = chroma(samples, rate)
    facts = key_facts(found) if found is not None else None
    if facts is None:
        return None
    right = np.arange(24) == truth.tonic + (12 if truth.mode == "minor" else 0)
    return Question(np.column_stack([facts[name] for name in KEY_FACTS]), right, group)


def drum_cues(samples: Array, rate: int) -> Numbers | None:
    """Return the cues of drums, None for silence."""
    spec = onset_spectrogram(samples, rate)
    found = drums(spec) if spec is not None else None
    return np.array([found.cues[name] for name in DRUM_CUES]) if found is not None else None


def on_pieces(pieces: Sequence[tuple[Path, Truth]], seed: int) -> dict[str, list[Question]]:
    """Return the questions of `tempo`, `key` and `drums`; for the key, pieces begin anywhere in their first 4 s."""
    asked: dict[str, list[Question | None]] = {"tempo": [], "key": [], "drums": []}
    for number, (path, truth) in enumerate(pieces):
        samples, group = samples_of(path, MUSIC_RATE), path.name
        found = heard_onsets(samples, MUSIC_RATE)
        asked["tempo"].append(tempo_question(found, truth.bpm, group) if found is not None else None)
        start = int(np.random.default_rng((seed, number)).uniform(0, 4) * MUSIC_RATE)
        asked["key"].append(key_question(samples[start:], MUSIC_RATE, truth, group))
        cues = drum_cues(samples, MUSIC_RATE)
        asked["drums"].append(yes_or_no(cues, truth.drums, group) if cues is not None else None)
    return {name: [question for question in found if question is not None] for name, found in asked.items()}


def devset_rows(devset: Path) -> list[dict[str, Any]]:
    """Return the rows of the development set's manifest."""
    return [json.loads(line) for line in (devset / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def devset_answers(devset: Path, dimension: str, word: str, against: str) -> dict[str, bool]:
    """Return audio → whether `word` holds, from gold items of a dimension that ask for it or for its contrary."""
    found = {}
    for row in devset_rows(devset):
        for item in row["rubric"]:
            question = item["question"].lower()
            if item["dimension"] == dimension and item["answer"] and (word in question or against in question):
                found[row["audio"]] = (item["answer"] == "yes") != (against in question)
    return found


def devset_tempos(devset: Path) -> list[Question]:
    """Return the tempo questions of the set's rendered pieces.

    Their length tells the tempo: all have 16 beats of the slow reading or 32 of the fast one, and 0.6 s of ending.
    """
    fast = devset_answers(devset, "tempo", "fast", "slow")
    lengths = {row["audio"]: row["duration"] for row in devset_rows(devset)}
    asked = []
    for audio in sorted(name for name in fast if "/mus_" in name):
        bpm = 960.0 / (lengths[audio] - 0.6) * (2 if fast[audio] else 1)
        found = heard_onsets(samples_of(devset / audio, MUSIC_RATE), MUSIC_RATE)
        question = tempo_question(found, bpm, audio) if found is not None else None
        asked += [question] if question is not None else []
    return asked


def devset_modes(devset: Path) -> Iterator[tuple[Numbers, bool]]:
    """Yield facts of the 24 keys and whether the piece is minor."""
    for audio, minor in sorted(devset_answers(devset, "mode", "minor", "major").items()):
        found = chroma(samples_of(devset / audio, MUSIC_RATE), MUSIC_RATE)
        facts = key_facts(found) if found is not None else None
        if facts is not None:
            yield np.column_stack([facts[name] for name in KEY_FACTS]), minor


def devset_drums(devset: Path) -> Iterator[tuple[Numbers, bool]]:
    """Yield cues and whether drums play."""
    for audio, plays in sorted(devset_answers(devset, "instrument", "drums", "without drums").items()):
        samples, rate = soundfile.read(devset / audio, dtype="float32", always_2d=True)
        cues = drum_cues(np.ascontiguousarray(samples.mean(axis=1)), rate)
        if cues is not None:
            yield cues, plays


def room_response(rt60_s: float, direct_db: float, random: np.random.Generator) -> Numbers:
    """Return the impulse response of a diffuse room with some early echoes, direct sound `direct_db` above it."""
    size = int(SPEECH_RATE * min(3.5, 1.3 * rt60_s + 0.05))
    at = np.arange(size) / SPEECH_RATE
    tail = random.normal(0, 1, size) * 10 ** (-3 * at / rt60_s)
    first = int(SPEECH_RATE * random.uniform(0.002, 0.02))
    tail[:first] = 0.0
    for echo in random.integers(first, int(0.05 * SPEECH_RATE), random.integers(3, 8)):
        tail[echo] += 3 * random.normal()
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] += 1.0
    return np.asarray(tail)


def rooms(devset: Path, seed: int) -> list[Room]:
    """Return each dry voice of the set as it is and in nine rooms, most under noise.

    Rooms have 0.2 to 3 s and a direct sound at most 3 dB above them; closer voices hide their room.
    """
    random = np.random.default_rng(seed)
    found = []
    for row in sorted(devset_rows(devset), key=lambda row: str(row["audio"])):
        voice = row["audio"]
        spoilt = any(mark in voice for mark in SPOILING) or row["duration"] <= 2
        if row["label"] != "yes" or row["subset"] != "speech" or spoilt:
            continue
        dry = samples_of(devset / voice, SPEECH_RATE).astype(np.float64)
        for rt60_s in (0.0, *np.exp(random.uniform(np.log(0.2), np.log(3.0), 9))):
            wet = dry
            if rt60_s:
                response = room_response(rt60_s, random.uniform(-12, 3), random)
                ending = int(SPEECH_RATE * random.choice((0.0, min(rt60_s, 1.0))))
                wet = fftconvolve(dry, response)[: len(dry) + ending]
            snr_db = float(random.uniform(3, 50)) if random.random() < 0.6 else 60.0
            level = float(random.uniform(-36, -6))
            spec = spectrogram(
                peak(noisy(wet, snr_db, random), level).astype(np.float32), SPEECH_RATE, window_s=0.032, hop_s=0.010
            )
            measured = decay(spec) if spec is not None else None
            if measured is not None:
                found.append(Room(measured, float(rt60_s), snr_db, voice))
    return found
