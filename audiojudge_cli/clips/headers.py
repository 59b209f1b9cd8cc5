"""Compare the length a file's header claims with the bytes that are there.

libsndfile quietly reads what it finds when a header claims more (or less) than the file holds. Audio must
never be cut in silence, so the containers whose headers name a byte length are checked here first: WAV, RF64
and AIFF (chunks), W64, AU, Ogg (page structure, RFC 3533) and MP3 (the Xing/Info frame).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

from audiojudge_cli.errors import ClipError

# Encoders that write to a pipe cannot know the length and leave one of these in the header.
_PLACEHOLDER_FROM = 0x7FFFF000
_UNKNOWN = "the header does not say how long the audio is (streamed file): all bytes to the end were read"
_W64_GUID_BYTES = 16


def check_length(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Return warnings about the length of `file`, which has `size` bytes and is called `name` in messages.

    The position in the file is left at its start.

    Raises:
        ClipError: `truncated` when audio is missing at the end, `bad-header` when the header hides audio.
    """
    file.seek(0)
    head = file.read(16)
    checker = _checker(head)
    try:
        return checker(file, size, name) if checker else ()
    except struct.error:
        return ()  # cut inside the header: opening the file gives the better message
    finally:
        file.seek(0)


def _checker(head: bytes) -> Callable[[BinaryIO, int, str], tuple[str, ...]] | None:
    if head[:4] in {b"RIFF", b"RF64", b"BW64", b"RIFX", b"FORM"}:
        return _chunks
    if head[:4] == b".snd":
        return _au
    if head[:4] == b"riff":
        return _w64
    if head[:4] == b"OggS":
        return _ogg
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
        return _mp3
    return None


def _chunks(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    file.seek(0)
    magic = file.read(12)[:4]
    order = ">" if magic in {b"RIFX", b"FORM"} else "<"
    wanted = b"SSND" if magic == b"FORM" else b"data"
    position, long_size = 12, None
    while position + 8 <= size:
        file.seek(position)
        kind, length = struct.unpack(f"{order}4sI", file.read(8))
        if kind == b"ds64":
            _, long_size = struct.unpack("<QQ", file.read(16))
        if kind == wanted:
            if length == 0xFFFFFFFF and long_size is not None:
                length = long_size
            return _compare(file, position + 8, length, size, name)
        position += 8 + length + (length & 1)
    return ()


def _compare(file: BinaryIO, start: int, length: int, size: int, name: str) -> tuple[str, ...]:
    missing = start + length - size
    if missing > 0:
        if _PLACEHOLDER_FROM <= length <= 0xFFFFFFFF:
            return (_UNKNOWN,)
        raise _truncated(name, length, size - start)
    hidden = _not_chunks(file, start + length + (length & 1), size)
    if hidden and (length == 0 or hidden > 4096):
        raise ClipError(
            "bad-header",
            f"the header of {name} claims {length:,} bytes of audio, but {hidden:,} more bytes follow; "
            "write it again with a correct header",
        )
    return ()


def _not_chunks(file: BinaryIO, position: int, size: int) -> int:
    """Return how many bytes at the end are not a sequence of chunks."""
    while position + 8 <= size:
        file.seek(position)
        kind, length = struct.unpack("<4sI", file.read(8))
        if not (kind.isascii() and kind.decode("ascii").isprintable()):
            return size - position
        if min(length, int.from_bytes(struct.pack("<I", length), "big")) > size - position - 8:
            return size - position
        swapped = int.from_bytes(struct.pack("<I", length), "big")
        length = length if length <= size - position - 8 else swapped
        position += 8 + length + (length & 1)
    return 0


def _au(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    file.seek(4)
    start, length = struct.unpack(">II", file.read(8))
    if length == 0xFFFFFFFF:
        return ()  # AU defines this value as "unknown": not worth a warning
    if start + length > size:
        raise _truncated(name, length, size - start)
    return ()


def _w64(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    position = 40
    while position + 24 <= size:
        file.seek(position)
        kind, length = struct.unpack("<16sQ", file.read(24))
        if kind[:4] == b"data":
            if position + length > size:
                raise _truncated(name, length - 24, size - position - 24)
            return ()
        position += max(24, (length + 7) & ~7)
    return ()


def _ogg(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    # A page is at most 27 + 255 + 255 * 255 bytes, so its start lies within the last 64 KiB or so.
    start = max(0, size - 65_536)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0:
        raise ClipError("truncated", f"{name} breaks off: its last 64 KiB hold no Ogg page")
    page = tail[at:]
    length = 27 + page[26] + sum(page[27 : 27 + page[26]]) if len(page) > 27 else 28
    if len(page) < length:
        raise ClipError("truncated", f"{name} breaks off in the middle of an Ogg page; write it again")
    if not page[5] & 4:
        return ("the Ogg stream has no end mark: the recording may have been cut off",)
    return ()


def _mp3(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    file.seek(0)
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3":
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(start)
    frame = file.read(64)
    if len(frame) < 64 or frame[0] != 0xFF:
        return ()
    mono, first_version = frame[3] >> 6 == 3, frame[1] & 0x18 == 0x18
    tag = 4 + ((17 if mono else 32) if first_version else (9 if mono else 17))
    if frame[tag : tag + 4] not in {b"Xing", b"Info"}:
        return ()
    flags = struct.unpack_from(">I", frame, tag + 4)[0]
    if flags & 3 == 3:
        claimed = struct.unpack_from(">I", frame, tag + 12)[0]
        if start + claimed > size:
            raise _truncated(name, claimed, size - start)
    return ()


def _truncated(name: str, claimed: int, found: int) -> ClipError:
    return ClipError(
        "truncated",
        f"{name} breaks off: its header claims {claimed:,} bytes of audio, the file holds {max(0, found):,}; "
        "write it again",
    )
