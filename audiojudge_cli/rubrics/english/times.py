"""Lengths, moments and counts."""

from __future__ import annotations

import re
from dataclasses import replace

from audiojudge_cli.rubrics.claim import Claim, Comparator, Subject
from audiojudge_cli.rubrics.english.figures import BIND, BINDS, NUMBER, SHAPE, bounds_of, measured, plain_text, value_of

SECONDS = re.compile(
    rf"{SHAPE}[\s-]*(?:(?P<s>seconds?|secs?\b|s\b)|(?P<min>minutes?|mins?\b)|(?P<ms>ms\b|milliseconds?)"
    rf"|(?P<h>hours?\b))",
    re.IGNORECASE,
)


# "2:30" as the length or a moment of a piece; "3/4" and "16:9" are no times.
CLOCK = re.compile(r"\b(?P<m>\d{1,2}):(?P<s>[0-5]\d)\b(?!\s*(?:am|pm|o'clock|-))", re.IGNORECASE)


TIMES = re.compile(
    rf"\b(?P<once>once(?! (?:the|it|a|he|she|again|more|upon|in|every|each|per)\b)|twice(?! (?:as|the|per|every"
    rf"|a)\b)|thrice)\b|{SHAPE}\s+times\b(?! (?:as|more|faster))",
    re.IGNORECASE,
)


BOUND_TIMES = re.compile(rf"(?:{BIND})\s+(?P<word>once|twice|thrice)\b", re.IGNORECASE)


EVERY = re.compile(
    rf"\b(?:once )?(?:every|each)\s+(?:(?P<low>{NUMBER})(?:\s+(?:or|to)\s+(?P<high>{NUMBER}))?\s+)?seconds?\b",
    re.IGNORECASE,
)


_TIME_AT = re.compile(r"\b(?:at|after|from|around|by)\s+(?:about |around |roughly )?(?:the )?$", re.IGNORECASE)


# "fades out after five seconds": at most a few words stand between what ends and when.
_ENDS_AFTER = re.compile(
    r"\b(?:fad|stop|end|cut|disappear|di|vanish|cease)(?:s|es|ed|ing|ped|ping|ting|ies)?\b[^,;.]{0,20}\bafter "
    r"(?:about |around )?$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:the |in the |for the |during the )?(?P<end>first|last|final|opening|closing) $", re.IGNORECASE
)


_LENGTH_OF = re.compile(
    r"\b(?:for|lasts?|lasting|long|length|duration|clip|recording|track|audio|song|piece|file|is|be)\W*$", re.IGNORECASE
)


def every(match: re.Match[str]) -> Claim | None:
    """Return a regular rhythm: "every two seconds"."""
    low = value_of(match["low"]) if match["low"] else 1.0
    high = value_of(match["high"]) if match["high"] else None
    if low is None or not 0.05 <= low <= 3600:
        return None
    return Claim(
        "rhythm",
        "regular",
        plain_text(match.group()),
        number=low,
        upper=high,
        unit="s",
        comparator="between" if high else "about",
    )


_DRUM_MACHINES = frozenset({"707", "808", "909"})


def seconds(match: re.Match[str]) -> Claim | None:
    """Return a length, a moment or a stretch of time."""
    ended = _ENDS_AFTER.search(match.string[: match.start()])  # what stops then, and not how long the clip is
    if ended or _is_era(match) or (match["low"] in _DRUM_MACHINES and match.group().endswith("s")):
        return None
    scale = 60.0 if match["min"] else 0.001 if match["ms"] else 3600.0 if match["h"] else 1.0
    bound = bounds_of(match, "about", "s", scale)
    if bound is None:
        return None
    comparator, low, high = bound
    words = plain_text(match.group())
    moment = _moment(match, bound)
    if moment is not None:
        return moment
    before, after = match.string[: match.start()].lower(), match.string[match.end() : match.end() + 24].lower()
    claim = Claim("duration", words=words, comparator=comparator, number=low, upper=high, unit="s")
    if _PAUSE_BEHIND.search(after) or _PAUSE_AHEAD.search(before):
        return replace(claim, dimension="rate", value="pause", subject=Subject("speaker", "the speaker"))
    if "silence" in after or _SILENCE_AHEAD.search(before):
        return replace(claim, value="silence", place="end" if _ENDING.search(match.string) else "")
    return claim


