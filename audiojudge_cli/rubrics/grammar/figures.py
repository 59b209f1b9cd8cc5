"""Numbers in captions: tempo, key, metre, lengths, ages, counts. A numeric claim stays numeric."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause

_NUM = (
    r"(?:\d{1,4}(?:\.\d{1,2})?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|thirty|forty|forty-five|fifty|sixty|ninety|half an?|half|a few|a couple of|several)"
)
_ZH = r"[零〇一二两三四五六七八九十百半几\d]"
_PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "tempo",
        "number",
        re.compile(
            r"(?:(?:around|about|approximately|roughly|circa|at|~)\s*)?\b\d{2,3}(?:\s*[-–]\s*\d{2,3})?\s*"
            r"(?:bpm\b|beats per minute|拍每分钟)|\bbpm\s*[:=]?\s*\d{2,3}|每分钟\s*\d{2,3}\s*拍(?:左右)?",
            re.IGNORECASE,
        ),
    ),
    (
        "key",
        "number",
        re.compile(
            r"(?:in (?:the key of )?)?\b[A-G](?:\s?(?:#|♯|♭|b|-?sharp|-?flat))?\s?-?(?:[Mm]ajor|[Mm]inor|[Mm]aj\b"
            r"|[Mm]in\b|dorian|phrygian|lydian|mixolydian)\b|\bkey of [A-G](?:#|♯|♭|b)?(?![a-z])"
            r"|[升降]?[A-Ga-g][#♯♭b]?\s*(?:大调|小调|调)"
        ),
    ),
    ("metre", "number", re.compile(r"(?<![\d/])(?:[2-9]|1[0-5])/(?:2|4|8|16)(?![\d/])(?:\s*(?:time|拍))?")),
    (
        "age",
        "number",
        re.compile(
            r"\b(?:in (?:his|her|their) )?(?:early |mid[- ]|late )?(?:\d0s|teens|twenties|thirties|forties|fifties"
            r"|sixties|seventies|eighties|nineties)(?:-ish)?\b"
            rf"|\b(?:about |around |roughly )?{_NUM}[- ](?:years?[- ]old|year[- ]olds)\b"
            r"|\b(?:aged? |about |around )(?:\d{1,2}|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen"
            r"|sixteen)\b"
            r"(?!\s*(?:s\b|sec|min|bpm|hz|bars?|times|beats|%|metres|meters|ticks?|[a-z]{3,}))"
            rf"|(?:大概|大约|约|差不多)?(?:{_ZH}{{1,3}})(?:多|来|几)?岁(?:左右|上下)?|(?<!\d)\d0后",
            re.IGNORECASE,
        ),
    ),
    (
        "rhythm",
        "number",
        re.compile(
            r"\b(?:(?:about|around|roughly|once|struck|one|two|three|\d+) ){0,3}(?:every|each) (?:few "
            r"|couple of |other |\d+ "
            r"|[a-z]+ )?(?:seconds?|minutes?|bars?|beats?|breaths?)\b|\b(?:about |around )?(?:an?|one|two|three"
            r"|four|\d+) "
            rf"[a-z]+ per (?:second|minute|bar|beat)\b|每(?:隔)?{_ZH}{{0,3}}(?:秒钟?|小节|拍)(?:{_ZH}(?:次|下"
            rf"|声)|响{_ZH}次)?",
            re.IGNORECASE,
        ),
    ),
    (
        "speaker_count",
        "number",
        re.compile(
            r"\b(?:two|three|four|five|several|a group of|a pair of|a couple of) (?:[a-z-]+ ){0,2}(?:men|women"
            r"|people|boys"
            r"|girls|kids|children|speakers|voices|friends|hosts|teenagers|students|adults|colleagues|sisters"
            r"|brothers"
            r"|strangers|singers|narrators|characters|actors|comedians|reporters)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "duration",
        "number",
        re.compile(
            r"(?:(?:at|after) )?"
            r"(?:(?:about|around|under|over|roughly|approximately|for|lasting|at least|exactly|only|just"
            r"|the (?:first|last|"
            rf"final)) )?\b(?:{_NUM}[- ](?:seconds?|secs?|minutes?|mins?|bars?|beats|measures|hours?)"
            rf"|(?!\d0s\b)\d{{1,4}}(?:\.\d{{1,2}})?\s?(?:s|sec|min|ms))\b"
            rf"(?! per| notes?)(?<!\ba second)(?: long)?|(?:时长)?(?:大概|大约|约|前|开头|最后|持续|不到"
            rf"|至少)?第?{_ZH}{{1,4}}(?:多)?(?:秒钟?|分钟|小节)(?:左右|钟)?",
            re.IGNORECASE,
        ),
    ),
)
_COUNT_EN = re.compile(
    r"\b(?:(?P<times>(?<!at )once(?! (?:the|it|a|he|she|again|more)\b)|twice|thrice|(?:two|three|four|five|six"
    r"|seven|eight|nine|ten|\d{1,2}) times)"
    r"|(?P<number>a single|just one|exactly one|only one|single|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|\d{1,2}|a pair of|a couple of)"
    r" (?!k?hz\b|db\b|decibels?\b)(?P<noun>(?:(?!and\b|of\b|or\b)[a-z'-]+ ){0,3}?[a-z'-]+))",
    re.IGNORECASE,
)
_COUNT_ZH = re.compile(
    rf"(?<!比)(?:共|各|只|仅)?(?P<n>{_ZH}{{1,3}})(?P<unit>声|下|次|发|遍|响|记|回|滴|通|口|连发)(?!音|线|部|道"
    rf"|比)|连续{_ZH}{{1,3}}(?:声|下|次|发)"
)


_SIGNS = {
    "tempo": ("bpm", "beats per", "拍"),
    "key": ("major", "minor", " maj", " min", "key of", "dorian", "phrygian", "lydian", "调"),
    "metre": ("/2", "/4", "/8", "/1"),
    "age": ("0s", "teens", "ties", "year", "aged ", "about ", "around ", "岁", "0后"),
    "speaker_count": ("two ", "three ", "four ", "five ", "several ", "group of", "pair of", "couple of"),
    "rhythm": ("every", "each", " per ", "每"),
    "duration": (
        *("sec", "min", "bar", "beat", "measure", "hour", "秒", "分钟", "小节"),
        *(f"{digit}{gap}s" for digit in range(10) for gap in ("", " ")),
    ),
}
"""Without any of these a pattern need not be tried: most captions hold no number."""


def figures(masked: str, clauses: Sequence[Clause]) -> Iterator[Claim]:
    """Yield claims that carry a number: tempo, key, metre, age, rhythm, number of speakers, duration."""
    lower = masked.lower() if len(masked.lower()) == len(masked) else masked
    starts = [clause.start for clause in clauses]
    for dimension, kind, pattern in _PATTERNS:
        if not any(sign in lower for sign in _SIGNS[dimension]):
            continue
        places = {bisect_right(starts, sign.start() + 1) - 1 for sign in _sign(dimension).finditer(lower)}
        for number in sorted(places - {-1}):
            clause = clauses[number]
            for match in pattern.finditer(masked, clause.start, clause.end):
                yield Claim(dimension, match.start(), match.end(), kind=kind, clause=number, context=clause.context)


@cache
def _sign(dimension: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _SIGNS[dimension])))


def counts_en(body: str) -> Iterator[re.Match[str]]:
    """Yield English counts: `times` ("twice") or `number` with its `noun`."""
    return _COUNT_EN.finditer(body)


def counts_zh(body: str) -> Iterator[re.Match[str]]:
    """Yield Chinese counts with their measure word ("三声")."""
    return _COUNT_ZH.finditer(body)
