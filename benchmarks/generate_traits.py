"""Make clips whose manner, course, space and recording are known, from the development set and espeak-ng.

Usage: python benchmarks/generate_traits.py DEVSET OUT --seed 0

DEVSET is the labelled set (manifest.jsonl and audio). Writes OUT/manifest.jsonl in the same form, so that
fit_embedded.py and quality.py read it. What was done to a clip is the truth of its items; items of which that is not
certain are left out. Needs the program espeak-ng.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
import transforms as t
from transforms import Array

RATE = 16_000
WIDE_RATE = 32_000
Item = tuple[str, str, bool]
_TEXTS = (
    "The weather was surprisingly warm for a November morning, and everybody came outside.",
    "She opened the old wooden box and found seven letters from her grandmother.",
    "Please remember to water the plants twice a week while we are away.",
    "Our train leaves at a quarter past nine from the second platform.",
    "Nobody expected the little shop on the corner to stay open this long.",
    "You can follow the river for about three miles until you reach the bridge.",
)
_VOICES = ("en+m1", "en+m3", "en+f2", "en+f4", "en-us+m7", "en-gb+f5")
_SPOILING = frozenset({"noise", "room", "style", "loudness", "intensity"})

TIMBRES = {
    "bright": "Is the {what} bright?",
    "dark": "Is the {what} dull?",
    "warm": "Is the {what} warm?",
    "thin": "Is the {what} shrill?",
}
SHELVES = {"bright": (0.0, 12.0), "dark": (0.0, -14.0), "warm": (9.0, -6.0), "thin": (-16.0, 3.0)}
TRENDS = {
    "rising": ("volume", "Does it get louder and louder, growing louder?"),
    "falling": ("intensity", "Does the sound become weaker, dying down?"),
    "fade_in": ("transition", "Does it fade in at the start?"),
    "fade_out": ("transition", "Does it end with a fade out?"),
}
ABRUPT = ("transition", "Does the sound stop abruptly?")
STEADY = ("volume", "Does it keep a steady volume?")
QUALITY = ("recording", "Is it a high quality recording?")
PHONE = ("recording", "Does it sound like a telephone call?")
DISTORTED = ("recording", "Is the recording distorted?")
CLEAR = ("clarity", "Is the speech clear?")
MUFFLED = ("clarity", "Does the audio sound muffled?")
FLUENT = ("fluency", "Is the speech fluent?")
PAUSE = ("rate", "Is there a long pause?")
CHILD = ("age", "Is the speaker a child?")
SEVERAL = ("speaker_count", "Are there two speakers?")
RASPY = ("timbre", "Is the voice raspy?")
BREATHY = ("timbre", "Is the voice breathy?")
CONTINUOUS = ("duration", "Does it go on continuously?")
WIDE = ("production", "Is the stereo image wide?")
BASS = ("production", "Is there heavy bass?")


@dataclass
class Book:
    """The clips written so far."""

    folder: Path
    random: np.random.Generator
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, audio: Array, items: Sequence[Item], source: str, rate: int = RATE) -> None:
        """Write a clip (mono or two channels) and its items."""
        path = f"audio/{len(self.rows):04d}_{name}.flac"
        level = float(self.random.uniform(-12, -1))
        soundfile.write(self.folder / path, t.peak(audio, level).T if name != "clipped" else audio.T, rate)
        rubric = [
            {"dimension": dimension, "question": question, "basis": question, "answer": "yes" if holds else "no"}
            for dimension, question, holds in items
        ]
        self.rows.append(
            {"audio": path, "caption": name, "label": "yes", "type": "pos", "subset": "sound", "source": source}
            | {"rubric": rubric}
        )


@dataclass(frozen=True)
class Base:
    """An untouched clip: samples at 16 kHz (32 kHz for music and sound), its source and, for speech, the sex."""

    samples: Array
    source: str
    sex: str = ""


def bases(devset: Path, subset: str, count: int, random: np.random.Generator) -> list[Base]:
    """Return untouched clips of a subset, drawn evenly over its sources."""
    rate = RATE if subset == "speech" else WIDE_RATE
    rows = [json.loads(line) for line in (devset / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = [row for row in rows if row["label"] == "yes" and row["subset"] == subset and row["duration"] >= 1.2]
    chosen = [row for row in chosen if not _SPOILING & {item["dimension"] for item in row["rubric"]}]
    by_source: dict[str, list[dict[str, Any]]] = {}
    for index in random.permutation(len(chosen)):
        by_source.setdefault(chosen[index]["source"], []).append(chosen[index])
    order = [row for place in range(len(chosen)) for rows in by_source.values() for row in rows[place : place + 1]]
    return [_base(devset, row, rate) for row in order[:count]]


def _base(devset: Path, row: dict[str, Any], rate: int) -> Base:
    samples, own_rate = soundfile.read(devset / row["audio"], always_2d=True)
    sexes = [
        item["question"] for item in row["rubric"] if item["dimension"] == "speaker_sex" and item["answer"] == "yes"
    ]
    sex = ("female" if "female" in sexes[0] or "woman" in sexes[0] else "male") if sexes else ""
    mono = soxr.resample(samples.mean(axis=1), own_rate, rate, quality="VHQ")
    return Base(t.peak(mono[: 12 * rate]), f"{row['source']}: {row['audio']}", sex)


def speak(text: str, voice: str) -> Array:
    """Return text (SSML) spoken by espeak-ng at 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wav"
        subprocess.run(["espeak-ng", "-m", "-v", voice, "-w", str(path), f"<speak>{text}</speak>"], check=True)
        samples, rate = soundfile.read(path)
    return t.peak(soxr.resample(samples, rate, RATE, quality="VHQ"))


