"""What is said in a clip: heard once, whoever asks, the judge for its items or the quality profile for its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.lazy import lazy
from audiojudge_cli.probes.activity import SpeechActivity, listen
from audiojudge_cli.probes.mel import RATE
from audiojudge_cli.probes.recognition import Transcript, detect_language, recognise
from audiojudge_cli.probes.windows import Span

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models

SPEECH_THRESHOLD = 0.3
"""Voice activity from which speech is worth recognising: mixes hold their voices down."""

# Scripts and the languages of Whisper written in them, the most spoken first.
_SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"[\u3040-\u30ff]"), ("ja",)),
    (re.compile(r"[\uac00-\ud7af]"), ("ko",)),
    (re.compile(r"[\u4e00-\u9fff]"), ("zh",)),
    (re.compile(r"[\u0400-\u052f]"), ("ru", "uk", "bg", "sr", "be", "mk", "kk", "mn", "tg", "tt", "ba")),
    (re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"), ("ar", "fa", "ur", "ps", "sd")),
    (re.compile(r"[\u0900-\u097f]"), ("hi", "mr", "ne", "sa")),
    (re.compile(r"[\u0980-\u09ff]"), ("bn", "as")),
    (re.compile(r"[\u0a00-\u0a7f]"), ("pa",)),
    (re.compile(r"[\u0a80-\u0aff]"), ("gu",)),
    (re.compile(r"[\u0b80-\u0bff]"), ("ta",)),
    (re.compile(r"[\u0c00-\u0c7f]"), ("te",)),
    (re.compile(r"[\u0c80-\u0cff]"), ("kn",)),
    (re.compile(r"[\u0d00-\u0d7f]"), ("ml",)),
    (re.compile(r"[\u0d80-\u0dff]"), ("si",)),
    (re.compile(r"[\u0e00-\u0e7f]"), ("th",)),
    (re.compile(r"[\u0e80-\u0eff]"), ("lo",)),
    (re.compile(r"[\u0f00-\u0fff]"), ("bo",)),
    (re.compile(r"[\u1000-\u109f]"), ("my",)),
    (re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf]"), ("ka",)),
    (re.compile(r"[\u1200-\u139f]"), ("am",)),
    (re.compile(r"[\u1780-\u17ff]"), ("km",)),
    (re.compile(r"[\u0531-\u058a]"), ("hy",)),
    (re.compile(r"[\u0590-\u05ff\ufb1d-\ufb4f]"), ("he", "yi")),
    # A single Greek letter is a sign of mathematics in any language.
    (re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{2}"), ("el",)),
)
_LATIN = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "cs", "fi", "sv", "da", "no", "tr", "ro", "hu", "id", "vi")
_BONUS = 0.2
"""For the first language of a script: captions quote English unless the clip clearly sounds like another one in Latin
letters."""


class Spoken:
    """What is said in one clip, and when; each part computed once, and only when it is asked for."""

    def __init__(self, waveform: Waveform, models: Models) -> None:
        self._samples = waveform.at(RATE)
        self._models = models
        self._transcripts: dict[str, Transcript] = {}

    @lazy
    def activity(self) -> SpeechActivity:
        """Where somebody speaks."""
        return listen(self._samples, self._models.silero)

    @lazy
    def spans(self) -> tuple[Span, ...]:
        """Stretches (start, end) in seconds that are worth recognising."""
        return self.activity.segments(SPEECH_THRESHOLD)

    @lazy
    def languages(self) -> Mapping[str, float]:
        """Probability of each language by ISO 639-1 code; empty without speech."""
        return detect_language(self._samples, self._models.whisper, self.spans)

    def transcript(self, language: str) -> Transcript:
        """Return what is said, recognised as `language`."""
        if language not in self._transcripts:
            self._transcripts[language] = recognise(
                self._samples, self._models.whisper, language=language, segments=self.spans
            )
        return self._transcripts[language]


def spoken(waveform: Waveform, models: Models) -> Spoken:
    """Return what is said in a clip, the same for everybody who asks with the same models."""
    return waveform.once(("spoken", id(models)), lambda: Spoken(waveform, models))


def language_of(text: str, chances: Mapping[str, float]) -> str:
    """Return the language to recognise in: the script of the wanted words decides, then what the clip sounds like.

    Among the languages of one script it is the likeliest; in a script that none of the recogniser's languages has, the
    likeliest of all.
    """
    for pattern, codes in _SCRIPTS:
        if pattern.search(text):
            return _likeliest(codes, chances)
    return _likeliest(_LATIN if mostly_latin(text) else (*chances, "en"), chances)


def mostly_latin(text: str) -> bool:
    """Return whether at least half of the letters of a text are Latin; so they are where there is none."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum("LATIN" in unicodedata.name(char, "") for char in letters) >= len(letters)


def _likeliest(codes: Sequence[str], chances: Mapping[str, float]) -> str:
    first = codes[0]
    return max(codes, key=lambda code: chances.get(code, 0.0) + (_BONUS if code == first else 0.0))
