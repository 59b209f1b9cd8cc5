"""Where an OpenAI-compatible server is, and who asks."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.hidden import hidden, know, know_address

KEY_VARIABLE = "AUDIOJUDGE_API_KEY"
"""The environment variable that holds the key; there is no option for it, for options stand in process lists."""

# Query values that name who asks, not what is asked.
_SECRET = re.compile(r"(?<=[?&])[^=&]*(?:key|token|secret|sig|auth|pass)[^=&]*=[^&]*&?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """A server's base URL without user information, and what proves who asks.

    Attributes:
        base: `http(s)://host[:port]/path`, as it is connected to, without a slash at its end.
        query: What goes along with every request, without its question mark.
        headers: Authorization; never shown.
        is_local: Whether it is this very machine, which no proxy can reach.
    """

    base: str
    query: str
    headers: dict[str, str] = field(repr=False)
    is_local: bool

    @property
    def shown(self) -> str:
        """For messages and files: without secrets."""
        return hidden(self.url(""))

    @property
    def identity(self) -> str:
        """Which server it is, whoever asks."""
        return _SECRET.sub("", self.url("/chat/completions"))

    def url(self, path: str) -> str:
        """Return the address of one of its methods, such as `/chat/completions`."""
        return f"{self.base}{path}{'?' if self.query else ''}{self.query}"


def read_address(base: str, key: str | None = None) -> Address:
    """Return the address that somebody gave; its secrets are hidden from now on wherever they would be shown.

    Args:
        base: With or without `/chat/completions`. A user name and password in it are sent as HTTP basic
            authentication, and are no part of the address any more.
        key: API key; None reads AUDIOJUDGE_API_KEY.

    Raises:
        InputError: If it is no http(s) address, the key cannot be sent, or both key and password are given.
    """
    know_address(base)
    try:
        parts = urlsplit(base)
        host = parts.hostname or ""
        fine = parts.scheme in {"http", "https"} and bool(host) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine, host = False, ""
    if not fine:
        # What looks like a mistyped address may hold a password where no rule would find it.
        told = "this" if set("@?") & set(base) else repr(base)
        raise InputError(f"the endpoint must be an http(s) address such as http://localhost:8000/v1, not {told}")
    login, _, place = parts.netloc.rpartition("@")
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    headers = _authorization(key if key is not None else os.environ.get(KEY_VARIABLE, ""), unquote(login))
    return Address(urlunsplit((parts.scheme, place, path, "", "")), parts.query, headers, _is_local(host))


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _authorization(key: str, login: str) -> dict[str, str]:
    key = key.strip()
    know(key)
    if not key and not login:
        return {}
    if key and login:
        raise InputError(
            f"the endpoint's address holds a user name, and {KEY_VARIABLE} is set: only one of them can be sent; leave "
            "one out"
        )
    if key:
        if not (key.isascii() and key.isprintable()):
            raise InputError(f"{KEY_VARIABLE} holds characters that no HTTP header can carry; copy the key again")
        return {"Authorization": f"Bearer {key}"}
    sent = base64.b64encode((login if ":" in login else f"{login}:").encode()).decode("ascii")
    know(sent)
    return {"Authorization": f"Basic {sent}"}