def timbres(book: Book, base: Base, what: str, rate: int) -> None:
    """Tilt the spectrum: each quality against the others. The untouched clip may be any of them and is not asked."""
    for made, gains in SHELVES.items():
        items: list[Item] = [("timbre", TIMBRES[quality].format(what=what), quality == made) for quality in TIMBRES]
        # Dull and warm lie together, bright and thin as well: a filter decides between the two pairs alone.
        near = {"bright": "thin", "thin": "bright", "dark": "warm", "warm": "dark"}[made]
        items = [item for item in items if item[1] != TIMBRES[near].format(what=what)]
        if what != "voice" and made in {"bright", "thin"}:
            items.append((*MUFFLED, False))
        book.add(made, t.shelf(base.samples, rate, *gains), items, base.source, rate)


def voices(book: Book, base: Base) -> None:
    """Make a voice raspy, breathy, muffled, distant by band, distorted, noisy, halting, childlike."""
    x, random, source = base.samples, book.random, base.source
    clean = [(*RASPY, False), (*BREATHY, False), (*CLEAR, True), (*FLUENT, True), (*PHONE, False), (*DISTORTED, False)]
    book.add("plain", x, [*clean, (*QUALITY, True), (*PAUSE, False), (*CHILD, False), (*MUFFLED, False)], source)
    book.add("raspy", t.raspy(x, RATE, random.uniform(0.5, 0.9), random), [(*RASPY, True), (*BREATHY, False)], source)
    book.add("breathy", t.breathy(x, RATE, random.uniform(0.3, 0.7), random), [(*BREATHY, True)], source)
    dull = t.band(x, RATE, None, random.uniform(500, 1100), 8)
    book.add("muffled", dull, [(*CLEAR, False), (*MUFFLED, True), (*QUALITY, False)], source)
    phone = t.band(x, RATE, 300, 3400, 8)
    book.add("phone", phone, [(*PHONE, True), (*QUALITY, False)], source)
    book.add("clipped", t.clipped(x, random.uniform(0.02, 0.2)), [(*DISTORTED, True), (*QUALITY, False)], source)
    book.add("noisy", t.noisy(x, random.uniform(0, 12), random), [(*QUALITY, False), (*DISTORTED, False)], source)
    lost = t.reverberant(t.noisy(x, random.uniform(-3, 3), random), RATE, 2.0, random)
    book.add("lost", lost, [(*CLEAR, False), (*QUALITY, False)], source)
    book.add("pause", t.pause_at(x, RATE, 0.5, random.uniform(1.2, 3.0)), [(*PAUSE, True)], source)
    halting = x
    for share in (0.2, 0.4, 0.6, 0.8):
        halting = t.pause_at(halting, RATE, share, random.uniform(0.35, 0.9))
    book.add("halting", halting, [(*FLUENT, False)], source)
    if base.sex == "female":
        small = soxr.resample(x, RATE, RATE / random.uniform(1.25, 1.45), quality="VHQ")
        book.add("child", small, [(*CHILD, True)], source)


