"""A writer behind an OpenAI-compatible chat endpoint (vLLM, SGLang, hosted), with the standard library alone."""

from __future__ import annotations

import email.utils
import hashlib
import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.writer import Message, RefusedError, WriterError

KEY_VARIABLE = "AUDIOJUDGE_API_KEY"
_ATTEMPTS = 5
_LONGEST_WAIT_S = 60.0
_LONGEST_ANSWER = 8 << 20
# As a local model may write (`local.py`): a model that loops is stopped, and what it wrote so far is kept.
_MOST_TOKENS = 4096
# What a server says about one request (too long, not acceptable), not about all.
_THIS_ONE = frozenset({400, 413, 422})
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class EndpointWriter:
    """Asks `POST {base}/chat/completions`, greedily, with the schema as `response_format`.

    A server that does not take `response_format` or `max_tokens` is asked again without it. Overload (429, 5xx),
    time-outs and broken connections are tried again, waiting as `Retry-After` says, at most a minute, at most five
    times in all.
    """

    def __init__(
        self,
        base: str,
        model: str,
        *,
        timeout_s: float = 120.0,
        key: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Remember where to ask.

        Args:
            base: Base URL, with or without `/chat/completions` (`http://localhost:8000/v1`).
            model: Name of the model there.
            timeout_s: Seconds to wait for each answer.
            key: API key; None reads AUDIOJUDGE_API_KEY.
            sleep: Waits between attempts.

        Raises:
            InputError: If `base` is no http(s) address.
        """
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise InputError(f"the endpoint must be an http(s) address such as http://localhost:8000/v1, not {base!r}")
        self._url = base.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._model = model
        self._timeout_s = timeout_s
        self._key = key if key is not None else os.environ.get(KEY_VARIABLE, "")
        self._sleep = sleep
        self._constrained = self._bounded = True

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model

    @property
    def fingerprint(self) -> str:
        """Changes with the server and the model's name."""
        return hashlib.sha256(f"{self._url} {self._model} greedy".encode()).hexdigest()[:16]

    def write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer of the server (see `rubrics.writer`); a refusal comes back as its text."""
        reason = ""
        for attempt in range(_ATTEMPTS):
            try:
                return _content(self._post(messages, schema))
            except urllib.error.HTTPError as error:
                reason = _told(error)
                if error.code == 400 and self._constrained and "response_format" in reason:
                    self._constrained = False
                    continue
                if error.code == 400 and self._bounded and "max_tokens" in reason:
                    self._bounded = False
                    continue
                if error.code not in _AGAIN:
                    kind = RefusedError if error.code in _THIS_ONE else WriterError
                    raise kind(f"{self._url} refused the request: {reason}") from error
                wait = _retry_after(error.headers.get("Retry-After"), attempt)
            except (OSError, http.client.HTTPException, _NoAnswerError) as error:
                reason = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
                wait = _retry_after(None, attempt)
            if attempt + 1 < _ATTEMPTS:
                self._sleep(wait)
        raise WriterError(f"{self._url} gave no answer in {_ATTEMPTS} attempts, last: {reason}; is the server running?")

    def _post(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> bytes:
        body: dict[str, Any] = {"model": self._model, "messages": list(messages), "temperature": 0, "seed": 0}
        if self._bounded:
            body["max_tokens"] = _MOST_TOKENS
        if self._constrained:
            named = {"name": "rubric", "schema": schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url, json.dumps(body).encode(), headers)  # noqa: S310 - http(s) only
        with _OPENER.open(request, timeout=self._timeout_s) as answer:
            data: bytes = answer.read(_LONGEST_ANSWER + 1)
        if len(data) > _LONGEST_ANSWER:
            raise WriterError(f"{self._url} answered more than {_LONGEST_ANSWER >> 20} MiB")
        return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the key elsewhere."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


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


def _told(error: urllib.error.HTTPError) -> str:
    """Return what the server says about an error, in one line."""
    with error:
        body = error.read(4096).decode("utf-8", "replace")
    return " ".join(f"HTTP {error.code} {body}".split())[:300]


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
