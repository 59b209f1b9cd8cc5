"""Decode one audio file to float32 samples, or say in one stable word why that is impossible.

Kinds of `ClipError` (docs/manifests.md lists them for users): `not-found`, `is-a-directory`, `not-a-file`,
`unreadable`, `empty`, `too-large`, `changed`, `not-audio`, `needs-av`, `bad-header`, `truncated`, `chained`, `damaged`,
`too-long`, `no-samples`, `sample-rate`, `channels`, `not-finite`, `out-of-range`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from audiojudge_cli.clips.containers import open_container
from audiojudge_cli.clips.headers import check_length
from audiojudge_cli.clips.mixdown import mixdown
from audiojudge_cli.clips.opened import Inner, open_audio
from audiojudge_cli.clips.sndfile import UnrecognisedError, open_sndfile
from audiojudge_cli.clips.spill import Gathering
from audiojudge_cli.clips.stream import Stream
from audiojudge_cli.clips.waveform import Samples, Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import shown

MAX_DURATION_S = 4 * 3600.0
MAX_BYTES = 8 << 30
MAX_DECODED_BYTES = 8 << 30
MIN_RATE, MAX_RATE = 2_000, 768_000
MAX_CHANNELS = 64
# One sample in ten thousand may be repaired; beyond that the file is not what its generator meant.
_REPAIRABLE_SHARE = 1e-4
# +100 dB over full scale: no level a generator could have meant, and squares would soon overflow float32.
_MAX_ABSOLUTE = 1e5
_CLIPPED_SHARE = 1e-4


def decode(
    source: Path | Inner,
    *,
    max_duration_s: float = MAX_DURATION_S,
    max_bytes: int = MAX_BYTES,
    max_decoded_bytes: int = MAX_DECODED_BYTES,
) -> Waveform:
    """Return the audio of `path` at its own rate, all channels, nothing cut off.

    Samples take 4 bytes each; what exceeds `spill.IN_MEMORY` lies in temporary files, whatever the header claims.

    Args:
        source: Any file, or the bytes that take its place; pipes and devices are refused without blocking.
        max_duration_s: Longest audio in seconds, checked against the header and again while decoding.
        max_bytes: Largest file in bytes, checked before reading.
        max_decoded_bytes: Most room for the samples in bytes.

    Raises:
        ClipError: With one of the kinds listed at the top of this module.
    """
    name = shown(source) if isinstance(source, Path) else str(source)
    with open_audio(source, max_bytes=max_bytes) as (file, size):
        digest = _sha256(file)
        warnings = check_length(file, size, name)
        try:
            with open_sndfile(file, name) as stream:
                channels, peak, notes = _gather(stream, name, max_duration_s, max_decoded_bytes)
        except UnrecognisedError:
            file.seek(0)
            with open_container(file, name) as stream:
                channels, peak, notes = _gather(stream, name, max_duration_s, max_decoded_bytes)
    if stream.frames is None and not warnings:
        warnings = ("the file does not say how long its audio is: all that is there was read",)
    mono, how = mixdown(channels)
    found = (*warnings, *notes, *([how] if how else []), *_level_warnings(channels, peak))
    return Waveform(channels, stream.rate, digest, found, stream.speakers, {stream.rate: mono})


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _gather(
    stream: Stream, name: str, max_duration_s: float, max_decoded_bytes: int
) -> tuple[Samples, float, tuple[str, ...]]:
    """Return the samples, their peak, and what had to be repaired."""
    if not MIN_RATE <= stream.rate <= MAX_RATE:
        raise ClipError("sample-rate", f"{name} claims {stream.rate:,} Hz; audio has {MIN_RATE:,} to {MAX_RATE:,} Hz")
    if not 1 <= stream.channels <= MAX_CHANNELS:
        raise ClipError("channels", f"{name} has {stream.channels} channels; at most {MAX_CHANNELS} are read")
    most = min(int(max_duration_s * stream.rate), max_decoded_bytes // (4 * stream.channels))
    if stream.frames is not None and stream.frames > most:
        raise _too_long(name, stream.frames, most, stream.rate)
    gathering = Gathering(stream.channels, most)
    repaired, peak = 0, 0.0
    for block in stream.blocks:
        if gathering.count + len(block) > most:
            raise _too_long(name, gathering.count + len(block), most, stream.rate)
        repaired += _repair(block)
        peak = max(peak, float(block.max(initial=0.0)), -float(block.min(initial=0.0)))
        gathering.add(block)
    count = gathering.count
    _check_count(stream, count, name)
    if repaired > _REPAIRABLE_SHARE * count * stream.channels:
        raise ClipError("not-finite", f"{name} holds {repaired:,} samples that are NaN or infinite; render it again")
    if peak > _MAX_ABSOLUTE:
        raise ClipError("out-of-range", f"{name} has samples up to {peak:.3g}; full scale is 1")
    notes = (f"{counted(repaired, 'sample')} set to 0: NaN or infinite",) if repaired else ()
    return gathering.samples(), peak, notes


def _repair(block: Samples) -> int:
    finite = np.isfinite(block)
    if finite.all():
        return 0
    block[~finite] = 0.0
    return int(block.size - np.count_nonzero(finite))


def _check_count(stream: Stream, count: int, name: str) -> None:
    if count == 0:
        raise ClipError("no-samples", f"{name} has a header but no audio")
    if stream.frames is not None and count < stream.frames - stream.slack:
        raise ClipError(
            "truncated",
            f"{name} breaks off after {count / stream.rate:.2f} s; its header claims "
            f"{stream.frames / stream.rate:.2f} s. Write it again",
        )


def _too_long(name: str, frames: int, most: int, rate: int) -> ClipError:
    return ClipError(
        "too-long",
        f"{name} lasts {frames / rate:,.1f} s or more; the limit is {most / rate:,.1f} s. Cut it into parts",
    )


def _level_warnings(channels: Samples, peak: float) -> list[str]:
    from audiojudge_cli.clips.levels import clipped_share

    if peak == 0.0:
        return ["the clip is silent: every sample is 0"]
    warnings = []
    if peak > 1.0:
        warnings.append(f"samples reach {20 * np.log10(peak):+.1f} dB over full scale and would clip when played")
    share = clipped_share(channels) if peak >= 0.999 else 0.0
    if share > _CLIPPED_SHARE:
        warnings.append(f"{100 * share:.2f} % of the samples are clipped")
    return warnings
