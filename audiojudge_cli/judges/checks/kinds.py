"""Typed checks: what a rubric item asks of the audio, once its text has been read.

A check says what to look for, not how: `readings` maps each kind to the probes that answer it.
"""

from __future__ import annotations

from dataclasses import dataclass

from audiojudge_cli.judges.checks.traits import Trait


@dataclass(frozen=True, slots=True)
class Sound:
    """Something to be heard, as a concept of the vocabulary and the AudioSet classes that speak for it.

    Attributes:
        phrase: Words for the evidence sentence ("dog barking").
        classes: AudioSet display names, the one that means the concept first, its kin after it.
        concept: Name in the vocabulary; empty for a class named outright.
        likeness: 1 where the words are known; below 1 the sound is a guess: the cosine it rests on, or a class
            that stands in.
    """

    phrase: str
    classes: tuple[str, ...]
    concept: str = ""
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A sound event or source is audible."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class EventCount:
    """A sound event is heard `count` times."""

    sound: Sound
    count: int


@dataclass(frozen=True, slots=True)
class EventOrder:
    """`first` is heard before `second`."""

    first: Sound
    second: Sound


@dataclass(frozen=True, slots=True)
class EventsTogether:
    """Two sounds are heard at the same time."""

    first: Sound
    second: Sound


@dataclass(frozen=True, slots=True)
class EventAt:
    """A sound is heard at the `start` or the `end` of the clip, or at a `time` from `start_s` to `end_s` seconds."""

    sound: Sound
    place: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The sound of a place."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class Instrument:
    """A musical instrument plays."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class Drums:
    """Drums or percussion play."""


@dataclass(frozen=True, slots=True)
class Genre:
    """The music belongs to a genre."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class Mood:
    """The music has a mood: `happy`, `sad`, `calm`, `epic`, `tense` and others."""

    mood: str
    sound: Sound | None = None


@dataclass(frozen=True, slots=True)
class SpeechPresence:
    """Somebody speaks."""


@dataclass(frozen=True, slots=True)
class MusicPresence:
    """Music plays."""


@dataclass(frozen=True, slots=True)
class Vocals:
    """Somebody sings."""


@dataclass(frozen=True, slots=True)
class SpeakerSex:
    """The speaker is `male` or `female`."""

    sex: str


@dataclass(frozen=True, slots=True)
class Pitch:
    """The voice is `low` or `high`."""

    level: str


@dataclass(frozen=True, slots=True)
class Rate:
    """Speech is `slow`, `moderate` or `fast`."""

    level: str


@dataclass(frozen=True, slots=True)
class Whisper:
    """The voice is whispered."""


@dataclass(frozen=True, slots=True)
class Words:
    """These words are spoken; a single word may stand anywhere, a sentence must be said whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """Speech is in the language with this ISO 639-1 code."""

    code: str


@dataclass(frozen=True, slots=True)
class Loudness:
    """The clip, or what of it is `music` beside a voice, is `quiet` or `loud`."""

    level: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Distance:
    """The sound comes from `near` or `far`."""

    level: str


@dataclass(frozen=True, slots=True)
class Noise:
    """Noticeable background noise or hiss."""


@dataclass(frozen=True, slots=True)
class Reverberation:
    """Strong reverberation, as in a large room."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The music is `slow`, `moderate` or `fast`."""

    level: str


@dataclass(frozen=True, slots=True)
class TempoBpm:
    """The tempo is `bpm` beats per minute."""

    bpm: float


@dataclass(frozen=True, slots=True)
class Mode:
    """The key is `major` or `minor`."""

    mode: str


@dataclass(frozen=True, slots=True)
class Key:
    """The key has this tonic (pitch class, 0 = C to 11 = B) and mode (`major` or `minor`)."""

    tonic: int
    mode: str


@dataclass(frozen=True, slots=True)
class Metre:
    """`beats` beats in a bar."""

    beats: int


@dataclass(frozen=True, slots=True)
class Duration:
    """The clip lasts about this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Prominence:
    """Something stands in the `background` or the `foreground` of a mix."""

    what: SoundEvent | Instrument | SpeechPresence | MusicPresence | Vocals | Drums
    place: str


Check = (
    SoundEvent
    | EventCount
    | EventOrder
    | EventsTogether
    | EventAt
    | Scene
    | Instrument
    | Drums
    | Genre
    | Mood
    | SpeechPresence
    | MusicPresence
    | Vocals
    | SpeakerSex
    | Pitch
    | Rate
    | Whisper
    | Words
    | Language
    | Loudness
    | Distance
    | Noise
    | Reverberation
    | Tempo
    | TempoBpm
    | Mode
    | Key
    | Metre
    | Duration
    | Prominence
    | Trait
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item asks: the check, and whether yes means that it fails ("no drums")."""

    check: Check
    negated: bool = False


@dataclass(frozen=True, slots=True)
class NotHeard:
    """Why the embedded judge has no check for an item; becomes the evidence of an unverifiable verdict."""

    reason: str
