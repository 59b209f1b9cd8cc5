"""Space and colour: loud and soft, near and far, in front and behind, left and right, wide, bright, low."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.presence import EVENT, MUSIC, SPEECH
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.subjects import presence_of
from audiojudge_cli.judges.embedded.traits import registry
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

TYPICAL_LEVEL_DB = -23.0
"""Active level of speech at the target loudness of EBU R 128."""

_SILENT = NotHeard("Silence has no spectrum to measure.")
_MONO = NotHeard("The clip has one channel: nothing stands left or right.")
_SILENT_GAP_DB = 35.0
"""Speech this far over the gaps leaves nothing there to compare with."""
_SURE_SPEECH_S = 1.0
"""Speech surely heard for less than this is no measure of levels: animals are taken for voices now and then."""

_TIMBRES = {"bright": "bright", "dark": "dark", "warm": "warm", "shrill": "thin"}
_THINGS = ("sound", "instrument", "music")
# Sides, and movement between them, in the words of a claim: the word list has one value for all of these.
_LEFT = re.compile(r"\bleft\b|左", re.IGNORECASE)
_RIGHT = re.compile(r"\bright\b|右", re.IGNORECASE)
_MOVES = re.compile(r"\b(?:mov(?:es?|ing)|travel\w*|across|towards?|off to)\b|移|掠过", re.IGNORECASE)
# Width of the image: the word lists of production and recording have it among effects and qualities.
_WIDE = re.compile(r"\b(?:stereo|binaural|wide|width|surround)\b|立体声|双声道|双耳|宽|环绕声", re.IGNORECASE)
_MONO_WORDS = re.compile(r"\bmono(?:phonic|aural)?\b|单声道", re.IGNORECASE)
# Bass, much and little, among the spectral words of production.
_BASS = re.compile(r"\b(?:sub-?)?bass\b|\bsub\b|\bsubby\b|低音|低频", re.IGNORECASE)
_LITTLE = re.compile(r"\b(?:hardly any|little|no|without|thin)\b|没有|缺", re.IGNORECASE)


@trait(
    asks("volume", "quiet", "very_quiet", "loud", "very_loud"),
    asks("dynamics", "soft", "loud"),
    curves={"loud": ("level",)},
    needs=("silero-vad",),
)
def loudness(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Quiet or loud: level of the active stretches; of music beside a voice, that of the gaps of speech."""
    if clip.level is None:
        return NotHeard("Silence is neither quiet nor loud.")
    level, where = clip.level.active_db, "Active level"
    if claim.dimension == "dynamics" and clip.speech.segments():
        found = clip.measured.speech_and_gaps
        if found is None:
            return NotHeard("The level of music cannot be told from that of the voice over it.")
        level, where = found[1], "While nobody speaks, the level is"
    sign = 1.0 if claim.value.endswith("loud") else -1.0
    features, facts = {"level": sign * (level - TYPICAL_LEVEL_DB)}, {"active_dbfs": round(level, 1)}
    return Reading("loud", features, f"{where} {level:.0f} dBFS.", "level", facts=facts)


