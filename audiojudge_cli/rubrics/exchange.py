"""One request and its answer over HTTP(S), with one deadline for all of it."""

from __future__ import annotations

import contextlib
import functools
import http.client
import queue
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audiojudge_cli.waits import LOOK_S, go_on


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        status: The HTTP status code, whatever it is.
        headers: Its headers.
        body: At most so many bytes as were asked for, and one more when there are more.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(request: urllib.request.Request, *, timeout_s: float, most_bytes: int) -> Answer:
    """Send a request and return its answer.

    Time-outs of sockets are for each read, so that a server which drips outlives them; here the whole exchange, from
    finding the address to the last byte, has `timeout_s` seconds. Redirects are not followed.

    Raises:
        TimeoutError: If it takes longer.
        StoppedError: If the end of the run is asked for meanwhile.
        OSError, http.client.HTTPException, ValueError: If there is no connection, or no answer in HTTP.
    """
    sockets: list[socket.socket] = []
    answers: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(_asked(request, timeout_s, most_bytes, sockets))
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            answers.put(error)

    until = time.monotonic() + timeout_s
    threading.Thread(target=work, name="endpoint-exchange", daemon=True).start()
    try:
        while True:
            go_on()
            try:
                found = answers.get(timeout=max(0.001, min(LOOK_S, until - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= until:
                    raise TimeoutError from None
                continue
            if isinstance(found, BaseException):
                raise found
            return found
    finally:
        for opened in sockets:
            with contextlib.suppress(OSError):
                # Not the method of an SSL socket, which would take the socket from under the thread that reads it.
                socket.socket.shutdown(opened, socket.SHUT_RDWR)


def _asked(request: urllib.request.Request, timeout_s: float, most_bytes: int, sockets: list[socket.socket]) -> Answer:
    opener = urllib.request.build_opener(_NoRedirect, _Http(sockets), _Https(sockets))
    try:
        with opener.open(request, timeout=timeout_s) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read(most_bytes + 1))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers), error.read(most_bytes + 1))
    except urllib.error.URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else error from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the key elsewhere."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Known:
    """A connection that tells its socket, so that others can end it."""

    sockets: list[socket.socket]
    sock: socket.socket

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sockets.append(self.sock)


class _HttpConnection(_Known, http.client.HTTPConnection):
    def __init__(self, *args: Any, sockets: list[socket.socket], **more: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **more)
        self.sockets = sockets


class _HttpsConnection(_Known, http.client.HTTPSConnection):
    def __init__(self, *args: Any, sockets: list[socket.socket], **more: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **more)
        self.sockets = sockets


class _Http(urllib.request.HTTPHandler):
    def __init__(self, sockets: list[socket.socket]) -> None:
        super().__init__()
        self._make = functools.partial(_HttpConnection, sockets=sockets)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._make, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, sockets: list[socket.socket]) -> None:
        super().__init__()
        self._make = functools.partial(_HttpsConnection, sockets=sockets)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._make, req)
