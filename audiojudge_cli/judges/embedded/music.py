"""Readings of music: drums, mood, tempo, key, metre."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiojudge_cli.judges.checks.kinds import Drums, Key, Metre, Mode, Mood, NotHeard, Tempo, TempoBpm
from audiojudge_cli.judges.embedded.reading import Reading
from audiojudge_cli.judges.embedded.sounds import presence_features
from audiojudge_cli.judges.embedded.tagged import DRUM_TAGS, MOOD_TAGS
from audiojudge_cli.judges.embedded.voice import music_features
from audiojudge_cli.signals.key import NAMES

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

_DRUM_CLASSES = (
    "Drum kit",
    "Drum",
    "Snare drum",
    "Bass drum",
    "Hi-hat",
    "Cymbal",
    "Drum machine",
    "Percussion",
    "Drum roll",
)
# Which way a mood leans in arousal (tempo, onsets) and valence (mode): the two axes of Russell's circumplex (1980).
_MOODS = {
    "happy": (1.0, 1.0),
    "playful": (0.7, 0.7),
    "energetic": (1.0, 0.0),
    "epic": (0.5, 0.0),
    "angry": (1.0, -0.5),
    "dark": (-0.2, -1.0),
    "calm": (-1.0, 0.3),
    "romantic": (-0.7, 0.3),
    "sad": (-1.0, -1.0),
}
_SLOW_FAST_BPM = 105.0
_NO_BEAT = NotHeard("No beat to measure.")
_NO_KEY = NotHeard("No tones to hear a key in.")


def _pulse(hearing: Hearing) -> tuple[float, float] | None:
    """Return (log2 of onsets per second over 2.5, log2 of BPM over 105), or None without onsets.

    The tempo is the mean of its readings: of a beat at 80 or 160 BPM neither half of the truth is told alone.
    """
    if hearing.onsets is None:
        return None
    density = math.log2(max(0.3, hearing.onsets.rate_above_per_s(3.0)) / 2.5)
    return density, math.log2(hearing.tempo.mean_bpm / _SLOW_FAST_BPM) if hearing.tempo else 0.0


def read_tempo(hearing: Hearing, check: Tempo) -> Reading | NotHeard:
    """The music is slow, moderate or fast: onset density first, then the beat."""
    pulse = _pulse(hearing)
    if pulse is None:
        return _NO_BEAT
    density, beat = pulse
    bpm = hearing.tempo.bpm if hearing.tempo else None
    evidence = f"{2.5 * 2**density:.1f} onsets per second" + (f", about {bpm:.0f} BPM." if bpm else ", no steady beat.")
    facts = {"tempo_bpm": round(bpm, 1)} if bpm else {}
    if check.level == "moderate":
        features, kind = {"centred": -abs(beat)}, "tempo.moderate"
    else:
        sign = 1.0 if check.level == "fast" else -1.0
        features, kind = {"density": sign * density, "beat": sign * beat}, "tempo"
    return Reading(kind, features, evidence, "tempo", facts=facts, given=_of_music(hearing))


def read_bpm(hearing: Hearing, check: TempoBpm) -> Reading | NotHeard:
    """The tempo is a number of BPM, within 4 %; half and double of it count little."""
    if hearing.tempo is None:
        return _NO_BEAT
    weight, bpm = hearing.tempo.weight_near(check.bpm), hearing.tempo.bpm
    octave = max(hearing.tempo.weight_near(check.bpm * factor) for factor in (0.5, 2.0))
    features = {"weight": weight, "octave": octave, "confidence": hearing.tempo.confidence * (2 * weight - 1)}
    evidence, facts = f"The beat is at about {bpm:.1f} BPM.", {"tempo_bpm": round(bpm, 1)}
    return Reading("bpm", features, evidence, "tempo", facts=facts, given=_of_music(hearing))


def read_drums(hearing: Hearing, _check: Drums) -> Reading:
    """Drums or percussion play: sound classes and struck, broadband onsets."""
    logits = hearing.events.logits[hearing.events.active]
    best = logits.max(axis=0)
    columns = hearing.columns(_DRUM_CLASSES)
    strokes = hearing.drums
    features = {
        "kit": float(best[columns[:1]].max()),
        "drums": float(best[columns].max()),
        "head": max(-8.0, min(8.0, hearing.instruments.get("drums", 0.0))),
        "often": float(logits[:, columns].max(axis=1).mean()),
        "cues": max(-6.0, min(6.0, strokes.log_odds)) if strokes else -6.0,
        "tag": hearing.ordinary.tag(hearing.tags, DRUM_TAGS),
    }
    spans = hearing.events.spans(_DRUM_CLASSES, 0.2)
    share = strokes.percussive_share if strokes else 0.0
    evidence = f"Drums: score {1 / (1 + math.exp(-features['drums'])):.2f}; {share:.0%} of the energy is struck."
    return Reading("drums", features, evidence, "sound-events", spans)


def read_mood(hearing: Hearing, check: Mood) -> Reading | NotHeard:
    """The music has a mood: its sound classes, its pulse (arousal) and its mode (valence)."""
    pulse = _pulse(hearing)
    if check.sound is None or check.mood not in _MOODS:
        return NotHeard("No probe hears this mood.")
    if pulse is None and hearing.key is None:
        return NotHeard("Neither onsets nor tones to hear a mood in.")
    arousal, valence = _MOODS[check.mood]
    density, beat = pulse or (0.0, 0.0)
    major = 1.0 - 2.0 * hearing.key.p_minor if hearing.key else 0.0
    features = {
        "class": presence_features(hearing, check.sound)["main"],
        "arousal": arousal * (density + beat) / 2,
        "valence": valence * major,
        "tag": hearing.ordinary.tag(hearing.tags, MOOD_TAGS.get(check.mood, ())),
    }
    heard = [f"{2.5 * 2**density:.1f} onsets per second"] if pulse else []
    heard += [f"leaning to {'major' if major > 0 else 'minor'}"] if hearing.key else []
    return Reading("mood", features, f"{', '.join(heard)}.".capitalize(), "sound-events", given=_of_music(hearing))


def read_mode(hearing: Hearing, check: Mode) -> Reading | NotHeard:
    """The key is major or minor."""
    key = hearing.key
    if key is None:
        return _NO_KEY
    p = key.p_minor if check.mode == "minor" else 1.0 - key.p_minor
    evidence = f"Most likely {key.name}."
    given = _of_music(hearing)
    return Reading("mode", {"log_odds": _log_odds(p)}, evidence, "key", facts={"key": key.name}, given=given)


def read_key(hearing: Hearing, check: Key) -> Reading | NotHeard:
    """The key is this one of 24."""
    key = hearing.key
    if key is None:
        return _NO_KEY
    p = key.p(check.tonic, check.mode)
    evidence = f"Most likely {key.name}; {NAMES[check.tonic]} {check.mode}: {p:.0%}."
    given = _of_music(hearing)
    return Reading("key", {"log_odds": _log_odds(p)}, evidence, "key", facts={"key": key.name}, given=given)


def read_metre(hearing: Hearing, check: Metre) -> Reading | NotHeard:
    """Three or four (two) beats in a bar."""
    metre = hearing.metre
    if metre is None:
        return _NO_BEAT
    if check.beats not in {2, 3, 4, 6}:
        return NotHeard("Only bars of two, three, four and six beats can be told apart.")
    p = metre.p_three if check.beats in {3, 6} else 1.0 - metre.p_three
    evidence = f"Accents suggest bars of {metre.beats_per_bar}."
    facts = {"beats_per_bar": metre.beats_per_bar}
    return Reading("metre", {"log_odds": _log_odds(p)}, evidence, "tempo", facts=facts, given=_of_music(hearing))


def _of_music(hearing: Hearing) -> dict[str, dict[str, float]]:
    """Return what must hold before a tempo, key or mood can be the music's: that there is any."""
    return {"music": music_features(hearing)}


def _log_odds(p: float) -> float:
    clipped = min(0.999, max(0.001, p))
    return math.log(clipped / (1.0 - clipped))
