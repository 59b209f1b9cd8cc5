"""Metrics that arithmetic alone decides: error rates, METEOR, exact match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from audiojudge_cli.answers.meteor import meteor, words
from audiojudge_cli.answers.row import Answer
from audiojudge_cli.quality.words import MOST_CHARACTERS, compared

MetricName = Literal["wer", "cer", "meteor", "exact", "judge", "judge-binary"]

RATES = frozenset({"wer", "cer"})
"""Metrics of which the total counts: errors of all rows over words of all rows; the lower the better."""
MARKED: Mapping[str, int] = {"judge": 5, "judge-binary": 1}
"""Metrics that a text model marks, with the highest mark."""
BOUNDS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("meteor", "exact"), (0.0, 1.0)),
    **dict.fromkeys(("judge", "judge-binary"), (0.0, 100.0)),
}
"""The least and the most that a figure can be; error rates have no end."""


class UnscoredError(Exception):
    """One metric of one row has no value; the reason in one sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a metric for one answer.

    Attributes:
        top: What is summed over the rows: errors, or the value itself.
        bottom: What the sum is divided by: words (characters) of the reference, or 1.
        reference: The one of several references that was compared, from 0; None where a model read all.
    """

    top: float
    bottom: float = 1.0
    reference: int | None = None

    @property
    def figure(self) -> float:
        """The value of the row."""
        return self.top / self.bottom


def measure(metric: MetricName, answer: Answer, language: str) -> Value:
    """Return a metric of an answer; of several references the one that serves it best.

    Args:
        metric: None of `MARKED`.
        answer: The row.
        language: ISO 639-1 code of texts in Latin letters that name none.

    Raises:
        UnscoredError: If it has none: nothing is left of any reference, or a text is too long.
    """
    spoken = answer.language or language
    found = []
    for at, reference in enumerate(answer.references):
        if max(len(reference), len(answer.prediction)) > MOST_CHARACTERS:
            raise UnscoredError(f"a text is longer than {MOST_CHARACTERS:,} characters")
        value = _MEASURES[metric](reference, answer.prediction, language_of(reference, spoken))
        if value is not None:
            found.append(Value(*value, at))
    if not found:
        raise UnscoredError("nothing is left of the reference but punctuation or remarks in brackets")
    sign = 1 if metric in RATES else -1
    return min(found, key=lambda value: sign * value.figure)


def language_of(text: str, otherwise: str) -> str:
    """Return the language that a text is normalised in: by its script where that tells, else `otherwise`."""
    from audiojudge_cli.probes.spoken import language_of as by_script
    from audiojudge_cli.probes.spoken import mostly_latin

    return otherwise if mostly_latin(text) else by_script(text, {})


def _rate(reference: str, prediction: str, language: str, *, characters: bool) -> tuple[float, float] | None:
    import jiwer

    left, right, without_spaces = compared(reference, prediction, language)
    if not left:
        return None
    # Words of Chinese, Japanese and Korean are characters, as in their benchmarks.
    process = jiwer.process_characters if characters or without_spaces else jiwer.process_words
    counts = process(left, right)
    return (
        float(counts.substitutions + counts.deletions + counts.insertions),
        float(counts.hits + counts.substitutions + counts.deletions),
    )


def _wer(reference: str, prediction: str, language: str) -> tuple[float, float] | None:
    return _rate(reference, prediction, language, characters=False)


def _cer(reference: str, prediction: str, language: str) -> tuple[float, float] | None:
    return _rate(reference, prediction, language, characters=True)


def _exact(reference: str, prediction: str, language: str) -> tuple[float, float] | None:
    left, right, _ = compared(reference, prediction, language)
    return (float(left == right), 1.0) if left else None


def _meteor(reference: str, prediction: str, language: str) -> tuple[float, float] | None:
    del language
    wanted = words(reference)
    if not wanted:
        return None
    try:
        return meteor(wanted, words(prediction)), 1.0
    except ValueError as error:
        raise UnscoredError(str(error)) from error


_MEASURES: Mapping[str, Callable[[str, str, str], tuple[float, float] | None]] = {
    "wer": _wer,
    "cer": _cer,
    "exact": _exact,
    "meteor": _meteor,
}
