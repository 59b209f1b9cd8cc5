"""Items about the recording: noise, room, length."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import Asked, Duration, Noise, NotHeard, Reverberation

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)[- ]?(?:s|sec|secs|second|seconds|秒钟?)(?![a-z])", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)[- ]?(?:min|mins|minute|minutes|分钟)(?![a-z])", re.IGNORECASE)


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


def read_duration(text: ItemText) -> Asked | NotHeard:
    """Read "Does the clip last about 10 seconds?"."""
    for source in (text.question, text.item.basis):
        for pattern, unit in ((_SECONDS, 1.0), (_MINUTES, 60.0)):
            number = pattern.search(source)
            if number:
                return Asked(Duration(float(number.group(1)) * unit), text.denies)
    return NotHeard("The item names no length in seconds.")
