"""Manner of a voice: emotion, intonation, timbre, clarity, fluency, pauses."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.numbers import bounded, margin
from audiojudge_cli.judges.embedded.presence import of_speech
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading, seconds
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait
from audiojudge_cli.judges.embedded.traits.speakers import SEX_BOUNDARY_HZ

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

_NO_VOICE = NotHeard("No voiced speech long enough to measure its manner.")
# Sounds that fill a pause, as the recogniser spells them.
_FILLERS = re.compile(r"\b(?:u+[hm]+|e+r+m*|hm+|you know|i mean)\b|嗯+|呃+|额+|那个", re.IGNORECASE)
# A word said again at once: "the the", "I-I".
_REPEATED = re.compile(r"\b(\w+)(?:[\s,.\-…]+\1\b)+", re.IGNORECASE)
_MOST_SEMITONES = 8.0
_SPOKEN = ("speaker", "clip")

AROUSAL: Mapping[str, float] = MappingProxyType(
    {
        "excited": 1.0,
        "angry": 1.0,
        "surprised": 0.7,
        "happy": 0.6,
        "afraid": 0.6,
        "tender": -0.7,
        "sad": -0.7,
        "calm": -1.0,
        "bored": -1.0,
    }
)
"""Arousal of the emotions after Russell's circumplex (1980), -1 to 1; those left out lie near its middle."""

TIMBRES: Mapping[str, str] = MappingProxyType(
    {"bright": "bright", "dark": "dark", "warm": "warm", "shrill": "thin", "raspy": "raspy", "breathy": "breathy"}
)
"""Values of the vocabulary to the qualities of a voice that are measured."""

_BALANCE = ("brightness", "centroid", "warmth")


