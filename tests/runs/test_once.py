from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from audiojudge_cli.runs.once import Once


def test_threads_that_ask_at_the_same_time_share_one_call():
    calls: list[str] = []
    together = threading.Barrier(4)

    def work(key):
        calls.append(key)
        return object()

    once = Once(work, 10)

    def ask(key):
        together.wait(timeout=30)
        return once(key)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, ["a"] * 4))
    assert calls == ["a"]
    assert len(set(map(id, answers))) == 1


def test_the_least_recently_used_is_forgotten_first():
    calls: list[str] = []
    once = Once(calls.append, 2)
    for key in ("a", "b", "a", "c", "a", "b"):
        once(key)
    assert calls == ["a", "b", "c", "b"]


def test_what_raises_is_tried_again():
    calls: list[str] = []

    def work(key):
        calls.append(key)
        if len(calls) == 1:
            raise ValueError(key)
        return len(calls)

    once = Once(work, 2)
    with pytest.raises(ValueError, match="a"):
        once("a")
    assert once("a") == 2
