from __future__ import annotations

import threading

import pytest

from audiojudge_cli.runs.memory_budget import MemoryBudget


def test_what_a_block_takes_is_given_back_even_after_an_error():
    room = MemoryBudget(100)

    def fail() -> None:
        with room.one() as held:
            held.take(60)
            held.take(60)
            assert room.held == 120
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert room.held == 0


def test_one_that_is_too_large_for_the_room_still_gets_in():
    with MemoryBudget(1).one() as held:
        held.take(1_000)


def test_others_wait_while_it_is_full():
    room, entered = MemoryBudget(100), threading.Event()

    def other():
        with room.one():
            entered.set()

    with room.one() as held:
        held.take(100)
        thread = threading.Thread(target=other)
        thread.start()
        assert not entered.wait(0.1)
    assert entered.wait(10)
    thread.join()
