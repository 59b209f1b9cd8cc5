"""Which music tags speak for which instrument, genre and mood; what has no tag stands where ordinary clips stand."""

from __future__ import annotations

from collections.abc import Mapping

Tags = Mapping[str, tuple[str, ...]]

DRUM_TAGS = ("drums", "beat", "beats")
FEMALE_TAGS = ("female", "female vocal", "female voice", "woman")
MALE_TAGS = ("male", "male vocal", "male voice", "man")

# By the sound class that means the instrument or genre.
INSTRUMENT_TAGS: Tags = {
    "Acoustic guitar": ("guitar",),
    "Bowed string instrument": ("strings", "violin", "cello"),
    "Cello": ("cello",),
    "Choir": ("choir", "choral"),
    "Drum": DRUM_TAGS,
    "Drum kit": DRUM_TAGS,
    "Electric guitar": ("guitar", "rock"),
    "Flute": ("flute",),
    "Guitar": ("guitar",),
    "Harp": ("harp",),
    "Harpsichord": ("harpsichord",),
    "Orchestra": ("strings",),
    "Piano": ("piano",),
    "Sitar": ("sitar",),
    "Synthesizer": ("synth",),
    "Violin, fiddle": ("violin",),
}
GENRE_TAGS: Tags = {
    "Ambient music": ("ambient",),
    "Classical music": ("classical", "classic"),
    "Country": ("country",),
    "Dance music": ("dance",),
    "Electronic dance music": ("techno", "dance"),
    "Electronic music": ("electronic", "techno"),
    "Heavy metal": ("metal",),
    "House music": ("techno", "dance"),
    "Music of Asia": ("indian",),
    "New-age music": ("new age",),
    "Opera": ("opera",),
    "Pop music": ("pop",),
    "Rock music": ("rock",),
    "Techno": ("techno",),
    "Trance music": ("techno",),
}
MOOD_TAGS: Tags = {
    "amused": ("fast", "pop"),
    "angry": ("loud", "metal"),
    "bored": ("slow", "soft", "quiet"),
    "calm": ("slow", "soft", "quiet", "ambient"),
    "dark": ("weird",),
    "energetic": ("fast", "loud", "beat"),
    "epic": ("loud", "classical"),
    "excited": ("fast", "loud", "beat"),
    "happy": ("fast", "pop", "dance"),
    "playful": ("fast", "pop"),
    "romantic": ("slow", "soft"),
    "sad": ("slow", "soft", "quiet"),
    "tender": ("slow", "soft"),
}
