"""Moods of music, and of what is sung or played in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.music_tag_map import MOOD_TAGS
from audiojudge_cli.judges.embedded.presence import of_music
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.traits.music import pulse
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

MOODS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "happy": (1.0, 1.0),
        "amused": (0.7, 0.7),
        "playful": (0.7, 0.7),
        "excited": (1.0, 0.5),
        "energetic": (1.0, 0.0),
        "proud": (0.5, 0.3),
        "epic": (0.5, 0.0),
        "afraid": (0.3, -1.0),
        "angry": (1.0, -0.7),
        "dark": (-0.2, -1.0),
        "calm": (-1.0, 0.3),
        "tender": (-0.7, 0.3),
        "romantic": (-0.7, 0.3),
        "bored": (-1.0, -0.3),
        "sad": (-1.0, -1.0),
    }
)
"""Which way a mood leans in arousal (tempo, onsets) and valence (mode), after Russell's circumplex (1980), -1 to 1."""


@trait(
    asks("mood", *MOODS),
    asks("emotion", *MOODS, kinds=("vocals", "music", "instrument")),
    curves={"mood": ("arousal", "tag", "valence")},
    given=("music",),
    needs=("yamnet", "musicnn"),
)
def mood(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """The music has a mood: its tags, its pulse (arousal) and its mode (valence).

    Sound classes of moods are left out: with a set left out they made answers worse (docs/quality.md).
    """
    heard = pulse(clip)
    if heard is None and clip.key is None:
        return NotHeard("Neither onsets nor tones to hear a mood in.")
    arousal, valence = MOODS[claim.value]
    density, beat = heard or (0.0, 0.0)
    major = 1.0 - 2.0 * clip.key.p_minor if clip.key else 0.0
    found = {
        "arousal": arousal * (density + beat) / 2,
        "valence": valence * major,
        "tag": clip.ordinary.tag(clip.tags, MOOD_TAGS.get(claim.value, ())),
    }
    told = [f"{2.5 * 2**density:.1f} onsets per second"] if heard else []
    told += [f"leaning to {'major' if major > 0 else 'minor'}"] if clip.key else []
    told += [f"tags of this mood stand {found['tag']:+.1f} spreads from ordinary music"]
    return Reading("mood", found, f"{', '.join(told)}.".capitalize(), "music-tags", given=of_music(clip))


describe(
    "mood",
    "Music",
    rests_on="music tags of the mood, pulse (arousal), mode (valence), given that there is music; emotions of singers"
    " likewise",
    sure="set left out: devset .89 of 18 items, devset2 .74 of 38: a hint",
    limits="moods without both; what folders and titles call happy or calm",
    refusal="No probe hears this mood.",
)
