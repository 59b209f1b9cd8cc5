"""Sounds: events, places, and tones of a given frequency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.classes import STAND_IN, Sound
from audiojudge_cli.judges.embedded.presence import EVENT, GUESS, event_reading
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.subjects import SPOKEN, sound_of_claim
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

_ELSEWHERE = frozenset({*SPOKEN, "music", "singing_event"})
"""Events with traits of their own: speech, music, singing."""

_OUTSIDE = Sound("outdoors", ("Outside, rural or natural", "Outside, urban or manmade"), likeness=STAND_IN)
"""No class means the open air whatever is heard in it; these are given to places."""

_TOLERANCE = 0.03
"""Share by which a tone may be off: half a semitone, as 440 Hz is told from G♯ and A♯."""


def _event(claim: Claim) -> bool:
    return claim.value not in _ELSEWHERE and (not claim.value or sound_of_claim(claim) is not None)


@trait(
    asks("event", only=_event),
    asks("scene", only=lambda claim: not claim.value or sound_of_claim(claim) is not None),
    curves={"event": EVENT, "event.guess": GUESS},
    needs=("yamnet", "silero-vad", "minilm"),
)
def event(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A sound event or the sound of a place is heard."""
    sound = sound_of_claim(claim, clip)
    if sound is None:
        return NotHeard(f"No sound class stands for {(claim.words or claim.value)[:100]!r}.")
    return event_reading(clip, sound)


@trait(
    asks("room", "outdoor"),
    curves={"event.guess": GUESS},
    needs=("yamnet", "silero-vad"),
)
def outdoors(clip: ClipFeatures, _claim: Claim) -> Reading:
    """The clip sounds as if recorded outdoors: the classes of outside places."""
    return event_reading(clip, _OUTSIDE)


@trait(
    asks("event", unit="hz"),
    asks("pitch", kinds=("sound", "instrument", "music", "clip"), unit="hz"),
    curves={"tone.hz": ("match", "tonal")},
)
def tone(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A tone of a given frequency: the strongest peak of the spectrum, and how much of the energy it holds."""
    found = clip.strongest_tone
    wanted = claim.number or 0.0
    if found is None or wanted <= 0.0:
        return NotHeard("Silence has no tone.")
    off = abs(found.frequency_hz / wanted - 1.0)
    shown = {"match": -min(4.0, off / _TOLERANCE), "tonal": math.log10(max(1e-4, found.share))}
    evidence = f"The strongest tone is at {found.frequency_hz:.0f} Hz and holds {found.share:.0%} of the energy."
    return Reading("tone.hz", shown, evidence, "spectrum", facts={"tone_hz": round(found.frequency_hz, 1)})


describe(
    "event",
    "Sounds",
    rests_on="521 sound classes over time, the class that means the concept first, its kin after it;"
    " a tone of so many Hz by the strongest peak of the spectrum, within 3 %",
    sure="set left out: devset .91, devset2 .84, gendev .95; tones set by hand",
    limits="concepts without a class; materials; short, quiet sounds under loud ones",
    refusal="No sound class stands for this sound.",
)
describe(
    "scene",
    "Sounds",
    rests_on="the classes of the place",
    sure="as events",
    limits="places without a class of their own (kitchen, café, courtroom)",
    refusal="No sound class stands for this place.",
)
