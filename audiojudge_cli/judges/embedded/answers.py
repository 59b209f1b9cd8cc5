"""From a typed check to a reading: which probes answer which kind of check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.checks import kinds
from audiojudge_cli.judges.checks.kinds import Check, NotHeard
from audiojudge_cli.judges.embedded import music, recording, sounds, spoken, voice
from audiojudge_cli.judges.embedded.reading import Reading

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

ANSWERS: Mapping[type, Callable[[Hearing, Any], Reading | NotHeard]] = MappingProxyType(
    {
        kinds.SoundEvent: sounds.read_event,
        kinds.EventCount: sounds.read_count,
        kinds.EventOrder: sounds.read_order,
        kinds.EventsTogether: sounds.read_together,
        kinds.Scene: sounds.read_scene,
        kinds.Instrument: sounds.read_instrument,
        kinds.Genre: sounds.read_genre,
        kinds.Distance: sounds.read_distance,
        kinds.SpeechPresence: voice.read_speech,
        kinds.MusicPresence: voice.read_music,
        kinds.Vocals: voice.read_vocals,
        kinds.SpeakerSex: voice.read_sex,
        kinds.Pitch: voice.read_pitch,
        kinds.Rate: voice.read_rate,
        kinds.Whisper: voice.read_whisper,
        kinds.Loudness: voice.read_loudness,
        kinds.Words: spoken.read_words,
        kinds.Language: spoken.read_language,
        kinds.Drums: music.read_drums,
        kinds.Mood: music.read_mood,
        kinds.Tempo: music.read_tempo,
        kinds.TempoBpm: music.read_bpm,
        kinds.Mode: music.read_mode,
        kinds.Key: music.read_key,
        kinds.Metre: music.read_metre,
        kinds.Noise: recording.read_noise,
        kinds.Reverberation: recording.read_reverberation,
        kinds.Duration: recording.read_duration,
    }
)


def answer(hearing: Hearing, check: Check) -> Reading | NotHeard:
    """Return what the probes measured for a check, or why they could not."""
    return ANSWERS[type(check)](hearing, check)
