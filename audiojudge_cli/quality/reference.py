"""A clip against its reference: is it the same voice, and is it as loud?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.clips.clip import Reference
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.opened import sha256_of
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.probes.mel import RATE, Array
from audiojudge_cli.probes.speaker import embed_voice, likeness
from audiojudge_cli.probes.spoken import spoken
from audiojudge_cli.results.quality import ReferenceLikeness
from audiojudge_cli.signals.loudness import loudness_lufs

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models

_MOST_KEPT = 4096
"""References that are remembered, a few kilobytes each: a hundred prompts in one voice share one."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is compared.

    Attributes:
        lufs: Integrated loudness; None for silence.
        voice: Embedding of the voice, shape (256,); None with under a second of speech.
        sha256: Of the bytes of the file.
    """

    lufs: float | None
    voice: Array | None
    sha256: str


def reference_likeness(
    reference: Reference, waveform: Waveform, models: Models, *, max_duration_s: float, max_bytes: int
) -> ReferenceLikeness:
    """Return how a clip compares with its reference.

    Args:
        reference: The row's; decoded once, however many clips share it.
        waveform: The clip.
        models: Voice activity and the voice encoder.
        max_duration_s: Longest reference in seconds.
        max_bytes: Largest file of a reference in bytes.

    Raises:
        ClipError: If the reference cannot be read.
        WeightsError: If weights are missing.
    """
    version = _version(reference.audio)
    theirs = _of_file(reference.audio, version, models, max_duration_s, max_bytes)
    ours = _facts(waveform, models, with_voice=theirs.voice is not None)
    loudness = None if ours.lufs is None or theirs.lufs is None else round(ours.lufs - theirs.lufs, 2) + 0.0
    voice = None if ours.voice is None or theirs.voice is None else round(likeness(ours.voice, theirs.voice), 4)
    return ReferenceLikeness(reference.audio_name, loudness, voice, theirs.sha256)


def reference_sha256(reference: Reference, *, max_bytes: int) -> str | None:
    """Return the digest of a reference's bytes, hashed once however many clips share it; None if it cannot be read."""
    try:
        return _sha256(reference.audio, _version(reference.audio), max_bytes)
    except ClipError:
        return None


def _version(path: Path) -> tuple[int, int]:
    """Return what changes with the content of a file: its size, and when it was written."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise ClipError(
            "not-found", "there is no such file; correct its path in the manifest, or leave it empty"
        ) from error
    return status.st_size, status.st_mtime_ns


@lru_cache(maxsize=_MOST_KEPT)
def _sha256(path: Path, version: tuple[int, int], max_bytes: int) -> str:  # noqa: ARG001 - part of the key
    return sha256_of(path, max_bytes=max_bytes)


@lru_cache(maxsize=_MOST_KEPT)
def _of_file(
    path: Path,
    version: tuple[int, int],  # noqa: ARG001 - part of the key: a file that changes is read again
    models: Models,
    max_duration_s: float,
    max_bytes: int,
) -> _Facts:
    return _facts(decode(path, max_duration_s=max_duration_s, max_bytes=max_bytes), models, with_voice=True)


def _facts(waveform: Waveform, models: Models, *, with_voice: bool) -> _Facts:
    lufs = loudness_lufs(waveform.channels, waveform.rate, waveform.speakers)
    if not with_voice:
        return _Facts(lufs, None, waveform.sha256)
    segments = spoken(waveform, models).activity.segments()
    return _Facts(lufs, embed_voice(waveform.at(RATE), segments, models.speaker), waveform.sha256)
