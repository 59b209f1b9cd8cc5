"""What it takes to be asked in one language: wording, tokens of yes and no, and a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiojudge_cli.judges.omni.answer_parser import one_line
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.combine import Part
from audiojudge_cli.judges.omni.prompts import fill
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.spellings import Spellings, spellings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.odds import Odds
    from audiojudge_cli.judges.omni.prompts import Wording
    from audiojudge_cli.judges.omni.session import Heard
    from audiojudge_cli.rubrics.item import RubricItem

_EVIDENCE_TOKENS = 80


@dataclass(frozen=True, slots=True)
class PromptedSession:
    """A model that listens in one language.

    Attributes:
        session: Its own, with the head of these prompts.
        chat: Builds token ids.
        wording: The prompts.
        spellings: Tokens of yes and no; None where answers are not asked for one by one.
        floor: Smallest probability of yes and no together that counts as an answer.
    """

    session: Session
    chat: Chat
    wording: Wording
    spellings: Spellings | None
    floor: float

    def hear(self, audios: Sequence[NDArray[np.float32]]) -> list[Heard]:
        """Read clips after the head of the prompts, which is read with the first of them."""
        self.session.prefill(self.chat.head(self.wording))
        return self.session.hear(audios)

    def answers(self, heard: Sequence[Heard], cases: Sequence[Case]) -> list[list[Part]]:
        """Answer every item of every clip from the logits of the next token."""
        assert self.spellings is not None  # noqa: S101 - made for asking one by one
        suffixes = [[self._question(case, item) for item in case.items] for case in cases]
        odds = self.session.ask(heard, suffixes, self.spellings.yes, self.spellings.no)
        return [[self.part(each) for each in row] for row in odds]

    def part(self, odds: Odds, evidence: str = "") -> Part:
        """Return what the odds say; nothing where the model would rather say something else than yes or no."""
        mass = round(odds.mass, 4)
        if mass < self.floor:
            return Part(
                None,
                mass,
                reason="the model would rather say something else than yes or no: together they have a probability of "
                f"{mass:.2f}, and the floor is {self.floor:g}",
            )
        return Part(odds.p_yes, mass, evidence)

    def explain(self, heard: Heard, case: Case, row: list[Part], numbers: Iterable[int]) -> None:
        """Have the model say in one sentence why it answered no, for those of the numbered items where it did.

        Args:
            heard: The clip, or the window, that `row` is about.
            case: Its items.
            row: The part of each item; gets the evidence.
            numbers: Which items may be asked about.
        """
        for number in numbers:
            part = row[number]
            if part.p_yes is not None and part.p_yes < 0.5:
                suffix = self.chat.suffix(fill(self.wording.evidence, _values(case, case.items[number])))
                written = self.session.write(heard, suffix, _EVIDENCE_TOKENS, self.chat.stops)
                row[number] = replace(part, evidence=one_line(self.chat.text(written)))

    def _question(self, case: Case, item: RubricItem) -> list[int]:
        return self.chat.suffix(fill(self.wording.question, _values(case, item)), self.wording.answer_start)


def _values(case: Case, item: RubricItem) -> dict[str, str]:
    return {"question": item.question, "caption": case.caption, "dimension": item.dimension}


def prompted_session(
    loaded: LoadedModel, wording: Wording, floor: float, notice: Callable[[str], None], *, one_by_one: bool = True
) -> PromptedSession:
    """Return a session; nothing is read yet.

    Args:
        loaded: The model.
        wording: The prompts.
        floor: Smallest probability of yes and no together that counts as an answer.
        notice: Told when memory runs short.
        one_by_one: Whether items will be asked one by one, each answered by a single token.

    Raises:
        WeightsError: If the tokenizer lacks the tokens of turns, or a single token for yes or no.
    """
    chat = Chat(loaded.tokenizer)
    if not one_by_one:
        wording = wording.model_copy(update={"system": wording.system_generate})
    words = wording.answers
    spellings = spellings_of(loaded.tokenizer, words.yes, words.no) if one_by_one else None
    return PromptedSession(Session(loaded, notice), chat, wording, spellings, floor)
