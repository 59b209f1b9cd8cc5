"""Whether a question asks for something to be there or to be missing."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“‘「『][^\"”’」』]*[\"”’」』]")
_DENIAL = re.compile(
    r"\b(?:no|not|without|never|free (?:of|from)|devoid of|absent|absence of|lack(?:s|ing)?"
    r"|rather than|instead of|nobody|none|neither|nor|isn't|aren't|doesn't|don't|nothing)\b"
    r"|没有|无|不含|不带|不是|并非|未|而非|而不是|沒有|無",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\b(?:absent|missing|silent|avoided|left out)\b|-free\b|缺席|不存在", re.IGNORECASE)
# "Is it true that no…", "nothing but", "not only" and the Chinese question frames ask without denying.
_NOT_DENIAL = re.compile(
    r"\bnot only\b|\bnothing (?:but|else)\b|\bno (?:later|more) than\b|\bor not\b"
    r"|是不是|有没有|是否|无伴奏|能不能",
    re.IGNORECASE,
)


def unquoted(text: str) -> str:
    """Return `text` with quoted passages blanked, same length: quoted words are content, not instructions."""
    return _QUOTED.sub(lambda match: " " * len(match.group()), text)


def denied(text: str, start: int | None = None) -> bool:
    """Return whether `text` denies what stands at `start`, or denies anything at all when `start` is None.

    A denial counts when it stands before the words it denies ("without drums"), or behind them as in
    "are drums absent".
    """
    plain = _NOT_DENIAL.sub(lambda match: " " * len(match.group()), unquoted(text))
    if start is None:
        return bool(_DENIAL.search(plain) or _TRAILING.search(plain))
    return bool(_DENIAL.search(plain[:start]) or _TRAILING.search(plain[start:]))
