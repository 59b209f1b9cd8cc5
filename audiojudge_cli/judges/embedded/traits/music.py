"""Music: that it plays, its instruments and voices, tempo, key, metre, genre."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.classes import Sound, table
from audiojudge_cli.judges.embedded.heads import BY_CLASS
from audiojudge_cli.judges.embedded.music_tag_map import DRUM_TAGS, GENRE_TAGS, INSTRUMENT_TAGS
from audiojudge_cli.judges.embedded.numbers import bounded
from audiojudge_cli.judges.embedded.presence import (
    GUESS,
    MUSIC,
    SUNG_S,
    VOCALS,
    guessed,
    heard,
    music_features,
    of_music,
    vocals_features,
)
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading, seconds
from audiojudge_cli.judges.embedded.subjects import DRUMS, SUNG, sound_of_claim, sound_of_subject
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait
from audiojudge_cli.signals.key import NAMES
from audiojudge_cli.text.counted import counted

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

_DRUM_CLASSES = (
    "Drum kit",
    "Drum",
    "Snare drum",
    "Bass drum",
    "Hi-hat",
    "Cymbal",
    "Drum machine",
    "Percussion",
    "Drum roll",
)
# Heads of what plays beneath nearly any instrument: they are no rivals of one.
_BENEATH = frozenset({"bass", "drums"})
_SLOW_FAST_BPM = 105.0
_BEATS = frozenset({2.0, 3.0, 4.0, 6.0})
# "3/4" as a value of the vocabulary or as the words of a claim.
_METRE = re.compile(r"([2346])/(?:4|8)")
_NO_BEAT = NotHeard("No beat to measure.")
_NO_KEY = NotHeard("No tones to hear a key in.")


@trait(asks("component", "music"), asks("event", "music"), curves={"music": MUSIC}, needs=("yamnet",))
def music(clip: ClipFeatures, _claim: Claim) -> Reading:
    """Music plays."""
    spans = clip.events.spans(("Music",), 0.5)
    found = music_features(clip)
    evidence = f"Music: activation {1 / (1 + math.exp(-found['music_peak'])):.2f}, heard at {seconds(spans)}."
    return Reading("music", found, evidence, "sound-events", spans)


@trait(
    asks("vocals", "vocals", "harmony_vocals", "choir", "rap_vocals", "humming", ""),
    asks("vocals", "instrumental", opposite=True),
    asks("event", "singing_event"),
    asks("style", "singing"),
    curves={"vocals": VOCALS},
    needs=("yamnet", "silero-vad", "musicnn"),
)
def vocals(clip: ClipFeatures, _claim: Claim) -> Reading:
    """Somebody sings: sung classes of the sound events, music tags, or a voice that holds notes."""
    found = vocals_features(clip)
    spans = clip.events.spans(SUNG, 0.2)
    evidence = f"Singing: activation {1 / (1 + math.exp(-found['sung'])):.2f}, heard at {seconds(spans)}"
    held_s = SUNG_S * 2.0 ** found["held"]
    evidence += f"; a voice holds notes for {held_s:.1f} s." if held_s > SUNG_S / 2 else "."
    return Reading("vocals", found, evidence, "sound-events", spans)


@trait(
    asks("instrument", *DRUMS),
    curves={"drums": ("cues", "drums", "head", "kit", "often", "tag")},
    given=("music",),
    needs=("yamnet", "musicnn"),
)
def drums(clip: ClipFeatures, _claim: Claim) -> Reading:
    """Drums or percussion play: sound classes and struck, broadband onsets, given that there is music."""
    logits = clip.events.logits[clip.events.active]
    best = logits.max(axis=0)
    columns = clip.columns(_DRUM_CLASSES)
    strokes = clip.drums
    found = {
        "kit": float(best[columns[:1]].max()),
        "drums": float(best[columns].max()),
        "head": max(-8.0, min(8.0, clip.instruments.get("drums", 0.0))),
        "often": float(logits[:, columns].max(axis=1).mean()),
        "cues": max(-6.0, min(6.0, strokes.log_odds)) if strokes else -6.0,
        "tag": clip.ordinary.tag(clip.tags, DRUM_TAGS),
    }
    spans = clip.events.spans(_DRUM_CLASSES, 0.2)
    share = strokes.percussive_share if strokes else 0.0
    evidence = f"Drums: activation {1 / (1 + math.exp(-found['drums'])):.2f}; {share:.0%} of the energy is struck."
    return Reading("drums", found, evidence, "sound-events", spans, given=of_music(clip))


@trait(
    asks("instrument", only=lambda claim: not claim.value or claim.value in table()["instrument"]),
    curves={
        "instrument": ("kin", "main", "rank", "tag"),
        "instrument.head": ("ahead", "head", "main", "rank", "tag", "usual"),
        "event.guess": GUESS,
    },
    given=("music",),
    needs=("yamnet", "silero-vad", "minilm", "musicnn"),
)
def instrument(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """An instrument plays: sound classes, and a head where one was trained, given that there is music."""
    sound = sound_of_claim(claim, clip)
    if sound is None:
        return NotHeard(f"No sound class stands for {(claim.words or claim.value)[:100]!r}.")
    if sound.likeness < 1.0:
        return guessed(clip, sound)
    reading = replace(heard(clip, sound, "instrument"), given=of_music(clip))
    tag = clip.ordinary.tag(clip.tags, INSTRUMENT_TAGS.get(sound.classes[0], ()))
    reading = replace(reading, features={**reading.features, "tag": tag})
    known = [name for name in _heads_for(sound) if name in clip.instruments]
    if not known:
        return reading
    best = max(known, key=lambda name: clip.instruments[name])
    head = max(-8.0, min(8.0, clip.instruments[best]))
    told = f"{reading.evidence.rstrip('.')}; trained for {best.replace('_', ' ')}: {1 / (1 + math.exp(-head)):.2f}."
    rivals = [name for name in clip.instruments if name not in known and name not in _BENEATH]
    found = {
        **{name: reading.features[name] for name in ("main", "rank", "tag")},
        "head": head,
        "ahead": -math.log1p(sum(clip.instruments[name] > clip.instruments[best] for name in rivals)),
        "usual": float(clip.ordinary.peak_mean[clip.events.index(sound.classes[0])]),
    }
    return replace(reading, kind="instrument.head", features=found, evidence=told)


def _one_alone(claim: Claim) -> bool:
    return claim.value == "solo" and claim.subject.concept not in DRUMS


@trait(
    asks("instrument", "solo", kinds=("instrument",), only=_one_alone),
    curves={"alone": ("beneath", "others")},
    given=("music",),
    needs=("yamnet", "musicnn"),
)
def alone(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """An instrument plays alone: no head of drums, of a bass or of a voice speaks, and few of other instruments."""
    sound = sound_of_subject(claim.subject)
    own = {*_BENEATH, *(_heads_for(sound) if sound is not None else ())}
    beneath = max(clip.tags.sung, *(clip.instruments[name] for name in _BENEATH if name in clip.instruments))
    others = [name for name in sorted(clip.instruments) if name not in own and clip.instruments[name] > 0.0]
    found = {"beneath": -max(-8.0, min(8.0, beneath)), "others": -math.log1p(len(others))}
    told = f"Trained for drums, bass or voices: {1 / (1 + math.exp(found['beneath'])):.2f} at most"
    evidence = f"{told}; {counted(len(others), 'head')} of other instruments above one half."
    return Reading("alone", found, evidence, "music-tags", given=of_music(clip))


def _heads_for(sound: Sound) -> tuple[str, ...]:
    """Return the heads that speak for an instrument: those of its class, else its own name."""
    return BY_CLASS.get(sound.classes[0], (sound.concept,))


@trait(
    asks("genre", only=lambda claim: not claim.value or claim.value in table()["genre"]),
    curves={"genre": ("kin", "main", "rank", "tag"), "event.guess": GUESS},
    needs=("yamnet", "minilm", "musicnn"),
)
def genre(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The music belongs to a genre."""
    sound = sound_of_claim(claim, clip)
    if sound is None:
        return NotHeard(f"No sound class stands for the genre {(claim.words or claim.value)[:100]!r}.")
    if sound.likeness < 1.0:
        return guessed(clip, sound)
    reading = heard(clip, sound, "genre")
    tag = clip.ordinary.tag(clip.tags, GENRE_TAGS.get(sound.classes[0], ()))
    return replace(reading, features={**reading.features, "tag": tag})


