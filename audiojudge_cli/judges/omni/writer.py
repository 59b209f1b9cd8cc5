"""The judge's own model as a writer, so that one set of weights both expands captions and answers items."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from audiojudge_cli.code_digest import code_digest
from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.rubrics.writer import WriterError

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.rubrics.writer import Message

_MOST_TOKENS = 4096


class OmniWriter:
    """Writes greedily, without audio. The schema is asked for in the prompt and checked by who asks.

    Args:
        name: Of the judge.
        loaded: Its model.
        lock: Held while the model works: rubrics are expanded on threads while the judge is judging.
        most_tokens: Longest answer.
    """

    def __init__(
        self, name: str, loaded: LoadedModel, lock: threading.Lock, *, most_tokens: int = _MOST_TOKENS
    ) -> None:
        self.name = name
        self._lock = lock
        self._most_tokens = most_tokens
        self._chat = Chat(loaded.tokenizer)
        self._session = Session(loaded)

    @property
    def fingerprint(self) -> str:
        """Changes with the weights, their quantization, the kind of device the longest answer and the code."""
        loaded = self._session.loaded
        parts = (
            loaded.fingerprint,
            loaded.quant,
            loaded.device.type,
            str(self._most_tokens),
            code_digest("judges/omni"),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the model's answer (see `rubrics.writer`)."""
        del schema
        tokens = self._chat.conversation((message["role"], message["content"]) for message in messages)
        try:
            with self._lock:
                written = self._session.write(None, tokens, self._most_tokens, self._chat.stops)
        except ClipError as error:
            raise WriterError(f"{self.name}: {error}") from error
        return self._chat.text(written)
