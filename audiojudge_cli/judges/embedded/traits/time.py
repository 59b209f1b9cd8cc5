"""Time: what comes when, how often, how long, and how the level moves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.judges.embedded.classes import Sound
from audiojudge_cli.judges.embedded.numbers import bounded, holds, margin
from audiojudge_cli.judges.embedded.presence import LEAST_LOGIT, LOW_HANDICAP, event_features, presence_features
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading, seconds
from audiojudge_cli.judges.embedded.subjects import sound_of_claim, sound_of_subject
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait
from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.text.counted import counted

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures

EARLY_S, LATE_S = 0.5, 1.5
"""Who says "at five seconds" is content from half a second before to one and a half after."""

EDGE_SHARE, EDGE_S = 0.25, 1.5
"""The start and the end of a clip: a quarter of what sounds of it, but no less than this."""

_DEEPEST = -8.0
_APART = -3.5
"""Log odds between sounds at the same moment and those in succession."""

_HARDLY = -3.0
"""Highest log odds of a sound under which it is not heard clearly enough to say when: an activation under .05."""

_OPEN = -2.7
"""`joint` of which neither is likelier: where the curve `together` crosses one half."""

_DROP = 5.0
"""A burst is the sound's where its class keeps within this of its highest log odds."""

_SURELY = 3.0
"""Log odds beyond which a sound is heard no more clearly: an activation of .95. The loudest bark is not the first."""

_CLEAR = 3.0
"""A sound has set in where its class first comes within this of its highest log odds."""

_GRID_S = 0.1


def _known(subject: Subject | None) -> Sound | None:
    """Return the sound of a subject whose class is sure, or None: guesses are neither placed nor counted."""
    return sound_of_subject(subject) if subject is not None else None


def _placed_sound(claim: Claim) -> Sound | None:
    if claim.dimension == "order":
        return _known(claim.subject) if claim.other is None else None
    if claim.dimension in {"component", "vocals"}:
        sources: dict[str, Kind] = {"music": "music", "speech": "speaker"}
        kind = "vocals" if claim.dimension == "vocals" else sources.get(claim.value)
        return sound_of_subject(Subject(kind, claim.words)) if kind is not None else None
    return sound_of_claim(claim)


def _placed(claim: Claim) -> bool:
    sound = _placed_sound(claim)
    return sound is not None and sound.likeness >= 1.0 and claim.place != "last_line"


