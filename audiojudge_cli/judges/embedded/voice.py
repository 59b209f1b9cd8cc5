"""Readings of a speaker: presence, sex, pitch, rate, whisper, loudness."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiojudge_cli.judges.checks.kinds import (
    Loudness,
    MusicPresence,
    NotHeard,
    Pitch,
    Rate,
    SpeakerSex,
    SpeechPresence,
    Vocals,
    Whisper,
)
from audiojudge_cli.judges.embedded.reading import Reading, seconds
from audiojudge_cli.signals.held import held_notes_s

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

SEX_BOUNDARY_HZ = 155.0
"""Between typical male (85–155 Hz) and female (165–255 Hz) speaking F0 (Titze, Principles of Voice Production)."""

TRACT_BOUNDARY_CM = 16.3
"""Between the vocal tracts of women (about 15 cm) and men (about 17.5 cm), as our formants measure them."""

TRACT_RANGE_CM = 2.0
"""Formants under music or noise go astray: a tract further off than this says no more."""

SUNG_S = 0.65
"""Held notes (`signals/held.py`) between speech (.48 s at most on the development set) and singing (.96 s at least)."""

_SUNG = (
    "Singing",
    "Vocal music",
    "A capella",
    "Choir",
    "Song",
    "Humming",
    "Chant",
    "Child singing",
    "Opera",
    "Lullaby",
)
_NOT_SUNG = -6.0
"""Log odds under which a class says no more than that it is not there."""

TYPICAL_LEVEL_DB = -23.0
"""Active level of speech at the target loudness of EBU R 128."""

_NO_VOICE = NotHeard("No voiced speech long enough to measure its pitch.")


def speech_features(hearing: Hearing) -> dict[str, float]:
    """Return how surely somebody speaks: voice activity and the speech class of the sound events."""
    peak = min(0.9999, max(0.0001, hearing.speech.peak))
    best = hearing.events.logits.max(axis=0)
    columns = hearing.columns(
        ("Speech", "Whispering", "Narration, monologue", "Conversation", "Child speech, kid speaking")
    )
    return {"voice_activity": math.log(peak / (1 - peak)), "speech_class": float(best[columns].max())}


def read_speech(hearing: Hearing, _check: SpeechPresence) -> Reading:
    """Somebody speaks."""
    spans = hearing.speech.segments()
    evidence = f"Voice activity in {hearing.speech.share:.0%} of the clip ({seconds(spans)})."
    return Reading("speech", speech_features(hearing), evidence, "voice-activity", spans)


def music_features(hearing: Hearing) -> dict[str, float]:
    """Return how surely music plays: by the sound classes, at their highest and on average."""
    logits = hearing.events.logits[hearing.events.active]
    music = logits[:, hearing.columns(("Music",))[0]]
    instrument = logits[:, hearing.columns(("Musical instrument", "Background music", "Song"))].max(axis=1)
    return {
        "music_peak": float(music.max()),
        "music_mean": float(music.mean()),
        "instrument": float(instrument.max()),
    }


def read_music(hearing: Hearing, _check: MusicPresence) -> Reading:
    """Music plays."""
    spans = hearing.events.spans(("Music",), 0.5)
    features = music_features(hearing)
    evidence = f"Music: score {1 / (1 + math.exp(-features['music_peak'])):.2f}, heard at {seconds(spans)}."
    return Reading("music", features, evidence, "sound-events", spans)


def read_vocals(hearing: Hearing, _check: Vocals) -> Reading:
    """Somebody sings: sung classes of the sound events, music tags, or a voice that holds notes."""
    best = hearing.events.logits.max(axis=0)
    sung = float(best[hearing.columns(_SUNG)].max())
    held_s = held_notes_s(hearing.pitch) if hearing.measured.speech_spans and hearing.pitch is not None else 0.0
    features = {
        "sung": max(_NOT_SUNG, sung),
        "held": math.log2(max(0.15, held_s) / SUNG_S),
        "tag": hearing.tags.sung,
    }
    spans = hearing.events.spans(_SUNG, 0.2)
    evidence = f"Singing: score {1 / (1 + math.exp(-sung)):.2f}, heard at {seconds(spans)}"
    evidence += f"; a voice holds notes for {held_s:.1f} s." if held_s > SUNG_S / 2 else "."
    return Reading("vocals", features, evidence, "sound-events", spans)


def read_sex(hearing: Hearing, check: SpeakerSex) -> Reading | NotHeard:
    """The speaker is male or female, by the pitch of voiced speech and the length of the vocal tract."""
    f0 = hearing.voice_f0_hz
    if f0 is None:
        return _NO_VOICE
    sign = 1.0 if check.sex == "female" else -1.0
    tract_cm = hearing.measured.tract_length_cm or TRACT_BOUNDARY_CM
    shorter = max(-TRACT_RANGE_CM, min(TRACT_RANGE_CM, TRACT_BOUNDARY_CM - tract_cm))
    return Reading(
        "sex",
        {"f0": sign * math.log2(f0 / SEX_BOUNDARY_HZ), "tract": sign * shorter},
        f"Median pitch of the voice is {f0:.0f} Hz ({_typical(f0)}).",
        "pitch",
        hearing.speech.segments(),
        {"f0_hz": round(f0, 1)},
        {"speech": speech_features(hearing)},
    )


def _typical(f0: float) -> str:
    return "typical of men" if f0 < SEX_BOUNDARY_HZ else "typical of women and children"


def read_pitch(hearing: Hearing, check: Pitch) -> Reading | NotHeard:
    """The voice is low, medium or high: median F0, absolute and against what is usual for the likelier sex."""
    f0 = hearing.voice_f0_hz
    if f0 is None:
        return _NO_VOICE
    usual = 120.0 if f0 < SEX_BOUNDARY_HZ else 205.0
    relative, absolute = math.log2(f0 / usual), math.log2(f0 / SEX_BOUNDARY_HZ)
    if check.level == "medium":
        features, kind = {"centred": -abs(relative)}, "pitch.medium"
    else:
        sign = 1.0 if check.level == "high" else -1.0
        features, kind = {"relative": sign * relative, "absolute": sign * absolute}, f"pitch.{check.level}"
    evidence = f"Median pitch of the voice is {f0:.0f} Hz."
    given = {"speech": speech_features(hearing)}
    return Reading(kind, features, evidence, "pitch", hearing.speech.segments(), {"f0_hz": round(f0, 1)}, given)


def read_rate(hearing: Hearing, check: Rate) -> Reading | NotHeard:
    """Speech is slow, moderate or fast: words per second while speaking, syllable nuclei as a second witness."""
    rate = hearing.words_per_second
    if rate is None:
        return NotHeard("Too little recognised speech to measure its rate.")
    features, kind = rate_features(rate, check.level)
    evidence = f"About {rate:.1f} words per second of speech."
    given = {"speech": speech_features(hearing)}
    return Reading(
        kind,
        features,
        evidence,
        "speech-recognition",
        hearing.speech.segments(),
        {"words_per_s": round(rate, 2)},
        given,
    )


def rate_features(rate: float, level: str) -> tuple[dict[str, float], str]:
    """Return features and calibration kind of a speaking rate in words per second."""
    octaves = math.log2(max(0.3, rate) / 2.8)
    if level == "moderate":
        return {"centred": -abs(octaves)}, "rate.moderate"
    return {"rate": octaves if level == "fast" else -octaves}, f"rate.{level}"


def read_whisper(hearing: Hearing, _check: Whisper) -> Reading:
    """The voice is whispered: speech without voicing."""
    best = hearing.events.logits.max(axis=0)
    voiced = hearing.voiced_share
    features = {"unvoiced": 1.0 - voiced, "whisper_class": float(best[hearing.columns(("Whispering",))[0]])}
    evidence = f"{voiced:.0%} of the speech is voiced."
    given = {"speech": speech_features(hearing)}
    return Reading(
        "whisper", features, evidence, "pitch", hearing.speech.segments(), {"voiced_share": round(voiced, 2)}, given
    )


def read_loudness(hearing: Hearing, check: Loudness) -> Reading | NotHeard:
    """Quiet or loud: level of the active stretches; of music beside a voice, that of the gaps of speech."""
    if hearing.level is None:
        return NotHeard("Silence is neither quiet nor loud.")
    level, where = hearing.level.active_db, "Active level"
    if check.of == "music" and hearing.speech.segments():
        found = hearing.measured.speech_and_gaps
        if found is None:
            return NotHeard("The level of music cannot be told from that of the voice over it.")
        level, where = found[1], "While nobody speaks, the level is"
    sign = 1.0 if check.level == "loud" else -1.0
    features, facts = {"level": sign * (level - TYPICAL_LEVEL_DB)}, {"active_dbfs": round(level, 1)}
    return Reading("loud", features, f"{where} {level:.0f} dBFS.", "level", facts=facts)
