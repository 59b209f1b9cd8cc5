"""The endpoint judge: one yes/no question per request to a server that hears audio, many requests at once."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli import __version__
from audiojudge_cli.code_digest import JUDGING, code_digest
from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.judges.endpoint.asker import Asker, GoneError, RefusedRequestError
from audiojudge_cli.judges.endpoint.budget import Budget, SpentError
from audiojudge_cli.judges.endpoint.odds import bounded_odds
from audiojudge_cli.judges.endpoint.pace import Pace
from audiojudge_cli.judges.endpoint.probe import Wanted, probe
from audiojudge_cli.judges.endpoint.request import Ability, Manner, packed, request
from audiojudge_cli.judges.endpoint.words import counted
from audiojudge_cli.judges.omni.aggregate_windows import aggregate
from audiojudge_cli.judges.omni.combine import Part
from audiojudge_cli.judges.omni.jobs import samples
from audiojudge_cli.judges.omni.prompts import PromptSet, bundled_prompts, fill, read_prompts
from audiojudge_cli.judges.omni.spellings import written
from audiojudge_cli.judges.omni.windows import RATE, windows
from audiojudge_cli.servers.address import read_address
from audiojudge_cli.servers.client import Client
from audiojudge_cli.servers.loop import together, wait_for
from audiojudge_cli.waits import StoppedError
from audiojudge_cli.weights.server import Server

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Case, Scope
    from audiojudge_cli.judges.endpoint.budget import Reservation
    from audiojudge_cli.judges.endpoint.reply import Reply
    from audiojudge_cli.judges.omni.prompts import Wording
    from audiojudge_cli.judges.omni.windows import Span
    from audiojudge_cli.results.verdict import Verdict
    from audiojudge_cli.rubrics.writer import Writer

_OMNI = ("aggregate_windows", "combine", "jobs", "polarity", "prompts", "spellings", "windows")
SOURCES = ("judges/endpoint", *(f"judges/omni/{name}.py" for name in _OMNI), *JUDGING)
"""The code that answers rest on."""

# As the thinkers of Qwen-Omni hear at once; others need a card or preset that says so.
_LONGEST_S = 300.0
_FLOOR = 0.5
# What OpenAI allows at most, and vLLM unless it is told otherwise (--max-logprobs).
_TOP = 20
# What keeps one large GPU busy with a 7B model; a server that cannot take it says so, and gets less.
_AT_ONCE = 32
_TIMEOUT_S = 120.0
# An answer is one token with its neighbours: some kilobytes.
_LONGEST_ANSWER = 4 << 20
# Clips in flight when the end is asked for may be answered within this; what is paid for is not thrown away.
_GRACE_S = 10.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the model is asked.

    Attributes:
        model: Its name at the server.
        prompts: What it is told.
        longest_s: The longest audio it hears at once, in seconds.
        floor: Smallest probability of yes and no together that counts as an answer, in [0, 1].
        samples: Answers per question, where they are text.
        at_once: Most requests in flight.
    """

    model: str
    prompts: PromptSet
    longest_s: float = _LONGEST_S
    floor: float = _FLOOR
    samples: int = 1
    at_once: int = _AT_ONCE


@dataclass(frozen=True, slots=True)
class _Heard:
    """What all requests about one clip share.

    Attributes:
        manner: How the model is asked.
        rank: Those of a clip that was begun earlier go first.
        reserved: The requests that are planned for it.
    """

    manner: Manner
    rank: int
    reserved: Reservation


