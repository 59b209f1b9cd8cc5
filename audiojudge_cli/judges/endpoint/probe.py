"""What a server can: how it takes audio, and whether it tells the probabilities of tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.judges.endpoint.asker import GoneError, RefusedRequestError
from audiojudge_cli.judges.endpoint.budget import SpentError
from audiojudge_cli.judges.endpoint.request import FORMS, Ability, Manner, packed, request
from audiojudge_cli.judges.omni.prompts import fill
from audiojudge_cli.judges.omni.windows import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from audiojudge_cli.judges.endpoint.asker import Asker
    from audiojudge_cli.judges.endpoint.reply import Reply
    from audiojudge_cli.judges.omni.prompts import Wording

# Servers that allow fewer than they are asked for allow five: the smallest limit that is documented of any.
_FEWER = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for.

    Attributes:
        audio: `auto`, or how audio must be sent.
        answers: `auto`, `logprobs` or `text`.
        top: How many of the likeliest tokens.
        needs_usage: Whether tokens must be counted.
    """

    audio: str
    answers: str
    top: int
    needs_usage: bool


async def probe(asker: Asker, model: str, wording: Wording, wanted: Wanted) -> Ability:
    """Ask about half a second of a tone, in one way after the other, until one is answered as wanted.

    Raises:
        NotJudgedError: If the server cannot be reached, takes no audio, or cannot answer as wanted.
    """
    audio = packed(_tone())
    question = fill(wording.question, {"question": "Is a tone heard?", "caption": "A tone.", "dimension": "event"})
    refusals: list[str] = []
    silent = False
    for ability in _ways(wanted):
        if silent and ability.top:
            continue
        try:
            found, reply = await _asked(asker, Manner(model, ability, wording), audio, question)
        except RefusedRequestError as error:
            refusals.append(f"{ability.audio}{' with log-probabilities' if ability.top else ''}: {error}")
            continue
        except (GoneError, SpentError) as error:
            raise NotJudgedError(str(error)) from None
        if ability.top and reply.tops is None:
            silent = True
            refusals.append(f"{ability.audio}: answered without log-probabilities")
            continue
        if wanted.needs_usage and reply.usage is None:
            raise NotJudgedError(
                f"{asker.shown} does not count tokens (no usage in its answers), so --max-tokens and --max-cost cannot "
                "be kept; limit the run with --max-requests"
            )
        asker.served = reply.model
        asker.check_up = request(Manner(model, found, wording), audio, question)
        return replace(found, served=reply.model)
    told = "; ".join(dict.fromkeys(refusals))[:900]
    raise NotJudgedError(f"{asker.shown} does not answer questions about audio as it should: {told}")


def _ways(wanted: Wanted) -> Iterator[Ability]:
    forms = [form for form in FORMS if wanted.audio in {"auto", form}]
    tops = {"text": [0], "logprobs": [wanted.top]}.get(wanted.answers, [wanted.top, 0])
    if wanted.top > _FEWER and wanted.answers != "text":
        tops.insert(1, _FEWER)
    return (Ability(form, top) for top in tops for form in forms)


async def _asked(asker: Asker, manner: Manner, audio: bytes, question: str) -> tuple[Ability, Reply]:
    """Ask once, and once more without what the server names as unknown."""
    for _ in range(2):
        ability = manner.ability
        try:
            return ability, await asker.ask(request(manner, audio, question))
        except RefusedRequestError as error:
            told = str(error)
            if "max_completion_tokens" in told and ability.bound == "max_tokens":
                ability = replace(ability, bound="max_completion_tokens")
            elif "response_format" in told and ability.is_constrained and not ability.top:
                ability = replace(ability, is_constrained=False)
            else:
                raise
            manner = replace(manner, ability=ability)
    return manner.ability, await asker.ask(request(manner, audio, question))


def _tone() -> NDArray[np.float32]:
    import numpy as np

    return (0.1 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE)).astype(np.float32)
