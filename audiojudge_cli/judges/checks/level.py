"""Items about foreground and background: which of several sounds stands in front."""

from __future__ import annotations

from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import (
    Asked,
    Drums,
    Instrument,
    MusicPresence,
    NotHeard,
    Prominence,
    SoundEvent,
    SpeechPresence,
    Vocals,
)
from audiojudge_cli.judges.checks.sounds import read_event
from audiojudge_cli.rubrics.item import RubricItem


def read_level(text: ItemText) -> Asked | NotHeard:
    """Read "Is the music in the background?", "Does the voice stay in front?"."""
    found = text.first("level")
    inside = found is not None and text.question.startswith(found.text, found.start)
    what = _subject(text, found.start if found and inside else 0)
    if isinstance(what, NotHeard):
        return what
    check = what.check
    if found is None or found.value == "balanced":
        return what
    if not isinstance(check, SoundEvent | Instrument | SpeechPresence | MusicPresence | Vocals | Drums):
        return what
    # A guess stays within its floors only as long as nothing is multiplied with it.
    if isinstance(check, SoundEvent | Instrument) and check.sound.likeness < 1.0:
        return what
    # "Never covers the voice" denies the foreground and so asks for the background.
    return Asked(Prominence(check, "foreground" if found.value == "foreground" else "background"), found.denied)


def _subject(text: ItemText, end: int) -> Asked | NotHeard:
    """Return what the item is about: what is named before the words of place, else anything it names."""
    if end > 0:
        before = ItemText(RubricItem(text.item.dimension, text.question[:end], ""))
        what = read_event(before)
        if isinstance(what, Asked):
            return what
    return read_event(text)
