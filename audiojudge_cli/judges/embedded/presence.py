"""How strongly something is heard at all: sounds, speech, music. What several traits rest on."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.judges.embedded.classes import Sound
from audiojudge_cli.judges.embedded.reading import Reading, seconds
from audiojudge_cli.judges.embedded.subjects import SUNG
from audiojudge_cli.signals.held_notes import held_notes_s

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures

# Parents and backgrounds: sounding together with nearly everything, they do not compete with a class.
_GENERIC = frozenset(
    {
        "Animal",
        "Bird",
        "Domestic animals, pets",
        "Environmental noise",
        "Fowl",
        "Insect",
        "Inside, large room or hall",
        "Inside, small room",
        "Livestock, farm animals, working animals",
        "Music",
        "Musical instrument",
        "Noise",
        "Outside, rural or natural",
        "Outside, urban or manmade",
        "Silence",
        "Sound effect",
        "Speech",
        "Vehicle",
        "Water",
        "Wild animals",
    }
)

EVENT = ("kin", "lasting", "main", "mean", "peak", "rank", "usual")
"""Features of the curve `event`."""

GUESS = ("main_likeness", "rank")
"""Features of the curve `event.guess`."""

SPEECH = ("speech_class", "voice_activity")
"""Features of the curve `speech`."""

MUSIC = ("instrument", "music_mean", "music_peak")
"""Features of the curve `music`."""

VOCALS = ("held", "sung", "tag")
"""Features of the curve `vocals`."""

SUNG_S = 0.65
"""Held notes (`signals/held_notes.py`) between speech (.48 s at most on the first set) and singing (.96 s at least)."""

LEAST_HELD_S = 0.15
"""Shorter than any note that `signals/held_notes.py` counts."""

LOW_HANDICAP = 1.0
"""What is heard with half the bands muted must be heard this much more clearly (log odds)."""

LEAST_LOGIT = -6.0
"""Log odds of a sound class below which it is simply not there."""


def presence_features(clip: ClipFeatures, sound: Sound) -> dict[str, float]:
    """Return how strongly a sound is heard.

    `main`: highest logit of the class that means it; `kin`: of its kin; `rank`: −log(1 + number of competing
    classes above it).
    """
    track, between = clip.events, clip.between_speech
    best = track.logits.max(axis=0)
    if between is not None:
        best = np.maximum(best, between.logits.max(axis=0))
    columns = clip.columns(sound.classes)
    main = float(best[columns[0]])
    kin = float(best[columns[1:]].max()) if len(columns) > 1 else main
    rivals = np.ones(len(best), dtype=bool)
    rivals[columns] = False
    rivals[[track.index(name) for name in _GENERIC]] = False
    above = int((best[rivals] > max(main, float(best[columns[:2]].max()))).sum())
    return {"main": main, "kin": kin, "rank": -math.log1p(above)}


def event_features(clip: ClipFeatures, sound: Sound) -> dict[str, float]:
    """Return the features of the curve `event`: how strongly a sound is heard, by itself and against ordinary clips.

    `peak`, `lasting` and `mean`: how far its class stands from ordinary clips, at its clearest moment, over its three
    clearest patches and over all. `kin`: the class or any that is like it. `usual`: what ordinary clips give the class,
    for classes that are hardly ever given say less by their absence. Far below its threshold a logit says nothing more,
    so `main` and `kin` are cut off there.
    """
    column = clip.columns(sound.classes[:1])
    found = presence_features(clip, sound)
    low = float(clip.low_events.logits[:, column].max())
    return {
        "main": max(LEAST_LOGIT, found["main"], low - LOW_HANDICAP),
        "kin": max(LEAST_LOGIT, found["main"], found["kin"]),
        "usual": float(clip.ordinary.peak_mean[column[0]]),
        "rank": found["rank"],
        "peak": float(clip.standing.peak[column[0]]),
        "lasting": float(clip.standing.lasting[column[0]]),
        "mean": float(clip.standing.mean[column[0]]),
    }


def heard(clip: ClipFeatures, sound: Sound, kind: str) -> Reading:
    """Return a reading of how strongly a sound is heard, with the features of `presence_features`."""
    found = presence_features(clip, sound)
    spans = clip.events.spans(sound.classes[:2], 0.2)
    peak = 1 / (1 + math.exp(-found["main"]))
    where = f", strongest at {seconds(spans)}" if spans else ""
    loudest = ", ".join(name.lower() for name, _ in clip.events.top(3))
    evidence = f"{sound.classes[0]}: activation {peak:.2f}{where}; most prominent: {loudest}."
    return Reading(kind, found, evidence, "sound-events", spans, {"activation": round(peak, 4)})


def event_reading(clip: ClipFeatures, sound: Sound) -> Reading:
    """Return a reading of a sound event, by `event` or, where its words had to be guessed, by `event.guess`."""
    if sound.likeness < 1.0:
        return guessed(clip, sound)
    return replace(heard(clip, sound, "event"), features=event_features(clip, sound))


def guessed(clip: ClipFeatures, sound: Sound) -> Reading:
    """Return how strongly a sound is heard that words outside the vocabulary were taken to mean."""
    reading = heard(clip, sound, "event.guess")
    said = f"“{sound.phrase[:60]}” is taken to mean “{sound.classes[0]}” (likeness {sound.likeness:.2f}). "
    told = event_features(clip, sound)
    found = {"main_likeness": told["main"] * sound.likeness, "rank": told["rank"]}
    return replace(reading, features=found, evidence=said + reading.evidence)


def speech_features(clip: ClipFeatures) -> dict[str, float]:
    """Return how surely somebody speaks: voice activity and the speech class of the sound events."""
    peak = min(0.9999, max(0.0001, clip.speech.peak))
    best = clip.events.logits.max(axis=0)
    columns = clip.columns(
        ("Speech", "Whispering", "Narration, monologue", "Conversation", "Child speech, kid speaking")
    )
    return {"voice_activity": math.log(peak / (1 - peak)), "speech_class": float(best[columns].max())}


def of_speech(clip: ClipFeatures) -> dict[str, dict[str, float]]:
    """Return what must hold before anything can be said of a voice: that somebody speaks."""
    return {"speech": speech_features(clip)}


def music_features(clip: ClipFeatures) -> dict[str, float]:
    """Return how surely music plays: by the sound classes, at their highest and on average."""
    logits = clip.events.logits[clip.events.active]
    music = logits[:, clip.columns(("Music",))[0]]
    instrument = logits[:, clip.columns(("Musical instrument", "Background music", "Song"))].max(axis=1)
    return {
        "music_peak": float(music.max()),
        "music_mean": float(music.mean()),
        "instrument": float(instrument.max()),
    }


def vocals_features(clip: ClipFeatures) -> dict[str, float]:
    """Return how surely somebody sings: sung classes of the sound events, music tags, or a voice that holds notes."""
    sung = float(clip.events.logits.max(axis=0)[clip.columns(SUNG)].max())
    held_s = held_notes_s(clip.pitch) if clip.measured.speech_spans and clip.pitch is not None else 0.0
    return {
        "sung": max(LEAST_LOGIT, sung),
        "held": math.log2(max(LEAST_HELD_S, held_s) / SUNG_S),
        "tag": clip.tags.sung,
    }


def of_music(clip: ClipFeatures) -> dict[str, dict[str, float]]:
    """Return what must hold before an instrument, tempo, key or mood can be the music's: that there is any."""
    return {"music": music_features(clip)}
