"""Readings of sound events: presence, order, overlap, number, distance."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.judges.checks.kinds import (
    Distance,
    EventCount,
    EventOrder,
    EventsTogether,
    Genre,
    Instrument,
    NotHeard,
    Scene,
    Sound,
    SoundEvent,
)
from audiojudge_cli.judges.embedded.reading import Reading, seconds
from audiojudge_cli.judges.embedded.tagged import GENRE_TAGS, INSTRUMENT_TAGS
from audiojudge_cli.judges.embedded.voice import TYPICAL_LEVEL_DB
from audiojudge_cli.text.counted import counted

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

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


# Heads by the class that means the instrument; other instruments have a head of their own name or none.
_HEADS = {
    "Marimba, xylophone": ("xylophone", "marimba"),
    "Mallet percussion": ("xylophone", "marimba", "vibraphone", "glockenspiel"),
    "Vibraphone": ("vibraphone",),
    "Glockenspiel": ("glockenspiel", "celesta"),
    "Tubular bells": ("tubular_bells",),
    "Steelpan": ("steelpan",),
    "Guitar": ("acoustic_guitar", "electric_guitar"),
    "Bowed string instrument": ("strings", "violin", "viola", "cello"),
    "Wind instrument, woodwind instrument": ("flute", "recorder", "clarinet", "oboe", "bassoon", "saxophone"),
    "Brass instrument": ("brass", "trumpet", "trombone", "french_horn", "tuba"),
    "Keyboard (musical)": ("piano", "electric_piano", "organ", "synthesizer"),
    "Orchestra": ("strings",),
}


LOW_HANDICAP = 1.0
"""What is heard with half the bands muted must be heard this much more clearly (log odds)."""

_APART = -3.5
"""Log odds between sounds at the same moment and those in succession."""

_DROP = 5.0
"""A burst is the sound's where its class keeps within this of its highest log odds."""

_GRID_S = 0.1

LEAST_LOGIT = -6.0
"""Log odds of a sound class below which it is simply not there."""


def presence_features(hearing: Hearing, sound: Sound) -> dict[str, float]:
    """Return how strongly a sound is heard.

    `main`: highest logit of the class that means it; `kin`: of its kin; `rank`: −log(1 + number of competing
    classes above it).
    """
    track, between = hearing.events, hearing.between_speech
    best = track.logits.max(axis=0)
    if between is not None:
        best = np.maximum(best, between.logits.max(axis=0))
    columns = hearing.columns(sound.classes)
    main = float(best[columns[0]])
    kin = float(best[columns[1:]].max()) if len(columns) > 1 else main
    rivals = np.ones(len(best), dtype=bool)
    rivals[columns] = False
    rivals[[track.index(name) for name in _GENERIC]] = False
    above = int((best[rivals] > max(main, float(best[columns[:2]].max()))).sum())
    return {"main": main, "kin": kin, "rank": -math.log1p(above)}


def event_features(hearing: Hearing, sound: Sound) -> dict[str, float]:
    """Return the features of the kind `event`: how strongly a sound is heard, by itself and against ordinary clips.

    `peak`, `lasting` and `mean`: how far its class stands from ordinary clips, at its clearest moment, over its three
    clearest patches and over all. Far below its threshold a logit says nothing more, so `main` is cut off there.
    """
    column = hearing.columns(sound.classes[:1])
    heard = presence_features(hearing, sound)
    low = float(hearing.low_events.logits[:, column].max())
    return {
        "main": max(LEAST_LOGIT, heard["main"], low - LOW_HANDICAP),
        "rank": heard["rank"],
        "peak": float(hearing.standing.peak[column[0]]),
        "lasting": float(hearing.standing.lasting[column[0]]),
        "mean": float(hearing.standing.mean[column[0]]),
    }


def guessed(hearing: Hearing, sound: Sound) -> Reading:
    """Return how strongly a sound is heard that words outside the vocabulary were taken to mean."""
    reading = _presence(hearing, sound, "event.guess")
    said = f"“{sound.phrase[:60]}” is taken to mean “{sound.classes[0]}” (likeness {sound.likeness:.2f}). "
    heard = event_features(hearing, sound)
    features = {"main_likeness": heard["main"] * sound.likeness, "rank": heard["rank"]}
    return replace(reading, features=features, evidence=said + reading.evidence)


def _presence(hearing: Hearing, sound: Sound, kind: str) -> Reading:
    features = presence_features(hearing, sound)
    spans = hearing.events.spans(sound.classes[:2], 0.2)
    peak = 1 / (1 + math.exp(-features["main"]))
    where = f", strongest at {seconds(spans)}" if spans else ""
    loudest = ", ".join(name.lower() for name, _ in hearing.events.top(3))
    evidence = f"{sound.classes[0]}: score {peak:.2f}{where}; most prominent: {loudest}."
    return Reading(kind, features, evidence, "sound-events", spans, {"score": round(peak, 4)})


def read_event(hearing: Hearing, check: SoundEvent) -> Reading:
    """A sound event is audible."""
    if check.sound.likeness < 1.0:
        return guessed(hearing, check.sound)
    return replace(_presence(hearing, check.sound, "event"), features=event_features(hearing, check.sound))


def read_scene(hearing: Hearing, check: Scene) -> Reading:
    """The sound of a place."""
    if check.sound.likeness < 1.0:
        return guessed(hearing, check.sound)
    return replace(_presence(hearing, check.sound, "event"), features=event_features(hearing, check.sound))


