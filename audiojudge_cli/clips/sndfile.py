"""Read what libsndfile reads: WAV, FLAC, Ogg Vorbis and Opus, MP3, AIFF, AU, CAF, W64 and more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from audiojudge_cli.clips.decoder_noise import without_decoder_noise
from audiojudge_cli.clips.mp3 import with_length
from audiojudge_cli.clips.speakers import order_in_wav, speakers
from audiojudge_cli.clips.stream import BLOCK_FRAMES, Stream
from audiojudge_cli.clips.waveform import Samples
from audiojudge_cli.errors import ClipError

if TYPE_CHECKING:
    import soundfile

_UNRECOGNISED, _BAD_SEEK = 1, 39
# Above this a frame count can only be a placeholder: 2**48 samples are 46 years at 192 kHz.
_FRAMES_UNKNOWN = 1 << 48


class UnrecognisedError(Exception):
    """libsndfile does not know this kind of file."""


@contextmanager
def open_sndfile(file: BinaryIO, name: str) -> Iterator[Stream]:
    """Open `file` (at its start) with libsndfile; `name` is used in messages.

    Raises:
        UnrecognisedError: If the format is unknown to libsndfile.
        ClipError: `not-audio` when the header makes no sense, `damaged` when decoding fails midway.
    """
    head = file.read(4)
    file.seek(0)
    with without_decoder_noise(head):
        yield from _opened(file, name)


def _opened(file: BinaryIO, name: str) -> Iterator[Stream]:
    import soundfile

    source = _Source(file, *with_length(file))
    try:
        sound = soundfile.SoundFile(source, closefd=False)
    except soundfile.LibsndfileError as error:
        source.raise_failure(name)
        if error.code == _UNRECOGNISED:
            raise UnrecognisedError from error
        raise ClipError("not-audio", f"cannot decode {name}: {_reason(error)}") from error
    except (RuntimeError, ValueError, OverflowError, MemoryError) as error:
        raise ClipError("not-audio", f"cannot decode {name}: {error}") from error
    order = order_in_wav(file, sound.subtype, sound.channels) if sound.format == "OGG" else None
    with sound:
        frames = sound.frames if 0 < sound.frames < _FRAMES_UNKNOWN else None
        # The frame count of an MP3 may include the encoder's padding: up to two frames of 1152 samples.
        yield Stream(
            sound.samplerate,
            sound.channels,
            frames,
            _in_order(_blocks(sound, source, name, frames), order),
            slack=2 * 1152 if sound.format == "MP3" else 0,
            speakers=speakers(file, sound.channels),
        )


class _Source:
    """A file for libsndfile's callbacks, out of which no exception may come: failures are kept for later.

    Args:
        file: The file.
        start: Where it begins for libsndfile.
        ahead: What is read in front of that.
    """

    def __init__(self, file: BinaryIO, start: int = 0, ahead: bytes = b"") -> None:
        self._file, self._shift, self._ahead = file, start - len(ahead), ahead
        self._at = 0
        self._failure: OSError | None = None

    def seek(self, offset: int, whence: int = 0) -> int:
        # A damaged header can send libsndfile before the start of the file.
        with contextlib.suppress(OSError, ValueError):
            base = {0: 0, 1: self._at}.get(whence)
            self._at = max(0, self._file.seek(0, 2) - self._shift + offset if base is None else base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, count: int) -> bytes:
        data = self._ahead[self._at : self._at + count]
        try:
            self._file.seek(max(self._at, len(self._ahead)) + self._shift)
            data += self._file.read(count - len(data))
        except OSError as error:
            self._failure = error
            return b""
        self._at += len(data)
        return data

    def raise_failure(self, name: str) -> None:
        if self._failure is not None:
            raise ClipError("unreadable", f"cannot read {name}: {self._failure}") from self._failure


def _blocks(sound: soundfile.SoundFile, source: _Source, name: str, frames: int | None) -> Iterator[Samples]:
    import soundfile

    done = 0
    while True:
        block = np.empty((BLOCK_FRAMES, sound.channels), dtype=np.float32)
        if frames is None:
            # Here soundfile fails after the last block instead of counting it: untouched rows tell its length.
            block.fill(np.nan)
        try:
            part = sound.read(out=block)
        except (soundfile.LibsndfileError, RuntimeError) as error:
            source.raise_failure(name)
            if frames is None and getattr(error, "code", None) == _BAD_SEEK:
                part = block[: np.count_nonzero(~np.isnan(block[:, 0]))]
            else:
                seconds = done / max(1, sound.samplerate)
                raise ClipError("damaged", f"{name} is damaged after {seconds:.2f} s: {_reason(error)}") from error
        source.raise_failure(name)
        done += len(part)
        if len(part) == len(block):
            yield block
        else:
            if len(part):
                yield part.copy()
            return


def _in_order(blocks: Iterator[Samples], order: tuple[int, ...] | None) -> Iterator[Samples]:
    return blocks if order is None else (block.take(order, axis=1) for block in blocks)


def _reason(error: Exception) -> str:
    text = getattr(error, "error_string", None) or str(error)
    return text.removeprefix("Error : ").strip().rstrip(".") or "the decoder gives no reason"
