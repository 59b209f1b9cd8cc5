"""Readings of space and recording: foreground, sides, width, band, distortion, quality, bass, timbre of the whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiojudge_cli.judges.checks.kinds import (
    Drums,
    Instrument,
    MusicPresence,
    NotHeard,
    Prominence,
    SpeechPresence,
    Vocals,
)
from audiojudge_cli.judges.checks.traits import (
    Distorted,
    HeavyBass,
    HighQuality,
    Muffled,
    NarrowBand,
    Panning,
    Side,
    SoundPitch,
    SoundTimbre,
    Wide,
)
from audiojudge_cli.judges.embedded import music, sounds, voice
from audiojudge_cli.judges.embedded.reading import Reading
from audiojudge_cli.judges.embedded.scale import quality_facts

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

_SILENT = NotHeard("Silence has no spectrum to measure.")
_MONO = NotHeard("The clip has one channel: nothing stands left or right.")
_SILENT_GAP_DB = 35.0
"""Speech this far over the gaps leaves nothing there to compare with."""
_SURE_SPEECH_S = 1.0
"""Speech surely heard for less than this is no measure of levels: animals are taken for voices now and then."""
_SPEECH_SHARE = 0.15
"""Share of a clip from which on its speech decides what the quality is judged by."""


def read_prominence(hearing: Hearing, check: Prominence) -> Reading | NotHeard:
    """Something stands in front or behind: the level while somebody speaks against the level of the gaps.

    Without speech, or without gaps, only whether it is there is answered.
    """
    presence = _presence(hearing, check)
    if isinstance(presence, NotHeard):
        return presence
    contrast = _speech_over_gaps_db(hearing)
    if contrast is None:
        return presence
    spoken = isinstance(check.what, SpeechPresence)
    ahead = contrast if spoken else -contrast
    features = {"ahead": ahead if check.place == "foreground" else -ahead}
    kind = f"level.{'speech' if spoken else 'other'}.{check.place}"
    evidence = f"{presence.evidence.rstrip('.')}; speech stands {contrast:.0f} dB over the rest."
    facts = {"speech_over_rest_db": round(contrast, 1)}
    given = {presence.kind: presence.features, **presence.given}
    return Reading(kind, features, evidence, "level", presence.times, facts, given)


def _presence(hearing: Hearing, check: Prominence) -> Reading | NotHeard:
    what = check.what
    if isinstance(what, SpeechPresence):
        return voice.read_speech(hearing, what)
    if isinstance(what, MusicPresence):
        return voice.read_music(hearing, what)
    if isinstance(what, Vocals):
        return voice.read_vocals(hearing, what)
    if isinstance(what, Drums):
        return music.read_drums(hearing, what)
    return sounds.read_instrument(hearing, what) if isinstance(what, Instrument) else sounds.read_event(hearing, what)


def _speech_over_gaps_db(hearing: Hearing) -> float | None:
    """Return the level of speech over that of the gaps, -10 dB at least; None without both or with silent gaps."""
    found = hearing.measured.speech_and_gaps
    sure = sum(end - start for start, end in hearing.speech.segments())
    if found is None or sure < _SURE_SPEECH_S:
        return None
    contrast = max(-10.0, found[0] - found[1])
    return contrast if contrast < _SILENT_GAP_DB else None


def read_side(hearing: Hearing, check: Side) -> Reading | NotHeard:
    """The sound stands left or right: level difference of the channels."""
    found = hearing.measured.stereo
    if found is None:
        return _MONO
    balance = found.balance_db if check.side == "right" else -found.balance_db
    evidence = f"The right channel is {found.balance_db:+.1f} dB against the left."
    facts = {"balance_db": round(found.balance_db, 1)}
    return Reading("side", {"balance": max(-12.0, min(12.0, balance))}, evidence, "stereo", facts=facts)


def read_panning(hearing: Hearing, check: Panning) -> Reading | NotHeard:
    """The sound moves between the sides: balance at the start and at the end, and how far it ranges."""
    found = hearing.measured.stereo
    if found is None:
        return _MONO
    moved = max(-20.0, min(20.0, found.end_db - found.start_db))
    evidence = f"The balance goes from {found.start_db:+.0f} to {found.end_db:+.0f} dB (right is positive)."
    facts = {"moved_db": round(moved, 1)}
    if check.towards == "any":
        return Reading("pan.any", {"range": min(20.0, found.range_db)}, evidence, "stereo", facts=facts)
    return Reading("pan", {"moved": moved if check.towards == "right" else -moved}, evidence, "stereo", facts=facts)


def read_wide(hearing: Hearing, _check: Wide) -> Reading:
    """The stereo image is wide: share of the side signal; one channel has none."""
    found = hearing.measured.stereo
    width = found.width if found else 0.0
    evidence = f"The side signal holds {width:.0%} of the energy." if found else "One channel, or two that agree."
    features = {"width": math.log10(max(1e-4, width))}
    return Reading("wide", features, evidence, "stereo", facts={"width": round(width, 3)})


def read_narrow_band(hearing: Hearing, _check: NarrowBand) -> Reading | NotHeard:
    """Telephone band: how high and how low the spectrum reaches."""
    found = hearing.measured.full_spectrum
    if found is None:
        return _SILENT
    levels = dict(found.band_levels_db)
    lows = max(levels.get("bass", -120.0), levels.get("sub_bass", -120.0)) - levels.get("mid", -120.0)
    features = {
        "narrow": -math.log2(max(500.0, found.bandwidth_hz) / 4000.0),
        "highs_gone": -math.log2(max(200.0, found.rolloff_hz) / 2000.0),
        "lows_gone": -max(-40.0, min(20.0, lows)),
    }
    evidence = f"Energy reaches up to {found.bandwidth_hz / 1000:.1f} kHz; lows are {lows:+.0f} dB against mids."
    return Reading("narrow", features, evidence, "spectrum", facts={"bandwidth_hz": round(found.bandwidth_hz)})


def read_distorted(hearing: Hearing, _check: Distorted) -> Reading | NotHeard:
    """Distortion: flat tops of the waveform. Distortion that was filtered afterwards leaves none."""
    found = hearing.measured.artifacts
    if found is None:
        return _SILENT
    features = {"clipped": math.log10(max(1e-5, found.clipped_share))}
    evidence = (
        f"{found.clipped_share:.2%} of the samples are clipped ({found.clip_runs_per_s:.0f} flat tops per second)."
    )
    return Reading("distorted", features, evidence, "artifacts", facts={"clipped_share": round(found.clipped_share, 5)})


def read_quality(hearing: Hearing, _check: HighQuality) -> Reading | NotHeard:
    """High quality: the speech-quality scale where somebody speaks, else noise, bandwidth and clipping."""
    balance, flaws, floor = hearing.measured.full_spectrum, hearing.measured.artifacts, hearing.noise
    if balance is None or flaws is None or floor is None:
        return _SILENT
    if hearing.speech.share >= _SPEECH_SHARE:
        found = quality_facts(hearing)
        evidence = f"Predicted opinion {found.opinion:.1f} of 5, {found.score:.1f} with band and flaws counted."
        facts = {"quality": round(found.score, 2)}
        return Reading("quality.speech", {"score": found.score}, evidence, "quality", facts=facts)
    features = {
        "band": math.log2(max(500.0, min(16_000.0, balance.bandwidth_hz)) / 8000.0),
        "clean": min(30.0, floor.weighted_snr_db),
        "unclipped": -math.log10(max(1e-5, flaws.clipped_share)),
    }
    evidence = f"Energy up to {balance.bandwidth_hz / 1000:.1f} kHz, {flaws.clipped_share:.2%} of the samples clipped."
    facts = {"bandwidth_hz": round(balance.bandwidth_hz)}
    return Reading("quality.sound", features, evidence, "spectrum", facts=facts)


def read_bass(hearing: Hearing, _check: HeavyBass) -> Reading | NotHeard:
    """Much bass: level below 250 Hz against the mids."""
    found = hearing.measured.full_spectrum
    if found is None:
        return _SILENT
    levels = dict(found.band_levels_db)
    lows = 10.0 * math.log10(sum(10.0 ** (levels[band] / 10.0) for band in ("sub_bass", "bass") if band in levels))
    over = max(-30.0, min(30.0, lows - levels.get("mid", -120.0)))
    evidence = f"Lows are {over:+.0f} dB against mids."
    return Reading("bass", {"lows": over}, evidence, "spectrum", facts={"lows_over_mids_db": round(over, 1)})


def read_sound_timbre(hearing: Hearing, check: SoundTimbre) -> Reading | NotHeard:
    """The whole clip is bright, dark, warm or thin: its spectral balance; one sound of several is not singled out."""
    found = hearing.spectrum
    if found is None:
        return _SILENT
    bright = found.brightness_db if found.brightness_db is not None else -20.0
    warm = found.warmth_db if found.warmth_db is not None else 20.0
    centroid = math.log2(max(100.0, found.centroid_hz) / 1000.0)
    sign = -1.0 if check.quality in {"dark", "warm"} else 1.0
    features = {"brightness": sign * bright, "warmth": -sign * warm, "centroid": sign * centroid}
    evidence = f"The clip is centred at {found.centroid_hz:.0f} Hz, lows {warm:.0f} dB over highs."
    facts = {"centroid_hz": round(found.centroid_hz)}
    return Reading(f"timbre.sound.{check.quality}", features, evidence, "spectrum", facts=facts)


def read_sound_pitch(hearing: Hearing, check: SoundPitch) -> Reading | NotHeard:
    """A sound is low or high: where its energy lies, as most sounds have no pitch of their own."""
    found = hearing.spectrum
    if found is None:
        return _SILENT
    sign = 1.0 if check.level == "high" else -1.0
    features = {
        "centroid": sign * math.log2(max(60.0, found.centroid_hz) / 1200.0),
        "rolloff": sign * math.log2(max(60.0, found.rolloff_hz) / 1500.0),
    }
    evidence = f"Centred at {found.centroid_hz:.0f} Hz, 85 % of the energy under {found.rolloff_hz:.0f} Hz."
    facts = {"centroid_hz": round(found.centroid_hz)}
    return Reading("pitch.sound", features, evidence, "spectrum", facts=facts)


def read_muffled(hearing: Hearing, _check: Muffled) -> Reading | NotHeard:
    """The clip sounds muffled: mids over highs."""
    found = hearing.spectrum
    if found is None:
        return _SILENT
    muffled = found.muffled_db if found.muffled_db is not None else 40.0
    features = {
        "mids_over_highs": max(-10.0, min(70.0, muffled)),
        "rolloff": -math.log2(max(100.0, found.rolloff_hz) / 1000.0),
    }
    evidence = f"Mids are {muffled:.0f} dB over highs."
    return Reading("muffled", features, evidence, "spectrum", facts={"muffled_db": round(muffled, 1)})
