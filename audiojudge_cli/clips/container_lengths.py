"""Length checks for the containers that PyAV reads: MP4 and QuickTime, Matroska and WebM, AVI, ASF.

Decoders read what is there and stop; only the outermost boxes tell that a file broke off.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from audiojudge_cli.clips.chunks import chained
from audiojudge_cli.errors import ClipError

_SEGMENT = b"\x18\x53\x80\x67"
_EBML = b"\x1a\x45\xdf\xa3"


def check_mp4(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Walk the top-level boxes (ISO/IEC 14496-12): none may reach beyond the end of the file."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        length, kind = struct.unpack(">I4s", file.read(8))
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
        if length < 8 or not kind.isascii() or not kind.decode("ascii").isprintable():
            break  # 0 is a box to the end; anything else is for the decoder to judge
        position += length
        _refuse_beyond(name, position, size)
    return ()


def check_matroska(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Compare the length of the segment (RFC 8794, RFC 9559) with the file; a live recording names none."""
    file.seek(4)
    header = _vint(file)
    if header is None or header > size:
        return ()
    file.seek(header, 1)
    if file.read(4) != _SEGMENT:
        return ()
    length = _vint(file)
    if length is None:
        return ()
    end = file.tell() + length
    _refuse_beyond(name, end, size)
    file.seek(end)
    if file.read(4) == _EBML:
        raise chained(name)
    return ()


def check_avi(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Walk the top-level chunks; a long AVI has several."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind != b"RIFF":
            break
        position += 8 + length
        _refuse_beyond(name, position, size)
        position += length & 1
    return ()


def check_asf(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Walk the top-level objects: a GUID and a length that includes both."""
    position = 0
    while position + 24 <= size:
        file.seek(position + 16)
        (length,) = struct.unpack("<Q", file.read(8))
        if length < 24:
            break
        position += length
        _refuse_beyond(name, position, size)
    return ()


def _refuse_beyond(name: str, end: int, size: int) -> None:
    if end > size:
        raise ClipError(
            "truncated", f"{name} breaks off: its parts reach to byte {end:,}, the file has {size:,}; write it again"
        )


def _vint(file: BinaryIO) -> int | None:
    """Read a variable-length number of EBML; None for the one that means unknown, and for none at all."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    width = 9 - first[0].bit_length()
    rest = file.read(width - 1)
    if len(rest) < width - 1:
        return None
    mask = (1 << (7 * width)) - 1
    value = int.from_bytes(first + rest, "big") & mask
    return None if value == mask else value
