"""What an expander needs of a model that writes; judges and servers are handed in, never imported here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypedDict, runtime_checkable

from audiojudge_cli.errors import NotJudgedError


class Message(TypedDict):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@runtime_checkable
class Writer(Protocol):
    """A model that answers a conversation in text; called from several threads at once."""

    @property
    def name(self) -> str:
        """Short name, for records."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever its answers could (model, revision, sampling)."""
        ...

    def write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the answer.

        Args:
            messages: The conversation.
            schema: JSON Schema the answer should follow; enforced where the model can, else only asked for.

        Raises:
            WriterError: If no answer can be had.
        """
        ...


class WriterError(NotJudgedError):
    """The model gave no answer: unreachable, timed out, overloaded, or it refused the request (exit 3)."""


class RefusedError(WriterError):
    """The model refuses this one request, as one that is too long; others may well be answered."""