@trait(
    asks("emotion", *AROUSAL, kinds=_SPOKEN),
    curves={"arousal": ("movement", "pitch", "rate", "tilt")},
    given=("speech",),
    needs=("yamnet", "silero-vad", "swift-f0"),
)
def arousal(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A voice is aroused or calm: pitch above what is usual, its movement, syllable rate, brightness of voiced sounds.

    Valence (happy or angry, tender or sad) is not heard.
    """
    f0, track, found, paused = clip.voice_f0_hz, clip.pitch, clip.measured.voice, clip.measured.pauses
    if f0 is None or found is None or track is None or clip.measured.speech_samples is None:
        return _NO_VOICE
    usual = 120.0 if f0 < SEX_BOUNDARY_HZ else 205.0
    rate = (paused.articulation_per_s if paused else None) or 4.5
    lively = min(_MOST_SEMITONES, track.deviation_semitones or 2.5)
    tilt = found.tilt_db_per_octave if found.tilt_db_per_octave is not None else -9.0
    sign = AROUSAL[claim.value]
    features = {
        "pitch": sign * math.log2(f0 / usual),
        "movement": sign * math.log2(max(0.5, lively) / 2.5),
        "rate": sign * math.log2(max(1.0, rate) / 4.5),
        "tilt": sign * (tilt + 9.0),
    }
    evidence = (
        f"Pitch {f0:.0f} Hz moving by {lively:.1f} semitones, {rate:.1f} syllables per second"
        f" ({'aroused' if sign > 0 else 'calm'} is what {claim.value} asks for)."
    )
    facts = {"f0_hz": round(f0, 1), "pitch_deviation_semitones": round(lively, 2)}
    return Reading("arousal", features, evidence, "voice", clip.speech.segments(), facts, of_speech(clip))


@trait(
    asks("intonation", "flat", "expressive", kinds=_SPOKEN),
    curves={"intonation.flat": ("deviation", "range"), "intonation.lively": ("deviation", "range")},
    given=("speech",),
    needs=("yamnet", "silero-vad"),
)
def intonation(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The melody of a voice is flat or lively: how far pitch strays from its median."""
    track = clip.pitch
    if clip.measured.speech_samples is None or track is None or track.deviation_semitones is None:
        return _NO_VOICE
    deviation = min(_MOST_SEMITONES, max(0.2, track.deviation_semitones))
    width = min(24.0, max(0.5, track.range_semitones or 0.5))
    level = "flat" if claim.value == "flat" else "lively"
    sign = 1.0 if level == "lively" else -1.0
    features = {"deviation": sign * math.log2(deviation / 2.5), "range": sign * math.log2(width / 6.0)}
    evidence = f"Pitch strays {deviation:.1f} semitones from its median and spans {width:.0f}."
    facts = {"pitch_deviation_semitones": round(deviation, 2)}
    kind = f"intonation.{level}"
    return Reading(kind, features, evidence, "pitch", clip.speech.segments(), facts, of_speech(clip))


@trait(
    asks("timbre", *TIMBRES, kinds=("speaker",)),
    asks("timbre", "raspy", "breathy", kinds=("clip",)),
    curves={
        "timbre.raspy": ("harmonics", "jitter", "roughness", "shimmer"),
        "timbre.breathy": ("breath", "first_harmonic", "harmonics"),
        **{f"timbre.voice.{quality}": _BALANCE for quality in ("bright", "dark", "thin", "warm")},
    },
    given=("speech",),
    needs=("yamnet", "silero-vad"),
)
def timbre(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The colour of a voice: spectral balance of its speech; roughness and breath noise for raspy and breathy."""
    quality = TIMBRES[claim.value]
    found, balance, rough = clip.measured.voice, clip.measured.voice_spectrum, clip.measured.voice_roughness
    if found is None or balance is None or rough is None:
        return _NO_VOICE
    times, given = clip.speech.segments(), of_speech(clip)
    if quality in {"raspy", "breathy"}:
        hnr = _or(found.hnr_db, 10.0)
        high = _or(found.hnr_high_db, 3.0)
        if quality == "raspy":
            features = {
                "harmonics": -hnr,
                "roughness": rough.depth,
                "jitter": min(5.0, _or(found.jitter_percent, 1.0)),
                "shimmer": min(5.0, _or(found.shimmer_db, 1.0)),
            }
        else:
            features = {"harmonics": -hnr, "breath": -high, "first_harmonic": _or(found.h1_h2_db, 0.0)}
        evidence = f"Harmonics stand {hnr:.0f} dB above noise ({high:.0f} dB above 2 kHz), roughness {rough.depth:.2f}."
        return Reading(f"timbre.{quality}", features, evidence, "voice", times, {"hnr_db": round(hnr, 1)}, given)
    features = {
        "brightness": _or(balance.brightness_db, -20.0),
        "warmth": _or(balance.warmth_db, 20.0),
        "centroid": math.log2(max(100.0, balance.centroid_hz) / 1000.0),
    }
    kind = f"timbre.voice.{quality}"
    if quality in {"dark", "warm"}:
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


@trait(
    asks("clarity", "clear", kinds=("speaker",)),
    asks("clarity", "unclear", kinds=("speaker",), opposite=True),
    curves={"clarity": ("open", "opinion", "recognised")},
    given=("speech",),
    needs=("yamnet", "silero-vad", "whisper-base", "dnsmos"),
)
def clarity(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Speech is clear: how sure the recogniser is of the words, how muffled the voice, and the P.808 score."""
    balance = clip.measured.voice_spectrum
    if balance is None:
        return NotHeard("No speech to judge the clarity of.")
    best = max(clip.languages, key=lambda code: clip.languages[code], default="en")
    words = clip.transcript(best)
    muffled = _or(balance.muffled_db, 20.0)
    features = {
        "recognised": max(-2.0, words.avg_logprob),
        "open": -max(15.0, min(60.0, muffled)),
        "opinion": clip.overall_quality,
    }
    evidence = (
        f"Recognised with mean log-probability {words.avg_logprob:.2f}; mids {muffled:.0f} dB over highs;"
        f" predicted opinion {clip.overall_quality:.1f} of 5."
    )
    facts = {"muffled_db": round(muffled, 1), "p808": round(clip.overall_quality, 2)}
    times = clip.speech.segments()
    return Reading("clarity", features, evidence, "speech-recognition", times, facts, of_speech(clip))


@trait(
    asks("fluency", "fluent", kinds=_SPOKEN),
    asks("fluency", "disfluent", kinds=_SPOKEN, opposite=True),
    curves={"fluent": ("breaks", "flow", "stumbles")},
    given=("speech",),
    needs=("yamnet", "silero-vad", "whisper-base"),
)
def fluent(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Speech runs without hesitation: pauses, fillers and repeated words per ten seconds of speech."""
    found = clip.measured.pauses
    if found is None or found.share is None or found.speech_s < 0.5:
        return NotHeard("No speech to judge the fluency of.")
    best = max(clip.languages, key=lambda code: clip.languages[code], default="en")
    text = clip.transcript(best).text
    stumbles = len(_FILLERS.findall(text)) + len(_REPEATED.findall(text))
    per_ten = 10.0 / max(1.0, found.speech_s)
    features = {
        "flow": -found.share,
        "breaks": -min(8.0, len(found.pauses) * per_ten),
        "stumbles": -min(6.0, stumbles * per_ten),
    }
    evidence = f"{len(found.pauses)} pauses ({found.share:.0%} of the time), {stumbles} fillers or repeated words."
    facts = {"pause_share": round(found.share, 2), "stumbles": stumbles}
    return Reading("fluent", features, evidence, "pauses", found.pauses, facts, of_speech(clip))


@trait(
    asks("rate", "pause", placed=None),
    asks("rate", "pause", unit="s", placed=None),
    curves={"pause.long": ("length",), "pause.seconds": ("match",), "bound": ("margin",)},
    needs=("silero-vad",),
)
def pause(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Speech has a long pause, or one of about so many seconds."""
    found = clip.measured.pauses
    if found is None or found.longest_s is None:
        return NotHeard("No speech to hear pauses in.")
    longest = max(0.05, found.longest_s)
    evidence = f"The longest pause lasts {longest:.1f} s ({seconds(found.pauses)})."
    facts = {"longest_pause_s": round(longest, 2)}
    if claim.number is None:
        return Reading("pause.long", {"length": math.log2(longest)}, evidence, "pauses", found.pauses, facts)
    if bounded(claim):
        return Reading("bound", {"margin": margin(claim, longest)}, evidence, "pauses", found.pauses, facts)
    lengths = [max(0.05, b - a) for a, b in found.pauses] or [longest]
    off = min(abs(math.log2(length / max(0.05, claim.number))) for length in lengths)
    return Reading("pause.seconds", {"match": -min(3.0, off)}, evidence, "pauses", found.pauses, facts)


describe(
    "timbre",
    "Voices",
    rests_on="voice: spectral balance of speech (bright, dark, warm, thin), harmonics over noise, roughness, jitter"
    " (raspy, breathy); other sounds: spectral balance of the whole clip",
    sure="voice, G: bright 1.00 / 1.00, dark 1.00 / 1.00, warm 1.00 / 1.00, thin 1.00 / 1.00, raspy .875 / .948,"
    " breathy .975 / .986; sounds, G: bright .896 / .962, dark .896 / .957, warm .844 / .895, thin .854 / .914; all"
    " floor .2",
    limits="nasal, trembling, robotic, rich; singers; one instrument among several",
    refusal="Only bright, dark, warm and thin sound, and raspy and breathy speaking voices, can be told apart.",
)
describe(
    "emotion",
    "Voices",
    rests_on="arousal alone: pitch against the usual, its movement, syllable rate, spectral tilt",
    sure="set by hand, floor .25: gendev .67 of 27 items, a hint",
    limits="happy or angry, tender or sad (valence); amused, proud, disgusted, ashamed; emotions that change;"
    " of singers the mood of the music alone",
    refusal="Only aroused and calm speaking voices can be told apart; this emotion lies on neither side.",
)
describe(
    "intonation",
    "Voices",
    rests_on="how far pitch strays from its median",
    sure="G flat 1.00 / 1.00, lively 1.00 / 1.00 (espeak-ng with its pitch range shut or every word at its own pitch),"
    " floor .2",
    limits="falling and rising sentence ends, stress on a word; singers",
    refusal="Only a flat and a lively intonation of speech can be told apart.",
)
describe(
    "clarity",
    "Voices",
    rests_on="log-probability of the recogniser, mids over highs, P.808; muffled sounds by mids over highs",
    sure="G speech 1.00 / 1.00, muffled .993 / 1.00",
    limits="mumbling that the recogniser copes with; lisps; singers",
    refusal="Only clear and unclear speech, and muffled sound, can be told apart.",
)
describe(
    "fluency",
    "Voices",
    rests_on="share and number of pauses, fillers and repeated words in the transcript",
    sure="G .902 / .971 (pauses cut in, stumbling espeak-ng)",
    limits="fillers that the recogniser leaves out; breathlessness",
    refusal="Only fluent and halting speech can be told apart.",
)
describe(
    "accent",
    "Voices",
    rests_on="nothing",
    sure="always unverifiable",
    limits="accents and dialects of one language",
    refusal="No probe tells accents and dialects of one language apart.",
)
describe(
    "personality",
    "Voices",
    rests_on="nothing",
    sure="always unverifiable",
    limits="character: no measurement that listeners would agree with",
    refusal="The character that a voice conveys has no measurement that listeners would agree with.",
)
