"""What is said in a clip: heard once, whoever asks, the judge for its items or the quality profile for its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
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

_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), "ja"),
    (re.compile(r"[\uac00-\ud7af]"), "ko"),
    (re.compile(r"[\u4e00-\u9fff]"), "zh"),
    (re.compile(r"[\u0400-\u04ff]"), "ru"),
    (re.compile(r"[\u0600-\u06ff]"), "ar"),
    (re.compile(r"[\u0900-\u097f]"), "hi"),
)
_LATIN = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "cs", "fi", "sv", "da", "no", "tr", "ro", "hu", "id", "vi")
_ENGLISH_BONUS = 0.2
"""Captions quote English unless the clip clearly sounds like another language in Latin letters."""


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
    """Return the language to recognise in: the script of the wanted words decides, then what the clip sounds like."""
    for pattern, code in _SCRIPTS:
        if pattern.search(text):
            return code
    return max(_LATIN, key=lambda code: chances.get(code, 0.0) + (_ENGLISH_BONUS if code == "en" else 0.0))