@trait(asks("volume", "medium"), curves={"loud.medium": ("centred",)})
def medium(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Neither quiet nor loud: active level near the usual one."""
    if clip.level is None:
        return NotHeard("Silence is neither quiet nor loud.")
    level = clip.level.active_db
    features, facts = {"centred": -min(20.0, abs(level - TYPICAL_LEVEL_DB))}, {"active_dbfs": round(level, 1)}
    return Reading("loud.medium", features, f"Active level {level:.0f} dBFS.", "level", facts=facts)


@trait(
    asks("distance", "close", "distant"),
    asks("intensity", "loud", "soft"),
    curves={"near": ("brightness", "level")},
)
def distance(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Near or far, loud or faint: by level, brightness and how sounds die away."""
    if clip.level is None or clip.spectrum is None:
        return NotHeard("Silence is neither near nor far.")
    sign = 1.0 if claim.value in {"close", "loud"} else -1.0
    centroid = math.log2(max(50.0, clip.spectrum.centroid_hz) / 1000.0)
    features = {"level": sign * (clip.level.active_db - TYPICAL_LEVEL_DB), "brightness": sign * centroid}
    evidence = f"Active level {clip.level.active_db:.0f} dBFS, spectral centroid {clip.spectrum.centroid_hz:.0f} Hz."
    facts = {"active_dbfs": round(clip.level.active_db, 1)}
    return Reading("near", features, evidence, "level", facts=facts)


def _present(claim: Claim) -> bool:
    there = presence_of(claim.subject)
    return there is not None and registry.answerable(there)


@trait(
    asks("level", "background", "foreground", "balanced", only=_present),
    curves={
        **{
            f"level.{what}.{place}": ("ahead",)
            for what in ("speech", "other")
            for place in ("background", "foreground")
        },
        "speech": SPEECH,
        "music": MUSIC,
        "event": EVENT,
    },
    needs=("yamnet", "silero-vad"),
)
def prominence(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Something stands in front or behind: the level while somebody speaks against the level of the gaps.

    Without speech, or without gaps, only whether it is there is answered; so is a guess, which stays within its
    floors only as long as nothing is multiplied with it.
    """
    there = presence_of(claim.subject)
    if there is None:
        return NotHeard("The claim names nothing that could stand in front or behind.")
    presence = registry.answer(clip, there)
    contrast = _speech_over_gaps_db(clip)
    if isinstance(presence, NotHeard) or contrast is None or claim.value == "balanced":
        return presence
    if presence.kind == "event.guess":
        return presence
    spoken = presence.kind == "speech"
    ahead = contrast if spoken else -contrast
    features = {"ahead": ahead if claim.value == "foreground" else -ahead}
    kind = f"level.{'speech' if spoken else 'other'}.{claim.value}"
    evidence = f"{presence.evidence.rstrip('.')}; speech stands {contrast:.0f} dB over the rest."
    facts = {"speech_over_rest_db": round(contrast, 1)}
    given = {presence.kind: presence.features, **presence.given}
    return Reading(kind, features, evidence, "level", presence.times, facts, given)


def _speech_over_gaps_db(clip: ClipFeatures) -> float | None:
    """Return the level of speech over that of the gaps, -10 dB at least; None without both or with silent gaps."""
    found = clip.measured.speech_and_gaps
    sure = sum(end - start for start, end in clip.speech.segments())
    if found is None or sure < _SURE_SPEECH_S:
        return None
    contrast = max(-10.0, found[0] - found[1])
    return contrast if contrast < _SILENT_GAP_DB else None


def _one_side(claim: Claim) -> bool:
    return bool(_LEFT.search(claim.words)) != bool(_RIGHT.search(claim.words)) and not _MOVES.search(claim.words)


@trait(
    *(asks(one, only=_one_side) for one in ("transition", "production", "distance")),
    curves={"side": ("balance",)},
)
def side(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The sound stands left or right: level difference of the channels."""
    found = clip.measured.stereo
    if found is None:
        return _MONO
    balance = found.balance_db if _RIGHT.search(claim.words) else -found.balance_db
    evidence = f"The right channel is {found.balance_db:+.1f} dB against the left."
    facts = {"balance_db": round(found.balance_db, 1)}
    return Reading("side", {"balance": max(-12.0, min(12.0, balance))}, evidence, "stereo", facts=facts)


@trait(
    asks("transition", "pan", placed=None),
    asks("distance", only=lambda claim: bool(_LEFT.search(claim.words) or _RIGHT.search(claim.words))),
    curves={"pan": ("moved",), "pan.any": ("range",)},
)
def panning(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The sound moves between the sides: balance at the start and at the end, and how far it ranges."""
    found = clip.measured.stereo
    if found is None:
        return _MONO
    moved = max(-20.0, min(20.0, found.end_db - found.start_db))
    evidence = f"The balance goes from {found.start_db:+.0f} to {found.end_db:+.0f} dB (right is positive)"
    facts = {"moved_db": round(moved, 1)}
    left, right = _LEFT.search(claim.words), _RIGHT.search(claim.words)
    if left is None and right is None:
        told = f"{evidence} and ranges over {found.range_db:.0f} dB."
        return Reading("pan.any", {"range": min(20.0, found.range_db)}, told, "stereo", facts=facts)
    # "From left to right" goes to what is named last.
    rightwards = right is not None and (left is None or left.start() < right.start())
    return Reading("pan", {"moved": moved if rightwards else -moved}, f"{evidence}.", "stereo", facts=facts)


def _wide(claim: Claim) -> bool:
    return bool(_WIDE.search(claim.words))


def _mono(claim: Claim) -> bool:
    return bool(_MONO_WORDS.search(claim.words))


@trait(
    *(asks(one, only=_mono, opposite=True) for one in ("production", "recording")),
    *(asks(one, only=_wide) for one in ("production", "recording")),
    curves={"wide": ("width",)},
)
def wide(clip: ClipFeatures, _claim: Claim) -> Reading:
    """The stereo image is wide: share of the side signal; one channel has none."""
    found = clip.measured.stereo
    width = found.width if found else 0.0
    evidence = f"The side signal holds {width:.0%} of the energy." if found else "One channel, or two that agree."
    features = {"width": math.log10(max(1e-4, width))}
    return Reading("wide", features, evidence, "stereo", facts={"width": round(width, 3)})


@trait(
    asks("production", only=lambda c: bool(_BASS.search(c.words)) and bool(_LITTLE.search(c.words)), opposite=True),
    asks("production", only=lambda c: bool(_BASS.search(c.words))),
    curves={"bass": ("lows",)},
)
def bass(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Much bass: level below 250 Hz against the mids."""
    found = clip.measured.full_spectrum
    if found is None:
        return _SILENT
    levels = dict(found.band_levels_db)
    lows = 10.0 * math.log10(sum(10.0 ** (levels[band] / 10.0) for band in ("sub_bass", "bass") if band in levels))
    over = max(-30.0, min(30.0, lows - levels.get("mid", -120.0)))
    evidence = f"Lows are {over:+.0f} dB against mids."
    return Reading("bass", {"lows": over}, evidence, "spectrum", facts={"lows_over_mids_db": round(over, 1)})


@trait(
    asks("timbre", *_TIMBRES, kinds=(*_THINGS, "clip")),
    curves={f"timbre.sound.{quality}": ("brightness", "centroid", "warmth") for quality in _TIMBRES.values()},
)
def sound_timbre(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The whole clip is bright, dark, warm or thin: its spectral balance; one sound of several is not singled out."""
    found = clip.spectrum
    if found is None:
        return _SILENT
    quality = _TIMBRES[claim.value]
    bright = found.brightness_db if found.brightness_db is not None else -20.0
    warm = found.warmth_db if found.warmth_db is not None else 20.0
    centroid = math.log2(max(100.0, found.centroid_hz) / 1000.0)
    sign = -1.0 if quality in {"dark", "warm"} else 1.0
    features = {"brightness": sign * bright, "warmth": -sign * warm, "centroid": sign * centroid}
    evidence = (
        f"The clip is centred at {found.centroid_hz:.0f} Hz, lows {warm:.0f} dB over highs,"
        f" {bright:.0f} dB above 3 kHz against below."
    )
    facts = {"centroid_hz": round(found.centroid_hz)}
    return Reading(f"timbre.sound.{quality}", features, evidence, "spectrum", facts=facts)


@trait(asks("pitch", "low", "high", kinds=_THINGS), curves={"pitch.sound": ("centroid", "rolloff")})
def sound_pitch(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A sound is low or high: where its energy lies, as most sounds have no pitch of their own."""
    found = clip.spectrum
    if found is None:
        return _SILENT
    sign = 1.0 if claim.value == "high" else -1.0
    features = {
        "centroid": sign * math.log2(max(60.0, found.centroid_hz) / 1200.0),
        "rolloff": sign * math.log2(max(60.0, found.rolloff_hz) / 1500.0),
    }
    evidence = f"Centred at {found.centroid_hz:.0f} Hz, 85 % of the energy under {found.rolloff_hz:.0f} Hz."
    facts = {"centroid_hz": round(found.centroid_hz)}
    return Reading("pitch.sound", features, evidence, "spectrum", facts=facts)


@trait(
    asks("clarity", "unclear", kinds=(*_THINGS, "clip")),
    asks("clarity", "clear", kinds=(*_THINGS, "clip"), opposite=True),
    curves={"muffled": ("mids_over_highs", "rolloff")},
)
def muffled(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """The clip sounds muffled: mids over highs."""
    found = clip.spectrum
    if found is None:
        return _SILENT
    over = found.muffled_db if found.muffled_db is not None else 40.0
    features = {
        "mids_over_highs": max(-10.0, min(70.0, over)),
        "rolloff": -math.log2(max(100.0, found.rolloff_hz) / 1000.0),
    }
    evidence = f"Mids are {over:.0f} dB over highs, 85 % of the energy under {found.rolloff_hz:.0f} Hz."
    return Reading("muffled", features, evidence, "spectrum", facts={"muffled_db": round(over, 1)})


describe(
    "volume",
    "Voices",
    rests_on="active level in dBFS; its trend and variation",
    sure="quiet and loud R 1.00 / 1.00 (few items); steady G .935 / .954; rising G .961 / .982; medium set by hand,"
    " floor .2",
    limits="vocal effort: a shout that was turned down",
    refusal="Only quiet, medium, loud, steady, rising and falling levels can be told apart.",
)
describe(
    "intensity",
    "Sounds",
    rests_on="active level and brightness; its trend",
    sure="R 1.00 / 1.00 (few items); rising and falling G as under volume",
    limits="the strength of one sound among several",
    refusal="Only loud, faint, growing and fading sound can be told apart.",
)
describe(
    "distance",
    "Sounds",
    rests_on="level and brightness; approaching and receding: trend of the level; passing: a middle over both ends;"
    " sides by the balance of the channels",
    sure="near, far R 1.00 / 1.00 (few items); moving and passing set by hand, floor .2",
    limits="directions above and behind; which of several sources passes",
    refusal="Only near and far, coming, going and passing can be told apart.",
)
describe(
    "level",
    "Mixes and recordings",
    rests_on="whether it is there at all, times the level while somebody speaks against the mean of the gaps of speech",
    sure="G 1.00 / 1.00, floor .2, for what is behind a voice .3 (speech over music, 6 to 16 dB in front or 4 to 14 dB"
    " behind)",
    limits="without speech or without gaps only presence is answered",
    refusal="The claim names nothing that could stand in front or behind.",
)
