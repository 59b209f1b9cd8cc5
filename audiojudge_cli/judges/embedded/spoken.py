"""Readings of what is said: words and language, by speech recognition."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.judges.checks.kinds import Language, Words
from audiojudge_cli.judges.embedded.reading import Reading
from audiojudge_cli.judges.embedded.voice import speech_features

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), "ja"),
    (re.compile(r"[\uac00-\ud7af]"), "ko"),
    (re.compile(r"[\u4e00-\u9fff]"), "zh"),
    (re.compile(r"[\u0400-\u04ff]"), "ru"),
    (re.compile(r"[\u0600-\u06ff]"), "ar"),
    (re.compile(r"[\u0900-\u097f]"), "hi"),
)
_LATIN = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "cs", "fi", "sv", "da", "no", "tr", "ro", "hu", "id", "vi")
_NO_SPEECH = "No speech was found whose language could be told."
_ENGLISH_BONUS = 0.2
"""Captions quote English unless the clip clearly sounds like another language in Latin letters."""


def plain(text: str) -> str:
    """Return lower-case letters and digits of `text`, words separated by single spaces, CJK characters apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = re.sub(r"([\u3040-\u30ff\u4e00-\u9fff])", r" \1 ", folded)
    return " ".join(re.sub(r"[^\w\s]|_", " ", spaced).split())


def similarity(wanted: str, heard: str) -> float:
    """Return how well `wanted` is found somewhere in `heard`, 0 to 1, by characters of the best stretch."""
    from rapidfuzz import fuzz

    a, b = plain(wanted).replace(" ", ""), plain(heard).replace(" ", "")
    if not a or not b:
        return 0.0
    # A transcript shorter than the wanted words cannot contain them: compare the whole then.
    score = fuzz.partial_ratio(a, b) if len(b) >= len(a) else fuzz.ratio(a, b)
    return float(score) / 100.0


def word_similarity(wanted: str, heard: str) -> float:
    """Return how well the wanted words are found among the heard words, 0 to 1, whole words against whole words."""
    from rapidfuzz import fuzz

    want, have = plain(wanted).split(), plain(heard).split()
    if not want or not have:
        return 0.0
    size = len(want)
    windows = (" ".join(have[i : i + size]) for i in range(max(1, len(have) - size + 1)))
    return max(float(fuzz.ratio(" ".join(want), window)) for window in windows) / 100.0


def language_of(text: str, chances: Mapping[str, float]) -> str:
    """Return the language to recognise in: the script of the wanted words decides, then what the clip sounds like."""
    for pattern, code in _SCRIPTS:
        if pattern.search(text):
            return code
    return max(_LATIN, key=lambda code: chances.get(code, 0.0) + (_ENGLISH_BONUS if code == "en" else 0.0))


def read_words(hearing: Hearing, check: Words) -> Reading:
    """These words are spoken."""
    transcript = hearing.transcript(language_of(check.text, hearing.languages))
    by_letters, by_words = similarity(check.text, transcript.text), word_similarity(check.text, transcript.text)
    one = len(plain(check.text).split()) == 1
    heard = transcript.text.strip() or "nothing"
    return Reading(
        "words.one" if one else "words.many",
        {"letters": by_letters, "words": by_words},
        f"Recognised: “{heard[:200]}”.",
        "speech-recognition",
        hearing.speech.segments(),
        {"similarity": round(by_words if one else max(by_letters, by_words), 3)},
    )


def read_language(hearing: Hearing, check: Language) -> Reading:
    """Speech is in a language."""
    chances = hearing.languages
    mine = chances.get(check.code, 0.0)
    best = max(chances, key=lambda code: chances[code], default="")
    rival = max((chance for code, chance in chances.items() if code != check.code), default=0.0)
    features = {"log_chance": math.log(max(1e-4, mine)), "log_odds": math.log(max(1e-4, mine) / max(1e-4, rival))}
    evidence = f"Sounds most like {best} ({chances[best]:.0%}); {check.code}: {mine:.0%}." if chances else _NO_SPEECH
    return Reading(
        "language",
        features,
        evidence,
        "speech-recognition",
        hearing.speech.segments(),
        {"chance": round(mine, 3)},
        {"speech": speech_features(hearing)},
    )
