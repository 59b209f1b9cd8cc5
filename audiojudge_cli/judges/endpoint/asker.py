"""Ask a server until it answers, within the budget, at its pace; and know when it is gone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.endpoint.reply import BrokenReplyError, Reply, Usage, read_reply
from audiojudge_cli.servers.again import AGAIN, OVERLOADED, THIS_ONE, remedy, retry_after
from audiojudge_cli.servers.client import ExchangeError

if TYPE_CHECKING:
    from audiojudge_cli.judges.endpoint.budget import Budget, Reservation
    from audiojudge_cli.judges.endpoint.pace import Pace
    from audiojudge_cli.servers.client import Answer, Client

ATTEMPTS = 5
"""Of one request; with waits of 0.5, 1, 2 and 4 s between them a server may be gone for 7.5 s, and longer where it says
so itself."""
# A server that is too slow twice is not faster the third time.
_TIME_OUTS = 2
# Waits are drawn from this much more, so that requests that failed together do not come back together.
_JITTER = 0.5


class GoneError(Exception):
    """No request can be answered any more; the message says why."""


class RefusedRequestError(Exception):
    """The server does not take this one request; others may well be answered."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an attempt failed, and how long to wait at least before the next one; None: as usual."""

    reason: str
    header: str | None = None
    is_late: bool = False
    is_overload: bool = True


class Asker:
    """Sends requests to one server; used on the loop of `servers.loop`.

    Args:
        client: Of the server.
        pace: How many at once.
        budget: What may be spent.

    Attributes:
        budget: As given.
        served: The model that answers must come from, as the server names it; empty: any.
        check_up: A request that the server has answered once: whether it still does tells a server that is gone from a
            clip that it stumbles over. Empty: none has been answered yet.
    """

    def __init__(self, client: Client, pace: Pace, budget: Budget) -> None:
        self.budget = budget
        self._client, self._pace = client, pace
        self._checking = asyncio.Lock()
        self._gone = ""
        self._random = random.Random()  # noqa: S311 - when to ask again is no secret
        self.served = ""
        self.check_up: Sequence[bytes] = ()

    @property
    def shown(self) -> str:
        """The server's address, for messages."""
        return self._client.address.shown

    async def ask(self, body: Sequence[bytes], rank: int = 0, reservation: Reservation | None = None) -> Reply:
        """Return the answer to one request.

        Overload (429, 5xx), time-outs, broken connections and answers that cannot be read are tried again.

        Args:
            body: JSON, in pieces.
            rank: Requests of a lower one go first.
            reservation: In which it was planned.

        Raises:
            RefusedRequestError: If the server does not take this request.
            ClipError: If it gave no answer to this request, though it does to others.
            GoneError: If it answers nobody, or refuses us altogether.
            SpentError: If the budget does not allow another attempt.
        """
        late = 0
        trouble = Trouble("")
        for attempt in range(ATTEMPTS):
            found = await self._once(body, rank, reservation, attempt)
            if isinstance(found, Reply):
                return found
            trouble = found
            late += trouble.is_late
            if late >= _TIME_OUTS:
                break
            if attempt + 1 < ATTEMPTS:
                wait = retry_after(trouble.header, attempt)
                await asyncio.sleep(wait * (1 + self._random.uniform(0, _JITTER)))
        tried = late if late >= _TIME_OUTS else ATTEMPTS
        told = f"{self.shown} gave no answer in {tried} attempts, last: {trouble.reason}"
        if await self._is_gone():
            raise GoneError(told)
        raise ClipError("endpoint", told)

    async def _is_gone(self) -> bool:
        """Return whether the server does not answer what it has answered before, either."""
        async with self._checking:
            if not self._gone:
                self.budget.send(None, is_first=True)
                found = await self._exchange(self.check_up) if self.check_up else Trouble("nothing was answered yet")
                if isinstance(found, Reply):
                    self.budget.take(None, found.usage or Usage())
                    return False
                self._gone = found.reason
            return True

    async def _once(
        self, body: Sequence[bytes], rank: int, reservation: Reservation | None, attempt: int
    ) -> Reply | Trouble:
        async with self._pace.turn(rank) as entry:
            self.budget.send(reservation, is_first=attempt == 0)
            found = await self._exchange(body)
            if isinstance(found, Reply):
                self._pace.answered(entry, sum(map(len, body)))
                self.budget.take(reservation, found.usage or Usage())
                self._refuse_another(found)
            elif found.is_overload:
                hold = retry_after(found.header, 0) if found.header else 0.0
                self._pace.overloaded(entry, hold)
            return found

    async def _exchange(self, body: Sequence[bytes]) -> Reply | Trouble:
        try:
            answer = await self._client.exchange("POST", "/chat/completions", body)
        except TimeoutError:
            return Trouble(f"no whole answer within {self._client.timeout_s:g} s", is_late=True)
        except ExchangeError as error:
            return Trouble(str(error))
        if 200 <= answer.status < 300:
            return self._read(answer)
        if answer.status in AGAIN:
            is_overload = answer.status in OVERLOADED or answer.status >= 500
            return Trouble(answer.told, answer.headers.get("retry-after"), is_overload=is_overload)
        if answer.status in THIS_ONE:
            raise RefusedRequestError(answer.told)
        raise GoneError(f"{self.shown} refused the request: {answer.told}{remedy(answer.status)}")

    def _read(self, answer: Answer) -> Reply | Trouble:
        if answer.is_cut:
            return Trouble(f"more than {len(answer.body) >> 20} MiB as an answer", is_overload=False)
        try:
            return read_reply(answer.body)
        except BrokenReplyError as error:
            return Trouble(str(error), is_overload=False)

    def _refuse_another(self, reply: Reply) -> None:
        if self.served and reply.model and reply.model != self.served:
            raise GoneError(
                f"{self.shown} now answers with another model, {reply.model[:200]!r}; this run began with "
                f"{self.served[:200]!r}, and answers of two models are not mixed"
            )
