"""Servers, and judges that ask them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from audiojudge_cli.judges.endpoint.judge import EndpointJudge, load
from audiojudge_cli.weights.server import Server
from tests.judges.endpoint.chat_server import ChatServer


@pytest.fixture
def serve() -> Iterator[Callable[..., ChatServer]]:
    """Return what starts servers on threads of this process; they end with the test.

    Those of processes of their own, which can die, are in `tests/commands/test_score_endpoint.py`.
    """
    started: list[tuple[ChatServer, threading.Thread]] = []

    def start(**setup: Any) -> ChatServer:
        server = ChatServer(0, setup)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def judge_at() -> Callable[..., EndpointJudge]:
    """Return what makes a judge at a server."""

    def make(server: ChatServer, **options: Any) -> EndpointJudge:
        return load(endpoint=Server(**({"base_url": server.base, "model": "m"} | options)))

    return make


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are tried again at once."""
    monkeypatch.setattr("audiojudge_cli.judges.endpoint.asker.retry_after", lambda *_: 0.005)
