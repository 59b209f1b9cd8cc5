"""Lengths of time in words and figures, English and Chinese."""

from __future__ import annotations

import re

_ENGLISH = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()  # noqa: SIM905
    )
} | {"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0, "half": 0.5, "a": 1.0}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(?P<number>\d+(?:\.\d+)?|[a-z]+|半|[一二两三四五六七八九十]+)"
_SECONDS = re.compile(
    _NUMBER + r"(?:[- ]?(?:of )?(?:a )?(?:s|sec|secs|second|seconds)(?![a-z])|\s?秒钟?)", re.IGNORECASE
)
_MINUTES = re.compile(_NUMBER + r"(?:[- ]?(?:of )?(?:a )?(?:min|mins|minute|minutes)(?![a-z])|\s?分钟)", re.IGNORECASE)
_KEYED = re.compile(r"dur\w*(?:_s|_sec|_seconds)?\W+(\d+(?:\.\d+)?)", re.IGNORECASE)


def seconds_in(text: str) -> float | None:
    """Return the first length of time in `text` in seconds ("two seconds", "半秒", "1.5 min"), or None."""
    for pattern, unit in ((_SECONDS, 1.0), (_MINUTES, 60.0)):
        for match in pattern.finditer(text):
            value = number_of(match["number"])
            if value is not None:
                return value * unit
    keyed = _KEYED.search(text)
    return float(keyed.group(1)) if keyed else None


def number_of(word: str) -> float | None:
    """Return the number that a word or figure means, up to 99 in Chinese and the usual ones in English; else None."""
    if re.fullmatch(r"\d+(?:\.\d+)?", word):
        return float(word)
    if word.lower() in _ENGLISH:
        return _ENGLISH[word.lower()]
    if word == "半":
        return 0.5
    tens, found, ones = word.partition("十")
    if found and len(tens) <= 1 and len(ones) <= 1:
        return 10.0 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return float(_DIGITS[word]) if word in _DIGITS else None