class EndpointJudge:
    """Answers items with a model behind a server.

    All questions about a window go together: the first alone, so that the server has read the audio when the others
    come, and those before any question about a clip that was begun later.

    Args:
        name: As records name it.
        asker: Sends the requests.
        ability: How the server is asked.
        options: How the model is asked.
        write: Makes a writer of the same model.

    Attributes:
        ability: As given.
        options: As given.
    """

    remote = True
    scope: Scope = "caption"

    def __init__(
        self, name: str, asker: Asker, ability: Ability, options: Options, write: Callable[[], Writer]
    ) -> None:
        self.name = name
        self.ability, self.options = ability, options
        self._asker, self._budget, self._write = asker, asker.budget, write
        self._ranks = itertools.count()
        self._ended: str | None = None

    @property
    def device(self) -> str:
        """The server."""
        return self._asker.shown

    @property
    def concurrent(self) -> int:
        """Clips at once: as many as requests, for a clip may have a single item."""
        return self.options.at_once

    @property
    def ended(self) -> str | None:
        """Why it answers no more (`judges.base.Remote`)."""
        return self._ended

    @property
    def spent(self) -> Mapping[str, float]:
        """Requests, tokens and what they cost so far."""
        return self._budget.spent

    @property
    def fingerprint(self) -> str:
        """Digest of everything an answer depends on that we know: not of where the server is."""
        options, ability = self.options, self.ability
        parts = (
            options.model,
            ability.served,
            ability.audio,
            f"top {ability.top}" if ability.top else f"text {options.samples} {ability.is_constrained}",
            options.prompts.digest,
            f"{options.longest_s:g} {options.floor:g}",
            code_digest(*SOURCES),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def writer(self) -> Writer:
        """The same model as a writer."""
        return self._write()

    def describe(self) -> Mapping[str, str]:
        """Return server, model, prompts and how it is asked."""
        options, ability = self.options, self.ability
        return {
            "card": self.name,
            "version": __version__,
            "code": code_digest(*SOURCES),
            "server": self._asker.shown,
            "model": options.model,
            "served": ability.served,
            "audio": ability.audio,
            "answers": f"top {ability.top} log-probabilities" if ability.top else f"text, {options.samples} samples",
            "prompts": options.prompts.name,
            "prompts.sha256": options.prompts.digest,
            "max_audio_s": f"{options.longest_s:g}",
            "yes_no_floor": f"{options.floor:g}",
        }

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one verdict per item, in order, for every case.

        Raises:
            ClipError: If the server gave no answer about one case, or does not take it.
            StoppedError: If it answers no more (`ended`), or the end of the run is asked for.
        """
        if self._ended:
            raise StoppedError
        try:
            return wait_for(together([self._one(case) for case in cases]), grace_s=_GRACE_S)
        except SpentError as error:
            self._ended = self._ended or f"the budget is used up: {error}"
        except GoneError as error:
            self._ended = self._ended or str(error)
        raise StoppedError

    async def _one(self, case: Case) -> list[Verdict]:
        if not case.items:
            return []
        spans = windows(len(case.waveform.at(RATE)), self.options.longest_s)
        wording = self.options.prompts.wording(case.language)
        rank = next(self._ranks)
        with self._budget.reserve(len(spans) * len(case.items) * self._times) as reserved:
            heard = _Heard(Manner(self.options.model, self.ability, wording, self._times > 1), rank, reserved)
            parts = [await self._window(case, span, heard) for span in spans]
        return aggregate(case, spans, parts, self.name)

    async def _window(self, case: Case, span: Span, heard: _Heard) -> list[Part]:
        audio = await asyncio.to_thread(packed, samples(case, span))
        wording = heard.manner.wording
        first, *rest = [
            fill(wording.question, {"question": item.question, "caption": case.caption, "dimension": item.dimension})
            for item in case.items
        ]
        begun = await self._part(heard, audio, first)
        return [begun, *await together([self._part(heard, audio, question) for question in rest])]

    async def _part(self, heard: _Heard, audio: bytes, question: str) -> Part:
        replies = await together([self._ask(heard, audio, question, number) for number in range(self._times)])
        if not self.ability.top:
            return counted([reply.text for reply in replies])
        return self._weighed(replies[0], heard.manner.wording)

    async def _ask(self, heard: _Heard, audio: bytes, question: str, number: int) -> Reply:
        body = request(heard.manner, audio, question, sample=number)
        try:
            return await self._asker.ask(body, heard.rank, heard.reserved)
        except RefusedRequestError as error:
            told = f"{self._asker.shown} does not take a question about this clip: {error}"
            raise ClipError("endpoint", told) from None

    @property
    def _times(self) -> int:
        """Answers per question."""
        return 1 if self.ability.top else self.options.samples

    def _weighed(self, reply: Reply, wording: Wording) -> Part:
        if reply.tops is None:
            return Part(None, reason="the server told no log-probabilities for this answer, though it does for others")
        words = wording.answers
        odds = bounded_odds(reply.tops, written(words.yes), written(words.no), is_top=reply.is_top)
        mass, told = round(odds.mass, 4), len(reply.tops)
        if odds.p_yes is None:
            return Part(
                None,
                0.0,
                reason=f"neither yes nor no is among the {told} likeliest tokens; all others together have a "
                f"probability of {odds.rest:.2f}",
            )
        if mass < self.options.floor:
            return Part(
                None,
                mass,
                reason="the model would rather say something else than yes or no: together they have a probability of "
                f"{mass:.2f}, and the floor is {self.options.floor:g}",
            )
        return Part(odds.p_yes, mass, error=odds.error)


def load(
    *,
    card: str | None = None,
    device: str = "auto",
    threads: int | None = None,
    prompts: str | None = None,
    endpoint: Server | None = None,
) -> EndpointJudge:
    """Return the endpoint judge (entry point `audiojudge.judges`: `endpoint`).

    Args:
        card: Name or path of a card with an `endpoint` section; None: everything is in `endpoint`.
        device: Not used: the server has its own.
        threads: Not used: threads of this judge wait.
        prompts: File of prompts; None takes those that card or preset name.
        endpoint: Server and options, over those of the card.

    Raises:
        InputError: If no server or model is named, or an option does not fit.
        NotJudgedError: If the server cannot be reached, takes no audio, or cannot answer as wanted.
    """
    del device, threads
    name, told = _on_card(card)
    asked = (endpoint or Server()).over(told)
    if asked.base_url is None or asked.model is None:
        missing = "--base-url (http://host:8000/v1)" if asked.base_url is None else "--model, its name at the server"
        raise InputError(f"the endpoint judge needs {missing}; or name it in a card or preset (docs/endpoint.md)")
    if asked.max_cost is not None and asked.price is None:
        raise InputError("--max-cost needs to know what tokens cost: give endpoint.price in the preset or card")
    own = read_prompts(Path(prompts)) if prompts else bundled_prompts(asked.prompts or "default")
    given = asked.given
    renamed = {"longest_s": "max_audio_s", "floor": "refusal_floor", "samples": "samples", "at_once": "concurrency"}
    options = Options(asked.model, own, **{name: given[key] for name, key in renamed.items() if key in given})
    budget = Budget(asked.max_requests, asked.max_tokens, asked.max_cost, asked.price)
    client = Client(
        read_address(asked.base_url),
        timeout_s=asked.timeout_s or _TIMEOUT_S,
        most_bytes=_LONGEST_ANSWER,
        connections=options.at_once,
    )
    asker = Asker(client, Pace(options.at_once), budget)
    wanted = Wanted(asked.audio or "auto", asked.answers or "auto", asked.top_logprobs or _TOP, budget.counts_tokens)
    ability = wait_for(probe(asker, options.model, own.wordings[0], wanted))

    def write() -> Writer:
        from audiojudge_cli.rubrics.endpoint import EndpointWriter

        return EndpointWriter(str(asked.base_url), options.model)

    return EndpointJudge(name or f"endpoint:{asked.model}", asker, ability, options, write)


def _on_card(card: str | None) -> tuple[str, Server | None]:
    if card is None:
        return "", None
    from audiojudge_cli.text.terminal import shown
    from audiojudge_cli.weights.catalog import find_card

    found = find_card(card)
    if found.endpoint is None:
        raise InputError(f"{shown(found.path)}: the card has no endpoint section, and the endpoint judge needs one")
    return found.name, found.endpoint