@trait(
    *(asks(one, placed=True, only=_placed) for one in ("order", "event", "instrument", "component", "vocals")),
    curves={f"at.{place}": ("inside", "share") for place in ("start", "end", "time")},
    given=("event",),
    needs=("yamnet", "silero-vad"),
)
def at(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A sound is heard in a stretch of the clip: how near it comes there to its strongest, and its share there.

    `inside`: highest log odds within the stretch less the highest anywhere, 0 where they are the same. `share`: log
    of the sound's activity there against an even spread over the clip.
    """
    sound = _placed_sound(claim)
    if sound is None:
        return NotHeard("No sound class stands for what is heard there.")
    track = clip.events
    columns = clip.columns(sound.classes[:3])
    logits = np.maximum(track.logits[:, columns].max(axis=1), LEAST_LOGIT)
    times = np.arange(len(logits)) * track.hop_s + track.window_s / 2
    start, end = stretch(clip, claim)
    within = (times >= start - track.hop_s) & (times <= end + track.hop_s)
    if not within.any():
        within[int(np.abs(times - (start + end) / 2).argmin())] = True
    weights = np.exp(logits - logits.max())
    share = float(weights[within].sum() / weights.sum()) / float(within.mean())
    found = {"inside": max(_DEEPEST, float(logits[within].max() - logits.max())), "share": math.log(max(0.01, share))}
    spans = track.spans(sound.classes[:2], 0.2)
    where = f"heard at {seconds(spans)}" if spans else f"strongest at {times[int(logits.argmax())]:.1f} s"
    evidence = f"{sound.phrase.capitalize()} is {where}; asked for is {start:.1f}–{end:.1f} s."
    kind = f"at.{claim.place}" if claim.from_s is None and claim.place in {"start", "end"} else "at.time"
    return Reading(kind, found, evidence, "sound-events", spans, given={"event": event_features(clip, sound)})


def stretch(clip: ClipFeatures, claim: Claim) -> tuple[float, float]:
    """Return where a claim asks for something, in seconds."""
    length = clip.waveform.duration_s
    if claim.from_s is not None:
        to_s = claim.to_s if claim.to_s is not None else length
        return max(0.0, claim.from_s - EARLY_S), to_s + (LATE_S if claim.from_s == claim.to_s else EARLY_S)
    first, last = (clip.level.lead_s, length - clip.level.tail_s) if clip.level is not None else (0.0, length)
    if claim.place == "middle":
        return first + (last - first) / 3, last - (last - first) / 3
    edge = max(EDGE_S, EDGE_SHARE * (last - first))
    return (first, min(last, first + edge)) if claim.place == "start" else (max(first, last - edge), last)


def _two(claim: Claim) -> bool:
    first, second = _known(claim.subject), _known(claim.other)
    return first is not None and second is not None and first.classes != second.classes


def _logits(clip: ClipFeatures, sound: Sound) -> np.ndarray:
    return np.asarray(np.minimum(_SURELY, clip.events.logits[:, clip.columns(sound.classes[:3])].max(axis=1)))


def centre_s(clip: ClipFeatures, sound: Sound) -> float:
    """Return the centre of a sound's activity, relative to its own strongest patch, in seconds."""
    logits = _logits(clip, sound)
    weights = np.exp(np.clip(logits - logits.max(), -20.0, 0.0))
    times = np.arange(len(weights)) * clip.events.hop_s + clip.events.window_s / 2
    return float((weights * times).sum() / weights.sum())


def onset_s(clip: ClipFeatures, sound: Sound) -> float:
    """Return when a sound is first heard about as clearly as anywhere, in seconds."""
    logits = _logits(clip, sound)
    return float(np.flatnonzero(logits >= logits.max() - _CLEAR)[0] * clip.events.hop_s)


@trait(asks("order", only=_two), curves={"order": ("gap", "onset", "weaker")}, needs=("yamnet", "silero-vad"))
def order(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """One sound comes before another: by the centres of their activity and by when each is first clearly heard."""
    first, second = _known(claim.subject), _known(claim.other)
    if first is None or second is None:
        return NotHeard("Order needs two sounds that the classes know.")
    centres, starts = [[found(clip, sound) for sound in (first, second)] for found in (centre_s, onset_s)]
    span = max(1.0, clip.events.duration_s)
    found = {
        "gap": max(-0.5, min(0.5, (centres[1] - centres[0]) / span)),
        "onset": max(-0.5, min(0.5, (starts[1] - starts[0]) / span)),
        "weaker": min(presence_features(clip, sound)["main"] for sound in (first, second)),
    }
    evidence = (
        f"{first.phrase.capitalize()} is centred at {centres[0]:.1f} s and first clear at {starts[0]:.1f} s,"
        f" {second.phrase} at {centres[1]:.1f} s and {starts[1]:.1f} s."
    )
    facts = {"gap_s": round(centres[1] - centres[0], 2), "onset_gap_s": round(starts[1] - starts[0], 2)}
    return Reading("order", found, evidence, "sound-events", facts=facts)


@trait(asks("simultaneity", only=_two), curves={"together": ("joint",)}, needs=("yamnet", "silero-vad"))
def together(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Two sounds are heard at the same time: some moment holds both about as clearly as any moment holds either.

    `joint`: over the patches that hold sound, the highest of the lower of the two, each in log odds less its own
    highest. Sounds in succession have -5 to -12; one that masks the other looks like succession. Where one of them is
    hardly heard anywhere, the answer stays open.
    """
    first, second = _known(claim.subject), _known(claim.other)
    if first is None or second is None:
        return NotHeard("Simultaneity needs two sounds that the classes know.")
    best = np.maximum(clip.events.logits, clip.low_events.logits - LOW_HANDICAP)[clip.events.active]
    columns = [clip.columns(sound.classes[:2]) for sound in (first, second)]
    tracks = [np.maximum(best[:, chosen].max(axis=1), LEAST_LOGIT - 1.0) for chosen in columns]
    joint = float(np.minimum(*(track - track.max() for track in tracks)).max())
    both = f"{first.phrase.capitalize()} and {second.phrase}"
    found = "share their clearest moments" if joint > _APART else "are heard at different moments"
    if min(track.max() for track in tracks) < _HARDLY:
        joint, found = _OPEN, "cannot be told apart in time: one of them is hardly heard"
    # Whether each of them is there at all is asked by items of their own.
    return Reading("together", {"joint": max(_DEEPEST, joint)}, f"{both} {found}.", "sound-events")


def _countable(claim: Claim) -> bool:
    sound = _known(claim.subject) if claim.subject.kind in {"sound", "instrument"} else None
    return sound is not None and sound.likeness >= 1.0


@trait(
    asks("count", unit="times", only=_countable),
    asks("rhythm", "repeated", only=_countable),
    curves={"count": ("exact",)},
    given=("event",),
    needs=("yamnet", "silero-vad"),
)
def count(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """A sound is heard so many times, or again: bursts of energy where its class is nearly as clear as anywhere."""
    sound = _known(claim.subject)
    if sound is None:
        return NotHeard("Only sound events named with a number can be counted.")
    track = clip.events
    logits = np.maximum(_logits(clip, sound), LEAST_LOGIT - 1.0)
    times = np.arange(len(logits)) * track.hop_s + track.window_s / 2
    clear = np.interp(_GRID_S * np.arange(1 + int(track.duration_s / _GRID_S)), times, logits) > logits.max() - _DROP
    inside = tuple(
        (a, b) for a, b in clip.bursts if clear[int(max(0.0, a - 0.6) / _GRID_S) : int((b + 0.6) / _GRID_S) + 1].any()
    )
    evidence = f"{counted(len(inside), 'separate sound')} where {sound.phrase} is likeliest, at {seconds(inside)}."
    told = holds(claim, len(inside)) if claim.number is not None else len(inside) > 1
    given = {"event": event_features(clip, sound)}
    return Reading("count", {"exact": float(told)}, evidence, "bursts", inside, {"count": len(inside)}, given)


@trait(
    asks("duration", "", "long", "short", kinds=("clip", "music"), unit="s"),
    curves={"duration": ("match",), "bound": ("margin",)},
)
def duration(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The clip lasts about so many seconds, or longer, or less."""
    if claim.number is None:
        return NotHeard("The claim names no length.")
    length = clip.waveform.duration_s
    evidence, facts = f"The clip lasts {length:.1f} s.", {"duration_s": round(length, 2)}
    if bounded(claim):
        return Reading("bound", {"margin": margin(claim, length)}, evidence, "decoder", facts=facts)
    off = abs(math.log(max(0.05, length) / max(0.05, claim.number)))
    return Reading("duration", {"match": -min(3.0, off * 10.0)}, evidence, "decoder", facts=facts)


_SILENT_DB = -120.0


@trait(asks("duration", "silence", kinds=("clip", "sound", "music")), curves={"silence": ("level",)})
def silence(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """The clip is silent from end to end: the level of what is loudest in it."""
    level = clip.level.active_db if clip.level is not None else _SILENT_DB
    evidence = (
        f"The loudest stretches lie at {level:.0f} dBFS." if clip.level is not None else "No sample differs from 0."
    )
    return Reading("silence", {"level": -level}, evidence, "level", facts={"active_dbfs": round(level, 1)})


@trait(
    asks("duration", "silence", placed=True, only=lambda claim: claim.place in {"start", "end"}),
    asks("duration", "silence", unit="s", placed=None),
    curves={"pause.seconds": ("match",), "pause.long": ("length",), "bound": ("margin",)},
)
def silence_at(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The clip starts or ends with silence, of so many seconds or simply long."""
    if clip.level is None:
        return NotHeard("Silence has no level to follow.")
    if claim.place not in {"start", "end"}:
        return NotHeard("Only silence at the start and at the end of a clip is measured.")
    length = max(0.05, clip.level.lead_s if claim.place == "start" else clip.level.tail_s)
    word = "starts" if claim.place == "start" else "ends"
    evidence, facts = f"The clip {word} with {length:.1f} s without sound.", {"silence_s": round(length, 2)}
    if claim.number is None:
        return Reading("pause.long", {"length": math.log2(length)}, evidence, "level", facts=facts)
    if bounded(claim):
        return Reading("bound", {"margin": margin(claim, length)}, evidence, "level", facts=facts)
    off = abs(math.log2(length / max(0.05, claim.number)))
    return Reading("pause.seconds", {"match": -min(3.0, off)}, evidence, "level", facts=facts)


describe(
    "count",
    "Sounds",
    rests_on="bursts where the class is nearly as clear as anywhere; exactly, at least, at most, more, fewer, between;"
    " again and again: two or more",
    sure="G .913 / .885 (one to five strokes; exactly that number or not)",
    limits="overlapping repeats; sounds that consist of strokes (a clock, a typist)",
    refusal="Only sound events named with a number can be counted.",
)
describe(
    "order",
    "Sounds",
    rests_on="centres of activity of two classes and when each is first clear; for one sound, how much of it lies in"
    " the first or last quarter or in a stretch of seconds",
    sure="R .920 / .994; at the start G .944 / .978, at the end G .955 / .980, at a time G .934 / .969",
    limits="more than two; sounds without classes; one speaker after another",
    refusal="Order needs two sounds that the classes know, or one and its place.",
)
describe(
    "simultaneity",
    "Sounds",
    rests_on="whether some moment holds both about as clearly as any moment holds either; open where one of them is"
    " hardly heard",
    sure="G .800 / .865, floor .2",
    limits="one sound that covers the other looks like succession",
    refusal="Simultaneity needs two sounds that the classes know.",
)
describe(
    "duration",
    "Sounds",
    rests_on="length of the clip; pauses; silence at the start and the end, or all through; sound throughout: active"
    " share",
    sure="length set by hand (10 % off is .73; bounds to 2 %); throughout G .953 / .961",
    limits="how long one sound of several lasts; bars and beats",
    refusal="Only the length of the whole clip, of pauses and of silence at its ends is measured.",
)
