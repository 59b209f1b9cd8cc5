"""Length checks for containers made of chunks: WAV, RF64, AIFF, W64, CAF; and for the plain header of AU."""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

from audiojudge_cli.errors import ClipError

# Encoders that write to a pipe cannot know the length and leave such a value in the header.
_PLACEHOLDER_FROM = 0x7FFFF000
_UNKNOWN = "the header does not say how long the audio is (streamed file): all bytes to the end were read"
_RECORDINGS = (b"RIFF", b"RF64", b"FORM")
_LARGEST_TAIL = 4096


class _Chunk(NamedTuple):
    start: int
    length: int
    order: str

    @property
    def end(self) -> int:
        """Chunks begin at even offsets."""
        return self.start + self.length + (self.length & 1)


def check_riff(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Check WAV, RF64 and AIFF: the chunk `data` (or `SSND`) and what follows it."""
    file.seek(0)
    magic = file.read(12)[:4]
    order = ">" if magic in {b"RIFX", b"FORM"} else "<"
    wanted = b"SSND" if magic == b"FORM" else b"data"
    position, long_size = 12, None
    while position + 8 <= size:
        kind, length = _chunk(file, position, order)
        if kind == b"ds64":
            _, long_size = struct.unpack("<QQ", file.read(16))
        if kind == wanted:
            if length == 0xFFFFFFFF and long_size is not None:
                length = long_size
            return _audio_chunk(file, _Chunk(position + 8, length, order), size, name)
        position += 8 + length + (length & 1)
    return ()


def check_w64(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Check Sony Wave64: chunks with 16-byte names and 8-byte lengths that include their own header."""
    position = 40
    while position + 24 <= size:
        file.seek(position)
        kind, length = struct.unpack("<16sQ", file.read(24))
        if kind[:4] == b"data":
            return _only_missing(name, length - 24, size - position - 24)
        position += max(24, (length + 7) & ~7)
    return ()


def check_caf(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Check Core Audio: chunks with 8-byte lengths; -1 means up to the end."""
    position = 8
    while position + 12 <= size:
        file.seek(position)
        kind, length = struct.unpack(">4sq", file.read(12))
        if kind == b"data":
            return (_UNKNOWN,) if length < 0 else _only_missing(name, length, size - position - 12)
        position += 12 + max(0, length)
    return ()


def check_au(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Check Sun AU: one length in the header; all ones means unknown."""
    file.seek(4)
    start, length = struct.unpack(">II", file.read(8))
    return (_UNKNOWN,) if length == 0xFFFFFFFF else _only_missing(name, length, size - start)


def truncated(name: str, claimed: int, found: int) -> ClipError:
    """Return the error for a file that holds fewer bytes of audio than its header claims."""
    return ClipError(
        "truncated",
        f"{name} breaks off: its header claims {claimed:,} bytes of audio, the file holds {max(0, found):,}; "
        "write it again",
    )


def hidden(name: str, claimed: int, more: int) -> ClipError:
    """Return the error for a file that holds more audio than its header claims."""
    return ClipError(
        "bad-header",
        f"the header of {name} claims {claimed:,} bytes of audio, but {more:,} more bytes follow; write it again "
        "with a correct header",
    )


def chained(name: str) -> ClipError:
    """Return the error for recordings joined end to end, of which a decoder would read only the first."""
    return ClipError("chained", f"{name} holds several recordings joined end to end; make it one, or split it")


def _chunk(file: BinaryIO, position: int, order: str) -> tuple[bytes, int]:
    file.seek(position)
    kind, length = struct.unpack(f"{order}4sI", file.read(8))
    return kind, length


def _audio_chunk(file: BinaryIO, audio: _Chunk, size: int, name: str) -> tuple[str, ...]:
    if audio.start + audio.length > size:
        if _PLACEHOLDER_FROM <= audio.length <= 0xFFFFFFFF:
            return (_UNKNOWN,)
        raise truncated(name, audio.length, size - audio.start)
    position = audio.end
    while position + 8 <= size:
        kind, length = _chunk(file, position, audio.order)
        if kind in _RECORDINGS:
            raise chained(name)
        if not kind.isascii() or not kind.decode("ascii").isprintable() or position + 8 + length > size:
            break
        position = _Chunk(position + 8, length, audio.order).end
    tail = size - position
    if tail > _LARGEST_TAIL or (tail > 0 and audio.length == 0):
        raise hidden(name, audio.length, tail)
    return ()


def _only_missing(name: str, claimed: int, found: int) -> tuple[str, ...]:
    if claimed > found:
        raise truncated(name, claimed, found)
    return ()
