"""How many requests are in flight, against simulated servers on a clock of their own."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from audiojudge_cli.judges.endpoint.pace import FIRST, Pace
from tests.conftest import in_a_loop


class Simulated:
    """A server with so many slots: others are refused, or wait in its queue. Time passes only where nothing happens."""

    def __init__(self, slots: int, *, over: str, most: int = 64) -> None:
        self.slots, self.over = slots, over
        self.now = 0.0
        self.pace = Pace(most, clock=lambda: self.now)
        self.free_at = [0.0] * slots
        self.in_flight: list[int] = []
        self.served: list[int] = []
        self.refused = 0

    async def work(self, requests: int) -> None:
        """Send so many requests through the pace, and answer those that are in flight in the order of their ends."""
        ends: list[tuple[float, int, Any]] = []
        counter = iter(range(10**9))

        async def one() -> None:
            while True:
                async with self.pace.turn(0) as entry:
                    self.in_flight.append(self.pace.in_flight)
                    begin = min(self.free_at)
                    if self.over == "refuse" and begin > self.now:
                        self.refused += 1
                        await self._until(ends, counter, self.now + 0.01)
                        self.pace.overloaded(entry)
                        continue
                    end = max(begin, self.now) + 1.0
                    self.free_at[self.free_at.index(begin)] = end
                    self.served.append(sum(each > self.now for each in self.free_at))
                    await self._until(ends, counter, end)
                    self.pace.answered(entry)
                    return

        tasks = [asyncio.ensure_future(one()) for _ in range(requests)]
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            if ends:
                ends.sort()
                end, _, future = ends.pop(0)
                self.now = max(self.now, end)
                future.set_result(None)
        await asyncio.gather(*tasks)

    async def _until(self, ends: list[tuple[float, int, Any]], counter: Any, end: float) -> None:
        future = asyncio.get_running_loop().create_future()
        ends.append((end, next(counter), future))
        await future


@pytest.mark.parametrize("slots", [1, 4, 16, 64])
@pytest.mark.parametrize("over", ["refuse", "queue"])
def test_the_slots_of_a_server_are_used(slots, over):
    server = Simulated(slots, over=over)
    in_a_loop(server.work(40 * slots + 200))
    assert max(server.served) == slots
    # Most of the time all of them are: each request takes a second of one.
    assert len(server.served) > 0.6 * slots * server.now


@pytest.mark.parametrize("slots", [1, 4, 16])
def test_refusals_are_few_where_a_server_refuses(slots):
    server = Simulated(slots, over="refuse")
    in_a_loop(server.work(800))
    assert server.refused < 0.3 * len(server.served)
    late = server.in_flight[len(server.in_flight) // 2 :]
    assert sum(late) / len(late) <= 2 * slots + 2


@pytest.mark.parametrize("most", [1, 3, 8, 50])
def test_never_more_than_allowed(most):
    server = Simulated(1000, over="queue", most=most)
    in_a_loop(server.work(600))
    assert max(server.in_flight) == most


def test_a_queue_takes_back_what_was_added_and_no_more():
    server = Simulated(1, over="queue")
    in_a_loop(server.work(2000))
    late = server.in_flight[1000:]
    assert max(late) <= 2 * FIRST
    assert min(late[:-FIRST]) >= FIRST - 1


def test_one_overload_of_many_requests_counts_once():
    async def work() -> list[float]:
        pace = Pace(64)
        limits = []
        async with pace.turn(0) as first, pace.turn(0) as second:
            for entry in (first, second):
                pace.overloaded(entry)
                limits.append(pace.limit)
        async with pace.turn(0) as third:
            pace.overloaded(third)
            limits.append(pace.limit)
        return limits

    assert in_a_loop(work()) == [4.0, 4.0, 2.0]


def test_the_first_of_the_lowest_rank_go_first_and_who_gives_up_holds_no_slot():
    async def work() -> list[str]:
        pace, order = Pace(1), list[str]()
        generator = random.Random(1)

        async def one(rank: int, number: int) -> None:
            async with pace.turn(rank):
                order.append(f"{rank}{number}")
                await asyncio.sleep(0.001)

        async with pace.turn(9):
            asked = [(rank, number) for number in range(4) for rank in (2, 0, 1)]
            tasks = {key: asyncio.ensure_future(one(*key)) for key in asked}
            await asyncio.sleep(0)
            gone = generator.sample(asked, 4)
            for key in gone:
                tasks[key].cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        assert pace.in_flight == 0
        assert order == [f"{rank}{number}" for rank, number in sorted(set(asked) - set(gone))]
        return order

    assert len(in_a_loop(work())) == 8


def test_nobody_gets_a_turn_while_the_server_asks_for_a_pause():
    async def work() -> float:
        pace = Pace(8)
        loop = asyncio.get_running_loop()
        async with pace.turn(0) as entry:
            pace.overloaded(entry, 0.15)
        begun = loop.time()
        async with pace.turn(0):
            return loop.time() - begun

    assert 0.1 < in_a_loop(work()) < 1
