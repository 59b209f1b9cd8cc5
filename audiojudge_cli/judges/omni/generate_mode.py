"""Generate mode: the model answers all items of a clip in one text, and its own words are weighed afterwards.

The text alone says yes or no, which as a number would be 1 or 0 and claim a certainty nobody measured. So the text is
read once more: at the place where each answer stands, the odds of yes against no are taken from the logits, given
everything the model had written up to there.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.answer_parser import ParsedAnswer, parse_answers
from audiojudge_cli.judges.omni.combine import Part
from audiojudge_cli.judges.omni.prompts import fill
from audiojudge_cli.judges.omni.spellings import spellings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.chat import Chat
    from audiojudge_cli.judges.omni.odds import Odds
    from audiojudge_cli.judges.omni.prompted_session import PromptedSession
    from audiojudge_cli.judges.omni.session import Heard

_TOKENS, _TOKENS_AN_ITEM, _MOST_TOKENS = 64, 80, 8192


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer stands.

    Attributes:
        token: Number of the token that holds its first letter.
        lead: What that token holds before the letter (a quote, a space).
    """

    token: int
    lead: str


def speak(prompted: PromptedSession, heard: Heard, case: Case) -> list[Part]:
    """Answer all items of a clip in one text."""
    listed = "\n".join(
        fill(
            prompted.wording.item,
            {"number": str(number), "question": " ".join(item.question.split()), "dimension": item.dimension},
        )
        for number, item in enumerate(case.items, 1)
    )
    values = {"items": listed, "caption": case.caption, "count": str(len(case.items))}
    asked = prompted.chat.suffix(fill(prompted.wording.generate, values))
    room = min(_MOST_TOKENS, _TOKENS + _TOKENS_AN_ITEM * len(case.items))
    written = prompted.session.write(heard, asked, room, prompted.chat.stops)
    words = prompted.wording.answers
    said = parse_answers(prompted.chat.text(written), len(case.items), words.yes, words.no)
    odds = _weigh(prompted, heard, asked, written, said)
    return [_part(prompted, each, odds.get(number)) for number, each in enumerate(said)]


def _weigh(
    prompted: PromptedSession, heard: Heard, asked: Sequence[int], written: Sequence[int], said: Sequence[ParsedAnswer]
) -> dict[int, Odds]:
    """Return the odds at each answer's place, by number of the item."""
    ends = _ends(prompted.chat, written)
    places = {
        number: _place(prompted.chat, written, ends, each.start)
        for number, each in enumerate(said)
        if each.start is not None
    }
    words = prompted.wording.answers
    yes, no = (*words.yes, "true"), (*words.no, "false")
    found: dict[int, Odds] = {}
    for lead in sorted({place.lead for place in places.values()}):
        numbers = [number for number, place in places.items() if place.lead == lead]
        try:
            spelled = spellings_of(prompted.chat.tokenizer, [lead + word for word in yes], [lead + word for word in no])
        except WeightsError:
            continue
        suffixes = [[*asked, *written[: places[number].token]] for number in numbers]
        (odds,) = prompted.session.ask([heard], [suffixes], spelled.yes, spelled.no)
        found |= dict(zip(numbers, odds, strict=True))
    return found


def _ends(chat: Chat, written: Sequence[int]) -> list[int]:
    """Return how many letters are complete after each token."""
    return [len(chat.text(written[: count + 1]).rstrip("\ufffd")) for count in range(len(written))]


def _place(chat: Chat, written: Sequence[int], ends: Sequence[int], start: int) -> _Place:
    token = bisect_right(ends, start)
    begin = ends[token - 1] if token else 0
    return _Place(token, chat.text(written)[begin:start])


def _part(prompted: PromptedSession, said: ParsedAnswer, odds: Odds | None) -> Part:
    if said.yes is None:
        return Part(None, reason=said.reason)
    if odds is None:
        return Part(None, reason="the model's answer to this item cannot be weighed: it is not a single token")
    part = prompted.part(odds, said.evidence)
    if part.p_yes is not None and (part.p_yes >= 0.5) != said.yes:
        word = "yes" if said.yes else "no"
        return Part(None, part.mass, reason=f"the model wrote {word} where yes has a probability of {part.p_yes:.2f}")
    return part
