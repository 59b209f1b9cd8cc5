"""Speech recognition: Whisper through CTranslate2, 8-bit on CPU, the same words every time.

Whisper was trained on windows of 30 s filled up with silence. Its encoder costs six times less on 12 s, and reads
short clips as well there (measured, beam 5, 55 sentences: word error rate 7.5 % against 7.7 %), so short stretches
get short windows; where the answer looks doubtful the full window is tried as well.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.lazy import lazy
from audiojudge_cli.probes.mel import RATE, WHISPER_SECONDS, Array, whisper_log_mel
from audiojudge_cli.probes.windows import LONGEST_S, Span, plan_windows, split_window
from audiojudge_cli.probes.words import Word, split_words, unwritten_s

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from ctranslate2.models import Whisper as Engine
    from tokenizers import Tokenizer

SHORTEST_WINDOW_S = 12
LANGUAGE_WINDOW_S = 4
LANGUAGE_LONGEST_S = 12.0
SPARE_S = 1.0
BEAMS = 5
DOUBTFUL_LOGPROB = -1.0
REPETITIVE = 2.4
"""zlib ratio above which a text repeats itself (Whisper's own limit)."""

FAST, FASTEST = 20.0, 30.0
"""Characters per second: repetition below the first may have been said; nobody speaks faster than the second."""

LEAST_UNWRITTEN_S = 0.8
"""Speech left unwritten in a window from which on it is heard again in parts: the shortest sentence ("Not yet.")."""

NO_SPEECH = 0.6
"""Probability of no speech from which on a window without words stays so (Whisper's own limit)."""

MOST_SPLITS = 3
"""How often a window is halved: eight parts of a window of 12 s last 1.5 s each."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was said in one window.

    Attributes:
        text: The words.
        start_s: Start of the window in the clip.
        end_s: End of the window.
        avg_logprob: Mean log-probability per token, 0 at best; below −1 is doubtful.
        no_speech_p: Probability that the window holds no speech, by the recogniser.
        words: Each word with its times.
    """

    text: str
    start_s: float
    end_s: float
    avg_logprob: float
    no_speech_p: float
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Transcript:
    """What was said.

    Attributes:
        text: All words.
        language: Two-letter code it was recognised in, or None without speech.
        language_p: Probability of that language; 1 when it was given.
        phrases: By window, in order; a window that was heard again in parts gives one for each.
    """

    text: str
    language: str | None
    language_p: float
    phrases: tuple[Phrase, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in order, with times."""
        return tuple(word for phrase in self.phrases for word in phrase.words)

    @property
    def avg_logprob(self) -> float:
        """Mean over windows, weighted by their length; 0 without speech."""
        return self._mean([phrase.avg_logprob for phrase in self.phrases])

    @property
    def no_speech_p(self) -> float:
        """Mean over windows, weighted by their length; 1 without speech."""
        return self._mean([phrase.no_speech_p for phrase in self.phrases]) if self.phrases else 1.0

    def _mean(self, values: list[float]) -> float:
        # Times are in milliseconds, so a window of a few samples has no length: it weighs as one of them.
        lengths = [max(0.001, phrase.end_s - phrase.start_s) for phrase in self.phrases]
        return float(np.average(values, weights=lengths)) if values else 0.0


@dataclass(frozen=True)
class Whisper:
    """A loaded recogniser; safe to share between threads."""

    engine: Engine
    tokenizer: Tokenizer

    @lazy
    def vocabulary(self) -> dict[str, int]:
        """Numbers of its tokens."""
        return dict(self.tokenizer.get_vocab())

    @lazy
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages it knows."""
        if not self.engine.is_multilingual:
            return ("en",)
        vocabulary = self.vocabulary
        first, last = vocabulary["<|startoftranscript|>"], vocabulary["<|translate|>"]
        return tuple(sorted(token[2:-2] for token, number in vocabulary.items() if first < number < last))

    def prompt(self, language: str) -> list[int]:
        """Return the tokens that ask for a plain transcript in `language`.

        Raises:
            ValueError: If the model does not know the language.
        """
        if language not in self.languages:
            msg = f"this recogniser does not know the language {language!r}"
            raise ValueError(msg)
        task = [f"<|{language}|>", "<|transcribe|>"] if self.engine.is_multilingual else []
        vocabulary = self.vocabulary
        return [vocabulary[token] for token in ("<|startoftranscript|>", *task, "<|notimestamps|>")]

    def encode(self, samples: Array, seconds: float) -> StorageView:
        """Return the encoder's output for one window of `seconds`."""
        from ctranslate2 import StorageView

        return self.engine.encode(StorageView.from_array(whisper_log_mel(samples, seconds)[None]))


def load_whisper(folder: Path, device: str = "cpu", workers: int = 1) -> Whisper:
    """Return the recogniser in `folder` (CTranslate2 model and `tokenizer.json`).

    Args:
        folder: Verified weights.
        device: `cpu` (8-bit) or `cuda` (8-bit with half precision).
        workers: Threads that may be answered at the same time; each uses one core.

    Raises:
        WeightsError: If the folder holds no such model.
    """
    from ctranslate2.models import Whisper as Engine
    from tokenizers import Tokenizer

    compute = "int8" if device == "cpu" else "int8_float16"
    try:
        engine = Engine(str(folder), device=device, compute_type=compute, inter_threads=workers, intra_threads=1)
        return Whisper(engine, Tokenizer.from_file(str(folder / "tokenizer.json")))
    except Exception as error:  # the tokenizer's errors are bare Exceptions
        raise WeightsError(f"{folder} holds no recogniser that can be loaded: {error}") from error


def detect_language(samples: Array, model: Whisper, segments: Sequence[Span] | None = None) -> dict[str, float]:
    """Return the probability of every language, likeliest first; empty without speech.

    Args:
        samples: Mono float32 at 16 kHz.
        model: The multilingual recogniser; an English one answers English.
        segments: Stretches of speech in seconds, or None for the whole clip. The first 12 s from where they start are
            listened to.
    """
    windows = _windows(samples, segments, WHISPER_SECONDS - SPARE_S)
    if not windows:
        return {}
    if not model.engine.is_multilingual:
        return {"en": 1.0}
    start, end = windows[0]
    opening = (start, min(end, start + LANGUAGE_LONGEST_S))
    encoded = model.encode(*_window(samples, opening, LANGUAGE_WINDOW_S))
    return {token[2:-2]: float(p) for token, p in model.engine.detect_language(encoded)[0]}


def recognise(
    samples: Array, model: Whisper, *, language: str | None = None, segments: Sequence[Span] | None = None
) -> Transcript:
    """Return what was said, all of it, however long the clip is.

    Args:
        samples: Mono float32 at 16 kHz.
        model: The recogniser.
        language: Code of the language when it is known (`model.languages`), else it is detected.
        segments: Stretches of speech in seconds (`SpeechActivity.segments`), or None for the whole clip. Windows hold
            them and are cut at the pauses between them; what of them was left without words is heard again on its own
            (without them nobody knows where somebody speaks, and windows are heard once).

    Raises:
        ValueError: If the model does not know `language`.
    """
    windows = _windows(samples, segments)
    probability = 1.0
    if windows and language is None:
        language, probability = next(iter(detect_language(samples, model, segments).items()))
    prompt = model.prompt(language or "en")
    clip = _Clip(samples, tuple(segments or ()), model, prompt)
    phrases = tuple(phrase for window in windows for phrase in _hear(clip, window))
    text = " ".join(phrase.text for phrase in phrases if phrase.text)
    return Transcript(text, language if windows else None, round(probability, 4), phrases)


def _windows(samples: Array, segments: Sequence[Span] | None, longest_s: float = LONGEST_S) -> tuple[Span, ...]:
    whole = [(0.0, len(samples) / RATE)] if len(samples) else []
    return plan_windows(samples, whole if segments is None else segments, longest_s)


def _window(samples: Array, window: Span, shortest: float) -> tuple[Array, float]:
    """Return the samples of a window and the seconds to fill it up to."""
    cut = samples[round(window[0] * RATE) : round(window[1] * RATE)]
    wanted = float(np.ceil(len(cut) / RATE + SPARE_S))
    return cut, min(float(WHISPER_SECONDS), max(float(shortest), wanted))


@dataclass(frozen=True, slots=True)
class _Attempt:
    encoded: StorageView
    tokens: list[int]
    text: str
    logprob: float
    no_speech_p: float
    seconds: float

    @property
    def stuck(self) -> bool:
        """Whether the recogniser wrote the same again and again, faster than it can have been said."""
        data = self.text.encode()
        repetitive = len(data) > REPETITIVE * len(zlib.compress(data))
        return self._rate > FASTEST or (repetitive and self._rate > FAST)

    @property
    def doubtful(self) -> bool:
        return self.stuck or self.logprob < DOUBTFUL_LOGPROB

    @property
    def _rate(self) -> float:
        return len(self.text) / max(1.0, self.seconds)


def _recognise_window(samples: Array, window: Span, model: Whisper, prompt: list[int]) -> Phrase:
    cut, seconds = _window(samples, window, SHORTEST_WINDOW_S)
    attempt = partial(_attempt, model, prompt, len(cut) / RATE)
    best = attempt(model.encode(cut, seconds))
    if best.doubtful and seconds < WHISPER_SECONDS:
        best = _better(best, attempt(model.encode(cut, WHISPER_SECONDS)))
    if best.stuck:
        best = _better(best, attempt(best.encoded, no_repeat=3))
    words = split_words(model, best.encoded, prompt, best.tokens, (window[0], window[0] + len(cut) / RATE))
    start, end = round(window[0], 3), round(window[1], 3)
    return Phrase(best.text, start, end, round(best.logprob, 4), round(best.no_speech_p, 4), words)


@dataclass(frozen=True, slots=True)
class _Clip:
    """A clip and how it is recognised: its samples, where somebody speaks, the recogniser and its prompt."""

    samples: Array
    spoken: tuple[Span, ...]
    model: Whisper
    prompt: list[int]

    def left_s(self, phrase: Phrase) -> float:
        """Return how much speech of a window a phrase leaves unwritten; doubtful words are none."""
        words = phrase.words if phrase.avg_logprob >= DOUBTFUL_LOGPROB else ()
        return unwritten_s(words, self.spoken, (phrase.start_s, phrase.end_s))


def _hear(clip: _Clip, window: Span, splits: int = MOST_SPLITS) -> tuple[Phrase, ...]:
    """Return what was said in a window; where speech was left unwritten, in its parts, if that leaves less of it.

    Of sentences that are alike Whisper leaves some out, and now and then one among others.
    """
    phrase = _recognise_window(clip.samples, window, clip.model, clip.prompt)
    left = unwritten_s(phrase.words, clip.spoken, window)
    # What is no speech, or none that can be read, is not read better in parts, but babbled over.
    hopeless = phrase.avg_logprob < DOUBTFUL_LOGPROB or (not phrase.words and phrase.no_speech_p > NO_SPEECH)
    if left < LEAST_UNWRITTEN_S or hopeless or not splits:
        return (phrase,)
    parts = split_window(clip.samples, window, clip.spoken)
    if len(parts) == 1:
        return (phrase,)
    again = tuple(found for part in parts for found in _hear(clip, part, splits - 1))
    gained = left - sum(clip.left_s(found) for found in again)
    return again if gained > LEAST_UNWRITTEN_S / 2 else (phrase,)


def _better(first: _Attempt, second: _Attempt) -> _Attempt:
    if first.stuck != second.stuck:
        return second if first.stuck else first
    return second if second.logprob > first.logprob else first


def _attempt(model: Whisper, prompt: list[int], seconds: float, encoded: StorageView, no_repeat: int = 0) -> _Attempt:
    (answer,) = model.engine.generate(
        encoded,
        [prompt],
        beam_size=BEAMS,
        no_repeat_ngram_size=no_repeat,
        return_scores=True,
        return_no_speech_prob=True,
    )
    tokens = answer.sequences_ids[0]
    text = model.tokenizer.decode(tokens).strip()
    return _Attempt(encoded, tokens, text, answer.scores[0], answer.no_speech_prob, seconds)
