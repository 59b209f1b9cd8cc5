"""Speakers: whether somebody speaks, and the sex, age, number, pitch, pace and loudness of who does."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.classes import sound_of
from audiojudge_cli.judges.embedded.music_tag_map import FEMALE_TAGS, MALE_TAGS
from audiojudge_cli.judges.embedded.numbers import bounded, margin
from audiojudge_cli.judges.embedded.presence import (
    EVENT,
    SPEECH,
    event_reading,
    of_speech,
    speech_features,
    vocals_features,
)
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading, seconds
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

SEX_BOUNDARY_HZ = 155.0
"""Between typical male (85–155 Hz) and female (165–255 Hz) speaking F0 (Titze, Principles of Voice Production)."""

TRACT_BOUNDARY_CM = 16.4
"""Between the vocal tracts of women (about 15 cm) and men (about 17.5 cm), as our formants measure them."""

TRACT_RANGE_CM = 3.0
"""Formants under music or noise go astray: a tract further off than this says no more."""

DOUBTFUL_OCTAVES = 0.5
"""Distance of a pitch from the boundary at which the vocal tract has no say: 110 Hz is a man's, 219 Hz a woman's."""

_FEW_YEARS = 12.0
"""Voices break at about this age: up to it a voice is a child's."""

_SEXES = ("male", "female")
_VOICES = ("speaker", "vocals", "clip")
_SPEED = {"very_slow": "slow", "slow": "slow", "moderate": "moderate", "fast": "fast", "very_fast": "fast"}
_NO_VOICE = NotHeard("No voiced speech long enough to measure its pitch.")


