"""Items about the recording: noise, room."""

from __future__ import annotations

from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import Asked, Noise, NotHeard, Reverberation


def read_noise(text: ItemText) -> Asked | NotHeard:
    """Read "Is there noticeable background noise?", "Is the recording clean?"."""
    found = text.first("noise")
    if found is None:
        return NotHeard("Only a noisy and a clean recording can be told apart.")
    return Asked(Noise(), found.denied != (found.value == "clean"))


def read_room(text: ItemText) -> Asked | NotHeard:
    """Read "Is there strong reverberation?", "Does the recording sound dry?"."""
    found = text.first("room")
    if found is None or found.value not in {"reverberant", "dry"}:
        return NotHeard("Only a reverberant and a dry room can be told apart.")
    return Asked(Reverberation(), found.denied != (found.value == "dry"))
