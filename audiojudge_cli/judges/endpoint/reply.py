"""What a server answered, read strictly: anything else than the chat API's form is a failure, never a guess."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A logarithm of a probability is at most 0; servers that compute in half precision overshoot a little.
_ABOVE_ZERO = 1e-2
# The same for the sum over all tokens told.
_ABOVE_ONE = 1e-2


class BrokenReplyError(Exception):
    """The answer is not in the chat API's form, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a request took, as the server counts them.

    Attributes:
        prompt: Of the prompt.
        completion: Of the answer.
        audio: Those of the prompt that are audio, where they are counted apart.
    """

    prompt: int = 0
    completion: int = 0
    audio: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        model: The model, as the server names it; empty where it does not.
        text: What it wrote; a refusal's text where it refused.
        tops: The likeliest tokens at the first place, with the logarithms of their probabilities, each at most 0; None
            where the server told none.
        is_top: Whether those are all the likeliest; else it is the chosen token alone.
        usage: Tokens; None where the server does not count them.
    """

    model: str
    text: str
    tops: tuple[tuple[str, float], ...] | None
    is_top: bool
    usage: Usage | None


def read_reply(body: bytes) -> Reply:
    """Return what a chat endpoint answered.

    Raises:
        BrokenReplyError: If it cannot be read.
    """
    try:
        data = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BrokenReplyError("the answer is no JSON, or broke off") from error
    data = _mapping(data, "answer")
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        raise BrokenReplyError("the answer is not that of a chat endpoint: it has no choices")
    choice = _mapping(choices[0], "choice")
    text = _text(_mapping(choice.get("message"), "message"))
    model = data.get("model")
    tops, is_top = _tops(choice.get("logprobs"), text)
    return Reply(model if isinstance(model, str) else "", text, tops, is_top, _usage(data.get("usage")))


def _no_number(name: str) -> float:
    """Python reads NaN and Infinity, which are no JSON; as numbers they would pass for probabilities."""
    return math.inf if name == "Infinity" else -math.inf if name == "-Infinity" else math.nan


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BrokenReplyError(f"the answer is not that of a chat endpoint: its {name} is no object")
    return value


def _text(message: Mapping[str, Any]) -> str:
    found = message.get("content") or message.get("refusal") or ""
    if isinstance(found, list):  # some servers answer in parts
        found = "".join(str(part.get("text", "")) for part in found if isinstance(part, dict))
    if not isinstance(found, str):
        raise BrokenReplyError("the answer is not that of a chat endpoint: its content is no text")
    return found


def _tops(logprobs: object, text: str) -> tuple[tuple[tuple[str, float], ...] | None, bool]:
    if logprobs is None:
        return None, False
    content = _mapping(logprobs, "logprobs").get("content")
    if content is None:
        return None, False
    if not isinstance(content, list) or not content:
        raise BrokenReplyError("the log-probabilities hold no token")
    chosen = _mapping(content[0], "first token")
    token, value = _entry(chosen)
    # Skipped special tokens leave no text, and a text may have been trimmed.
    if text.strip() and token.strip() and not text.strip().startswith(token.strip()):
        raise BrokenReplyError("the log-probabilities are those of another token than the one written")
    listed = chosen.get("top_logprobs") or []
    if not isinstance(listed, list):
        raise BrokenReplyError("top_logprobs is no list")
    tops = [_entry(_mapping(each, "token")) for each in listed]
    _check_sum(tops or [(token, value)])
    return tuple(tops or [(token, value)]), bool(tops)


def _entry(token: Mapping[str, Any]) -> tuple[str, float]:
    """Return the text of a token and the logarithm of its probability."""
    value = token.get("logprob")
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise BrokenReplyError("a log-probability is no number")
    if value > _ABOVE_ZERO:
        raise BrokenReplyError(f"a log-probability is {value:.4g}, and none is above 0")
    return _spelled(token), min(0.0, float(value))


def _spelled(token: Mapping[str, Any]) -> str:
    """Return a token as text: by its bytes where they are told, for some servers show blanks as other letters."""
    raw = token.get("bytes")
    if isinstance(raw, list) and raw and all(type(each) is int and 0 <= each <= 255 for each in raw):
        return bytes(raw).decode("utf-8", "replace")
    text = token.get("token")
    if not isinstance(text, str):
        raise BrokenReplyError("a token has no text")
    return text


def _check_sum(tops: Sequence[tuple[str, float]]) -> None:
    total = sum(math.exp(value) for _, value in tops)
    if total > 1 + _ABOVE_ONE:
        raise BrokenReplyError(f"the probabilities of the likeliest tokens sum to {total:.4g}, and none can be above 1")


def _usage(found: object) -> Usage | None:
    if not isinstance(found, dict):
        return None
    counts = [found.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (each if type(each) is int and each >= 0 else None for each in counts)
    if prompt is None:
        return None
    details = found.get("prompt_tokens_details")
    audio = details.get("audio_tokens") if isinstance(details, dict) else 0
    return Usage(prompt, completion or 0, audio if type(audio) is int and audio >= 0 else 0)
