"""The course of a clip: rhythm, fades, crescendos, stops, steadiness."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.judges.embedded.reading import NotHeard, Reading, seconds
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim
    from audiojudge_cli.signals.repeats import Repeats

_SILENT = NotHeard("Silence has no level to follow.")
_TOO_SHORT = NotHeard("Too short to hear its level change.")
_USUAL_PERIOD_S = 0.7
_SINGLE = ("sound", "instrument", "clip", "speaker", "vocals")
_TRENDS = {
    "crescendo": "rising",
    "rising": "rising",
    "diminuendo": "falling",
    "falling": "falling",
    "fade_in": "fade_in",
    "fade_out": "fade_out",
}


# The word list of rhythm names "now and then" among what is irregular; it says that there are gaps.
_NOW_AND_THEN = re.compile(
    r"occasional|sporadic|intermittent|now and then|every so often|at times|sometimes|off and on"
    r"|断断续续|时断时续|间歇|偶|时不时|不时|时有时无|间或|断续",
    re.IGNORECASE,
)


@trait(
    asks("duration", "continuous", placed=None),
    asks("rhythm", "irregular", only=lambda claim: bool(_NOW_AND_THEN.search(claim.words)), opposite=True),
    curves={"continuous": ("share",)},
)
def continuous(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Sound goes on throughout: the active share of the clip, silence at its ends included."""
    if clip.level is None:
        return _SILENT
    share = clip.level.active_share
    found = clip.measured.repeats
    evidence = f"{share:.0%} of the clip is active" + (f", {seconds(found.bursts)}." if found else ".")
    return Reading("continuous", {"share": share}, evidence, "level", facts={"active_share": round(share, 2)})


