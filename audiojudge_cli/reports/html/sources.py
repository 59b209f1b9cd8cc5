"""Where the audio of a record lies, seen from the report: found again, embedded below a cap, linked above it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from audiojudge_cli.clips.opened import open_regular
from audiojudge_cli.errors import ClipError
from audiojudge_cli.results.record import AudioFacts

_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".webm": "audio/webm",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
}
_ANY = "application/octet-stream"


def media_type(path: str) -> str:
    """Return the media type that the suffix of a path stands for."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), _ANY)


class AudioFinder:
    """Looks where the run looked: in the folder of outputs, beside the manifest, from the current folder.

    The run may have been started elsewhere, so the folders above the run folder are tried as well.

    Args:
        run: The run folder.
        info: The content of its `run.json`.
        folder: A folder of audio named by the user, tried first; None leaves it out.
    """

    def __init__(self, run: Path, info: Mapping[str, Any], folder: Path | None) -> None:
        starts = [Path(), *run.absolute().parents]
        named = [Path(text) for text in _inputs(info)]
        self._bases = [folder] if folder else []
        self._bases += [place for name in named for start in starts for place in _folders(start / name)]
        self._bases += [Path(), run]

    def find(self, audio: AudioFacts) -> Path | None:
        """Return the file of a record, or None when there is none where the run looked."""
        written = dict.fromkeys((audio.path, audio.path.replace("\\", "/")))
        for place in (base / path for path in written for base in self._bases):
            try:
                if place.is_file():
                    return place
            except (OSError, ValueError):  # too long, or a NUL byte
                return None
        return None


def read_same(path: Path, audio: AudioFacts, limit: int) -> bytes | None:
    """Return the bytes of a file if they are those that were judged, and at most `limit`; else None.

    Nothing but what was decoded as audio has a SHA-256 in its record, so no other file gets into a report.
    """
    if audio.sha256 is None:
        return None
    try:
        with open_regular(path, max_bytes=limit) as (file, _):
            data = file.read(limit + 1)
    except (ClipError, OSError):
        return None
    return data if hashlib.sha256(data).hexdigest() == audio.sha256 else None


def link(path: Path, page: Path) -> str:
    """Return the address of a file as the page at `page` links it: relative, so that both can move together."""
    target = path.absolute()
    try:
        relative = os.path.relpath(target, page.absolute().parent)
    except ValueError:  # another drive
        return target.as_uri()
    return quote(os.fsencode(relative.replace(os.sep, "/")), safe="/")


def _inputs(info: Mapping[str, Any]) -> Iterator[str]:
    inputs = info.get("inputs")
    for name in ("outputs", "captions"):
        value = inputs.get(name) if isinstance(inputs, dict) else None
        if isinstance(value, str) and value not in {"", "-"} and "\0" not in value:
            yield value


def _folders(place: Path) -> Iterator[Path]:
    try:
        if place.is_dir():
            yield place
        elif place.exists():
            yield place.parent
    except OSError:
        return
