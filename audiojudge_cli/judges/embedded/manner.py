"""Readings of a voice's manner: child, number of speakers, arousal, intonation, timbre, clarity, fluency, pauses."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from audiojudge_cli.judges.checks.kinds import NotHeard
from audiojudge_cli.judges.checks.traits import (
    Arousal,
    Child,
    Clarity,
    Fluent,
    Intonation,
    LongPause,
    SeveralSpeakers,
    VoiceTimbre,
)
from audiojudge_cli.judges.embedded.reading import Reading, seconds
from audiojudge_cli.judges.embedded.voice import SEX_BOUNDARY_HZ, speech_features

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

_NO_VOICE = NotHeard("No voiced speech long enough to measure its manner.")
_FILLERS = re.compile(r"\b(?:u+[hm]+|e+r+m*|hm+|you know|i mean)\b|嗯+|呃+|额+|那个", re.IGNORECASE)
_REPEATED = re.compile(r"\b(\w+)(?:[\s,.\-…]+\1\b)+", re.IGNORECASE)
_MOST_SEMITONES = 8.0


def _about(hearing: Hearing) -> dict[str, dict[str, float]]:
    return {"speech": speech_features(hearing)}


def read_child(hearing: Hearing, _check: Child) -> Reading | NotHeard:
    """A child speaks: high pitch and a short vocal tract together, and the sound classes of children's voices."""
    f0, found = hearing.voice_f0_hz, hearing.measured.voice
    if f0 is None or found is None:
        return _NO_VOICE
    tract = hearing.measured.tract_length_cm or 15.0
    best = hearing.events.logits.max(axis=0)
    columns = hearing.columns(("Child speech, kid speaking", "Children shouting", "Child singing"))
    features = {
        "f0": math.log2(f0 / 250.0),
        "tract": 15.0 - min(20.0, max(10.0, tract)),
        "child_class": float(best[columns].max()),
    }
    evidence = f"Median pitch {f0:.0f} Hz, vocal tract about {tract:.1f} cm (children are above 250 Hz, under 13 cm)."
    facts = {"f0_hz": round(f0, 1), "tract_cm": round(tract, 1)}
    return Reading("age.child", features, evidence, "voice", hearing.speech.segments(), facts, _about(hearing))


def read_several(hearing: Hearing, _check: SeveralSpeakers) -> Reading | NotHeard:
    """Several people speak: stretches of speech that fall into two groups of pitch. One sex alone is not told apart."""
    measured = hearing.measured
    if measured.speech_samples is None:
        return _NO_VOICE
    gap = measured.pitch_gap_octaves
    best = hearing.events.logits.max(axis=0)
    many = float(best[hearing.columns(("Conversation", "Chatter", "Hubbub, speech noise, speech babble"))].max())
    features = {
        "gap": min(1.0, gap or 0.0),
        "many_class": many - float(best[hearing.columns(("Narration, monologue",))[0]]),
    }
    evidence = (
        "Speech in one stretch."
        if gap is None
        else f"The pitches of the stretches of speech lie {12 * gap:.0f} semitones apart."
    )
    return Reading("speakers", features, evidence, "pitch", measured.speech_spans, {}, _about(hearing))


def read_arousal(hearing: Hearing, check: Arousal) -> Reading | NotHeard:
    """A voice is aroused or calm: pitch above what is usual, its movement, syllable rate, brightness of voiced sounds.

    Valence (happy or angry, tender or sad) is not heard.
    """
    f0, track, found, paused = hearing.voice_f0_hz, hearing.pitch, hearing.measured.voice, hearing.measured.pauses
    if f0 is None or found is None or track is None or hearing.measured.speech_samples is None:
        return _NO_VOICE
    usual = 120.0 if f0 < SEX_BOUNDARY_HZ else 205.0
    rate = (paused.articulation_per_s if paused else None) or 4.5
    lively = min(_MOST_SEMITONES, track.deviation_semitones or 2.5)
    tilt = found.tilt_db_per_octave if found.tilt_db_per_octave is not None else -9.0
    sign = check.lean
    features = {
        "pitch": sign * math.log2(f0 / usual),
        "movement": sign * math.log2(max(0.5, lively) / 2.5),
        "rate": sign * math.log2(max(1.0, rate) / 4.5),
        "tilt": sign * (tilt + 9.0),
    }
    evidence = (
        f"Pitch {f0:.0f} Hz moving by {lively:.1f} semitones, {rate:.1f} syllables per second"
        f" ({'aroused' if sign > 0 else 'calm'} is what {check.emotion} asks for)."
    )
    facts = {"f0_hz": round(f0, 1), "pitch_deviation_semitones": round(lively, 2)}
    return Reading("arousal", features, evidence, "voice", hearing.speech.segments(), facts, _about(hearing))


def read_intonation(hearing: Hearing, check: Intonation) -> Reading | NotHeard:
    """The melody of a voice is flat or lively: how far pitch strays from its median."""
    track = hearing.pitch
    if hearing.measured.speech_samples is None or track is None or track.deviation_semitones is None:
        return _NO_VOICE
    deviation = min(_MOST_SEMITONES, max(0.2, track.deviation_semitones))
    width = min(24.0, max(0.5, track.range_semitones or 0.5))
    sign = 1.0 if check.level == "lively" else -1.0
    features = {"deviation": sign * math.log2(deviation / 2.5), "range": sign * math.log2(width / 6.0)}
    evidence = f"Pitch strays {deviation:.1f} semitones from its median and spans {width:.0f}."
    facts = {"pitch_deviation_semitones": round(deviation, 2)}
    kind = f"intonation.{check.level}"
    return Reading(kind, features, evidence, "pitch", hearing.speech.segments(), facts, _about(hearing))


