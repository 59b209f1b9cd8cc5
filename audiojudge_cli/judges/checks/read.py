"""From a rubric item to the check it asks for, by its dimension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from audiojudge_cli.judges.checks import changes, level, manner, music, recording, sounds, space, voices
from audiojudge_cli.judges.checks.item_text import ItemText, Nearest
from audiojudge_cli.judges.checks.kinds import Asked, NotHeard
from audiojudge_cli.rubrics.item import RubricItem

Reader = Callable[[ItemText], Asked | NotHeard]

# Other people's rubrics use their own names for the same dimensions.
_SAME_AS: Mapping[str, str] = MappingProxyType(
    {
        "gender": "speaker_sex",
        "sex": "speaker_sex",
        "speaking_rate": "rate",
        "speed": "rate",
        "loudness": "volume",
        "mode": "key",
        "meter": "metre",
        "transcript": "content",
        "words": "content",
        "spoken_words": "content",
        "lyrics": "content",
        "sound_event": "event",
        "source": "event",
        "sequence": "order",
        "background": "component",
        "reverb": "room",
        "space": "room",
        "quality": "recording",
        "speakers": "speaker_count",
        "prosody": "intonation",
        "melody": "intonation",
        "naturalness": "overall",
    }
)

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "speaker_sex": voices.read_sex,
        "pitch": voices.read_pitch,
        "rate": voices.read_rate,
        "style": voices.read_style,
        "volume": voices.read_volume,
        "language": voices.read_language,
        "accent": manner.read_accent,
        "content": voices.read_words,
        "event": sounds.read_event,
        "component": sounds.read_component,
        "count": sounds.read_count,
        "order": sounds.read_order,
        "transition": space.read_transition,
        "simultaneity": sounds.read_together,
        "scene": sounds.read_scene,
        "intensity": sounds.read_distance,
        "distance": sounds.read_distance,
        "instrument": music.read_instrument,
        "vocals": music.read_vocals,
        "tempo": music.read_tempo,
        "key": music.read_key,
        "metre": music.read_metre,
        "genre": music.read_genre,
        "mood": music.read_mood,
        "noise": recording.read_noise,
        "recording": space.read_recording,
        "room": recording.read_room,
        "duration": changes.read_duration,
        "age": manner.read_age,
        "speaker_count": manner.read_speaker_count,
        "emotion": manner.read_emotion,
        "intonation": manner.read_intonation,
        "timbre": manner.read_timbre,
        "clarity": manner.read_clarity,
        "fluency": manner.read_fluency,
        "personality": manner.read_personality,
        "rhythm": changes.read_rhythm,
        "dynamics": changes.read_dynamics,
        "level": level.read_level,
        "production": space.read_production,
        "structure": space.read_structure,
        "overall": space.read_overall,
    }
)


def read(item: RubricItem, nearest: Nearest | None = None) -> Asked | NotHeard:
    """Return what an item asks of the audio, from its own text, or why nothing can answer it.

    Args:
        item: The item.
        nearest: Guesses the sound that words outside the vocabulary mean; without it nobody guesses.
    """
    dimension = item.dimension.strip().lower().replace(" ", "_").replace("-", "_")
    reader = READERS.get(_SAME_AS.get(dimension, dimension))
    if reader is None:
        return NotHeard(f"No probe answers items about {item.dimension}.")
    return reader(ItemText(item, nearest))
