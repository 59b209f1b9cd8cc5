"""Read what libsndfile reads: WAV, FLAC, Ogg Vorbis and Opus, MP3, AIFF, AU, CAF, W64 and more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from audiojudge_cli.clips.stream import BLOCK_FRAMES, Stream
from audiojudge_cli.clips.waveform import Samples
from audiojudge_cli.errors import ClipError

if TYPE_CHECKING:
    import soundfile

_UNRECOGNISED = 1
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
    import soundfile

    try:
        sound = soundfile.SoundFile(file, closefd=False)
    except soundfile.LibsndfileError as error:
        if error.code == _UNRECOGNISED:
            raise UnrecognisedError from error
        raise ClipError("not-audio", f"cannot decode {name}: {_reason(error)}") from error
    except (RuntimeError, ValueError, OverflowError, MemoryError) as error:
        raise ClipError("not-audio", f"cannot decode {name}: {error}") from error
    with sound:
        frames = sound.frames if 0 < sound.frames < _FRAMES_UNKNOWN else None
        # The frame count of an MP3 may include the encoder's padding.
        yield Stream(sound.samplerate, sound.channels, frames, _blocks(sound, name), exact=sound.format != "MP3")


def _blocks(sound: soundfile.SoundFile, name: str) -> Iterator[Samples]:
    import soundfile

    done = 0
    while True:
        block = np.empty((BLOCK_FRAMES, sound.channels), dtype=np.float32)
        try:
            part = sound.read(out=block)
        except (soundfile.LibsndfileError, RuntimeError) as error:
            seconds = done / max(1, sound.samplerate)
            raise ClipError("damaged", f"{name} is damaged after {seconds:.2f} s: {_reason(error)}") from error
        done += len(part)
        if len(part) == len(block):
            yield block
        else:
            if len(part):
                yield part.copy()
            return


def _reason(error: Exception) -> str:
    text = getattr(error, "error_string", None) or str(error)
    return text.strip().rstrip(".") or "the decoder gives no reason"
