"""How far the basis of a claim reaches: degree words before, what completes it behind."""

from __future__ import annotations

import re
from functools import cache

from audiojudge_cli.rubrics.word_class import word_class

_DEGREE_ZH = re.compile(
    r"(?:非常|极其|极为|极|特别|十分|很|太|更|较|比较|偏|略微|略带|略|稍微|稍|微微|有点儿?|有些|带点|带着|带有"
    r"|相当|越来越"
    r"|最|超|有一点|一点点|几乎|渐渐|逐渐|明显|始终|显得|格外|无比|过于|甚|颇|突然|忽然){1,3}$"
)
_BEHIND = re.compile(
    r"\s?(?:-ish|enough|at first|at the start|by the end|throughout|than normal|than usual)\b", re.IGNORECASE
)


def left(text: str, start: int, floor: int) -> int:
    """Return where the degree words in front of `start` begin, not before `floor`."""
    if start <= floor:
        return start
    if text[start - 1] in " -":
        return _left_english(text, start, floor)
    match = _DEGREE_ZH.search(text[max(floor, start - 12) : start])
    return start - len(match.group()) if match else start


def _left_english(text: str, start: int, floor: int) -> int:
    at = start
    for _ in range(4):
        window = text[max(floor, at - 14) : at - 1].lower()
        phrase = ""
        if window.endswith(_phrases()):
            phrase = next(phrase for phrase in _phrases() if window.endswith(phrase))
        if phrase:
            at -= len(phrase) + 1
        else:
            word = window[max(window.rfind(" "), window.rfind("-")) + 1 :]
            article = word == "a" and text[at:start].split(" ", 1)[0].lower() in word_class("degree_after_a")
            if word not in word_class("degree") and not article:
                break
            at -= len(word) + 1
        if at <= floor or text[at - 1] not in " -":
            break
    return max(at, floor)


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(sorted(word_class("degree_phrases"), key=len, reverse=True))


def right(text: str, end: int, ceiling: int) -> int:
    """Return where words that complete a claim behind `end` stop ("at first", "than normal")."""
    match = _BEHIND.match(text, end, ceiling)
    return match.end() if match else end
