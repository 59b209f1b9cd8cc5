"""Length checks for containers made of frames or pages: Ogg, FLAC, MP3."""

from __future__ import annotations

import struct
from typing import BinaryIO

from audiojudge_cli.clips.chunks import chained, hidden, truncated
from audiojudge_cli.errors import ClipError

_NO_END = "the Ogg stream has no end mark: the recording may have been cut off"
_OGG_FIRST, _OGG_LAST = 2, 4
_FLAC_START = b"fLaC\x00\x00\x00\x22"
_LARGEST_TAIL = 4096


def check_ogg(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Walk the pages (RFC 3533): the last is whole and carries the end mark, and no stream starts after another."""
    position, flags, first_streams_over = 0, 0, False
    while position + 27 <= size:
        file.seek(position)
        page = file.read(27)
        if page[:4] != b"OggS":
            break
        flags = page[5]
        if flags & _OGG_FIRST and first_streams_over:
            raise chained(name)
        first_streams_over = first_streams_over or not flags & _OGG_FIRST
        position += 27 + page[26] + sum(file.read(page[26]))
    else:
        if position != size:
            raise ClipError("truncated", f"{name} breaks off in the middle of an Ogg page; write it again")
    return () if flags & _OGG_LAST else (_NO_END,)


def check_flac(file: BinaryIO, _size: int, name: str) -> tuple[str, ...]:
    """Look for the start of a second FLAC stream; libsndfile compares the length of the first by itself."""
    file.seek(4)
    window = b""
    while chunk := file.read(1 << 20):
        window = window[-len(_FLAC_START) :] + chunk
        if _FLAC_START in window:
            raise chained(name)
    return ()


def check_mp3(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Compare the byte count of the Xing or Info frame, where there is one, with the file."""
    file.seek(0)
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3" and len(head) == 10:
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
    if flags & 3 != 3:
        return ()
    claimed: int = struct.unpack_from(">I", frame, tag + 12)[0]
    end = start + claimed
    if end > size:
        raise truncated(name, claimed, size - start)
    file.seek(end)
    following = file.read(2)
    if size - end > _LARGEST_TAIL and len(following) == 2 and following[0] == 0xFF and following[1] >= 0xE0:
        raise hidden(name, claimed, size - end)
    return ()
