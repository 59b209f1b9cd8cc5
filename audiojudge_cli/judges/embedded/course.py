"""Readings of the course of a clip: rhythm, fades, crescendos, stops, steadiness, silence, movement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.judges.checks.kinds import NotHeard
from audiojudge_cli.judges.checks.traits import (
    AbruptEnd,
    Continuous,
    FinalSilence,
    LevelTrend,
    MediumLevel,
    Moving,
    Rhythm,
    SteadyBeat,
    SteadyLevel,
)
from audiojudge_cli.judges.embedded.reading import Reading, seconds
from audiojudge_cli.judges.embedded.voice import TYPICAL_LEVEL_DB

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing
    from audiojudge_cli.signals.repeats import Repeats

_SILENT = NotHeard("Silence has no level to follow.")
_TOO_SHORT = NotHeard("Too short to hear its level change.")
_USUAL_PERIOD_S = 0.7


def read_rhythm(hearing: Hearing, check: Rhythm) -> Reading | NotHeard:
    """Repeated sounds are regular, fast, slow or speed up: distances of bursts of energy."""
    found = hearing.measured.repeats
    if found is None or found.period_s is None or found.irregularity is None:
        if check.level == "regular" and hearing.level is not None and hearing.level.active_share > 0.8:
            return read_steady(hearing, SteadyLevel())
        return NotHeard("Fewer than three separate sounds: no rhythm to measure.")
    evidence = f"{found.count} separate sounds, {found.period_s:.2f} s apart, uneven by {found.irregularity:.0%}."
    facts = {"period_s": round(found.period_s, 2), "irregularity": round(found.irregularity, 2)}
    if check.level == "regular":
        features = {"even": -min(1.0, found.irregularity), "beat": hearing.tempo.confidence if hearing.tempo else 0.0}
    elif check.level == "accelerating":
        features = {"shrinking": _shrinking(found)}
    else:
        octaves = math.log2(found.period_s / _USUAL_PERIOD_S)
        features = {"pace": octaves if check.level == "slow" else -octaves}
    return Reading(f"rhythm.{check.level}", features, evidence, "bursts", found.bursts, facts)


def _shrinking(found: Repeats) -> float:
    """Return log2 of the mean distance in the first half over that in the second half, within ±2."""
    starts = np.array([start for start, _ in found.bursts])
    gaps = np.diff(starts)
    half = max(1, len(gaps) // 2)
    ratio = float(np.mean(gaps[:half]) / max(1e-3, float(np.mean(gaps[-half:]))))
    return max(-2.0, min(2.0, math.log2(max(1e-3, ratio))))


def read_beat(hearing: Hearing, _check: SteadyBeat) -> Reading | NotHeard:
    """The music has a steady beat: how much of the pulse readings agree."""
    if hearing.onsets is None:
        return NotHeard("Too short to hear a beat.")
    found = hearing.tempo
    confidence = found.confidence if found else 0.0
    evidence = f"Pulse at about {found.bpm:.0f} BPM, confidence {confidence:.2f}." if found else "No pulse."
    return Reading("beat", {"confidence": confidence}, evidence, "tempo", facts={"confidence": round(confidence, 2)})


def read_trend(hearing: Hearing, check: LevelTrend) -> Reading | NotHeard:
    """The level rises or falls over the clip, or fades in or out: lines through half-second levels."""
    if hearing.level is None:
        return _SILENT
    found = hearing.measured.fade
    if found is None:
        return _TOO_SHORT
    sign = 1.0 if check.trend in {"rising", "fade_in"} else -1.0
    edge = found.start_db if check.trend == "fade_in" else found.end_db
    features = {
        "change": sign * max(-40.0, min(40.0, found.change_db)),
        "monotony": sign * found.monotony,
        "edge": -edge if check.trend.startswith("fade") else sign * (found.end_db - found.start_db),
    }
    evidence = (
        f"The level changes by {found.change_db:+.0f} dB over the clip: {found.start_db:+.0f} dB at its start,"
        f" {found.end_db:+.0f} dB at its end, against the mean."
    )
    return Reading(f"trend.{check.trend}", features, evidence, "level", facts={"change_db": round(found.change_db, 1)})


def read_abrupt_end(hearing: Hearing, _check: AbruptEnd) -> Reading | NotHeard:
    """The sound stops abruptly: how loud it still is just before it is gone, and how fast it goes."""
    level = hearing.level
    if level is None:
        return _SILENT
    contour = level.contour_db
    loud = np.flatnonzero(contour >= level.active_db - 12.0)
    last = int(loud[-1])
    before = float(contour[max(0, last - 20) : last + 1].mean())
    after = contour[last + 1 : last + 16]
    fall = before - float(after.mean()) if len(after) else 0.0
    features = {"held": max(-20.0, before - level.active_db), "fall": min(60.0, fall)}
    at = (last + 1) * level.hop_s
    evidence = f"The last loud moment is at {at:.1f} s; 150 ms later the level is {fall:.0f} dB lower."
    return Reading("abrupt", features, evidence, "level", facts={"fall_db": round(fall, 1)})


def read_steady(hearing: Hearing, _check: SteadyLevel) -> Reading | NotHeard:
    """The level stays about the same."""
    if hearing.level is None:
        return _SILENT
    varies = min(20.0, hearing.level.variation_db)
    evidence = f"Half-second levels vary by {varies:.1f} dB."
    return Reading("steady", {"even": -varies}, evidence, "level", facts={"variation_db": round(varies, 1)})


def read_medium(hearing: Hearing, _check: MediumLevel) -> Reading | NotHeard:
    """Neither quiet nor loud: active level near the usual one."""
    if hearing.level is None:
        return _SILENT
    level = hearing.level.active_db
    features, facts = {"centred": -min(20.0, abs(level - TYPICAL_LEVEL_DB))}, {"active_dbfs": round(level, 1)}
    return Reading("loud.medium", features, f"Active level {level:.0f} dBFS.", "level", facts=facts)


def read_final_silence(hearing: Hearing, check: FinalSilence) -> Reading | NotHeard:
    """The clip ends with so much silence."""
    if hearing.level is None:
        return _SILENT
    tail = max(0.05, hearing.level.tail_s)
    off = abs(math.log2(tail / check.seconds))
    evidence = f"The clip ends with {tail:.1f} s after its last sound."
    return Reading("pause.seconds", {"match": -min(3.0, off)}, evidence, "level", facts={"tail_s": round(tail, 2)})


def read_continuous(hearing: Hearing, _check: Continuous) -> Reading | NotHeard:
    """Sound goes on throughout: the active share of the clip, silence at its ends included."""
    if hearing.level is None:
        return _SILENT
    share = hearing.level.active_share
    found = hearing.measured.repeats
    evidence = f"{share:.0%} of the clip is active" + (f", {seconds(found.bursts)}." if found else ".")
    return Reading("continuous", {"share": share}, evidence, "level", facts={"active_share": round(share, 2)})


def read_moving(hearing: Hearing, check: Moving) -> Reading | NotHeard:
    """A source comes near or goes away: the level over the clip."""
    if hearing.level is None:
        return _SILENT
    found = hearing.measured.fade
    if found is None:
        return _TOO_SHORT
    sign = 1.0 if check.direction == "approaching" else -1.0
    features = {"change": sign * max(-40.0, min(40.0, found.change_db)), "monotony": sign * found.monotony}
    evidence = f"The level changes by {found.change_db:+.0f} dB over the clip."
    return Reading("moving", features, evidence, "level", facts={"change_db": round(found.change_db, 1)})
