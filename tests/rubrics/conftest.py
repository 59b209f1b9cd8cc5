"""Fixtures: the rules expander, and a real local server that speaks the chat API."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.rules import load


@dataclass
class Reply:
    """What the server does with one request."""

    content: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    wait_s: float = 0.0
    hang_up: bool = False

    def text(self) -> str:
        if self.body is not None:
            return self.body
        return json.dumps({"choices": [{"message": {"role": "assistant", "content": self.content}}]})


@dataclass
class Chat:
    """The server's address, what it will answer and what it was asked."""

    base: str
    replies: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def _serve(*replies: Reply) -> Iterator[Chat]:
    """Serve `replies` in turn; the last one is repeated."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            chat.requests.append(json.loads(self.rfile.read(length)) | {"path": self.path})
            chat.headers.append(dict(self.headers))
            reply = chat.replies[min(len(chat.requests), len(chat.replies)) - 1]
            time.sleep(reply.wait_s)
            if reply.hang_up:
                return
            body = reply.text().encode()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chat = Chat(f"http://127.0.0.1:{server.server_port}/v1", list(replies))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def rules() -> Expander:
    return load()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def chat_server() -> Callable[..., AbstractContextManager[Chat]]:
    return _serve
