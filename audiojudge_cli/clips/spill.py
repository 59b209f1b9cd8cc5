"""Room for many samples: in memory while they are few, in a temporary file beyond that.

An hour of stereo at 48 kHz is 1.4 GB of samples, and a judge needs them at several rates. Arrays above `IN_MEMORY`
bytes therefore lie in nameless files of the folder for temporary files (`TMPDIR`); the system keeps of them in memory
what fits, and the files are gone as soon as the arrays are, however the process ends.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, cast

import numpy as np

from audiojudge_cli.clips.waveform import Samples
from audiojudge_cli.errors import ClipError

IN_MEMORY = 192 << 20
BLOCK = 1 << 20
_ITEM = 4


def room(*shape: int) -> Samples:
    """Return a float32 array of zeros.

    Raises:
        ClipError: Kind `too-long` when neither memory nor the folder for temporary files has room for it.
    """
    size = _ITEM * int(np.prod(shape))
    if size <= IN_MEMORY:
        try:
            return np.zeros(shape, dtype=np.float32)
        except MemoryError as error:
            raise ClipError("too-long", f"{size:,} bytes of samples do not fit into memory") from error
    file = spool()
    try:
        try:
            # Written rather than left to the map: a disk that fills up is an error here and a crash there.
            zeros = bytes(_ITEM * BLOCK)
            for start in range(0, size, len(zeros)):
                file.write(zeros[: size - start])
            file.flush()
        except OSError as error:
            raise no_room(size, error) from error
        return mapped(file, *shape)
    finally:
        with suppress(OSError):
            file.close()


def spool() -> BinaryIO:
    """Return a temporary file without a name.

    Raises:
        ClipError: Kind `too-long` when there is no folder for temporary files.
    """
    try:
        return cast("BinaryIO", tempfile.TemporaryFile(prefix="audiojudge-"))
    except OSError as error:
        raise no_room(0, error) from error


def mapped(file: BinaryIO, *shape: int) -> Samples:
    """Return the content of `file` as an array; the file may be closed, the array keeps it."""
    return np.memmap(file, dtype=np.float32, mode="r+", shape=shape)


def blocks(samples: Samples) -> Iterator[Samples]:
    """Yield `samples` in stretches of its last axis; what lies in a file takes no memory once passed."""
    for start in range(0, samples.shape[-1], BLOCK):
        yield samples[..., start : start + BLOCK]
        forget(samples)


def forget(samples: Samples) -> None:
    """Let the system take back the memory of an array that lies in a file; its content stays there."""
    base: object = samples
    while base is not None and not isinstance(base, mmap.mmap):
        base = getattr(base, "base", None)
    if base is not None and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


class Gathering:
    """Puts blocks together into one array (channels, samples); each block is freed, so memory never doubles.

    Args:
        channels: Number of channels.
        most: Samples per channel that will not be exceeded.

    Attributes:
        count: Samples per channel so far.
    """

    def __init__(self, channels: int, most: int) -> None:
        self.count = 0
        self._channels, self._most = channels, most
        self._waiting: list[Samples] = []
        self._file: BinaryIO | None = None

    def add(self, block: Samples) -> None:
        """Append a block of shape (frames, channels).

        Raises:
            ClipError: Kind `too-long` when the folder for temporary files is full.
        """
        self._waiting.append(block)
        self.count += len(block)
        if self._file is None and _ITEM * self.count * self._channels > IN_MEMORY:
            self._file = spool()
        if self._file is not None:
            self._spill(self._file)

    def samples(self) -> Samples:
        """Return everything, shape (channels, samples), and start anew."""
        if self._file is None:
            whole = room(self._channels, self.count)
            self._waiting.reverse()
            at = 0
            while self._waiting:
                block = self._waiting.pop()
                whole[:, at : at + len(block)] = block.T
                at += len(block)
            return whole
        with self._file as file:
            self._file = None
            file.flush()
            return mapped(file, self._channels, self._most)[:, : self.count]

    def _spill(self, file: BinaryIO) -> None:
        """Write what waits, channel after channel, each at its own place: the gaps of the file take no room."""
        at = self.count - sum(len(block) for block in self._waiting)
        for block in self._waiting:
            try:
                for channel in range(self._channels):
                    file.seek(_ITEM * (channel * self._most + at))
                    file.write(np.ascontiguousarray(block[:, channel]).data)
            except OSError as error:
                with suppress(OSError):
                    file.close()
                raise no_room(_ITEM * self.count * self._channels, error) from error
            at += len(block)
        self._waiting.clear()


def no_room(size: int, error: OSError) -> ClipError:
    """Return the error for samples that the folder for temporary files has no room for."""
    return ClipError(
        "too-long",
        f"no room for {size:,} bytes of samples in {tempfile.gettempdir()} ({error.strerror}); "
        "name a larger folder with TMPDIR",
    )