# What around a length says that nobody speaks, or nothing sounds, for so long.
_PAUSE_BEHIND = re.compile(r"\bpauses?\b|\bpausing\b")
_PAUSE_AHEAD = re.compile(r"\bpauses?(?: of| for| lasting)?\W*$")
_SILENCE_AHEAD = re.compile(r"\bsilence (?:for|of|lasting)\W*(?:about|around)?\W*$")
_ENDING = re.compile(r"\b(?:then|ends?|end|final|close)\b", re.IGNORECASE)
# What stands before "80s" where it is a decade: "the 80s", "late 60s".
_ERA_AHEAD = re.compile(r"\b(?:the|an?|early|late|mid)\W*$", re.IGNORECASE)


def _is_era(match: re.Match[str]) -> bool:
    decade = match["s"] and re.fullmatch(r"\d0s", match.group().strip()[-3:], re.IGNORECASE)
    late = (value_of(match["low"]) or 0) >= 50 or _ERA_AHEAD.search(match.string[: match.start()]) is not None
    return bool(decade) and late


def _moment(match: re.Match[str], bound: tuple[Comparator, float, float | None]) -> Claim | None:
    """Return when something is heard, where the words around a number tell a time and no length."""
    comparator, low, high = bound
    before, after = match.string[: match.start()], match.string[match.end() : match.end() + 24].lower()
    words, told = plain_text(match.group()), match.group().lower()
    end = _FIRST.search(before)
    if end is not None and end["end"].lower() in {"first", "opening"}:
        return Claim("order", words=f"in the first {words}", from_s=0.0, to_s=low, place="start")
    if end is not None:
        return Claim("order", words=f"in the last {words}", number=low, unit="s", place="end")
    if high is not None and (told.startswith("from") or ("between" not in told and _TIME_AT.search(before))):
        return Claim("order", words=words, from_s=low, to_s=high) if comparator == "between" else None
    if _TIME_AT.search(before) and not after.startswith((" of ", " long", " pause")):
        return Claim("order", words=f"at {words}", from_s=low, to_s=low)
    return None


def clock(match: re.Match[str]) -> Claim | None:
    """Return a length written as a clock time: "2:30"."""
    seconds = 60.0 * int(match["m"]) + int(match["s"])
    if not seconds or not re.search(
        r"\b(?:long|length|duration|runs?|lasts?|about|song|track|piece)\b", match.string, re.IGNORECASE
    ):
        return None
    return Claim("duration", words=match.group(), comparator="about", number=seconds, unit="s")


def times(match: re.Match[str]) -> Claim | None:
    """Return how often something is heard."""
    if match["once"]:
        number = {"once": 1.0, "twice": 2.0, "thrice": 3.0}[match["once"].lower()]
        return Claim("count", words=match["once"].lower(), comparator="exactly", number=number, unit="times")
    return measured(Claim("count", words=plain_text(match.group())), bounds_of(match, "exactly", "times"), "times")


def bound_times(match: re.Match[str]) -> Claim | None:
    """Return how often, with what binds it: "at least once"."""
    number = {"once": 1.0, "twice": 2.0, "thrice": 3.0}[match["word"].lower()]
    comparator = next(name for name, _ in BINDS if match[name])
    return Claim("count", words=plain_text(match.group()), comparator=comparator, number=number, unit="times")


# Lengths in bars or beats, but not "every eight bars", "bar 9" or "a 16 bar intro".
BARS = re.compile(
    rf"(?<!every )(?<!\w)(?P<low>{NUMBER})(?: a)?[\s-](?:bars?|beats?|measures?)\b(?! per)", re.IGNORECASE
)


def bars(match: re.Match[str]) -> Claim | None:
    """Return a length in bars or beats, in the words of the caption."""
    if not re.search(r"\b(?:for|lasts?|of|then|intro)\W*$|^$", match.string[: match.start()], re.IGNORECASE):
        return None
    return Claim("duration", words=plain_text(match.group()), subject=Subject("music", "the music"))


BARE_SECONDS = re.compile(r"^(?P<low>\d{1,4}(?:\.\d+)?)$")


def bare_seconds(match: re.Match[str]) -> Claim | None:
    """Return a length that a key names: `duration: 12`."""
    return measured(Claim("duration", words=match["low"]), bounds_of(match, "about", "s"), "s")
