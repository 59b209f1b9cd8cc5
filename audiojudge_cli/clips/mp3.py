"""The length of MP3 files that say it nowhere: those without a Xing or Info frame.

For them libmpg123 guesses from the size of the file and the bit rate of its first frame, tags counted in, and
libsndfile stops reading there: a file of changing bit rate that starts loud ends early without a word. So their frames
are counted, and the decoder is given a frame in front that tells the number (ISO/IEC 11172-3, 2.4.2.3; the tag as Xing
defined it).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

_KBPS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Bit rates of layer III by index, of version 1 and of versions 2 and 2.5."""
_RATES = (44_100, 48_000, 32_000)
"""Sampling rates of version 1; version 2 has half of them, version 2.5 a quarter."""
_DIVISORS = {3: 1, 2: 2, 0: 4}
"""By what the sampling rate is divided, by the two bits of the version; 1 is reserved."""
_TAG_INDEX = 9
"""Bit rate of the frame in front: 128 or 80 kbit/s give it 192 bytes at least, and the tag takes 48."""
_BLOCK = 1 << 16
"""Bytes searched at once for the next frame where something else stands between two."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The header of a frame of layer III: its four bytes as a number, and how long the frame is."""

    header: int
    length: int

    @property
    def version(self) -> int:
        return self.header >> 19 & 3

    @property
    def kind(self) -> int:
        """Version, layer and sampling rate, which all frames of a file share."""
        return self.header & 0xFFFE0C00

    @property
    def side(self) -> int:
        """Bytes of side information behind the header."""
        mono = self.header >> 6 & 3 == 3
        return (17 if mono else 32) if self.version == 3 else (9 if mono else 17)


def _frame(data: bytes, at: int = 0) -> _Frame | None:
    """Return the header that stands at a place, or None where none of layer III does; free bit rates are not read."""
    if len(data) < at + 4:
        return None
    (header,) = struct.unpack_from(">I", data, at)
    version, rate, bits = header >> 19 & 3, header >> 10 & 3, header >> 12 & 15
    if header >> 21 != 0x7FF or header >> 17 & 3 != 1 or version == 1 or rate == 3 or bits in {0, 15}:
        return None
    return _Frame(header, _length(version, rate, bits, header >> 9 & 1))


def _length(version: int, rate: int, bits: int, padding: int) -> int:
    kbps = (_KBPS_1 if version == 3 else _KBPS_2)[bits - 1]
    return (144 if version == 3 else 72) * kbps * 1000 // (_RATES[rate] // _DIVISORS[version]) + padding


def with_length(file: BinaryIO) -> tuple[int, bytes]:
    """Return where the frames of an MP3 file start, and a frame that tells their number, to be read in front of them.

    (0, b"") for all other files, and for MP3 files that tell their length. The position is left at the start.
    """
    try:
        start = _after_id3(file)
        file.seek(start)
        head = file.read(4 + 32 + 4)
        first = _frame(head)
        # Behind 32 bytes whatever the side information is: VBRI, a third form of the tag, always stands there.
        told = first and (head[4 + first.side :][:4] in {b"Xing", b"Info"} or head[36:40] == b"VBRI")
        count = 0 if first is None or told else _count(file, start, first.kind)
        return (start, _tag(first, count)) if first is not None and count else (0, b"")
    finally:
        file.seek(0)


def _after_id3(file: BinaryIO) -> int:
    """Return where an ID3v2 tag at the start of a file ends."""
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))


def _count(file: BinaryIO, start: int, kind: int) -> int:
    """Return the number of frames of a kind from a place on; a frame that breaks off is none."""
    count, at = 0, start
    while True:
        file.seek(at)
        found = _frame(file.read(4))
        if found is None or found.kind != kind:
            at = _resynced(file, at + 1, kind)
            if at < 0:
                return count
            continue
        at += found.length
        file.seek(at - 1)
        if not file.read(1):
            return count
        count += 1


def _resynced(file: BinaryIO, start: int, kind: int) -> int:
    """Return where the next two frames of a kind stand one behind the other, -1 where none do."""
    at = start
    while True:
        file.seek(at)
        block = file.read(_BLOCK)
        if len(block) < 4:
            return -1
        place = block.find(b"\xff")
        while 0 <= place <= len(block) - 4:
            found = _frame(block, place)
            if found is not None and found.kind == kind:
                file.seek(at + place + found.length)
                behind = _frame(file.read(4))
                if behind is not None and behind.kind == kind:
                    return at + place
            place = block.find(b"\xff", place + 1)
        at += max(1, len(block) - 3)


def _tag(first: _Frame, count: int) -> bytes:
    """Return a frame like the first that holds nothing but the number of frames; libmpg123 plays it not."""
    rate = first.header >> 10 & 3
    # No checksum, no padding, another bit rate; all else as in the first frame.
    header = (first.header | 1 << 16) & ~(0xF << 12 | 1 << 9) | _TAG_INDEX << 12
    frame = struct.pack(">I", header) + bytes(first.side) + b"Xing" + struct.pack(">II", 1, count)
    return frame.ljust(_length(first.version, rate, _TAG_INDEX, 0), b"\0")
