"""Typed checks of how something sounds: manner of a voice, changes over time, space and recording.

They name no sound of the vocabulary, so they stand apart from `kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Child:
    """The voice is that of a child."""


@dataclass(frozen=True, slots=True)
class SeveralSpeakers:
    """More than one person speaks."""


@dataclass(frozen=True, slots=True)
class Arousal:
    """The voice sounds like an emotion of this arousal.

    Attributes:
        emotion: Name in the vocabulary, for the evidence.
        lean: -1 (sleepy) to 1 (furious).
    """

    emotion: str
    lean: float


@dataclass(frozen=True, slots=True)
class Intonation:
    """The melody of the voice is `flat` or `lively`."""

    level: str


@dataclass(frozen=True, slots=True)
class VoiceTimbre:
    """The voice is `bright`, `dark`, `warm`, `thin`, `raspy` or `breathy`."""

    quality: str


@dataclass(frozen=True, slots=True)
class SoundTimbre:
    """The clip as a whole is `bright`, `dark`, `warm` or `thin`."""

    quality: str


@dataclass(frozen=True, slots=True)
class SoundPitch:
    """A sound other than a voice is `low` or `high`."""

    level: str


@dataclass(frozen=True, slots=True)
class Clarity:
    """Speech is clear, neither muffled nor mumbled."""


@dataclass(frozen=True, slots=True)
class Muffled:
    """The clip sounds muffled, as if behind a wall."""


@dataclass(frozen=True, slots=True)
class Fluent:
    """Speech runs without fillers, stumbling and long pauses."""


@dataclass(frozen=True, slots=True)
class LongPause:
    """Speech has a pause: of about `seconds`, or simply a long one."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Repeated sounds come `regular`, `fast`, `slow` or `accelerating`."""

    level: str


@dataclass(frozen=True, slots=True)
class SteadyBeat:
    """The music has a steady beat."""


@dataclass(frozen=True, slots=True)
class LevelTrend:
    """The level moves: `rising` or `falling` over the clip, `fade_in` at its start, `fade_out` at its end."""

    trend: str


@dataclass(frozen=True, slots=True)
class AbruptEnd:
    """The sound stops abruptly."""


@dataclass(frozen=True, slots=True)
class SteadyLevel:
    """The level stays about the same."""


@dataclass(frozen=True, slots=True)
class MediumLevel:
    """The clip is neither quiet nor loud."""


@dataclass(frozen=True, slots=True)
class FinalSilence:
    """The clip ends with this much silence."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Continuous:
    """Sound goes on throughout the clip."""


@dataclass(frozen=True, slots=True)
class Moving:
    """The source is `approaching` or `receding`."""

    direction: str


@dataclass(frozen=True, slots=True)
class Side:
    """The sound is `left` or `right`."""

    side: str


@dataclass(frozen=True, slots=True)
class Panning:
    """The sound moves to the `left`, to the `right`, or from side to side (`any`)."""

    towards: str


@dataclass(frozen=True, slots=True)
class Wide:
    """The stereo image is wide; its denial is mono."""


@dataclass(frozen=True, slots=True)
class NarrowBand:
    """The recording has the narrow band of a telephone."""


@dataclass(frozen=True, slots=True)
class Distorted:
    """The recording is distorted or clipped."""


@dataclass(frozen=True, slots=True)
class HighQuality:
    """The recording is of high quality; its denial is a degraded one."""


@dataclass(frozen=True, slots=True)
class HeavyBass:
    """The mix has much bass."""


Trait = (
    Child
    | SeveralSpeakers
    | Arousal
    | Intonation
    | VoiceTimbre
    | SoundTimbre
    | SoundPitch
    | Clarity
    | Muffled
    | Fluent
    | LongPause
    | Rhythm
    | SteadyBeat
    | LevelTrend
    | AbruptEnd
    | SteadyLevel
    | MediumLevel
    | FinalSilence
    | Continuous
    | Moving
    | Side
    | Panning
    | Wide
    | NarrowBand
    | Distorted
    | HighQuality
    | HeavyBass
)
