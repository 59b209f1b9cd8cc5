"""What every request passes before it is read: host, token, line, size, time; and what becomes of those that fail."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from audiojudge_cli.serving.metrics import Metrics
from audiojudge_cli.serving.problems import MEDIA_TYPE, ProblemError, of_error
from audiojudge_cli.text.jsonl import dumps

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

REFUSE = "audiojudge.refuse"
"""Where a request's scope has what answers it with a problem."""

ASKED = "/v1/"
"""How the paths begin that ask for work."""

OPEN = "/healthz"
"""What is answered without a token, so that whoever watches the server needs none."""

ROUTES = ("/v1/score", "/v1/compare", "/v1/rate", "/v1/expand", OPEN, "/metrics", "/docs", "/openapi.json")

# A client whose body trickles in holds a place in line; a minute is a slow uplink's time for the default body.
_BODY_S = 60.0
# A body that is refused is read on for a moment, so that the client, who is still writing, sees why.
_PARTING_S = 2.0
# Bodies that lie in memory at once, in largest ones: beyond, whoever comes is asked to come again.
_BODIES = 8
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(slots=True)
class Admission:
    """Requests that were accepted and are not answered yet; used from the event loop alone.

    Attributes:
        most: Requests at once.
        most_bytes: Bytes of their bodies at once.
        held: Requests now.
        bytes_held: Bytes now, as announced.
    """

    most: int
    most_bytes: int
    held: int = 0
    bytes_held: int = 0
    _pace_s: float = 1.0
    _last: float = field(default_factory=time.monotonic)

    def enter(self, size: int) -> None:
        """Take a place.

        Raises:
            ProblemError: 429 when there is none, with the time after which there should be.
        """
        if self.held >= self.most or (self.held and self.bytes_held + size > self.most_bytes):
            wait = min(60, max(1, math.ceil(self._pace_s * self.held)))
            raise ProblemError(
                429, "busy", f"{self.held} requests wait already; come again", {"Retry-After": str(wait)}
            )
        if not self.held:
            self._last = time.monotonic()
        self.held += 1
        self.bytes_held += size

    def leave(self, size: int) -> None:
        """Give a place back."""
        self.held -= 1
        self.bytes_held -= size
        now = time.monotonic()
        # Seconds between answers, the latest ten counting most: what is in line takes so long each.
        self._pace_s += 0.1 * (now - self._last - self._pace_s)
        self._last = now


