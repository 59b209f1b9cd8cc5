"""Requests to one server, each with one deadline and a bound on its answer."""

from __future__ import annotations

import asyncio
import ssl
import weakref
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from audiojudge_cli.servers.loop import loop
from audiojudge_cli.text.hidden import hidden, longest

if TYPE_CHECKING:
    import httpx

    from audiojudge_cli.servers.address import Address

_READ_OF_ERROR = 1 << 16
LEAST_TOLD = 4
"""In messages of a server even short secrets are hidden; shorter ones, in characters, are none."""
# The longest message of a server that is passed on, in characters: a line or two of a terminal.
_MESSAGE_CHARS = 300


class ExchangeError(OSError):
    """There is no connection, or no answer in HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        status: The HTTP status code, whatever it is.
        headers: Its headers, with small letters.
        body: At most so many bytes as were allowed.
        is_cut: Whether there were more.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def told(self) -> str:
        """What the server says about an error, in one line without secrets."""
        # More than is shown, for blanks are folded; a secret that was cut off at the end is not recognised any more.
        body = hidden(self.body[:_READ_OF_ERROR].decode("utf-8", "replace"), least=LEAST_TOLD)
        if len(self.body) > _READ_OF_ERROR:
            body = body[: -longest() or None]
        return " ".join(f"HTTP {self.status} {body}".split())[:_MESSAGE_CHARS]


class Client:
    """Asks one server; safe from any number of tasks of `servers.loop`.

    Redirects are not followed: one could carry the key elsewhere. A server on this machine is asked without a proxy,
    whatever the environment says; others as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say. Certificates are those of
    the system, or of `SSL_CERT_FILE`.

    Args:
        address: Where it is.
        timeout_s: Seconds for a request and its whole answer, from finding the address to the last byte: time-outs of
            sockets are for each read, so that a server which drips outlives them.
        most_bytes: Of an answer.
        connections: Most at once.
    """

    def __init__(self, address: Address, *, timeout_s: float, most_bytes: int, connections: int = 100) -> None:
        self.address = address
        self.timeout_s = timeout_s
        self._most_bytes = most_bytes
        self._connections = connections

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        import httpx

        limits = httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections)
        secure = self.address.base.startswith("https:")
        # What is packed could unpack to more than memory holds.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **self.address.headers}
        made = httpx.AsyncClient(
            headers=headers,
            limits=limits,
            timeout=None,  # noqa: S113 - the whole exchange has one
            trust_env=not self.address.is_local,
            verify=ssl.create_default_context() if secure else True,
        )
        weakref.finalize(self, _close, made)
        return made

    async def exchange(self, method: str, path: str, body: Sequence[bytes] = ()) -> Answer:
        """Send a request and return its answer, whatever its status.

        Args:
            method: `GET` or `POST`.
            path: Of the method, behind the server's base address.
            body: JSON, in pieces that are sent one after the other; none: no body.

        Raises:
            TimeoutError: If it takes longer than `timeout_s`.
            ExchangeError: If there is no connection, or no answer in HTTP.
        """
        import httpx

        size = sum(map(len, body))
        headers = {"Content-Type": "application/json", "Content-Length": str(size)} if body else {}
        try:
            async with (
                asyncio.timeout(self.timeout_s),
                self._http.stream(
                    method, self.address.url(path), content=_sent(body) if body else None, headers=headers
                ) as answer,
            ):
                return await self._read(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            hint = "; is the server running?" if isinstance(error, httpx.ConnectError) else ""
            raise ExchangeError((hidden(str(error), least=LEAST_TOLD) or type(error).__name__) + hint) from None

    async def _read(self, answer: httpx.Response) -> Answer:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise ExchangeError("the server packs its answers, though it was asked not to")
        pieces, size = list[bytes](), 0
        async for piece in answer.aiter_raw():
            pieces.append(piece)
            size += len(piece)
            if size > self._most_bytes:
                break
        body = b"".join(pieces)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, headers, body[: self._most_bytes], size > self._most_bytes)


async def _sent(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _close(http: httpx.AsyncClient) -> None:
    """Close the connections of a client that nobody holds any more."""
    if loop().is_running():
        asyncio.run_coroutine_threadsafe(http.aclose(), loop())