def speakers(book: Book, speech: Sequence[Base]) -> None:
    """Two clips one after the other: of different speakers, or the halves of one."""
    gap = np.zeros(round(0.4 * RATE))
    for one, other in zip(speech, [*speech[3:], *speech[:3]], strict=True):
        if one.source.split(":")[0] != other.source.split(":")[0] or one.sex != other.sex:
            turns = np.concatenate([one.samples, gap, other.samples, gap, one.samples[::1]])
            book.add("several", turns, [(*SEVERAL, True)], one.source)
        alone = np.concatenate([t.pause_at(one.samples, RATE, 0.5, 0.4), gap, one.samples])
        book.add("one", alone, [(*SEVERAL, False)], one.source)


def melodies(book: Book) -> None:
    """Monotone and lively espeak-ng voices: its pitch range, and every word at its own pitch."""
    for text in _TEXTS:
        for voice in _VOICES:
            flat = f'<prosody range="x-low">{text}</prosody>'
            pitches = book.random.integers(-45, 75, len(text.split()))
            lively = " ".join(
                f'<prosody range="x-high" pitch="{pitch:+d}%">{word}</prosody>'
                for pitch, word in zip(pitches, text.split(), strict=True)
            )
            for name, spoken in (("flat", flat), ("lively", lively)):
                items = [
                    ("intonation", "Is the intonation monotone?", name == "flat"),
                    ("intonation", "Is the intonation expressive?", name == "lively"),
                ]
                book.add(name, speak(spoken, voice), items, f"espeak-ng: {voice}")
    for text in _TEXTS:
        words = text.split()
        for voice in _VOICES[::2]:
            stumbling = " ".join(
                f"{word[:2]}, {word}"
                if place % 4 == 1
                else f'{word}, um, <break time="400ms"/>'
                if place % 4 == 3
                else word
                for place, word in enumerate(words)
            )
            book.add("stumbling", speak(stumbling, voice), [(*FLUENT, False)], f"espeak-ng: {voice}")
            book.add("fluent", speak(text, voice), [(*FLUENT, True)], f"espeak-ng: {voice}")


