"""Two clips heard together by an audio language model, in both orders (after SpeechJudge, arXiv 2511.07931).

head ─┬─► A ─► B ─► question ─┬─► rationale 1 ─► two scores
 once │                       └─► rationale K ─► two scores
      └─► B ─► A ─► question ─┬─► …       each clip encoded once, each order read once
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.judges.comparing import MOST_VOTES, Compared
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.sampling import Drawn, Pick, greedy
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.two_scores import read_scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.prompts import CompareWording, PromptSet

MOST_TOKENS = 1024
"""Of one rationale, as in SpeechJudge's release; one that is longer has no conclusion."""

Scores = tuple[float, float]
"""Of what came first and of what came second, 1 to 10."""


class Comparer:
    """Compares clips with one model.

    Args:
        loaded: The model.
        prompts: What it is told; where they say nothing of comparing, audiojudge's own.
        longest_s: The longest audio it hears at once, in seconds.
        temperature: With which several rationales are sampled.
        notice: Told when memory runs short.
        read: Reads the two scores off a rationale.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        prompts: PromptSet,
        longest_s: float,
        temperature: float,
        notice: Callable[[str], None],
        *,
        read: Callable[[str], Scores | None] = read_scores,
    ) -> None:
        self._prompts = prompts
        self._longest_s = longest_s
        self._temperature = temperature
        self._chat = Chat(loaded.tokenizer)
        self._session = Session(loaded, notice)
        self._read = read

    def compare(self, a: Case, b: Case, votes: int = 1, seed: int = 0) -> Compared:
        """Return which of two clips is better, heard in both orders.

        Args:
            a: One clip; its caption is the text that both were to say, or what both were to be.
            b: The other.
            votes: Rationales per order; a single one is written greedily, several are sampled and averaged.
            seed: Of the sampling.

        Raises:
            ClipError: If the two cannot be heard, or too few rationales end in two scores.
            InputError: If there are no votes, or more than `MOST_VOTES`.
        """
        if not 1 <= votes <= MOST_VOTES:
            raise InputError(f"the number of votes must be from 1 to {MOST_VOTES}, not {votes}")
        wording = compare_wording(self._prompts, a.language)
        self._session.prefill(self._chat.opening(wording.system, wording.before(a.caption)))
        clips = [self._samples(case) for case in (a, b)]
        heard = [self._session.encode(clip) for clip in clips]
        names = [int(case.waveform.sha256[:15] or "0", 16) for case in (a, b)]
        rows = []
        for first, second in ((0, 1), (1, 0)):
            # Seeded by the clips, so that the order in which they are named changes nothing.
            picks: list[Pick] = [
                Drawn((seed, names[first], names[second], vote), self._temperature) for vote in range(votes)
            ]
            start = self._session.read(heard[first], self._chat.plain(wording.second), heard[second])
            suffix = self._chat.suffix(wording.question)
            texts = self._session.sample(start, suffix, picks if votes > 1 else [greedy], MOST_TOKENS, self._chat.stops)
            rows.append([self._chat.text(text.tokens) if text.ended else None for text in texts])
        scores = [[None if text is None else self._read(text) for text in row] for row in rows]
        found = settled(scores[0], scores[1])
        return replace(found, rationale=telling(rows[0], scores[0], found.score_a - found.score_b))

    def _samples(self, case: Case) -> NDArray[np.float32]:
        rate = self._session.loaded.rate
        samples = case.waveform.at(rate)
        if len(samples) > int(self._longest_s * rate):
            raise ClipError(
                "judge",
                f"{len(samples) / rate:.0f} s are too long to compare: the model hears {self._longest_s:g} s at once",
            )
        return samples


def settled(forward: Sequence[Scores | None], backward: Sequence[Scores | None]) -> Compared:
    """Return what both orders say together.

    The scores are means over both orders. Where the orders contradict each other, neither is better: both get the mean
    of all. The bias is half of what a clip gains by coming first instead of second, in points.

    Args:
        forward: The two scores of every rationale that heard the first clip first; None where there are none.
        backward: Of those that heard the second clip first.

    Raises:
        ClipError: If in either order less than half of the rationales, or none, end in two scores.
    """
    (a1, b1), (b2, a2) = _mean(forward), _mean(backward)
    margin_first, margin_second = a1 - b1, a2 - b2
    bias = round((margin_first - margin_second) / 2, 4)
    score_a, score_b = (a1 + a2) / 2, (b1 + b2) / 2
    told = f"Heard first {_told(a1, b1)}, heard second {_told(a2, b2)}; coming first is worth {bias:+.2f} points."
    unread = sum(row is None for row in (*forward, *backward))
    if unread:
        told += f" {unread} of {len(forward) + len(backward)} rationales do not end in two scores and do not count."
    if margin_first * margin_second < 0:
        both = round((score_a + score_b) / 2, 4)
        return Compared(both, both, f"The two orders contradict each other. {told}", bias, contradicted=True)
    return Compared(round(score_a, 4), round(score_b, 4), told, bias)


def telling(texts: Sequence[str | None], scores: Sequence[Scores | None], margin: float) -> str:
    """Return the first rationale that agrees with the outcome; empty where none does.

    Args:
        texts: Of the order that heard the first clip first, so that its output A is the first clip.
        scores: What each of them ends in; None where it does not.
        margin: Of the outcome: by how much the first clip is better.
    """
    agreed = (
        text for text, pair in zip(texts, scores, strict=True) if pair and _sign(pair[0] - pair[1]) == _sign(margin)
    )
    return next(agreed, None) or ""


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _mean(rows: Sequence[Scores | None]) -> Scores:
    known = [row for row in rows if row is not None]
    if not known or 2 * len(known) < len(rows):
        raise ClipError(
            "judge", f"{len(rows) - len(known)} of {len(rows)} rationales of one order do not end in two scores"
        )
    return sum(first for first, _ in known) / len(known), sum(second for _, second in known) / len(known)


def _told(score_a: float, score_b: float) -> str:
    return f"A has {score_a:.2f} to {score_b:.2f}"


def compare_wording(prompts: PromptSet, language: str) -> CompareWording:
    """Return how two clips are compared in a language; audiojudge's own words where the prompts have none."""
    chosen = prompts.wording(language).compare or bundled_prompts("default").wording(language).compare
    assert chosen is not None  # noqa: S101 - the bundled prompts have both
    return chosen