def pulse(clip: ClipFeatures) -> tuple[float, float] | None:
    """Return (log2 of onsets per second over 2.5, log2 of BPM over 105), or None without onsets.

    The tempo is the mean of its readings: of a beat at 80 or 160 BPM neither half of the truth is told alone.
    """
    if clip.onsets is None:
        return None
    density = math.log2(max(0.3, clip.onsets.rate_above_per_s(3.0)) / 2.5)
    return density, math.log2(clip.tempo.mean_bpm / _SLOW_FAST_BPM) if clip.tempo else 0.0


@trait(
    asks("tempo", "slow", "moderate", "fast"),
    curves={"tempo": ("beat", "density"), "tempo.moderate": ("centred",)},
    given=("music",),
    needs=("yamnet",),
)
def tempo(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The music is slow, moderate or fast: onset density first, then the beat."""
    heard_pulse = pulse(clip)
    if heard_pulse is None:
        return _NO_BEAT
    density, beat = heard_pulse
    bpm = clip.tempo.bpm if clip.tempo else None
    evidence = f"{2.5 * 2**density:.1f} onsets per second" + (f", about {bpm:.0f} BPM." if bpm else ", no steady beat.")
    facts = {"tempo_bpm": round(bpm, 1)} if bpm else {}
    if claim.value == "moderate":
        found, kind = {"centred": -abs(beat)}, "tempo.moderate"
    else:
        sign = 1.0 if claim.value == "fast" else -1.0
        found, kind = {"density": sign * density, "beat": sign * beat}, "tempo"
    return Reading(kind, found, evidence, "tempo", facts=facts, given=of_music(clip))


@trait(
    asks("tempo", unit="bpm"),
    curves={"bpm": ("confidence", "octave", "weight"), "bpm.bound": ("weight",)},
    given=("music",),
    needs=("yamnet",),
)
def bpm(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The tempo is a number of BPM, within 4 %, half and double of it counting little; or it is above, below, between.

    For a bound the weights of the readings of the pulse on its side are summed, so a doubtful octave stays doubtful.
    """
    if clip.tempo is None or claim.number is None:
        return _NO_BEAT
    measured, wanted = clip.tempo.bpm, claim.number
    evidence, facts = f"The beat is at about {measured:.1f} BPM", {"tempo_bpm": round(measured, 1)}
    if bounded(claim):
        weight = _weight_within(clip, claim)
        evidence += f"; readings of the beat within the bound weigh {weight:.0%}."
        return Reading("bpm.bound", {"weight": weight}, evidence, "tempo", facts=facts, given=of_music(clip))
    weight = clip.tempo.weight_near(wanted)
    octave = max(clip.tempo.weight_near(wanted * factor) for factor in (0.5, 2.0))
    found = {"weight": weight, "octave": octave, "confidence": clip.tempo.confidence * (2 * weight - 1)}
    return Reading("bpm", found, f"{evidence}.", "tempo", facts=facts, given=of_music(clip))


def _weight_within(clip: ClipFeatures, claim: Claim) -> float:
    """Return the weight of the readings of the pulse that keep a claim's bound."""
    if clip.tempo is None or claim.number is None:
        return 0.0
    above = clip.tempo.weight_above(claim.number)
    if claim.comparator == "between":
        return above - clip.tempo.weight_above(claim.upper if claim.upper is not None else claim.number)
    return above if claim.comparator in {"more", "at_least"} else 1.0 - above


def _pitch_class(claim: Claim) -> bool:
    return claim.number is not None and float(claim.number).is_integer() and 0 <= claim.number <= 11


@trait(
    asks("key", "major", "minor"),
    asks("key", "major", "minor", "", unit="pitch_class", only=_pitch_class),
    curves={"mode": ("log_odds",), "key": ("log_odds",)},
    given=("music",),
    needs=("yamnet",),
)
def key(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The key is major or minor, has this tonic, or both."""
    found = clip.key
    if found is None:
        return _NO_KEY
    evidence, facts, given = f"Most likely {found.name}", {"key": found.name}, of_music(clip)
    if claim.number is None:
        p = found.p_minor if claim.value == "minor" else 1.0 - found.p_minor
        told = f"{evidence}; {claim.value}: {p:.0%}."
        return Reading("mode", {"log_odds": _log_odds(p)}, told, "key", facts=facts, given=given)
    tonic = int(claim.number)
    p = sum(found.p(tonic, mode) for mode in ((claim.value,) if claim.value else ("major", "minor")))
    told = f"{evidence}; {' '.join(filter(None, (NAMES[tonic], claim.value)))}: {p:.0%}."
    return Reading("key", {"log_odds": _log_odds(p)}, told, "key", facts=facts, given=given)


def _beats(claim: Claim) -> float | None:
    if claim.number is not None:
        return claim.number if claim.unit == "beats" else None
    named = _METRE.fullmatch(claim.value or claim.words.strip())
    return float(named[1]) if named else None


@trait(
    asks("metre", unit=None, only=lambda claim: _beats(claim) in _BEATS),
    curves={"metre": ("log_odds",)},
    given=("music",),
    needs=("yamnet",),
)
def metre(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Three or four (two) beats in a bar."""
    found = clip.metre
    if found is None:
        return _NO_BEAT
    p = found.p_three if _beats(claim) in {3.0, 6.0} else 1.0 - found.p_three
    evidence = f"Accents suggest bars of {found.beats_per_bar}."
    facts = {"beats_per_bar": found.beats_per_bar}
    return Reading("metre", {"log_odds": _log_odds(p)}, evidence, "tempo", facts=facts, given=of_music(clip))


def _log_odds(p: float) -> float:
    clipped = min(0.999, max(0.001, p))
    return math.log(clipped / (1.0 - clipped))


for _row in (
    (
        "instrument",
        (
            "music tags (musicnn), trained heads on their embedding, sound classes, given music; drums: strokes too;"
            " alone: heads of drums, bass, voices and other instruments"
        ),
        "set left out: devset .92, devset2 .83, gendev 1.00; drums 1.00, 1.00, .93; alone M .84 / .91, floor .2",
        "instruments without head or class; how many of them; whether drums play alone",
        "No sound class stands for this instrument.",
    ),
    (
        "vocals",
        "singing classes; music tags; notes that a voice holds (F0 within 0.7 semitone for 0.15 s, spread over a tune)",
        "set left out: devset 1.00, devset2 1.00, gendev .98",
        "harmony, rap, how many sing",
        "Only whether somebody sings can be told, and whether a man or a woman does.",
    ),
    (
        "genre",
        "genre classes and music tags",
        "set left out: 1.00 on each, of 12 to 41 items",
        "genres without a class",
        "No sound class stands for this genre.",
    ),
    (
        "tempo",
        (
            "onset density and the mean of the readings of the beat, given that there is music; a number of BPM within"
            " 4 %, a bound by the weight of the readings that keep it"
        ),
        "M .908 / .970 (.938 / .977), R .939 / 1.00; BPM M .971 / .990 (.960 / .993); bounds set by hand",
        "tempo that changes",
        "Only slow, moderate and fast tempi, or a number of BPM, can be told apart.",
    ),
    (
        "metre",
        "accents of beats, given that there is music",
        "M .922 / .962 (.933 / .963): three against four",
        "other than two, three, four, six",
        "Only bars of two, three, four and six beats can be told apart.",
    ),
    (
        "key",
        "key profiles: mode, tonic, given that there is music",
        (
            "mode M .842 / .931 (.833 / .923), R .824 / .955; one of 24 keys against its neighbours M .930 / .975"
            " (.930 / .966)"
        ),
        "modulation, atonal music",
        "Only major, minor and the tonic can be told.",
    ),
    (
        "structure",
        "nothing; how a piece ends is a claim of transition",
        "always unverifiable",
        "verse, chorus, bridge, drop, solo, melodies",
        "No probe hears the parts of a piece (verse, chorus, bridge, solo) or what is played in them.",
    ),
):
    describe(_row[0], "Music", rests_on=_row[1], sure=_row[2], limits=_row[3], refusal=_row[4])