def courses(book: Book, base: Base, rate: int) -> None:
    """Fades, crescendos, abrupt ends and steadiness by gain alone."""
    x, random = base.samples, book.random
    if len(x) < 2.5 * rate:
        x = np.resize(x, round(4 * rate))
    long = random.uniform(0.25, 0.6) * len(x) / rate
    depth = random.uniform(14, 30)
    made = {
        "rising": (t.ramp(x, -depth, 0), {"rising": True, "falling": False, "fade_out": False}),
        "falling": (t.ramp(x, 0, -depth), {"falling": True, "rising": False, "fade_in": False}),
        "fade_in": (t.faded(x, rate, long, out=False), {"fade_in": True, "fade_out": False, "falling": False}),
        "fade_out": (t.faded(x, rate, long, out=True), {"fade_out": True, "fade_in": False, "rising": False}),
        "plain": (x, dict.fromkeys(TRENDS, False)),
    }
    for name, (samples, truth) in made.items():
        items: list[Item] = [(*TRENDS[trend], holds) for trend, holds in truth.items()]
        items += [(*ABRUPT, False)] if name in {"fade_out", "falling"} else []
        items += [(*STEADY, False)] if name in {"rising", "falling"} else []
        book.add(name, samples, items, base.source, rate)
    levels = t.envelope(x, rate)
    loud = np.flatnonzero(levels > 0.7 * np.quantile(levels, 0.95))
    end = int(random.choice(loud[len(loud) // 3 :])) if len(loud) > 10 else len(x) // 2
    silence = np.zeros(round(random.uniform(0.2, 1.0) * rate))
    book.add("cut", np.concatenate([x[: max(end, rate)], silence]), [(*ABRUPT, True)], base.source, rate)
    even = x / (t.envelope(x, rate, 3.0) + 0.05 * float(np.abs(x).max()))
    book.add("even", even, [(*STEADY, True)], base.source, rate)


def rhythms(book: Book, base: Base, rate: int) -> None:
    """A struck sound cut from a clip, repeated at known times."""
    x, random = base.samples, book.random
    start = min(int(np.argmax(t.envelope(x, rate, 30.0))), max(0, len(x) - round(0.15 * rate)))
    size = round(0.15 * rate)
    stroke = x[start : start + size] * np.exp(-np.arange(len(x[start : start + size])) / (0.035 * rate))
    for name in ("regular", "irregular", "fast", "slow", "accelerating"):
        period = {"fast": random.uniform(0.16, 0.3), "slow": random.uniform(1.1, 1.8)}.get(
            name, random.uniform(0.35, 0.9)
        )
        count = max(5, min(24, round(8 / period)))
        gaps = np.full(count - 1, period) * (1 + 0.02 * random.normal(0, 1, count - 1))
        if name == "irregular":
            gaps = period * np.exp(random.normal(0, 0.6, count - 1))
        if name == "accelerating":
            gaps = np.geomspace(0.9, 0.22, count - 1)
        starts = np.concatenate([[0.1], 0.1 + np.cumsum(np.maximum(0.14, gaps))])
        track = np.zeros(round((starts[-1] + 0.6) * rate))
        for at in starts:
            begin = round(at * rate)
            track[begin : begin + len(stroke)] += stroke * random.uniform(0.7, 1.0)
        track = t.noisy(track, random.uniform(25, 45), random)
        items: list[Item] = [("rhythm", "Is the knocking at regular intervals?", name in {"regular", "fast", "slow"})]
        items += (
            [("rhythm", "Is the knocking in quick succession?", name == "fast")] if name in {"fast", "slow"} else []
        )
        items += [("rhythm", "Is the knocking slow?", name == "slow")] if name in {"fast", "slow"} else []
        items += [("rhythm", "Does the knocking speed up?", name == "accelerating")]
        items = [item for item in items if not (name == "accelerating" and "regular" in item[1])]
        book.add(name, track, items, base.source, rate)


def spaces(book: Book, base: Base, rate: int) -> None:
    """Pans, width and bass; whether sound goes on."""
    x, random, source = base.samples, book.random, base.source
    if len(x) < 2 * rate:
        x = np.resize(x, 3 * rate)
    far = random.uniform(5, 15)
    left, right = ("production", "Does it come from the left?"), ("production", "Does it come from the right?")
    to_right, to_left = (
        ("transition", "Does it move from left to right?"),
        ("transition", "Does it move from right to left?"),
    )
    book.add("left", t.panned(x, -far, -far), [(*left, True), (*right, False), (*to_right, False)], source, rate)
    book.add("right", t.panned(x, far, far), [(*right, True), (*left, False), (*to_left, False)], source, rate)
    book.add("to_right", t.panned(x, -far, far), [(*to_right, True), (*to_left, False)], source, rate)
    book.add("to_left", t.panned(x, far, -far), [(*to_left, True), (*to_right, False)], source, rate)
    centre = [(*left, False), (*right, False), (*to_left, False), (*to_right, False), (*WIDE, False)]
    book.add("centre", t.panned(x, 0, 0) + 1e-3 * random.normal(0, 1, (2, len(x))) * np.std(x), centre, source, rate)
    book.add(
        "mono",
        x,
        [(*WIDE, False), (*PHONE, False), (*DISTORTED, False), (*QUALITY, True), (*BASS, False)],
        source,
        rate,
    )
    book.add("wide", t.widened(x, rate, random), [(*WIDE, True)], source, rate)
    book.add("bass", t.shelf(x, rate, random.uniform(6, 14), 0.0, 180.0), [(*BASS, True)], source, rate)
    book.add("no_bass", t.band(x, rate, 300.0, None), [(*BASS, False)], source, rate)
    book.add("clipped", t.clipped(x, random.uniform(0.02, 0.2)), [(*DISTORTED, True), (*QUALITY, False)], source, rate)
    book.add("phone", t.band(x, rate, 300, 3400, 8), [(*PHONE, True), (*QUALITY, False)], source, rate)
    dull = t.band(x, rate, None, random.uniform(500, 1000), 8)
    book.add("muffled", dull, [(*MUFFLED, True), (*QUALITY, False)], source, rate)
    now_and_then = np.concatenate(
        [x[:rate], np.zeros(round(random.uniform(2, 4) * rate)), x[:rate], np.zeros(2 * rate)]
    )
    book.add("now_and_then", t.noisy(now_and_then, 45, random), [(*CONTINUOUS, False)], source, rate)
    filled = np.resize(x / (t.envelope(x, rate, 3.0) + 0.05 * float(np.abs(x).max())), 6 * rate)
    book.add("continuous", filled, [(*CONTINUOUS, True)], source, rate)


def mixes(book: Book, speech: Sequence[Base], music: Sequence[Base]) -> None:
    """Speech over music and music over speech, by a known level."""
    for index, voice in enumerate(speech):
        other = music[index % len(music)]
        back = soxr.resample(other.samples, WIDE_RATE, RATE, quality="VHQ")
        padded = np.concatenate([np.zeros(RATE), voice.samples, np.zeros(RATE), voice.samples, np.zeros(RATE // 2)])
        for name, over in (("front", book.random.uniform(6, 16)), ("behind", book.random.uniform(-14, -4))):
            items = [
                ("level", "Is the music in the background?", name == "front"),
                ("level", "Is the music in the foreground?", name == "behind"),
                ("level", "Is the voice in the foreground?", name == "front"),
                ("level", "Is the voice in the background?", name == "behind"),
            ]
            book.add(name, t.mixed(padded, back, over), items, voice.source)


def main() -> None:
    """Write the set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("devset", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    (arguments.out / "audio").mkdir(parents=True, exist_ok=True)
    book = Book(arguments.out, random)
    speech = bases(arguments.devset, "speech", 28, random)
    music, sound = bases(arguments.devset, "music", 16, random), bases(arguments.devset, "sound", 16, random)
    for base in speech:
        timbres(book, base, "voice", RATE)
        voices(book, base)
    for base in [*music, *sound]:
        timbres(book, base, "sound", WIDE_RATE)
        courses(book, base, WIDE_RATE)
        spaces(book, base, WIDE_RATE)
    for base in speech[:14]:
        courses(book, base, RATE)
    for base in sound:
        rhythms(book, base, WIDE_RATE)
    speakers(book, speech)
    melodies(book)
    mixes(book, speech, music)
    lines = (json.dumps(row, ensure_ascii=False) for row in book.rows)
    (arguments.out / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(book.rows)} clips in {arguments.out}")


if __name__ == "__main__":
    main()
