"""Nouns that name a dimension ("tempo", "tone of voice"): what their adjectives can mean."""

from __future__ import annotations

from collections.abc import Mapping

from audiojudge_cli.rubrics.claim import Kind

DIMENSION_NOUNS: Mapping[str, tuple[tuple[str, ...], Kind]] = {
    "tempo": (("tempo", "rate"), "music"),
    "pace": (("rate", "tempo"), "speaker"),
    "pacing": (("rate", "tempo"), "speaker"),
    "speed": (("rate", "tempo"), "speaker"),
    "rate": (("rate", "tempo"), "speaker"),
    "pitch": (("pitch",), "speaker"),
    "register": (("pitch",), "speaker"),
    "volume": (("volume", "dynamics", "intensity"), "speaker"),
    "loudness": (("volume", "dynamics", "intensity"), "speaker"),
    "tone": (("emotion", "intonation", "timbre", "style", "pitch", "mood"), "speaker"),
    "manner": (("emotion", "style", "rate", "volume"), "speaker"),
    "delivery": (("style", "emotion", "rate", "clarity", "fluency", "intonation"), "speaker"),
    "voice": (
        (
            *("pitch", "timbre", "emotion", "volume", "style", "age", "clarity", "rate", "personality", "accent"),
            *("fluency", "intonation"),
        ),
        "speaker",
    ),
    "accent": (("accent", "language"), "speaker"),
    "intonation": (("intonation", "emotion"), "speaker"),
    "inflection": (("intonation",), "speaker"),
    "diction": (("clarity", "fluency"), "speaker"),
    "articulation": (("clarity",), "speaker"),
    "enunciation": (("clarity",), "speaker"),
    "pronunciation": (("clarity", "accent"), "speaker"),
    "emotion": (("emotion",), "speaker"),
    "rhythm": (("rhythm", "tempo", "mood"), "music"),
    "groove": (("rhythm", "mood"), "music"),
    "beat": (("rhythm", "tempo", "mood"), "music"),
    "mood": (("mood", "emotion"), "music"),
    "atmosphere": (("mood",), "music"),
    "vibe": (("mood", "genre"), "music"),
    "feel": (("mood", "genre", "rhythm"), "music"),
    "feeling": (("mood",), "music"),
    "melody": (("mood", "tempo", "pitch", "timbre", "rhythm"), "music"),
    "dynamics": (("dynamics",), "music"),
    "quality": (("recording", "production"), "clip"),
    "recording": (("recording", "noise", "room", "production"), "clip"),
    "audio": (("recording", "noise", "room"), "clip"),
    "mix": (("production",), "music"),
    "production": (("production",), "music"),
    "acoustics": (("room",), "clip"),
    "reverb": (("room",), "clip"),
    "background": (("noise", "level"), "clip"),
    "environment": (("noise", "room"), "clip"),
    "key": (("key",), "music"),
    "scale": (("key",), "music"),
    "meter": (("metre",), "music"),
}
"""Nouns that name a dimension: what their adjectives can belong to, and what they describe by themselves."""
