"""Porter's suffix stripper (Program 14 (3), 1980, pp. 130-137), with the later rules that nltk adds.

METEOR's second stage matches words of one stem. Its figures are those of nltk's stemmer in most papers, so the
additions are the same: Porter's own corrections (`bli`, `logi`), short words in y and ie, and a pool of exceptions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

_VOWELS = frozenset("aeiou")
# Words that the rules would confuse with others ("news" with "new", "sky" with "ski").
_POOL = {
    **dict.fromkeys(("innings", "inning"), "inning"),
    **dict.fromkeys(("outings", "outing"), "outing"),
    **dict.fromkeys(("cannings", "canning"), "canning"),
    **dict.fromkeys(("sky", "skies"), "sky"),
    "dying": "die",
    "exceed": "exceed",
    "howe": "howe",
    "lying": "lie",
    "news": "news",
    "proceed": "proceed",
    "succeed": "succeed",
    "tying": "tie",
}
Condition = Callable[[str], bool]
Rule = tuple[str, str, Condition | None]


def _consonant(word: str, at: int) -> bool:
    if word[at] in _VOWELS:
        return False
    return word[at] != "y" or at == 0 or not _consonant(word, at - 1)


def _measure(stem: str) -> int:
    """Return how often a consonant follows a vowel: m of Porter's paper."""
    form = ["c" if _consonant(stem, at) else "v" for at in range(len(stem))]
    return "".join(form).count("vc")


def _vowel(stem: str) -> bool:
    return any(not _consonant(stem, at) for at in range(len(stem)))


def _double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _consonant(word, len(word) - 1)


def _short(word: str) -> bool:
    """Return whether a word ends as "hop" does (Porter's *o), or is a vowel and a consonant alone."""
    end = len(word) - 1
    if len(word) >= 3:
        ends = _consonant(word, end - 2) and not _consonant(word, end - 1) and _consonant(word, end)
        return ends and word[-1] not in "wxy"
    return len(word) == 2 and not _consonant(word, 0) and _consonant(word, 1)


def _positive(stem: str) -> bool:
    return _measure(stem) > 0


def _long(stem: str) -> bool:
    return _measure(stem) > 1


def _apply(word: str, rules: tuple[Rule, ...]) -> str:
    """Return a word after the first rule whose suffix it has; unchanged where the condition on the rest fails."""
    for suffix, instead, condition in rules:
        if suffix == "*d" and _double(word):
            rest = word[:-2]
            return rest + instead if condition is None or condition(rest) else word
        if suffix != "*d" and word.endswith(suffix):
            rest = word[: len(word) - len(suffix)]
            return rest + instead if condition is None or condition(rest) else word
    return word


def _step1a(word: str) -> str:
    if word.endswith("ies") and len(word) == 4:  # ties, lies, dies
        return word[:-1]
    return _apply(word, (("sses", "ss", None), ("ies", "i", None), ("ss", "ss", None), ("s", "", None)))


def _step1b(word: str) -> str:
    if word.endswith("ied"):
        return word[:-3] + ("ie" if len(word) == 4 else "i")
    if word.endswith("eed"):
        return word[:-1] if _positive(word[:-3]) else word
    rest = next((word[: -len(end)] for end in ("ed", "ing") if word.endswith(end) and _vowel(word[: -len(end)])), None)
    if rest is None:
        return word
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if _double(rest):
        return rest if rest[-1] in "lsz" else rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _short(rest) else rest


def _step1c(word: str) -> str:
    # "by" and "enjoy" keep their y, "happy" does not.
    changes = word.endswith("y") and len(word) > 2 and _consonant(word, len(word) - 2)
    return word[:-1] + "i" if changes else word


_STEP2: tuple[Rule, ...] = (
    *(("ational", "ate", _positive), ("tional", "tion", _positive), ("enci", "ence", _positive)),
    *(("anci", "ance", _positive), ("izer", "ize", _positive), ("bli", "ble", _positive), ("alli", "al", _positive)),
    *(("entli", "ent", _positive), ("eli", "e", _positive), ("ousli", "ous", _positive)),
    *(("ization", "ize", _positive), ("ation", "ate", _positive), ("ator", "ate", _positive)),
    *(("alism", "al", _positive), ("iveness", "ive", _positive), ("fulness", "ful", _positive)),
    *(("ousness", "ous", _positive), ("aliti", "al", _positive), ("iviti", "ive", _positive)),
    *(("biliti", "ble", _positive), ("fulli", "ful", _positive), ("logi", "log", lambda rest: _positive(rest + "l"))),
)
_STEP3: tuple[Rule, ...] = (
    *(("icate", "ic", _positive), ("ative", "", _positive), ("alize", "al", _positive), ("iciti", "ic", _positive)),
    *(("ical", "ic", _positive), ("ful", "", _positive), ("ness", "", _positive)),
)
_STEP4: tuple[Rule, ...] = (
    *((end, "", _long) for end in ("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent")),
    ("ion", "", lambda rest: _long(rest) and rest[-1] in "st"),
    *((end, "", _long) for end in ("ou", "ism", "ate", "iti", "ous", "ive", "ize")),
)


def _step2(word: str) -> str:
    if word.endswith("alli") and _positive(word[:-4]):
        return _step2(word[:-2])  # "rationally" goes on as "rational"
    return _apply(word, _STEP2)


def _step5(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        if _long(rest) or (_measure(rest) == 1 and not _short(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _long(word[:-1]) else word


@cache
def stem(word: str) -> str:
    """Return the stem of an English word in lower case; words of other letters mostly stay.

    >>> [stem(word) for word in ("barking", "barks", "barked", "bark")]
    ['bark', 'bark', 'bark', 'bark']
    """
    if word in _POOL:
        return _POOL[word]
    if len(word) <= 2:
        return word
    word = _step2(_step1c(_step1b(_step1a(word))))
    return _step5(_apply(_apply(word, _STEP3), _STEP4))
