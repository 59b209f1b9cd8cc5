"""Items about when one sound is heard: at the start, at the end, at so many seconds."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks.classes import sound_of
from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import Asked, EventAt, Sound
from audiojudge_cli.judges.checks.numbers import seconds_in
from audiojudge_cli.rubrics.item import RubricItem

_END = re.compile(
    r"\bat the (?:very )?end\b|\bends? with\b|\bcomes? last\b|\bfinally\b|在最后|最后是|结尾|结束时|收尾", re.IGNORECASE
)
_START = re.compile(
    r"\b(?:starts?|begins?|opens?) (?:off )?with\b|\bat the (?:very )?(?:start|beginning)\b|\bcomes? first\b"
    r"|开头|一开始|最先|首先",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(?:after|before|following|than)\b|之前|之后", re.IGNORECASE)
_AT = re.compile(r"\b(?:at|around|about)\b|第|出现在", re.IGNORECASE)
_QUOTED = re.compile(r"[“「\"](.+?)[”」\"]")
_RANGE = re.compile(
    r"(?P<first>\d+(?:\.\d+)?)\s*(?:s|sec|seconds?|秒)?\s*(?:-|–|—|~|to|到|至)\s*(?P<last>\d+(?:\.\d+)?)\s*"
    r"(?:s\b|sec\w*|秒)",
    re.IGNORECASE,
)


def read_place(text: ItemText) -> Asked | None:
    """Read "Is a door slamming heard at the end?", "Does it start with rain?"; None for anything else."""
    sound = _sound(text)
    if sound is None or _AGAINST.search(text.question):
        return None
    for pattern, place in ((_END, "end"), (_START, "start")):
        if pattern.search(text.question):
            return Asked(EventAt(sound, place), text.denies)
    return read_time(text)


def read_time(text: ItemText) -> Asked | None:
    """Read "Is the dog heard at about five seconds?", "Is this heard at 4-9s: “thunder”?"; None for anything else."""
    sound = _sound(text)
    if sound is None:
        return None
    span = _RANGE.search(text.question)
    if span is not None and float(span["first"]) < float(span["last"]):
        return Asked(EventAt(sound, "time", float(span["first"]), float(span["last"])), text.denies)
    at_s = seconds_in(text.question) if _AT.search(text.question) else None
    return Asked(EventAt(sound, "time", at_s, at_s), text.denies) if at_s is not None else None


def _sound(text: ItemText) -> Sound | None:
    """Return the one sound that the item names; the words of a time range stand in quotes, as the basis has them."""
    quoted = _QUOTED.search(text.item.question)
    if quoted is not None:
        text = ItemText(RubricItem(text.item.dimension, quoted[1], text.item.basis))
    for found in text.concepts("event", "instrument", "speaker_sex"):
        for dimension in ("event", "instrument"):
            sound = sound_of(dimension, found.value, found.text)
            if sound is not None:
                return sound
        if found.value in {"male", "female"}:
            return sound_of("event", "speech", found.text)
    return None
