"""Settles claims that a caption makes twice, that touch, or whose words stand in several places."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.word_class import word_class
from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.pieces import Claim
from audiojudge_cli.rubrics.stems import words

_ONCE = frozenset(["instrument", "genre", "scene", "key", "metre", "language", "speaker_count", "component", "vocals"])
_JOINED = frozenset(
    {
        *("room", "rhythm", "scene", "genre", "distance", "recording", "duration", "transition", "structure"),
        *("style", "clarity", "noise", "order", "event", "level"),
    }
)
_GLUE = re.compile(r"[\s的地而-]{0,2}")
_WIDE_GLUE = re.compile(r"[^,，。.;；]{0,16}")
_ANOTHER = re.compile(
    r"(?:another|other|second|third|two|three|different|more|一个|另|第二|一声|又)\W*$", re.IGNORECASE
)
_SEARCHED = 20_000
"""Beyond this offset a basis is not made unique: finding its first occurrence would cost too much."""


def settle_repeats(found: list[Claim], layout: Layout, subset: str) -> list[Claim]:
    """Return the claims without repetitions, in order; bases are widened until they stand in one place only."""
    kept = _without_empty(_join(found, layout.text), subset)
    kept = _once(_ages([claim for claim in kept if not _bare(claim, layout.text)]), layout)
    lower = layout.text[:_SEARCHED].lower()
    if len(lower) == min(len(layout.text), _SEARCHED):  # lowering changes the length of a few letters
        for claim in kept:
            _make_unique(claim, layout.text, lower)
    return kept


def _join(found: list[Claim], text: str) -> list[Claim]:
    """Join neighbouring claims of one dimension that make one statement ("Hong Kong restaurant at lunch hour")."""
    kept: list[Claim] = []
    last: dict[str, Claim] = {}
    for claim in found:
        before = last.get(claim.dimension)
        if before and before.negated == claim.negated and not {before.kind, claim.kind} & {"range", "key", "else"}:
            glue = _WIDE_GLUE if claim.dimension in {"scene", "structure", "level"} else _GLUE
            between = text[before.end : claim.start]
            if claim.start < before.end or (claim.dimension in _JOINED and glue.fullmatch(between)):
                before.end = max(before.end, claim.end)
                continue
        last[claim.dimension] = claim
        kept.append(claim)
    return kept


def _without_empty(found: list[Claim], subset: str) -> list[Claim]:
    """Drop claims that only name what the subset says anyway ("a piece of music")."""
    kept = []
    levels = {claim.start for claim in found if claim.dimension == "level"}
    music_named = any(c.dimension == "component" and c.value == "music" and not c.negated for c in found)
    if subset == "mix" and not music_named:
        found = _with_music(found)
    music_named = False
    for claim in found:
        if claim.dimension == "component" and not claim.negated and claim.kind != "key":
            if subset != "mix" or claim.value != "music" or music_named:
                continue
            music_named = True
        if claim.dimension == "simultaneity" and claim.start in levels:
            continue
        music_named |= claim.dimension == "component" and claim.value == "music"
        kept.append(claim)
    return kept


def _with_music(found: list[Claim]) -> list[Claim]:
    """Add that music is present where a mix names it by an instrument or genre alone."""
    first = next((c for c in found if c.dimension in {"instrument", "genre"} and not c.negated), None)
    if first is None:
        return found
    added = Claim("component", first.start, first.end, value="music", context="music", clause=first.clause)
    at = found.index(first)
    return [*found[:at], added, *found[at:]]


def _ages(found: list[Claim]) -> list[Claim]:
    """Drop the age that a noun implies ("boy") where the caption states one, and the age of things ("old clock")."""
    stated = any(c.dimension == "age" and c.kind != "noun" and c.context != "sound" for c in found)
    return [
        claim
        for claim in found
        if claim.dimension != "age"
        or (claim.kind == "noun" and not stated)
        or (not claim.kind and claim.context in {"speech", "music"})
        or (claim.kind == "number" and claim.context != "music")
    ]


_BARE = re.compile(
    r"(?:enters?|joins?|comes in|come in|kicks? in|returns?|opens?|final|drops?|加入|进入|进来|主歌|副歌|前奏"
    r"|间奏|结尾|尾奏)",
    re.IGNORECASE,
)


def _bare(claim: Claim, text: str) -> bool:
    """Whether a claim of structure only says where something else happens."""
    return (
        claim.dimension == "structure"
        and not claim.kind
        and not claim.negated
        and _BARE.fullmatch(text[claim.start : claim.end].strip()) is not None
    )


def _once(found: list[Claim], layout: Layout) -> list[Claim]:
    seen: set[tuple[str, str, bool]] = set()
    named: set[str] = set()
    kept = []
    for claim in found:
        text = layout.text[claim.start : claim.end].lower()
        keys = _keys(claim, text)
        if not seen.isdisjoint(keys):
            continue
        if claim.dimension == "event" and not claim.negated and claim.kind != "alone":
            parts = _named(text)
            before = layout.text[max(0, claim.start - 12) : claim.start]
            if parts and parts <= named and not _ANOTHER.search(before):
                continue
            named |= parts
        seen.update(keys)
        kept.append(claim)
    return kept


def _named(text: str) -> set[str]:
    """Return the stems of an event's words without numbers, the Chinese words as they stand."""
    found = {word.stem for word in words(text)} - word_class("not_in_a_name")
    return found or {text}


def _keys(claim: Claim, text: str) -> set[tuple[str, str, bool]]:
    """Return what makes a claim the same as an earlier one."""
    if claim.dimension in _ONCE and claim.kind != "else":
        same = text if claim.dimension != "speaker_count" else ""
        return {(claim.dimension, claim.value or same, claim.negated)}
    if claim.dimension == "speaker_sex":
        return {(claim.dimension, claim.value, claim.negated)}
    if claim.dimension == "age":
        return {(claim.dimension, text, claim.negated)}
    return set()


def _make_unique(claim: Claim, text: str, lower: str) -> None:
    """Widen a basis whose words stand earlier in the caption as well, so that it says which place it means."""
    if claim.end > _SEARCHED:
        return
    for _ in range(3):
        if lower.find(lower[claim.start : claim.end], 0, claim.end) == claim.start:
            return
        left = re.search(r"[^\W_]+[^\w,.;:!?，。；：！？\n]{0,2}$", text[max(0, claim.start - 24) : claim.start])
        if left is None or not left.group():
            return
        if claim.kind != "range":
            claim.phrase = claim.phrase or text[claim.start : claim.end]
        claim.start -= len(left.group()) if text[claim.start : claim.end].isascii() else min(2, len(left.group()))
