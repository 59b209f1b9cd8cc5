from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.runs.prefetch import prefetch


def go(
    sources: Iterable[Any],
    make: Callable[[Any], Any],
    *,
    workers: int = 2,
    window: int = 4,
    cost: Callable[[Any], int] = lambda _: 0,
    budget: int = 1,
) -> Generator[Any, None, None]:
    return prefetch(sources, make, workers=workers, window=window, cost=cost, budget=budget)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(), max_size=30), st.integers(1, 4), st.integers(1, 6), st.integers(1, 5))
def test_everything_comes_out_once_and_in_order(values, workers, window, budget):
    made = go(values, str, workers=workers, window=window, cost=lambda _: 2, budget=budget)
    assert list(made) == [str(value) for value in values]


def test_sources_are_read_no_further_than_the_window():
    taken = []

    def sources() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    made = go(sources(), str, window=5)
    assert next(made) == "0"
    assert len(taken) <= 6
    made.close()


def test_no_new_work_starts_while_results_are_too_dear():
    started = []
    second = threading.Event()

    def make(number):
        started.append(number)
        if number == 1:
            second.set()
        return number

    made = go(range(10), make, workers=1, window=8, cost=lambda _: 100, budget=150)
    assert next(made) == 0
    second.wait(5)
    assert next(made) == 1
    made.close()
    assert len(started) < 10


def test_an_error_comes_in_its_turn():
    def make(number):
        if number == 2:
            raise KeyError(number)
        return number

    made = go(range(5), make)
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(KeyError):
        next(made)


def test_closing_waits_for_what_runs_and_drops_what_waits():
    release, ran = threading.Event(), []
    before = set(threading.enumerate())

    def make(number):
        ran.append(number)
        if number:
            release.wait(5)
        return number

    made = go(range(50), make, workers=1, window=20)
    next(made)
    release.set()
    made.close()
    assert len(ran) < 50
    left = set(threading.enumerate()) - before
    assert not any(thread.name.startswith("audiojudge") and thread.is_alive() for thread in left)
