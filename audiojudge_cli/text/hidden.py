"""Secrets kept out of what is shown and written: by their place in an address, and by their value wherever it stands.

Known are the keys and tokens in the environment, and whatever else `know` was told (passwords in addresses).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

SIGN = "[hidden]"
"""What stands in place of a secret."""

_VARIABLES = (
    *("AUDIOJUDGE_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
    *("WANDB_API_KEY", "MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD"),
)
_ADDRESSES = ("AUDIOJUDGE_LLM_ENDPOINT", "HF_ENDPOINT", "MLFLOW_TRACKING_URI", "WANDB_BASE_URL")
# What people put where a server wants some key and looks at none; hiding these words would only garble text.
_PLACEHOLDERS = frozenset(
    ("dummy", "empty", "false", "local", "lm-studio", "no-key", "no-key-required", "none", "not-needed", "null")
) | frozenset(("ollama", "sk-no-key-required", "test", "token", "true", "vllm"))
# Shorter values turn up in text by chance; they are hidden by place only.
_LEAST = 6
# In an address: scheme, user information, then everything up to a blank, quotation mark or bracket.
_ADDRESS = re.compile(r"""(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,31}://)(?P<user>[^\s/?#"'<>]*@)?(?P<rest>[^\s"'<>]*)""")
# What follows `=` in a query or fragment, and a query that is one bare word.
_VALUE = re.compile(r"=[^&;#]*")
_BARE = re.compile(r"(?<=[?#])[^=&;#]+(?=$|#)")

_told: set[str] = set()


def know(secret: str) -> None:
    """Hide `secret` from now on, in every process-wide use of this module."""
    if secret:
        _told.add(secret)


def forget() -> None:
    """Hide no more than what the environment holds."""
    _told.clear()


def know_address(address: str) -> None:
    """Hide the user information and the query values of an address from now on."""
    for secret in _of_address(address):
        know(secret)


def hidden(text: str, *, least: int = _LEAST) -> str:
    """Return `text` without secrets.

    Args:
        text: Any text, such as a message, an argument, or a server's answer.
        least: Shorter secrets, in characters, are hidden by place only; at least 4 makes sense.
    """
    # By value first: an address may be cut off behind the secret.
    pattern = _pattern(frozenset(_values()), least)
    text = pattern.sub(SIGN, text) if pattern else text
    return _ADDRESS.sub(_shown, text) if "://" in text else text


def hidden_in(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return JSON data without secrets in its texts; the keys of objects stay."""
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, Mapping):
        return {key: hidden_in(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [hidden_in(item) for item in value]
    return value


def longest() -> int:
    """Return the length of the longest form of a secret, in characters: so much of a text that was cut may be one."""
    return max((len(form) for value in _values() for form in _forms(value)), default=0)


def _shown(found: re.Match[str]) -> str:
    rest = _VALUE.sub(f"={SIGN}", found["rest"]) if "?" in found["rest"] or "#" in found["rest"] else found["rest"]
    rest = _BARE.sub(SIGN, rest)
    return found["scheme"] + (f"{SIGN}@" if found["user"] else "") + rest


def _values() -> Iterable[str]:
    yield from _told
    for name in _VARIABLES:
        yield os.environ.get(name, "").strip()
    for name in _ADDRESSES:
        yield from _of_address(os.environ.get(name, ""))


@lru_cache(maxsize=64)
def _of_address(address: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(address)
        user, password = parts.username, parts.password
    except ValueError:
        return ()
    # A name alone is a token; beside a password it is no secret.
    info = [password] if password else [user or ""]
    values = [value for _, value in parse_qsl(parts.query)]
    bare = [parts.query] if parts.query and "=" not in parts.query else []
    return tuple(filter(None, (unquote(value) for value in (*info, *values, *bare) if value)))


@lru_cache(maxsize=64)
def _pattern(values: frozenset[str], least: int) -> re.Pattern[str] | None:
    forms = {
        form
        for value in values
        if len(value) >= least and value.casefold() not in _PLACEHOLDERS
        for form in _forms(value)
    }
    # The longest first: one secret may be part of another.
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _forms(value: str) -> set[str]:
    """Return a secret as addresses, JSON and Python write it."""
    return {value, quote(value, safe=""), quote(value), quote_plus(value), json.dumps(value)[1:-1], repr(value)[1:-1]}
