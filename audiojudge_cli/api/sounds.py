"""Audio as trainers and datasets hold it: paths, bytes, arrays, columns of Hugging Face, the end of a chat."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import ClipError, InputError

if TYPE_CHECKING:
    from audiojudge_cli.clips.opened import Inner

MEMORY = "audio"
"""Name of a clip that is no file."""


@dataclass(frozen=True, slots=True, eq=False)
class Bytes:
    """An audio file in memory.

    Attributes:
        data: The whole file.
    """

    data: bytes

    def __str__(self) -> str:
        """Return a name for messages."""
        return "the audio in memory"

    def read(self) -> bytes:
        """Return the bytes."""
        return self.data


def sound_of(value: Any) -> Path | Inner:  # noqa: ANN401 - whatever a trainer hands over
    """Return where the audio of a completion lies: in a file, or in memory.

    Args:
        value: A path; bytes of a file; `(samples, rate)`; a mapping with `array` and `sampling_rate`, with `bytes`, or
            with `path` (an audio column of Hugging Face datasets); messages of a chat, of which the last holds one of
            these as its content, or as a part of it (`{"type": "audio", "audio": …}`).

    Raises:
        ClipError: Kind `no-audio` if it is none of these, or an array that cannot be audio.
    """
    if isinstance(value, str | os.PathLike):
        text = os.fsdecode(value)
        if not text or "\0" in text:
            raise ClipError("no-audio", "the completion is no path of an audio file")
        return Path(text)
    if isinstance(value, bytes | bytearray | memoryview):
        return Bytes(bytes(value))
    if isinstance(value, tuple) and len(value) == 2:
        return _array(*value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list) and value and isinstance(value[-1], Mapping):
        return sound_of(_last(value[-1].get("content")))
    raise ClipError("no-audio", f"the completion is a value of type {type(value).__name__}, not audio")


def _array(samples: object, rate: object) -> Inner:
    from audiojudge_cli.clips.in_memory import held

    try:
        return held(samples, rate)
    except InputError as error:
        raise ClipError("no-audio", str(error)) from error


def _mapping(value: Mapping[str, Any]) -> Path | Inner:
    if value.get("array") is not None:
        return _array(value["array"], value.get("sampling_rate"))
    for key in ("bytes", "path", "audio"):
        if value.get(key) is not None:
            return sound_of(value[key])
    raise ClipError("no-audio", "the completion is an object without array, bytes, path or audio")


def _last(content: object) -> object:
    """Return what holds the audio in the content of a message."""
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, Mapping) and part.get("type") == "audio"]
        return parts[-1] if parts else None
    return content
