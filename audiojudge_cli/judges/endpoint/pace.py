"""How many requests are in flight: as many as the server answers well (additive increase, multiplicative decrease).

Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance in computer networks" (1989);
the quick start is that of TCP (RFC 5681).
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

FIRST = 8
"""Requests at once before anything is known of the server: what one GPU takes without noticing."""
# Half, as in TCP: overload is told by refusals, and a refused request costs the server little.
_OVERLOADED = 0.5
# Waiting in the server's own queue costs nobody anything but time, so less is taken back.
_SLOW = 0.7
# A queue of three for each one served keeps a server busy; a longer one only adds to the time that an answer takes.
_SLOWER = 4.0
# Where the limit is small, it grows by one in so many answers: one in two would be refused by a server with one slot.
_SLOWLY = 16.0


@dataclass(slots=True)
class Entry:
    """One request in flight.

    Attributes:
        generation: How often the limit had been lowered when it began.
        began: When it began.
    """

    generation: int
    began: float


class Pace:
    """Lets requests in, the first of the lowest rank before others; used on one event loop.

    The limit doubles with every round of answers until the first overload, and then grows by one a round, of 16 answers
    at least. An overload halves it, once for all requests that were sent before. Answers that take four times as long
    as the quickest to requests of about their size are taken for a queue: they take back what was added to the first
    limit, never more.

    Args:
        most: Never more at once.
        clock: Seconds.

    Attributes:
        limit: How many may be in flight.
        in_flight: How many are.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._least = float(min(FIRST, most))
        self.limit = self._least
        self.in_flight = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._generation = 0
        self._is_quick = True
        self._held_until = 0.0
        self._quickest: dict[int, float] = {}
        self._round: list[float] = []

    @asynccontextmanager
    async def turn(self, rank: int) -> AsyncIterator[Entry]:
        """Wait for a turn, and be in flight within the block."""
        await self._enter(rank)
        try:
            yield Entry(self._generation, self._clock())
        finally:
            self.in_flight -= 1
            self._wake()

    def answered(self, entry: Entry, size: int = 0) -> None:
        """Learn from an answer, within its turn.

        Args:
            entry: Of the turn.
            size: Of the request, in bytes: a longer clip takes longer to read. Sizes count as alike within a power of
                two.
        """
        took = self._clock() - entry.began
        kind = size.bit_length()
        self._quickest[kind] = min(took, self._quickest.get(kind, took))
        self._round.append(took / max(self._quickest[kind], 1e-6))
        if self.in_flight >= int(self.limit):
            grown = 1.0 if self._is_quick else 1.0 / max(self.limit, _SLOWLY)
            self.limit = min(float(self._most), self.limit + grown)
        if len(self._round) >= int(self.limit):
            if median(self._round) > _SLOWER:
                self.limit = min(self.limit, max(self._least, self.limit * _SLOW))
                self._is_quick = False
            self._round.clear()

    def overloaded(self, entry: Entry, hold_s: float = 0.0) -> None:
        """Learn from a refusal, a time-out or a broken connection, within its turn.

        Args:
            entry: Of the turn.
            hold_s: For so many seconds nobody else gets a turn.
        """
        if hold_s:
            self._held_until = max(self._held_until, self._clock() + hold_s)
            asyncio.get_running_loop().call_later(hold_s, self._wake)
        if entry.generation == self._generation:
            self.limit = max(1.0, self.limit * _OVERLOADED)
            self._generation += 1
            self._is_quick = False
            self._round.clear()

    async def _enter(self, rank: int) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._numbers), future))
        self._wake()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.in_flight -= 1
                self._wake()
            raise

    def _wake(self) -> None:
        if self._clock() < self._held_until:
            return
        while self._waiting and self.in_flight < int(self.limit):
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                self.in_flight += 1
                future.set_result(None)
