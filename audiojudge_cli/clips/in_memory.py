"""Audio that lies in memory: an array of samples, as the WAV file that would hold the very same numbers.

An array is judged as that file is, so that checks, warnings and mix-down are those of files.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.decode import MAX_CHANNELS, MAX_RATE, MIN_RATE
from audiojudge_cli.errors import InputError

# Tags of the sample formats in WAV, and the types whose numbers it can hold: full scale is that of the type, 1.0 for
# floats; unsigned bytes have their zero at 128 (Multimedia Programming Interface and Data Specifications 1.0, 1991).
_PCM, _FLOAT = 1, 3
_FORMATS = {"u1": _PCM, "i2": _PCM, "i4": _PCM, "f4": _FLOAT, "f8": _FLOAT}
# Sizes in WAV have 32 bits; the header takes 36 of these bytes.
_MOST_BYTES = (1 << 32) - 64


@dataclass(frozen=True, slots=True, eq=False)
class HeldAudio:
    """The bytes of an audio file that was never written.

    Attributes:
        data: The whole file.
    """

    data: bytes

    def __str__(self) -> str:
        """Return a name for messages."""
        return "the array"

    def read(self) -> bytes:
        """Return the bytes."""
        return self.data


def held(samples: object, rate: object) -> HeldAudio:
    """Return an array of samples as a file.

    Args:
        samples: Shape (samples,) or (samples, channels); float with full scale 1.0, int16, int32 or uint8; whatever
            numpy makes an array of.
        rate: Samples per second, a whole number.

    Raises:
        InputError: If shape, type or rate is another.
    """
    hertz = _rate(rate)
    array = _array(samples)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    kind = f"{array.dtype.kind}{array.dtype.itemsize}"
    if kind not in _FORMATS:
        raise InputError(
            f"samples of type {array.dtype} have no full scale that everybody agrees on; give float32 (full scale "
            "1.0), int16, int32 or uint8"
        )
    channels = 1 if array.ndim == 1 else array.shape[1]
    plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    if plain.nbytes > _MOST_BYTES:
        raise InputError(f"the array has {plain.nbytes:,} bytes; at most {_MOST_BYTES:,} are judged. Cut it into parts")
    return HeldAudio(_wav(plain, _FORMATS[kind], channels, hertz))


def _wav(array: npt.NDArray[Any], tag: int, channels: int, rate: int) -> bytes:
    width = array.dtype.itemsize
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * channels * width, channels * width, 8 * width)
    # Chunks begin at even places.
    size, padding = array.nbytes, array.nbytes % 2
    head = b"RIFF" + struct.pack("<I", 36 + size + padding) + b"WAVEfmt " + struct.pack("<I", len(form)) + form
    return b"".join((head, b"data", struct.pack("<I", size), array.tobytes(), bytes(padding)))


def _rate(rate: object) -> int:
    number = rate.item() if isinstance(rate, np.generic) else rate
    if isinstance(number, bool) or not isinstance(number, int | float) or number != number // 1:
        raise InputError(
            f"the sample rate is {_told(rate)}; give (samples, rate), the rate in whole samples per second"
        )
    if not MIN_RATE <= number <= MAX_RATE:
        raise InputError(f"a sample rate of {number:,} Hz; audio has {MIN_RATE:,} to {MAX_RATE:,} Hz")
    return int(number)


def _array(samples: object) -> npt.NDArray[Any]:
    try:
        array = np.asarray(samples)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"the samples are {_told(samples)}, of which numpy makes no array ({error})") from error
    if array.dtype.kind not in "biufc":
        raise InputError(f"the samples are {_told(samples)} of type {array.dtype}, not numbers")
    if array.ndim not in {1, 2}:
        raise InputError(f"samples of shape {array.shape}; give (samples,) or (samples, channels)")
    if array.ndim == 2 and not 1 <= array.shape[1] <= MAX_CHANNELS:
        turned = "; these look like (channels, samples): give the array's .T" if array.shape[1] else ""
        raise InputError(
            f"samples of shape {array.shape}, (samples, channels) with 1 to {MAX_CHANNELS} channels{turned}"
        )
    if not array.size:
        raise InputError("there are no samples in the array")
    return array


def _told(value: object) -> str:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return f"the number {value}"
    return f"a value of type {type(value).__name__}"
