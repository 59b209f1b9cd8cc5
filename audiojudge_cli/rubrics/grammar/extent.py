"""How far the basis of a claim reaches: degree words before, what completes it behind."""

from __future__ import annotations

import re

_DEGREE = re.compile(
    r"(?:\b(?:very|really|super|extremely|incredibly|slightly|quite|rather|fairly|pretty|almost|nearly|barely|mildly"
    r"|somewhat|a bit|a little|a touch|a hint of|a faint|faint|kind of|sort of|too|so|more|less|much|most"
    r"|increasingly"
    r"|mostly|overly|deeply|highly|gently|gradually|bone|particularly|especially|noticeably|heavily|half"
    r"|a slight|slight"
    r"|a heavy|heavy|a thick|thick|a strong|strong|a light|absolutely|completely|perfectly|fully|utterly|lots of"
    r"|a lot of|plenty of|some|getting|a tad|just|exceptionally|unusually|remarkably|distinctly|clearly)[ -]+){1,4}$",
    re.IGNORECASE,
)
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
    window = text[max(floor, start - 40) : start]
    for pattern in (_DEGREE, _DEGREE_ZH):
        match = pattern.search(window)
        if match:
            return start - len(window) + match.start()
    return start


def right(text: str, end: int, ceiling: int) -> int:
    """Return where words that complete a claim behind `end` stop ("at first", "than normal")."""
    match = _BEHIND.match(text, end, ceiling)
    return match.end() if match else end