@trait(
    asks("component", "speech"),
    asks("event", "speech", "conversation"),
    curves={"speech": SPEECH},
    given=("sex",),
    needs=("yamnet", "silero-vad"),
)
def speech(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Somebody speaks; where the claim says that a man or a woman does, the voice must be theirs."""
    spans = clip.speech.segments()
    evidence = f"Voice activity in {clip.speech.share:.0%} of the clip ({seconds(spans)})."
    reading = Reading("speech", speech_features(clip), evidence, "voice-activity", spans)
    if claim.subject.concept not in _SEXES or claim.subject.which:
        return reading
    found = sex_reading(clip, claim.subject.concept)
    if isinstance(found, NotHeard):
        return replace(reading, evidence=f"{evidence} Too little of it is voiced to tell a man from a woman.")
    return replace(reading, evidence=f"{evidence} {found.evidence}", given={"sex": found.features})


@trait(
    asks("speaker_sex", *_SEXES, kinds=("vocals",)),
    curves={"singer": ("tag",)},
    given=("vocals",),
    needs=("yamnet", "silero-vad", "musicnn"),
)
def singer(clip: ClipFeatures, claim: Claim) -> Reading:
    """A man or a woman sings: music tags of women's voices against men's, as the pitch is that of the music."""
    female, male = (clip.ordinary.tag(clip.tags, tags) for tags in (FEMALE_TAGS, MALE_TAGS))
    lead = female - male if claim.value == "female" else male - female
    others = "men" if claim.value == "female" else "women"
    evidence = f"Tags of {claim.value} voices stand {lead:+.1f} spreads against those of {others}."
    return Reading("singer", {"tag": lead}, evidence, "music-tags", given={"vocals": vocals_features(clip)})


@trait(
    asks("speaker_sex", *_SEXES),
    curves={"sex": ("f0", "tract")},
    given=("speech",),
    needs=("yamnet", "silero-vad", "swift-f0"),
)
def sex(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The speaker is male or female; of several speakers the lowest or the highest voice is."""
    if claim.subject.which > 0:
        return _one_voice(clip, claim.value)
    return sex_reading(clip, claim.value)


def _one_voice(clip: ClipFeatures, wanted: str) -> Reading | NotHeard:
    """Return how well one of several voices fits a sex: the lower group of stretches a man."""
    voices = clip.measured.voices_hz
    if voices is None:
        return sex_reading(clip, wanted)
    f0, which = (voices[0], "lowest") if wanted == "male" else (voices[1], "highest")
    sign = 1.0 if wanted == "female" else -1.0
    evidence = f"Of the stretches of speech the {which} lie at {f0:.0f} Hz ({_typical(f0)})."
    found = {"f0": sign * math.log2(f0 / SEX_BOUNDARY_HZ), "tract": 0.0}
    times, facts = clip.speech.segments(), {"f0_hz": round(f0, 1)}
    return Reading("sex", found, evidence, "pitch", times, facts, of_speech(clip))


def sex_reading(clip: ClipFeatures, wanted: str) -> Reading | NotHeard:
    """Return how well a voice fits a sex: its pitch, and the length of the vocal tract where pitch leaves doubt."""
    f0 = clip.voice_f0_hz
    if f0 is None:
        return _NO_VOICE
    sign = 1.0 if wanted == "female" else -1.0
    octaves = math.log2(f0 / SEX_BOUNDARY_HZ)
    tract_cm = clip.measured.tract_length_cm
    # Formants of low-passed and noisy voices go astray, so the tract speaks only as far as pitch leaves doubt.
    doubt = max(0.0, 1.0 - abs(octaves) / DOUBTFUL_OCTAVES)
    shorter = max(-TRACT_RANGE_CM, min(TRACT_RANGE_CM, TRACT_BOUNDARY_CM - (tract_cm or TRACT_BOUNDARY_CM)))
    evidence = f"Median pitch of the voice is {f0:.0f} Hz ({_typical(f0)})"
    facts: dict[str, float | str] = {"f0_hz": round(f0, 1)}
    if doubt > 0.0 and tract_cm is not None:
        whose = "women and children" if shorter > 0 else "men"
        evidence += f"; that leaves doubt, and the vocal tract measures {tract_cm:.1f} cm (typical of {whose})"
        facts["tract_cm"] = round(tract_cm, 1)
    found = {"f0": sign * octaves, "tract": sign * shorter * doubt}
    return Reading("sex", found, f"{evidence}.", "pitch", clip.speech.segments(), facts, of_speech(clip))


def _typical(f0: float) -> str:
    return "typical of men" if f0 < SEX_BOUNDARY_HZ else "typical of women and children"


def _of_a_child(claim: Claim) -> bool:
    return (claim.upper or claim.number or 0.0) <= _FEW_YEARS


@trait(
    asks("age", "baby", "toddler", "child", kinds=("speaker", "clip")),
    asks("age", kinds=("speaker", "clip"), unit="years", only=_of_a_child),
    asks("timbre", "childish", kinds=("speaker", "clip")),
    curves={"age.child": ("child_class", "f0", "tract")},
    given=("speech",),
    needs=("yamnet", "silero-vad", "swift-f0"),
)
def child(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """A child speaks: high pitch and a short vocal tract together, and the sound classes of children's voices."""
    f0, found = clip.voice_f0_hz, clip.measured.voice
    if f0 is None or found is None:
        return _NO_VOICE
    tract = clip.measured.tract_length_cm or 15.0
    best = clip.events.logits.max(axis=0)
    columns = clip.columns(("Child speech, kid speaking", "Children shouting", "Child singing"))
    measured = {
        "f0": math.log2(f0 / 250.0),
        "tract": 15.0 - min(20.0, max(10.0, tract)),
        "child_class": float(best[columns].max()),
    }
    evidence = (
        f"Median pitch {f0:.0f} Hz, vocal tract about {tract:.1f} cm (children are above 250 Hz, under 13 cm);"
        f" classes of children's voices: activation {1 / (1 + math.exp(-measured['child_class'])):.2f}."
    )
    facts = {"f0_hz": round(f0, 1), "tract_cm": round(tract, 1)}
    times = clip.speech.segments()
    return Reading("age.child", measured, evidence, "voice", times, facts, of_speech(clip))


def _more_than_one(claim: Claim) -> bool:
    """Return whether a number of voices means "more than one" and nothing finer."""
    bounds = {"at_least": 2.0, "more": 1.0, "exactly": 2.0, "about": 2.0, "": 2.0}
    if claim.comparator == "between":
        return claim.number == 2.0
    return claim.number == bounds.get(claim.comparator)


def _one(claim: Claim) -> bool:
    bounds = {"at_most": 1.0, "less": 2.0, "exactly": 1.0, "about": 1.0, "": 1.0}
    return claim.number == bounds.get(claim.comparator)


@trait(
    asks("speaker_count", unit="voices", only=_one, opposite=True),
    asks("speaker_count", unit="voices", only=_more_than_one),
    asks("speaker_count", "two", "many"),
    asks("speaker_count", "one", opposite=True),
    curves={"speakers": ("gap", "many_class")},
    given=("speech",),
    needs=("yamnet", "silero-vad"),
)
def several(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Several people speak: stretches of speech that fall into two groups of pitch. One sex alone is not told apart."""
    measured = clip.measured
    if measured.speech_samples is None:
        return NotHeard("No voiced speech long enough to measure its manner.")
    gap = measured.pitch_gap_octaves
    best = clip.events.logits.max(axis=0)
    many = float(best[clip.columns(("Conversation", "Chatter", "Hubbub, speech noise, speech babble"))].max())
    found = {
        "gap": min(1.0, gap or 0.0),
        "many_class": many - float(best[clip.columns(("Narration, monologue",))[0]]),
    }
    evidence = (
        "Speech in one stretch"
        if gap is None
        else f"The pitches of the stretches of speech lie {12 * gap:.0f} semitones apart"
    )
    evidence += f"; classes of conversation stand {found['many_class']:+.1f} (log odds) over that of a monologue."
    return Reading("speakers", found, evidence, "pitch", measured.speech_spans, {}, of_speech(clip))


@trait(
    asks("pitch", "low", "medium", "high", kinds=_VOICES),
    curves={
        "pitch.low": ("absolute", "relative"),
        "pitch.medium": ("centred",),
        "pitch.high": ("absolute", "relative"),
    },
    given=("speech",),
    needs=("yamnet", "silero-vad", "swift-f0"),
)
def pitch(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The voice is low, medium or high: median F0, absolute and against what is usual for the likelier sex."""
    f0 = clip.voice_f0_hz
    if f0 is None:
        return _NO_VOICE
    usual = 120.0 if f0 < SEX_BOUNDARY_HZ else 205.0
    relative, absolute = math.log2(f0 / usual), math.log2(f0 / SEX_BOUNDARY_HZ)
    if claim.value == "medium":
        found = {"centred": -abs(relative)}
    else:
        sign = 1.0 if claim.value == "high" else -1.0
        found = {"relative": sign * relative, "absolute": sign * absolute}
    evidence = f"Median pitch of the voice is {f0:.0f} Hz ({usual:.0f} Hz is usual)."
    times, facts = clip.speech.segments(), {"f0_hz": round(f0, 1)}
    return Reading(f"pitch.{claim.value}", found, evidence, "pitch", times, facts, of_speech(clip))


@trait(
    asks("rate", *_SPEED, kinds=_VOICES),
    curves={"rate.slow": ("rate",), "rate.moderate": ("centred",), "rate.fast": ("rate",)},
    given=("speech",),
    needs=("yamnet", "silero-vad", "whisper-base"),
)
def rate(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Speech is slow, moderate or fast: words per second while speaking."""
    words_per_s = clip.words_per_second
    if words_per_s is None:
        return NotHeard("Too little recognised speech to measure its rate.")
    found, kind = rate_features(words_per_s, _SPEED[claim.value])
    evidence = f"About {words_per_s:.1f} words per second of speech."
    times, facts = clip.speech.segments(), {"words_per_s": round(words_per_s, 2)}
    return Reading(kind, found, evidence, "speech-recognition", times, facts, of_speech(clip))


def rate_features(rate: float, level: str) -> tuple[dict[str, float], str]:
    """Return features and curve of a speaking rate in words per second."""
    octaves = math.log2(max(0.3, rate) / 2.8)
    if level == "moderate":
        return {"centred": -abs(octaves)}, "rate.moderate"
    return {"rate": octaves if level == "fast" else -octaves}, f"rate.{level}"


@trait(
    asks("style", "whisper"),
    curves={"whisper": ("unvoiced", "whisper_class")},
    given=("speech",),
    needs=("yamnet", "silero-vad"),
)
def whisper(clip: ClipFeatures, _claim: Claim) -> Reading:
    """The voice is whispered: speech without voicing."""
    best = clip.events.logits.max(axis=0)
    voiced = clip.voiced_share
    found = {"unvoiced": 1.0 - voiced, "whisper_class": float(best[clip.columns(("Whispering",))[0]])}
    evidence = f"{voiced:.0%} of the speech is voiced; whispering: log odds {found['whisper_class']:.1f}."
    times, facts = clip.speech.segments(), {"voiced_share": round(voiced, 2)}
    return Reading("whisper", found, evidence, "pitch", times, facts, of_speech(clip))


@trait(asks("style", "shout"), curves={"event": EVENT}, needs=("yamnet", "silero-vad"))
def shout(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Somebody shouts: the sound classes of shouts."""
    sound = sound_of("event", "shout", "shout")
    return NotHeard("No sound class stands for shouts.") if sound is None else event_reading(clip, sound)


@trait(
    asks("duration", kinds=("speaker",), unit="s"),
    curves={"speech.seconds": ("match",), "bound": ("margin",)},
    given=("speech",),
    needs=("yamnet", "silero-vad"),
)
def spoken_time(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Somebody speaks for about so many seconds, or longer, or less: from the first to the last word."""
    spans = clip.speech.segments()
    if not spans or claim.number is None:
        return NotHeard("Nobody speaks whose time could be taken.")
    length = spans[-1][1] - spans[0][0]
    evidence, facts = f"Speech lasts {length:.1f} s ({seconds(spans)}).", {"speech_s": round(length, 2)}
    found, kind = {"match": -min(3.0, abs(math.log2(length / max(0.05, claim.number))))}, "speech.seconds"
    if bounded(claim):
        found, kind = {"margin": margin(claim, length)}, "bound"
    return Reading(kind, found, evidence, "voice-activity", spans, facts, of_speech(clip))


describe(
    "speaker_sex",
    "Voices",
    rests_on="median pitch of voiced speech, the lower of two trackers; length of the vocal tract where pitch leaves"
    " doubt (110 to 219 Hz); singers: music tags of women's voices against men's",
    sure="set left out: devset 1.00, devset2 .97, gendev .97; singers set by hand, floor .2",
    limits="androgynous voices; children, who sound like women",
    refusal="Only male and female voices can be told apart.",
)
describe(
    "age",
    "Voices",
    rests_on="child or grown-up: pitch, length of the vocal tract from formants, child classes of the event model",
    sure="G .881 / .932 (women's voices made smaller); some women's voices above 250 Hz are taken for children",
    limits='the age of adults: young, middle-aged, old; comparisons ("older than the man")',
    refusal="Only children and grown-ups can be told apart; a voice hardly tells an adult's age.",
)
describe(
    "speaker_count",
    "Voices",
    rests_on="one or several: how far two groups of pitch lie apart among the stretches of speech",
    sure="G .768 / .804, floor .2: rough",
    limits="voices of one sex; three or more; how many",
    refusal="Only one speaker and several can be told apart, roughly; no probe counts voices.",
)
describe(
    "pitch",
    "Voices",
    rests_on="median pitch, absolute and against what is usual for the likelier sex; for other sounds where their"
    " energy lies, and a number of Hz within 3 %",
    sure="voices R 1.00 / 1.00 (few items); sounds set by hand, floor .2",
    limits="glides, Doppler, the pitch of one sound among several",
    refusal="Only low, medium and high voices, and low and high sounds, can be told apart.",
)
describe(
    "rate",
    "Voices",
    rests_on="words per second while speaking; pauses by voice activity and level",
    sure="set by hand (R 1.00 / 1.00 of 12 items); long pauses G .982 / 1.00; a pause of so many seconds set by hand",
    limits="where in the sentence a pause stands",
    refusal="Only slow, moderate and fast speech, and pauses, can be told apart.",
)
describe(
    "style",
    "Voices",
    rests_on="whisper: voicing; shout: event class; singing",
    sure="whisper set by hand (R 1.00 / 1.00 of 10 items); shouts as events",
    limits="narration, news, conversation, acting, murmuring, how an instrument is played",
    refusal="Only whispers, shouts and singing can be told apart from other ways of speaking.",
)