def read_instrument(hearing: Hearing, check: Instrument) -> Reading:
    """An instrument plays: sound classes, and a head where one was trained."""
    if check.sound.likeness < 1.0:
        return guessed(hearing, check.sound)
    reading = _presence(hearing, check.sound, "instrument")
    tagged = {"tag": hearing.ordinary.tag(hearing.tags, INSTRUMENT_TAGS.get(check.sound.classes[0], ()))}
    known = [name for name in _heads_for(check.sound) if name in hearing.instruments]
    if not known:
        return replace(reading, features={**reading.features, **tagged})
    head = max(hearing.instruments[name] for name in known)
    return replace(
        reading, kind="instrument.head", features={**reading.features, **tagged, "head": max(-8.0, min(8.0, head))}
    )


def _heads_for(sound: Sound) -> tuple[str, ...]:
    """Return the heads that speak for an instrument: those of its class, else its own name."""
    return _HEADS.get(sound.classes[0], (sound.concept,))


def read_genre(hearing: Hearing, check: Genre) -> Reading:
    """The music belongs to a genre."""
    if check.sound.likeness < 1.0:
        return guessed(hearing, check.sound)
    reading = _presence(hearing, check.sound, "genre")
    tag = hearing.ordinary.tag(hearing.tags, GENRE_TAGS.get(check.sound.classes[0], ()))
    return replace(reading, features={**reading.features, "tag": tag})


def activity(hearing: Hearing, sound: Sound) -> np.ndarray:
    """Return how active a sound is in each patch, 0 to 1, relative to its own strongest patch."""
    track = hearing.events
    columns = hearing.columns(sound.classes[:3])
    logits = track.logits[:, columns].max(axis=1)
    return np.asarray(np.exp(np.clip(logits - logits.max(), -20.0, 0.0)))


def centre_s(hearing: Hearing, sound: Sound) -> float:
    """Return the centre of a sound's activity in seconds."""
    weights = activity(hearing, sound)
    times = np.arange(len(weights)) * hearing.events.hop_s + hearing.events.window_s / 2
    return float((weights * times).sum() / weights.sum())


def read_order(hearing: Hearing, check: EventOrder) -> Reading:
    """One sound comes before another: by the centres of their activity (a centre is steadier than an onset)."""
    first, second = centre_s(hearing, check.first), centre_s(hearing, check.second)
    span = max(1.0, hearing.events.duration_s)
    gap = (second - first) / span
    features = {
        "gap": max(-0.5, min(0.5, gap)),
        "weaker": min(
            presence_features(hearing, check.first)["main"], presence_features(hearing, check.second)["main"]
        ),
    }
    evidence = (
        f"{check.first.phrase.capitalize()} is centred at {first:.1f} s, {check.second.phrase} at {second:.1f} s."
    )
    return Reading("order", features, evidence, "sound-events", facts={"gap_s": round(second - first, 2)})


def read_together(hearing: Hearing, check: EventsTogether) -> Reading:
    """Two sounds are heard at the same time: some moment holds both about as clearly as any moment holds either.

    `joint`: over the patches that hold sound, the highest of the lower of the two, each in log odds less its own
    highest. Sounds in succession have -5 to -12; one that masks the other looks like succession.
    """
    best = np.maximum(hearing.events.logits, hearing.low_events.logits - LOW_HANDICAP)[hearing.events.active]
    columns = [hearing.columns(sound.classes[:2]) for sound in (check.first, check.second)]
    tracks = [np.maximum(best[:, chosen].max(axis=1), LEAST_LOGIT - 1.0) for chosen in columns]
    joint = float(np.minimum(*(track - track.max() for track in tracks)).max())
    both = f"{check.first.phrase.capitalize()} and {check.second.phrase}"
    found = "share their clearest moments" if joint > _APART else "are heard at different moments"
    fainter = min((check.first, check.second), key=lambda sound: event_features(hearing, sound)["main"])
    given = {"event": event_features(hearing, fainter)}
    return Reading("together", {"joint": max(-8.0, joint)}, f"{both} {found}.", "sound-events", given=given)


def read_count(hearing: Hearing, check: EventCount) -> Reading:
    """A sound is heard so many times: bursts of energy where its class is nearly as clear as anywhere."""
    track = hearing.events
    logits = np.maximum(track.logits[:, hearing.columns(check.sound.classes[:3])].max(axis=1), LEAST_LOGIT - 1.0)
    times = np.arange(len(logits)) * track.hop_s + track.window_s / 2
    clear = np.interp(_GRID_S * np.arange(1 + int(track.duration_s / _GRID_S)), times, logits) > logits.max() - _DROP
    inside = tuple(
        (a, b)
        for a, b in hearing.bursts
        if clear[int(max(0.0, a - 0.6) / _GRID_S) : int((b + 0.6) / _GRID_S) + 1].any()
    )
    heard = f"{counted(len(inside), 'separate sound')} where {check.sound.phrase} is likeliest"
    evidence = f"{heard}, at {seconds(inside)}."
    return Reading(
        "count",
        {"exact": float(len(inside) == check.count)},
        evidence,
        "bursts",
        inside,
        {"count": len(inside)},
        {"event": event_features(hearing, check.sound)},
    )


def read_distance(hearing: Hearing, check: Distance) -> Reading | NotHeard:
    """Near or far, loud or faint: by level, brightness and how sounds die away."""
    if hearing.level is None or hearing.spectrum is None:
        return NotHeard("Silence is neither near nor far.")
    sign = 1.0 if check.level == "near" else -1.0
    centroid = math.log2(max(50.0, hearing.spectrum.centroid_hz) / 1000.0)
    features = {"level": sign * (hearing.level.active_db - TYPICAL_LEVEL_DB), "brightness": sign * centroid}
    evidence = (
        f"Active level {hearing.level.active_db:.0f} dBFS, spectral centroid {hearing.spectrum.centroid_hz:.0f} Hz."
    )
    facts = {"active_dbfs": round(hearing.level.active_db, 1)}
    return Reading("near", features, evidence, "level", facts=facts)
