"""What every request passes before it is read: places in line, and bodies that come too slowly."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.serving import middleware
from audiojudge_cli.serving.metrics import Metrics
from audiojudge_cli.serving.middleware import Admission, Guard, admission_of
from audiojudge_cli.serving.problems import ProblemError
from tests.conftest import in_a_loop


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), max_size=60))
def test_no_more_are_let_in_than_there_are_places_and_room_for_their_bodies(moves):
    line, inside = Admission(5, 200), list[int]()
    for comes, size in moves:
        if comes:
            fits = len(inside) < 5 and (not inside or sum(inside) + size <= 200)
            if fits:
                line.enter(size)
                inside.append(size)
                continue
            with pytest.raises(ProblemError) as refused:
                line.enter(size)
            assert refused.value.status == 429
            assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
        elif inside:
            line.leave(inside.pop())
    assert (line.held, line.bytes_held) == (len(inside), sum(inside))


def answered(messages: list[dict[str, Any]], *, pause: float = 0.0, app: Any = None) -> tuple[int, dict[str, Any]]:
    """Return the status and the problem that a request comes to whose body comes in these messages."""
    sent: list[Any] = []

    async def reading(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        if messages:
            return messages.pop(0)
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/score", "headers": [(b"host", b"localhost")]}
    guard = Guard(app or reading, Metrics(), admission_of(4, 1000), 1000, None, None, lambda: True, lambda _: None)
    in_a_loop(guard(scope, receive, send))
    assert guard.admission.held == 0
    return (sent[0]["status"], json.loads(sent[1]["body"])) if sent else (0, {})


def body(data: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch):
    monkeypatch.setattr(middleware, "_BODY_S", 0.1)
    monkeypatch.setattr(middleware, "_PARTING_S", 0.05)
    status, problem = answered([body(b"x") for _ in range(1000)], pause=0.03)
    assert (status, problem["kind"]) == (408, "slow")


def test_a_body_is_given_up_as_soon_as_it_is_too_large():
    messages = [body(b"x" * 300) for _ in range(1000)]
    status, problem = answered(messages)
    assert (status, problem["kind"]) == (413, "too-large")
    assert len(messages) >= 1000 - 9  # what was read to refuse it, and as much again to part with it


def test_who_goes_away_while_sending_is_forgotten():
    assert answered([body(b"x"), {"type": "http.disconnect"}]) == (0, {})


def test_a_mistake_is_told_and_answered():
    async def falls(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise ZeroDivisionError("oops")

    status, problem = answered([body(b"", more=False)], app=falls)
    assert (status, problem["kind"]) == (500, "internal")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), MemoryError()])
def test_a_full_disk_or_memory_is_no_mistake_of_ours(error):
    async def falls(scope: Any, receive: Any, send: Any) -> None:
        raise error

    status, problem = answered([body(b"", more=False)], app=falls)
    assert (status, problem["kind"]) == (503, "no-room")
