"""Where the audio of a record lies, seen from the report: found again, embedded below a cap, linked above it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from audiojudge_cli.clips.embedded import EmbeddedAudio
from audiojudge_cli.clips.manifest import PARQUET_SUFFIXES, open_manifest
from audiojudge_cli.clips.opened import open_audio, sha256_of
from audiojudge_cli.clips.pairing import SHARDS
from audiojudge_cli.clips.row import Row
from audiojudge_cli.errors import ClipError, InputError
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
# As much as a preset may let through: the row was judged, so it was no longer.
_MOST_BYTES = 8 << 30
_ANY = "application/octet-stream"
# How files begin that players know, for audio without a name of its own inside a Parquet file.
_SIGNS = {b"RIFF": ".wav", b"fLaC": ".flac", b"OggS": ".ogg", b"ID3": ".mp3", b"\xff\xfb": ".mp3", b"\xff\xf3": ".mp3"}


def media_type(path: str, data: bytes = b"") -> str:
    """Return the media type that the suffix of a path stands for, or else the first bytes of the file."""
    begun = next((suffix for sign, suffix in _SIGNS.items() if data.startswith(sign)), "")
    return _TYPES.get(PurePosixPath(path).suffix.lower(), _TYPES.get(begun, _ANY))


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
        field = info.get("inputs")
        named_field = field.get("audio_field") if isinstance(field, Mapping) else None
        self._field = named_field if isinstance(named_field, str) else None
        self._packed: dict[Path, dict[str, list[EmbeddedAudio]]] = {}

    def find(self, audio: AudioFacts) -> Path | EmbeddedAudio | None:
        """Return the file of a record, or where it lies in a Parquet file; None when it is not where the run looked."""
        return self._file(audio) or self._inside(audio)

    def _inside(self, audio: AudioFacts) -> EmbeddedAudio | None:
        """Return the audio that a record calls `FILE.parquet/PATH`: of rows that share the path, the one judged."""
        name, slash, inside = audio.path.partition("/")
        if not slash or audio.sha256 is None or not name.lower().endswith(PARQUET_SUFFIXES):
            return None
        for place in (base / part / name for base in self._bases for part in ("", SHARDS)):
            rows = self._rows(place).get(inside, [])
            found = rows[0] if len(rows) == 1 else next((row for row in rows if _is_same(row, audio)), None)
            if found is not None:
                return found
        return None

    def _rows(self, manifest: Path) -> dict[str, list[EmbeddedAudio]]:
        """Return the audio inside a Parquet file by its path there; nothing where there is none to read."""
        known = self._packed.get(manifest)
        if known is None:
            known = self._packed[manifest] = {}
            with suppress(InputError, OSError, ValueError):
                for row in open_manifest(manifest).rows(audio_field=self._field) if manifest.is_file() else ():
                    if isinstance(row, Row) and row.embedded is not None:
                        known.setdefault(row.audio or f"row-{row.line}", []).append(row.embedded)
        return known

    def _file(self, audio: AudioFacts) -> Path | None:
        written = dict.fromkeys((audio.path, audio.path.replace("\\", "/")))
        for place in (base / path for path in written for base in self._bases):
            try:
                if place.is_file():
                    return place
            except (OSError, ValueError):  # too long, or a NUL byte
                return None
        return None


def _is_same(source: EmbeddedAudio, audio: AudioFacts) -> bool:
    try:
        return sha256_of(source, max_bytes=_MOST_BYTES) == audio.sha256
    except ClipError:
        return False


def read_same(source: Path | EmbeddedAudio, audio: AudioFacts, limit: int) -> bytes | None:
    """Return the bytes of an audio file if they are those that were judged, and at most `limit`; else None.

    Nothing but what was decoded as audio has a SHA-256 in its record, so no other file gets into a report.
    """
    if audio.sha256 is None:
        return None
    try:
        with open_audio(source, max_bytes=limit) as (file, _):
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