def read_voice_timbre(hearing: Hearing, check: VoiceTimbre) -> Reading | NotHeard:
    """The colour of a voice: spectral balance of its speech; roughness and breath noise for raspy and breathy."""
    found, balance, rough = hearing.measured.voice, hearing.measured.voice_spectrum, hearing.measured.voice_roughness
    if found is None or balance is None or rough is None:
        return _NO_VOICE
    times, given = hearing.speech.segments(), _about(hearing)
    if check.quality in {"raspy", "breathy"}:
        hnr = _or(found.hnr_db, 10.0)
        high = _or(found.hnr_high_db, 3.0)
        if check.quality == "raspy":
            features = {
                "harmonics": -hnr,
                "roughness": rough.depth,
                "jitter": min(5.0, _or(found.jitter_percent, 1.0)),
                "shimmer": min(5.0, _or(found.shimmer_db, 1.0)),
            }
        else:
            features = {"harmonics": -hnr, "breath": -high, "first_harmonic": _or(found.h1_h2_db, 0.0)}
        evidence = f"Harmonics stand {hnr:.0f} dB above noise ({high:.0f} dB above 2 kHz), roughness {rough.depth:.2f}."
        return Reading(f"timbre.{check.quality}", features, evidence, "voice", times, {"hnr_db": round(hnr, 1)}, given)
    features = {
        "brightness": _or(balance.brightness_db, -20.0),
        "warmth": _or(balance.warmth_db, 20.0),
        "centroid": math.log2(max(100.0, balance.centroid_hz) / 1000.0),
    }
    kind = f"timbre.voice.{check.quality}"
    if check.quality in {"dark", "warm"}:
        features = {
            "brightness": -features["brightness"],
            "warmth": features["warmth"],
            "centroid": -features["centroid"],
        }
    else:
        features["warmth"] = -features["warmth"]
    evidence = f"Speech centred at {balance.centroid_hz:.0f} Hz, lows {_or(balance.warmth_db, 0.0):.0f} dB over highs."
    facts = {"centroid_hz": round(balance.centroid_hz)}
    return Reading(kind, features, evidence, "spectrum", times, facts, given)


def _or(value: float | None, instead: float) -> float:
    return instead if value is None else value


def read_clarity(hearing: Hearing, _check: Clarity) -> Reading | NotHeard:
    """Speech is clear: how sure the recogniser is of the words, how muffled the voice, and the P.808 score."""
    balance = hearing.measured.voice_spectrum
    if balance is None:
        return NotHeard("No speech to judge the clarity of.")
    best = max(hearing.languages, key=lambda code: hearing.languages[code], default="en")
    words = hearing.transcript(best)
    muffled = _or(balance.muffled_db, 20.0)
    features = {
        "recognised": max(-2.0, words.avg_logprob),
        "open": -max(15.0, min(60.0, muffled)),
        "opinion": hearing.overall_quality,
    }
    evidence = (
        f"Recognised with mean log-probability {words.avg_logprob:.2f}; mids {muffled:.0f} dB over highs;"
        f" predicted opinion {hearing.overall_quality:.1f} of 5."
    )
    facts = {"muffled_db": round(muffled, 1), "p808": round(hearing.overall_quality, 2)}
    times = hearing.speech.segments()
    return Reading("clarity", features, evidence, "speech-recognition", times, facts, _about(hearing))


def read_fluent(hearing: Hearing, _check: Fluent) -> Reading | NotHeard:
    """Speech runs without hesitation: pauses, fillers and repeated words per ten seconds of speech."""
    found = hearing.measured.pauses
    if found is None or found.share is None or found.speech_s < 0.5:
        return NotHeard("No speech to judge the fluency of.")
    best = max(hearing.languages, key=lambda code: hearing.languages[code], default="en")
    text = hearing.transcript(best).text
    stumbles = len(_FILLERS.findall(text)) + len(_REPEATED.findall(text))
    per_ten = 10.0 / max(1.0, found.speech_s)
    features = {
        "flow": -found.share,
        "breaks": -min(8.0, len(found.pauses) * per_ten),
        "stumbles": -min(6.0, stumbles * per_ten),
    }
    evidence = f"{len(found.pauses)} pauses ({found.share:.0%} of the time), {stumbles} fillers or repeated words."
    facts = {"pause_share": round(found.share, 2), "stumbles": stumbles}
    return Reading("fluent", features, evidence, "pauses", found.pauses, facts, _about(hearing))


def read_pause(hearing: Hearing, check: LongPause) -> Reading | NotHeard:
    """Speech has a long pause, or one of about so many seconds."""
    found = hearing.measured.pauses
    if found is None or found.longest_s is None:
        return NotHeard("No speech to hear pauses in.")
    longest = max(0.05, found.longest_s)
    evidence = f"The longest pause lasts {longest:.1f} s ({seconds(found.pauses)})."
    facts = {"longest_pause_s": round(longest, 2)}
    if check.seconds is None:
        return Reading("pause.long", {"length": math.log2(longest)}, evidence, "pauses", found.pauses, facts)
    lengths = [max(0.05, b - a) for a, b in found.pauses] or [longest]
    off = min(abs(math.log2(length / check.seconds)) for length in lengths)
    return Reading("pause.seconds", {"match": -min(3.0, off)}, evidence, "pauses", found.pauses, facts)
