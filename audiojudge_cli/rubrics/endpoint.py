"""A writer behind an OpenAI-compatible chat endpoint (vLLM, SGLang, hosted), with the standard library alone."""

from __future__ import annotations

import base64
import email.utils
import hashlib
import http.client
import json
import os
import re
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.exchange import Answer, exchange
from audiojudge_cli.rubrics.writer import Message, RefusedError, WriterError
from audiojudge_cli.text.hidden import hidden, know, know_address, longest
from audiojudge_cli.waits import pause

KEY_VARIABLE = "AUDIOJUDGE_API_KEY"
_ATTEMPTS = 5
# A server that is too slow twice is not faster the third time, and nobody waits for five deadlines.
_TIME_OUTS = 2
_LONGEST_WAIT_S = 60.0
_LONGEST_ANSWER = 8 << 20
# As a local model may write (`local.py`): a model that loops is stopped, and what it wrote so far is kept.
_MOST_TOKENS = 4096
# What a server says about one request (too long, not acceptable), not about all.
_THIS_ONE = frozenset({400, 413, 422})
_READ_OF_ERROR = 1 << 16
# In messages of the server even short secrets are hidden; shorter ones are none.
_LEAST_TOLD = 4
# Query values that name who asks, not what is asked.
_SECRET = re.compile(r"(?<=[?&])[^=&]*(?:key|token|secret|sig|auth|pass)[^=&]*=[^&]*&?", re.IGNORECASE)
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class EndpointWriter:
    """Asks `POST {base}/chat/completions`, greedily, with the schema as `response_format`.

    A server that does not take `response_format` or `max_tokens` is asked again without it. Overload (429, 5xx),
    time-outs and broken connections are tried again, waiting as `Retry-After` says, at most a minute, at most five
    times in all; time-outs once. A wait ends as soon as the end of the run is asked for. Whatever the server says is
    passed on without the key, and without the password and the query values of its address.
    """

    def __init__(
        self,
        base: str,
        model: str,
        *,
        timeout_s: float = 120.0,
        key: str | None = None,
        sleep: Callable[[float], None] = pause,
    ) -> None:
        """Remember where to ask.

        Args:
            base: Base URL, with or without `/chat/completions` (`http://localhost:8000/v1`). A user name and password
                in it are sent as HTTP basic authentication; a query goes along with every request.
            model: Name of the model there.
            timeout_s: Seconds for each answer, from the connection to the last byte.
            key: API key; None reads AUDIOJUDGE_API_KEY.
            sleep: Waits between attempts.

        Raises:
            InputError: If `base` is no http(s) address, the key cannot be sent, or both key and password are given.
        """
        know_address(base)
        self._url, login = _split(base)
        self._shown = hidden(self._url)
        self._model = model
        self._timeout_s = timeout_s
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        self._headers |= _authorization(key if key is not None else os.environ.get(KEY_VARIABLE, ""), login)
        self._sleep = sleep
        self._constrained = self._bounded = True

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model

    @property
    def fingerprint(self) -> str:
        """Changes with the server and the model's name, not with who asks."""
        return hashlib.sha256(f"{_SECRET.sub('', self._url)} {self._model} greedy".encode()).hexdigest()[:16]

    def write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer of the server (see `rubrics.writer`); a refusal comes back as its text."""
        reason, late = "", 0
        for attempt in range(_ATTEMPTS):
            header = None
            try:
                answer = self._post(messages, schema)
                if 200 <= answer.status < 300:
                    return hidden(_content(answer.body))
                reason = _told(answer)
                if answer.status == 400 and self._constrained and "response_format" in reason:
                    self._constrained = False
                    continue
                if answer.status == 400 and self._bounded and "max_tokens" in reason:
                    self._bounded = False
                    continue
                if answer.status not in _AGAIN:
                    kind = RefusedError if answer.status in _THIS_ONE else WriterError
                    raise kind(f"{self._shown} refused the request: {reason}")
                header = answer.headers.get("Retry-After")
            except TimeoutError:
                reason = f"no whole answer within {self._timeout_s:g} s"
                late += 1
                if late >= _TIME_OUTS:
                    raise WriterError(
                        f"{self._shown} gave {reason}, {late} times; is the server overloaded? Give --llm-timeout more"
                    ) from None
            except (OSError, ValueError, http.client.HTTPException, _NoAnswerError) as error:
                reason = hidden(str(error), least=_LEAST_TOLD) or type(error).__name__
            if attempt + 1 < _ATTEMPTS:
                self._sleep(_retry_after(header, attempt))
        raise WriterError(
            f"{self._shown} gave no answer in {_ATTEMPTS} attempts, last: {reason}; is the server running?"
        )

    def _post(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> Answer:
        body: dict[str, Any] = {"model": self._model, "messages": list(messages), "temperature": 0, "seed": 0}
        if self._bounded:
            body["max_tokens"] = _MOST_TOKENS
        if self._constrained:
            named = {"name": "rubric", "schema": schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        request = urllib.request.Request(self._url, json.dumps(body).encode(), self._headers)  # noqa: S310 - http(s)
        answer = exchange(request, timeout_s=self._timeout_s, most_bytes=_LONGEST_ANSWER)
        if len(answer.body) > _LONGEST_ANSWER:
            raise WriterError(f"{self._shown} answered more than {_LONGEST_ANSWER >> 20} MiB")
        return answer


def _split(base: str) -> tuple[str, str]:
    """Return the address of the chat API without user information, and that information."""
    try:
        parts = urlsplit(base)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        # What looks like a mistyped address may hold a password where no rule would find it.
        told = "this" if set("@?") & set(base) else repr(base)
        raise InputError(f"the endpoint must be an http(s) address such as http://localhost:8000/v1, not {told}")
    login, _, host = parts.netloc.rpartition("@")
    path = parts.path.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
    return urlunsplit((parts.scheme, host, path, parts.query, "")), unquote(login)


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


class _NoAnswerError(Exception):
    """The server answered, but not in the chat API's form."""


def _content(data: bytes) -> str:
    try:
        message = json.loads(data)["choices"][0]["message"]
        text = message.get("content") or message.get("refusal") or ""
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _NoAnswerError("the answer is not that of a chat endpoint") from error
    if isinstance(text, list):  # some servers answer in parts
        text = "".join(str(part.get("text", "")) for part in text if isinstance(part, dict))
    return str(text)


def _told(answer: Answer) -> str:
    """Return what the server says about an error, in one line without secrets."""
    # More than is shown, for blanks are folded; a secret that was cut off at the end is not recognised any more.
    body = hidden(answer.body[:_READ_OF_ERROR].decode("utf-8", "replace"), least=_LEAST_TOLD)
    if len(answer.body) > _READ_OF_ERROR:
        body = body[: -longest() or None]
    return " ".join(f"HTTP {answer.status} {body}".split())[:300]


def _retry_after(header: str | None, attempt: int) -> float:
    """Return how long to wait: as the server says (seconds or a date), else 0.5, 1, 2, 4 s."""
    wait = _seconds(header) if header else None
    if wait is None:
        wait = 0.5 * 2.0**attempt
    return min(max(wait, 0.0), _LONGEST_WAIT_S)


def _seconds(header: str) -> float | None:
    if header.strip().isdecimal():
        return float(header[:9])
    try:
        return (email.utils.parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