@trait(
    asks("rhythm", "regular", "fast", "slow", "accelerating", kinds=_SINGLE),
    asks("rhythm", "fast", "slow", "accelerating", kinds=("music",)),
    asks("rhythm", "irregular", kinds=_SINGLE, opposite=True),
    asks("rhythm", unit="s"),
    curves={
        "rhythm.regular": ("beat", "even"),
        "rhythm.fast": ("pace",),
        "rhythm.slow": ("pace",),
        "rhythm.accelerating": ("shrinking",),
        "rhythm.seconds": ("match",),
        "steady": ("even",),
    },
)
def rhythm(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Repeated sounds are even, fast, slow, speed up or come every so many seconds: distances of bursts of energy."""
    found = clip.measured.repeats
    level = "regular" if claim.value == "irregular" else claim.value
    if found is None or found.period_s is None or found.irregularity is None:
        if claim.number is None and level == "regular" and clip.level is not None and clip.level.active_share > 0.8:
            return steady(clip, claim)
        return NotHeard("Fewer than three separate sounds: no rhythm to measure.")
    evidence = f"{found.count} separate sounds, {found.period_s:.2f} s apart, uneven by {found.irregularity:.0%}."
    facts = {"period_s": round(found.period_s, 2), "irregularity": round(found.irregularity, 2)}
    if claim.number is not None:
        level = "seconds"
        features = {"match": -min(3.0, abs(math.log2(found.period_s / max(0.01, claim.number))))}
    elif level == "regular":
        features = {"even": -min(1.0, found.irregularity), "beat": clip.tempo.confidence if clip.tempo else 0.0}
    elif level == "accelerating":
        features = {"shrinking": _shrinking(found)}
    else:
        octaves = math.log2(found.period_s / _USUAL_PERIOD_S)
        features = {"pace": octaves if level == "slow" else -octaves}
    return Reading(f"rhythm.{level}", features, evidence, "bursts", found.bursts, facts)


def _shrinking(found: Repeats) -> float:
    """Return log2 of the mean distance in the first half over that in the second half, within ±2."""
    starts = np.array([start for start, _ in found.bursts])
    gaps = np.diff(starts)
    half = max(1, len(gaps) // 2)
    ratio = float(np.mean(gaps[:half]) / max(1e-3, float(np.mean(gaps[-half:]))))
    return max(-2.0, min(2.0, math.log2(max(1e-3, ratio))))


@trait(
    asks("rhythm", "regular", kinds=("music",)),
    asks("rhythm", "irregular", kinds=("music",), opposite=True),
    curves={"beat": ("confidence",)},
)
def beat(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """The music has a steady beat: how much of the pulse readings agree."""
    if clip.onsets is None:
        return NotHeard("Too short to hear a beat.")
    found = clip.tempo
    confidence = found.confidence if found else 0.0
    evidence = f"Pulse at about {found.bpm:.0f} BPM, confidence {confidence:.2f}." if found else "No pulse."
    return Reading("beat", {"confidence": confidence}, evidence, "tempo", facts={"confidence": round(confidence, 2)})


@trait(
    asks("volume", "rising", "falling"),
    asks("intensity", "rising", "falling"),
    asks("dynamics", "crescendo", "diminuendo"),
    asks("transition", "fade_in", only=lambda claim: claim.place in {"", "start"}, placed=None),
    asks("transition", "fade_out", only=lambda claim: claim.place in {"", "end"}, placed=None),
    curves={f"trend.{name}": ("change", "edge", "monotony") for name in ("rising", "falling", "fade_in", "fade_out")},
)
def trend(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The level rises or falls over the clip, or fades in or out: lines through half-second levels."""
    if clip.level is None:
        return _SILENT
    found, way = clip.measured.fade, _TRENDS[claim.value]
    if found is None:
        return _TOO_SHORT
    sign = 1.0 if way in {"rising", "fade_in"} else -1.0
    edge = found.start_db if way == "fade_in" else found.end_db
    features = {
        "change": sign * max(-40.0, min(40.0, found.change_db)),
        "monotony": sign * found.monotony,
        "edge": -edge if way.startswith("fade") else sign * (found.end_db - found.start_db),
    }
    evidence = (
        f"The level changes by {found.change_db:+.0f} dB over the clip: {found.start_db:+.0f} dB at its start,"
        f" {found.end_db:+.0f} dB at its end, against the mean."
    )
    return Reading(f"trend.{way}", features, evidence, "level", facts={"change_db": round(found.change_db, 1)})


@trait(
    asks("transition", "cut", only=lambda claim: claim.place in {"", "end"}, placed=None),
    curves={"abrupt": ("fall", "held")},
)
def abrupt_end(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """The sound stops abruptly: how loud it still is just before it is gone, and how fast it goes."""
    level = clip.level
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


@trait(asks("volume", "stable"), asks("dynamics", "dynamic", opposite=True), curves={"steady": ("even",)})
def steady(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """The level stays about the same."""
    if clip.level is None:
        return _SILENT
    varies = min(20.0, clip.level.variation_db)
    evidence = f"Half-second levels vary by {varies:.1f} dB."
    return Reading("steady", {"even": -varies}, evidence, "level", facts={"variation_db": round(varies, 1)})


@trait(asks("distance", "approaching", "receding"), curves={"moving": ("change", "monotony")})
def moving(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A source comes near or goes away: the level over the clip."""
    if clip.level is None:
        return _SILENT
    found = clip.measured.fade
    if found is None:
        return _TOO_SHORT
    sign = 1.0 if claim.value == "approaching" else -1.0
    features = {"change": sign * max(-40.0, min(40.0, found.change_db)), "monotony": sign * found.monotony}
    evidence = f"The level changes by {found.change_db:+.0f} dB over the clip."
    return Reading("moving", features, evidence, "level", facts={"change_db": round(found.change_db, 1)})


@trait(asks("distance", "passing", kinds=("sound", "instrument", "music", "clip")), curves={"passing": ("swell",)})
def passing(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """A source comes near and goes away again: how far the middle of a clip stands over both its ends."""
    if clip.level is None:
        return _SILENT
    contour = clip.level.contour_db
    fifth = len(contour) // 5
    if fifth == 0:
        return _TOO_SHORT
    parts = [10.0 * math.log10(float(np.mean(10.0 ** (part / 10.0)))) for part in np.array_split(contour, 5)]
    swell = max(parts[1:4]) - max(parts[0], parts[4])
    evidence = f"The middle of the clip stands {swell:+.0f} dB over the louder of its ends."
    features = {"swell": max(-20.0, min(20.0, swell))}
    return Reading("passing", features, evidence, "level", facts={"swell_db": round(swell, 1)})


describe(
    "rhythm",
    "Sounds",
    rests_on="distances of bursts of energy: even, quick, slow, speeding up, every so many seconds; a steady beat by"
    " the agreement of pulse readings; now and then: active share",
    sure="G regular 1.00 / 1.00, fast 1.00 / 1.00, slow 1.00 / 1.00, speeding up .988 / 1.00 (one struck sound"
    " repeated over faint noise: real clips are harder); beat set by hand, floor .2",
    limits="swing, grooves, which beat is struck; one rhythm among several; fewer than three sounds",
    refusal="Only regular, irregular, quick and slow repetition can be told apart.",
)
describe(
    "dynamics",
    "Music",
    rests_on="active level; trend; variation",
    sure="rising G .961 / .982, falling G .967 / .971; soft, loud as under volume, in the gaps of speech where somebody"
    " speaks",
    limits="one instrument's; one part against another",
    refusal="Only soft, loud, growing, fading and steady music can be told apart.",
)
describe(
    "transition",
    "Mixes and recordings",
    rests_on="fades: half-second levels; abrupt end: how loud the last moment is and how fast it is gone; movement:"
    " balance over time",
    sure="G fade-in .923 / .939, fade-out .863 / .909, abrupt .986 / .988, panning 1.00 / 1.00",
    limits="a fade of one sound while others go on; sudden beginnings; morphing",
    refusal="Only fades, abrupt stops and movement between the sides can be heard.",
)
