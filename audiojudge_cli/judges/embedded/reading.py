"""A reading: what the probes measured for one check, before it becomes a probability."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_PRESENCE = "main kin rank"
_BALANCE = "brightness warmth centroid"
_TREND = "change monotony edge"

FEATURES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(features.split())
        for kind, features in {
            "abrupt": "held fall",
            "age.child": "f0 tract child_class",
            "arousal": "pitch movement rate tilt",
            "at.end": "inside share",
            "at.start": "inside share",
            "at.time": "inside share",
            "bass": "lows",
            "beat": "confidence",
            "bpm": "weight octave confidence",
            "clarity": "recognised open opinion",
            "continuous": "share",
            "count": "exact",
            "distorted": "clipped",
            "drums": "kit drums head often cues",
            "duration": "match",
            "event": f"{_PRESENCE} snr main_snr",
            "event.guess": f"{_PRESENCE} snr main_snr likeness main_likeness",
            "fluent": "flow breaks stumbles",
            "genre": _PRESENCE,
            "instrument": _PRESENCE,
            "instrument.head": f"{_PRESENCE} head",
            "intonation.flat": "deviation range",
            "intonation.lively": "deviation range",
            "key": "log_odds",
            "language": "log_chance log_odds",
            "level.other.background": "ahead",
            "level.other.foreground": "ahead",
            "level.speech.background": "ahead",
            "level.speech.foreground": "ahead",
            "loud": "level",
            "loud.medium": "centred",
            "metre": "log_odds",
            "mode": "log_odds",
            "mood": "class arousal valence",
            "moving": "change monotony",
            "muffled": "mids_over_highs rolloff",
            "music": "music_peak music_mean instrument",
            "narrow": "narrow highs_gone lows_gone",
            "near": "level brightness",
            "noise": "snr total",
            "order": "gap weaker",
            "pan": "moved",
            "pan.any": "range",
            "pause.long": "length",
            "pause.seconds": "match",
            "pitch.high": "relative absolute",
            "pitch.low": "relative absolute",
            "pitch.medium": "centred",
            "pitch.sound": "centroid rolloff",
            "quality.sound": "band clean unclipped",
            "quality.speech": "score",
            "rate.fast": "rate",
            "rate.moderate": "centred",
            "rate.slow": "rate",
            "rhythm.accelerating": "shrinking",
            "rhythm.fast": "pace",
            "rhythm.regular": "even beat",
            "rhythm.slow": "pace",
            "room": "rt60",
            "sex": "f0 tract",
            "side": "balance",
            "speakers": "gap many_class",
            "speech": "voice_activity speech_class",
            "steady": "even",
            "tempo": "density beat",
            "tempo.moderate": "centred",
            "timbre.breathy": "harmonics breath first_harmonic",
            "timbre.raspy": "harmonics roughness jitter shimmer",
            "timbre.sound.bright": _BALANCE,
            "timbre.sound.dark": _BALANCE,
            "timbre.sound.thin": _BALANCE,
            "timbre.sound.warm": _BALANCE,
            "timbre.voice.bright": _BALANCE,
            "timbre.voice.dark": _BALANCE,
            "timbre.voice.thin": _BALANCE,
            "timbre.voice.warm": _BALANCE,
            "together": "joint",
            "trend.fade_in": _TREND,
            "trend.fade_out": _TREND,
            "trend.falling": _TREND,
            "trend.rising": _TREND,
            "vocals": "sung held",
            "whisper": "unvoiced whisper_class",
            "wide": "width",
            "words.many": "letters words",
            "words.one": "letters words",
        }.items()
    }
)
"""Every kind of reading there is, with the features it gives.

`Reading` accepts no other, and the calibration is loaded only if it has a curve for each that asks for nothing else:
code and fitted data cannot drift apart unseen.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured for a check.

    Attributes:
        kind: Which calibration curve turns the features into p_yes; one of `FEATURES`.
        features: Finite numbers by name, larger = more likely yes wherever that makes sense.
        evidence: One sentence: what was heard, and when.
        source: The probe that heard it.
        times: Spans (start, end) in seconds that the evidence names.
        facts: What was measured, by name with unit.
        given: Features by calibration kind of what must hold first: nobody whispers where nobody speaks.
            p_yes is multiplied by theirs.

    Raises:
        ValueError: If a kind is not one of `FEATURES`, or its features are others or not finite.
    """

    kind: str
    features: Mapping[str, float]
    evidence: str
    source: str
    times: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, float | str] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, features in ((self.kind, self.features), *self.given.items()):
            if FEATURES.get(kind) != frozenset(features):
                msg = (
                    f"a reading of kind {kind!r} gave {sorted(features)}, declared are {sorted(FEATURES.get(kind, ()))}"
                )
                raise ValueError(msg)
            odd = sorted(name for name, value in features.items() if not math.isfinite(value))
            if odd:
                msg = f"a reading of kind {kind!r} is not finite in {odd}"
                raise ValueError(msg)


def seconds(spans: tuple[tuple[float, float], ...], most: int = 3) -> str:
    """Return spans for a sentence: "0.5–2.1 s, 4.0–4.6 s and 2 more"."""
    shown = ", ".join(f"{start:.1f}–{end:.1f} s" for start, end in spans[:most])
    return f"{shown} and {len(spans) - most} more" if len(spans) > most else shown or "no time"
