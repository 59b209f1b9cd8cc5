"""From a typed check to a reading: which probes answer which kind of check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.checks import kinds, traits
from audiojudge_cli.judges.checks.kinds import Check, NotHeard
from audiojudge_cli.judges.embedded import course, manner, music, placing, recording, sounds, space, spoken, voice
from audiojudge_cli.judges.embedded.reading import Reading

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

ANSWERS: Mapping[type, Callable[[Hearing, Any], Reading | NotHeard]] = MappingProxyType(
    {
        kinds.SoundEvent: sounds.read_event,
        kinds.EventCount: sounds.read_count,
        kinds.EventOrder: sounds.read_order,
        kinds.EventsTogether: sounds.read_together,
        kinds.EventAt: placing.read_at,
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
        kinds.Prominence: space.read_prominence,
        traits.Child: manner.read_child,
        traits.SeveralSpeakers: manner.read_several,
        traits.Arousal: manner.read_arousal,
        traits.Intonation: manner.read_intonation,
        traits.VoiceTimbre: manner.read_voice_timbre,
        traits.SoundTimbre: space.read_sound_timbre,
        traits.SoundPitch: space.read_sound_pitch,
        traits.Clarity: manner.read_clarity,
        traits.Muffled: space.read_muffled,
        traits.Fluent: manner.read_fluent,
        traits.LongPause: manner.read_pause,
        traits.Rhythm: course.read_rhythm,
        traits.SteadyBeat: course.read_beat,
        traits.LevelTrend: course.read_trend,
        traits.AbruptEnd: course.read_abrupt_end,
        traits.SteadyLevel: course.read_steady,
        traits.MediumLevel: course.read_medium,
        traits.FinalSilence: course.read_final_silence,
        traits.Continuous: course.read_continuous,
        traits.Moving: course.read_moving,
        traits.Side: space.read_side,
        traits.Panning: space.read_panning,
        traits.Wide: space.read_wide,
        traits.NarrowBand: space.read_narrow_band,
        traits.Distorted: space.read_distorted,
        traits.HighQuality: space.read_quality,
        traits.HeavyBass: space.read_bass,
    }
)


def answer(hearing: Hearing, check: Check) -> Reading | NotHeard:
    """Return what the probes measured for a check, or why they could not."""
    return ANSWERS[type(check)](hearing, check)
