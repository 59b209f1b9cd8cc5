"""Figures and numbers in words, and what binds them."""

from __future__ import annotations

import re
from dataclasses import replace

from audiojudge_cli.rubrics.claim import Claim, Comparator

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: dict[str, float] = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    "a hundred": 100,
    "half a": 0.5,
    "half": 0.5,
    "a couple of": 2,
    "a pair of": 2,
    "a": 1,
    "an": 1,
    "a single": 1,
}


# A figure with thousands commas or decimals, or a number in words; "-" and "to" ranges are read by the callers.
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,7}(?:\.\d{1,3})?"
    rf"|(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[1:10])}))?|half an?|a hundred|a couple of|a pair of|a single"
    rf"|{'|'.join(_ONES)}|half)"
)


BINDS: tuple[tuple[Comparator, str], ...] = (
    ("at_least", r"at least|no (?:less|fewer) than|a minimum of|minimum"),
    ("at_most", r"at most|no more than|no longer than|up to|a maximum of|maximum|not more than"),
    ("more", r"more than|over|above|longer than|faster than|exceeding|greater than|beyond|upwards of|older than"),
    ("less", r"less than|fewer than|under|below|shorter than|slower than|within|younger than|not even"),
    ("exactly", r"exactly|precisely|only|just|strictly"),
    ("about", r"about|around|approximately|approx\.?|roughly|circa|nearly|almost|some|~|≈|c\."),
)


BIND = "|".join(f"(?P<{name}>{words})" for name, words in BINDS)


# What binds, the number, a second number of a range, the unit: the one shape all measures share.
SHAPE = (
    rf"(?:\b(?:between|from)\s+)?(?:(?:{BIND})\s+)?(?<![\w.,:/])(?P<low>{NUMBER})"
    rf"(?:\s*(?:-|–|—|to|and|or)\s*(?P<high>{NUMBER}))?(?! (?:hundred|thousand|million))"
)


_RANGES: dict[str, tuple[float, float]] = {
    "bpm": (20.0, 400.0),
    "s": (0.001, 36_000.0),
    "times": (1.0, 1000.0),
    "voices": (1.0, 100.0),
    "years": (0.0, 120.0),
    "hz": (1.0, 100_000.0),
}
"""What a number of a unit can be; anything else ("1160 BPM", "a pause of 0 seconds") makes no claim."""


def value_of(text: str) -> float | None:
    """Return the number that figures or words mean, None for anything else."""
    plain = text.lower().strip()
    if plain in _WORDS:
        return float(_WORDS[plain])
    if plain == "half an":
        return 0.5
    tens, _, ones = plain.partition("-")
    if tens in _WORDS and ones in _WORDS:
        return float(_WORDS[tens] + _WORDS[ones])
    try:
        return float(plain.replace(",", ""))
    except ValueError:
        return None


def bounds_of(
    match: re.Match[str], default: Comparator, unit: str, scale: float = 1.0
) -> tuple[Comparator, float, float | None] | None:
    """Return comparator, number and upper end of a match, None where a number is out of its range."""
    low = value_of(match["low"])
    high = value_of(match["high"]) if match.groupdict().get("high") else None
    least, most = _RANGES[unit]
    if low is None or not least <= low * scale <= most:
        return None
    if high is not None and low < high and high * scale <= most:
        return "between", low * scale, high * scale
    named = next((name for name, _ in BINDS if match.groupdict().get(name)), default)
    return named, low * scale, None


def measured(claim: Claim, bound: tuple[Comparator, float, float | None] | None, unit: str) -> Claim | None:
    """Return a claim with its number, None where the number is out of range."""
    if bound is None:
        return None
    return replace(claim, comparator=bound[0], number=bound[1], upper=bound[2], unit=unit)


def plain_text(text: str) -> str:
    """Return words in lower case with single blanks."""
    return " ".join(text.split()).lower()
