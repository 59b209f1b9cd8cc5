"""A writer behind an OpenAI-compatible chat endpoint (vLLM, SGLang, hosted)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from audiojudge_cli.rubrics.writer import Message, RefusedError, WriterError
from audiojudge_cli.servers.address import read_address
from audiojudge_cli.servers.again import AGAIN, THIS_ONE, remedy, retry_after
from audiojudge_cli.servers.client import Answer, Client
from audiojudge_cli.servers.loop import wait_for
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.waits import pause

_ATTEMPTS = 5
# A server that is too slow twice is not faster the third time, and nobody waits for five deadlines.
_TIME_OUTS = 2
_LONGEST_ANSWER = 8 << 20
# As a local model may write (`local.py`): a model that loops is stopped, and what it wrote so far is kept.
_MOST_TOKENS = 4096


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
        self._client = Client(read_address(base, key), timeout_s=timeout_s, most_bytes=_LONGEST_ANSWER)
        self._shown = self._client.address.shown
        self._model = model
        self._sleep = sleep
        self._constrained = self._bounded = True

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model

    @property
    def fingerprint(self) -> str:
        """Changes with the server and the model's name, not with who asks."""
        return hashlib.sha256(f"{self._client.address.identity} {self._model} greedy".encode()).hexdigest()[:16]

    def write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer of the server (see `rubrics.writer`); a refusal comes back as its text."""
        reason, late = "", 0
        for attempt in range(_ATTEMPTS):
            header = None
            try:
                answer = self._post(messages, schema)
                if 200 <= answer.status < 300:
                    return hidden(_content(answer.body))
                reason = answer.told
                if answer.status == 400 and self._constrained and "response_format" in reason:
                    self._constrained = False
                    continue
                if answer.status == 400 and self._bounded and "max_tokens" in reason:
                    self._bounded = False
                    continue
                if answer.status not in AGAIN:
                    kind = RefusedError if answer.status in THIS_ONE else WriterError
                    raise kind(f"{self._shown} refused the request: {reason}{remedy(answer.status)}")
                header = answer.headers.get("retry-after")
            except TimeoutError:
                timeout_s = self._client.timeout_s
                reason = f"no whole answer within {timeout_s:g} s"
                late += 1
                if late >= _TIME_OUTS:
                    raise WriterError(
                        f"{self._shown} gave {reason}, {late} times; is the server overloaded? Give --llm-timeout more"
                    ) from None
            except (OSError, _NoAnswerError) as error:
                reason = str(error)
            if attempt + 1 < _ATTEMPTS:
                self._sleep(retry_after(header, attempt))
        raise WriterError(f"{self._shown} gave no answer in {_ATTEMPTS} attempts, last: {reason}")

    def _post(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> Answer:
        body: dict[str, Any] = {"model": self._model, "messages": list(messages), "temperature": 0, "seed": 0}
        if self._bounded:
            body["max_tokens"] = _MOST_TOKENS
        if self._constrained:
            # The API wants a name; rubrics are not all that is asked for here.
            named = {"name": "answer", "schema": schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        answer = wait_for(self._client.exchange("POST", "/chat/completions", (json.dumps(body).encode(),)))
        if answer.is_cut:
            raise WriterError(f"{self._shown} answered more than {_LONGEST_ANSWER >> 20} MiB")
        return answer


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
