"""What the probes cannot answer for any manner of speaking: moments, comparisons, one voice among several, singing."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import NotHeard

_MOMENT = re.compile(
    r"\b(?:at first|at the (?:start|beginning|end)|by the end|half-?way|in the middle|around the middle|starts? out"
    r"|becomes?|more and more|as the (?:speech|clip) goes|at some point|on the words?|ends? of|end of every"
    r"|for most of|creeps? in|sudden(?:ly)?|trying to|under the surface)\b"
    r"|开头|开始时|最后|之后|转为|越来越|始终|说到|听到|句尾|句末",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:older|younger|louder|softer|brighter|darker|calmer|clearer|earlier)\b.*\bthan\b|\bthan (?:the|before)\b|比",
    re.IGNORECASE,
)
_ONE_OF_SEVERAL = re.compile(
    r"\b(?:first|second|third|fourth|other|another|latter|answering) (?:\w+ )?(?:speaker|voice|person|host|man|woman)"
    r"|另一|后面说话|两人|双方|前一|后一|第[一二三]个",
    re.IGNORECASE,
)
_SUNG = re.compile(
    r"\b(?:sing(?:er|ers|ing|s)?|sung|vocals?|vocalist|rapper|choir)\b|唱|歌手|歌声|人声部分", re.IGNORECASE
)


def manner_limit(text: ItemText) -> NotHeard | None:
    """Return why an item about a voice's manner is out of reach whatever it asks for, or None."""
    source = f"{text.item.question} {text.item.basis}"
    if _ONE_OF_SEVERAL.search(source):
        return NotHeard("No probe separates the voices of several speakers.")
    if _COMPARED.search(source):
        return NotHeard("No probe compares two voices or two parts of a clip.")
    if _MOMENT.search(source):
        return NotHeard("Manner is measured over the whole clip, not at a moment of it.")
    if _SUNG.search(source):
        return NotHeard("Manner is measured on speech, not on singing.")
    return None


def sung(text: ItemText) -> bool:
    """Return whether the item is about a singer."""
    return bool(_SUNG.search(f"{text.item.question} {text.item.basis}"))
