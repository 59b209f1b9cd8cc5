"""Read M4A, AAC, WebM and video containers with PyAV, where the extra `av` is installed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import BinaryIO

import numpy as np

from audiojudge_cli.clips.speakers import SPEAKERS
from audiojudge_cli.clips.stream import Stream
from audiojudge_cli.clips.waveform import Samples
from audiojudge_cli.errors import ClipError

# Offset, first bytes, what it is, and the one demuxer that may read it: others open further files or addresses.
_MAGIC: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"ftyp", "an MP4/M4A file", "mov"),
    (4, b"moov", "a QuickTime file", "mov"),
    (4, b"mdat", "a QuickTime file", "mov"),
    (4, b"wide", "a QuickTime file", "mov"),
    (0, b"\x1aE\xdf\xa3", "a WebM/Matroska file", "matroska"),
    (0, b"\xff\xf0", "an AAC stream", "aac"),
    (0, b"\xff\xf1", "an AAC stream", "aac"),
    (0, b"\xff\xf8", "an AAC stream", "aac"),
    (0, b"\xff\xf9", "an AAC stream", "aac"),
    (0, b"ADIF", "an AAC stream", "aac"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "a WMA/ASF file", "asf"),
    (0, b"#!AMR", "an AMR file", "amr"),
    (0, b"FLV\x01", "a Flash video", "flv"),
    (0, b"wvpk", "a WavPack file", "wv"),
    (0, b"MAC ", "a Monkey's Audio file", "ape"),
    (8, b"AVI ", "an AVI video", "avi"),
)
# Streams of frames without a header of their own: what FFmpeg calls their duration is a guess from the bit rate.
_WITHOUT_LENGTH = frozenset({"aac", "amr"})
_POINTER = b"version https://git-lfs"


@contextmanager
def open_container(file: BinaryIO, name: str) -> Iterator[Stream]:
    """Open the first audio stream of `file` (at its start); `name` is used in messages.

    Raises:
        ClipError: `needs-av` when PyAV would be needed, `not-audio` when there is no audio in the file.
    """
    head = file.read(64)
    file.seek(0)
    recognised = _recognise(head)
    if recognised is None:
        raise ClipError("not-audio", f"{name} is not audio{_instead(head)}")
    kind, demuxer = recognised
    try:
        av = importlib.import_module("av")
    except ImportError as error:
        raise ClipError(
            "needs-av",
            f"{name} is {kind}; to read it, pip install 'audiojudge-cli[av]', or convert it to WAV or FLAC",
        ) from error
    try:
        with av.open(file, mode="r", format=demuxer) as container:
            if not container.streams.audio:
                raise ClipError("not-audio", f"{name} is {kind} without an audio track")
            track = container.streams.audio[0]
            if track.codec_context is None:
                raise ClipError("not-audio", f"the audio track of {name} ({kind}) has no codec that PyAV knows")
            rate, channels = int(track.rate or 0), int(track.channels or 0)
            if not rate or not channels:
                raise ClipError("not-audio", f"the audio track of {name} ({kind}) names no rate or no channels")
            # Only the sample format changes here (to interleaved float32): rate and channels stay the file's own.
            convert = av.AudioResampler(format="flt", layout=track.layout, rate=rate)
            parts = (part for frame in _frames(container.decode(track)) for part in convert.resample(frame))
            blocks = (np.array(part.to_ndarray(), dtype=np.float32).reshape(-1, channels) for part in parts)
            frames = None
            if demuxer not in _WITHOUT_LENGTH:
                frames = _claimed(track.duration, track.time_base, rate)
                if frames is None and not container.streams.video:
                    frames = _claimed(container.duration, Fraction(1, av.time_base), rate)
            # Containers round durations to their own ticks, and codecs pad: a twentieth of a second is no loss.
            samples = _reported(blocks, av.error.FFmpegError, rate, name)
            names = tuple(channel.name for channel in track.layout.channels)
            known = channels > 2 and len(names) == channels and SPEAKERS.issuperset(names)
            yield Stream(rate, channels, frames, samples, slack=rate // 20, speakers=names if known else ())
    except (av.error.FFmpegError, ValueError) as error:
        raise ClipError("not-audio", f"cannot decode {name} ({kind}): {_reason(error)}") from error


def _claimed(duration: int | None, time_base: Fraction | None, rate: int) -> int | None:
    """Return the number of frames that a duration in ticks promises."""
    return int(duration * time_base * rate) if duration and time_base and duration > 0 else None


def _frames(decoded: Iterable[object]) -> Iterator[object]:
    """Yield the decoded frames and then None, which makes the converter give back what it held."""
    yield from decoded
    yield None


def _reported(blocks: Iterator[Samples], failure: type[Exception], rate: int, name: str) -> Iterator[Samples]:
    done = 0
    try:
        for block in blocks:
            done += len(block)
            yield block
    except failure as error:
        raise ClipError("damaged", f"{name} is damaged after {done / max(1, rate):.2f} s: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return FFmpeg's reason without the number of the opened file, which differs from run to run."""
    return str(getattr(error, "strerror", None) or error)


def _recognise(head: bytes) -> tuple[str, str] | None:
    """Return what the file is, and its demuxer."""
    for offset, magic, kind, demuxer in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind, demuxer
    return None


def _instead(head: bytes) -> str:
    if head.startswith(_POINTER):
        return ": it is a Git LFS pointer; fetch the audio with `git lfs pull`"
    if re.match(rb"\s*<(!doctype|html|\?xml)", head, re.IGNORECASE):
        return ": it is a web page"
    if not head.strip(b"\0"):
        return ": it holds only zero bytes"
    return f": it begins with {head[:8].hex(' ')}"
