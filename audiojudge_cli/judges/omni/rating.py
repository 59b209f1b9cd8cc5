"""Ratings by an audio language model: the expectation over the values of the scale (Jastin, arXiv 2605.04505).

head ──► audio ──► instruction 1 ──► tree of its values
once     once  └─► instruction 2 ──► tree of its values
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.jobs import samples
from audiojudge_cli.judges.omni.prompts import fill
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.value_spellings import Tree, ends_of, is_number, steps_of, tree_of
from audiojudge_cli.judges.omni.windows import windows
from audiojudge_cli.scales.rated import Rated, Unrated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.prompts import PromptSet, Wording
    from audiojudge_cli.judges.omni.session import Heard
    from audiojudge_cli.scales.instruction import Criterion
    from audiojudge_cli.scales.scale import Scale

_WINDOWED = (
    "longer than the {window_s:g} s that the model hears at once: "
    "rated in {windows} windows that overlap and count alike"
)
_HAN, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]+")


class Rater:
    """Rates clips with one model.

    Args:
        loaded: The model.
        prompts: What it is told.
        longest_s: The longest audio it hears at once, in seconds.
        floor: Smallest probability of all values of a scale together that counts as an answer.
        notice: Told when memory runs short.
    """

    def __init__(
        self, loaded: LoadedModel, prompts: PromptSet, longest_s: float, floor: float, notice: Callable[[str], None]
    ) -> None:
        self._prompts = prompts
        self._longest_s = longest_s
        self._rate = loaded.rate
        self._floor = floor
        self._chat = Chat(loaded.tokenizer)
        self._sessions = [(wording, Session(loaded, notice)) for wording in prompts.wordings]
        self._trees: dict[tuple[Scale, Wording], Tree] = {}
        self._ends: dict[bool, NDArray[np.int64]] = {}

    def rate(self, case: Case, criteria: Sequence[Criterion]) -> list[Rated | Unrated | Exception]:
        """Return one rating per criterion, in order (`judges.rating.Rating`).

        Criteria are asked in the wording of their own language; each wording hears every window once.

        Raises:
            ClipError: If the clip cannot be heard.
        """
        spans = windows(len(case.waveform.at(self._rate)), self._longest_s, self._rate)
        found: dict[int, list[list[float] | ClipError]] = {number: [] for number in range(len(criteria))}
        for wording, session in self._sessions:
            numbers = [at for at, one in enumerate(criteria) if self._prompts.wording(language_of(one)) is wording]
            for span in spans if numbers else ():
                session.prefill(self._chat.head(wording.model_copy(update={"system": wording.system_rate})))
                (heard,) = session.hear([samples(case, span, self._rate)])
                for number in numbers:
                    found[number].append(self._values(session, heard, wording, criteria[number]))
        window_s = (spans[0][1] - spans[0][0]) / self._rate
        return [self._combined(one, found[at], window_s) for at, one in enumerate(criteria)]

    def _values(
        self, session: Session, heard: Heard, wording: Wording, criterion: Criterion
    ) -> list[float] | ClipError:
        """Return the probability of each value."""
        scale = criterion.scale
        key = (scale, wording)
        if key not in self._trees:
            self._trees[key] = tree_of(scale, self._chat, wording.answers)
        tree = self._trees[key]
        places = {"instruction": criterion.instruction, "scale": scale.text(), "dimension": criterion.name}
        asked = self._chat.suffix(fill(wording.rate, places), wording.answer_start)
        numbers = is_number(scale.spellings[0])
        if numbers not in self._ends:
            self._ends[numbers] = ends_of(self._chat, numbers=numbers)
        try:
            logs = session.follow(heard, asked, tree.nexts, self._ends[numbers])
        except ClipError as error:
            return error
        return tree.probabilities(steps_of(tree, logs))

    def _combined(
        self, criterion: Criterion, rows: Sequence[list[float] | ClipError], window_s: float
    ) -> Rated | Unrated | Exception:
        if fault := next((row for row in rows if isinstance(row, ClipError)), None):
            return fault
        return rating_of(
            criterion.scale, [row for row in rows if not isinstance(row, ClipError)], self._floor, window_s
        )


def rating_of(scale: Scale, rows: Sequence[Sequence[float]], floor: float, window_s: float) -> Rated | Unrated:
    """Return the rating of a clip.

    Several windows count alike, as for all qualities: the rating is that of the mean of their distributions, and none
    where one window gives none.

    Args:
        scale: The values.
        rows: Per window, the probability of each value.
        floor: Smallest probability of all values together that counts as an answer.
        window_s: How long a window is, in seconds.
    """
    windowed = () if len(rows) == 1 else (_WINDOWED.format(window_s=window_s, windows=len(rows)),)
    masses = [min(1.0, sum(row)) for row in rows]
    least = round(min(masses), 4)
    missing = sum(mass <= 0 or round(mass, 4) < floor for mass in masses)
    if missing:
        told = (
            f"the model would rather say something else than a value {scale.text()}: together they have a probability "
            f"of {least:.2f}, and the floor is {floor:g}"
        )
        return Unrated(told if len(rows) == 1 else f"in {missing} of {len(rows)} windows {told}", windowed)
    shares = np.mean([np.array(row) / sum(row) for row in rows], axis=0)
    mean, spread = scale.mean(shares.tolist())
    best = int(shares.argmax())
    evidence = f"The likeliest value is {scale.spellings[best]}, with a probability of {shares[best]:.2f}."
    if len(rows) > 1:
        evidence += f" (Mean of {len(rows)} windows of {window_s:g} s that overlap.)"
    return Rated(scale.position(mean), spread / scale.span, evidence, facts={"scale_mass": least}, warnings=windowed)


def language_of(criterion: Criterion) -> str:
    """Return the language of an instruction (`language_in`)."""
    return language_in(criterion.asking)


def language_in(text: str) -> str:
    """Return `zh` for a text with more Chinese characters than words in Latin letters, else `en`."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"