@dataclass(slots=True)
class Guard:
    """Stands before the application.

    Attributes:
        app: What answers.
        metrics: Counts.
        admission: The places.
        most_bytes: Largest body.
        token: Digest of the token that must be shown; None without one.
        hosts: Names that a request may call this server by; None: any.
        is_ready: Whether the judge is loaded.
        tell: Told what nobody expected.
    """

    app: ASGIApp
    metrics: Metrics
    admission: Admission
    most_bytes: int
    token: bytes | None
    hosts: frozenset[str] | None
    is_ready: Callable[[], bool]
    tell: Callable[[str], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        body = _Body(receive, self.most_bytes)
        scope = {**scope, REFUSE: partial(self.refuse, body=body)}
        try:
            await self._passed(scope, body, sending)
        except _GoneError:
            self.metrics.gone()
            return
        except Exception as error:
            problem = of_error(error)
            if status:  # too late for another answer: the connection breaks off
                raise
            await self.refuse(problem, body, sending)
        route = scope["path"] if scope["path"] in ROUTES else "other"
        self.metrics.answered(route, status, time.perf_counter() - begun)

    async def refuse(self, problem: ProblemError, body: _Body, send: Send) -> None:
        """Answer with a problem."""
        if problem.kind == "internal":
            self.tell(problem.detail)
        self.metrics.problem(problem.kind)
        await body.part_with()
        await _refuse(problem, send, close=not body.is_read)

    async def _passed(self, scope: Scope, body: _Body, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if self.hosts is not None and _host(headers.get("host", "")) not in self.hosts:
            raise ProblemError(421, "host", "this server answers to localhost only; start it with --host to be reached")
        if self.token is not None and scope["path"] != OPEN:
            self._check_token(headers.get("authorization", ""))
        if not scope["path"].startswith(ASKED) or scope["method"] != "POST":
            await self.app(scope, body.receive, send)
            return
        if not self.is_ready():
            raise ProblemError(503, "loading", "the judge is being loaded; come again", {"Retry-After": "5"})
        size = body.announced(headers)
        self.admission.enter(size)
        self.metrics.in_flight.set(self.admission.held)
        try:
            await self._until_gone(scope, body, send)
        finally:
            self.admission.leave(size)
            self.metrics.in_flight.set(self.admission.held)

    def _check_token(self, shown: str) -> None:
        scheme, _, told = shown.partition(" ")
        # Digests have one length, so that nothing about the token can be told from the time that this takes.
        fits = hmac.compare_digest(digest_of(told.strip()), self.token or b"")
        if scheme.lower() != "bearer" or not fits:
            raise ProblemError(401, "token", "show the token: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})

    async def _until_gone(self, scope: Scope, body: _Body, send: Send) -> None:
        """Answer, unless the client goes away first: then nobody needs it, and what waits in line is left out."""
        answering = asyncio.ensure_future(self.app(scope, body.receive, send))
        leaving = asyncio.ensure_future(body.gone())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                answering.cancel()
                await asyncio.wait({answering})
                raise _GoneError
            answering.result()
        finally:
            leaving.cancel()
            answering.cancel()


class _GoneError(BaseException):
    """The client went away: no mistake that anybody on the way up should answer."""


class _Body:
    """The body of one request, counted as it comes.

    Args:
        receive: Of the server.
        most: Bytes.
    """

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self._count = 0
        self._until = time.monotonic() + _BODY_S
        self._read = asyncio.Event()
        self._waits_for_go = False

    @property
    def is_read(self) -> bool:
        """Whether all of it is read."""
        return self._read.is_set()

    def announced(self, headers: Mapping[str, str]) -> int:
        """Return how many bytes may come.

        Raises:
            ProblemError: 413 if they are too many, 415 if they are packed.
        """
        self._waits_for_go = headers.get("expect", "").lower() == "100-continue"
        if headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
            raise ProblemError(415, "content-encoding", "send the body as it is, not packed")
        length = headers.get("content-length", "")
        size = int(length) if length.isascii() and length.isdecimal() else self._most
        if size > self._most:
            raise self._too_large()
        return size

    async def receive(self) -> Message:
        """Return the next part.

        Raises:
            ProblemError: 413 or 408 if too much comes, or too slowly.
        """
        if self.is_read:
            return await self._receive()
        try:
            async with asyncio.timeout(max(0.0, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            raise ProblemError(408, "slow", f"the body did not come within {_BODY_S:g} s") from None
        if message["type"] == "http.disconnect":
            raise _GoneError
        self._count += len(message.get("body", b""))
        if self._count > self._most:
            raise self._too_large()
        if not message.get("more_body", False):
            self._read.set()
        return message

    async def gone(self) -> None:
        """Return once the client went away, after its body was read."""
        await self._read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def part_with(self) -> None:
        """Read on for a moment without keeping anything, so that a client who is still writing hears the answer."""
        if self.is_read or self._waits_for_go:
            return
        left = self._most
        try:
            async with asyncio.timeout(_PARTING_S):
                while left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        self._read.set()
                        return
        except TimeoutError:
            return

    def _too_large(self) -> ProblemError:
        return ProblemError(413, "too-large", f"the body has more than {self._most:,} bytes (--max-body)")


async def _refuse(problem: ProblemError, send: Send, *, close: bool) -> None:
    body = dumps(problem.to_dict()).encode()
    headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), **problem.headers}
    if close:
        headers["Connection"] = "close"
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def digest_of(token: str) -> bytes:
    """Return what a token is compared by."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def admission_of(most: int, most_bytes: int) -> Admission:
    """Return the line of a server.

    Args:
        most: Requests at once.
        most_bytes: Largest body.
    """
    return Admission(most, _BODIES * most_bytes)


def hosts_of(host: str) -> frozenset[str] | None:
    """Return the names by which requests may call a server that listens on `host`; None: any.

    A page in a browser may resolve its own name to this machine (DNS rebinding), and is not to be answered.
    """
    return _LOCAL if host in {"127.0.0.1", "localhost", "::1"} else None


def _host(header: str) -> str:
    name = header.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0]
