"""Which channel is meant for which speaker: the masks of WAV and FLAC, and the order of channels in Ogg."""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

# By the bits of dwChannelMask (WAVEFORMATEXTENSIBLE, ksmedia.h), lowest first, in FFmpeg's short names.
_MASK = (
    *("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR"),
    *("TC", "TFL", "TFC", "TFR", "TBL", "TBC", "TBR"),
)
# Left and right at 60 degrees, a second low-frequency channel, and what lies below: only MP4 and Matroska name these.
SPEAKERS = frozenset(_MASK) | {"WL", "WR", "LFE2", "SDL", "SDR", "TSL", "TSR", "BFC", "BFL", "BFR"}
"""All names that a layout can have."""

# How to take the channels of Vorbis (Vorbis I, 4.3.9) and Opus (RFC 7845, 5.1.1.2: family 1, the same orders) for that
# of WAV; other counts have the same order in both. libsndfile gives them as they are stored, FFmpeg in WAV's order.
_OGG_ORDERS = {
    3: (0, 2, 1),
    5: (0, 2, 1, 3, 4),
    6: (0, 2, 1, 5, 3, 4),
    7: (0, 2, 1, 6, 5, 3, 4),
    8: (0, 2, 1, 7, 5, 6, 3, 4),
}
_EXTENSIBLE = 0xFFFE
# FLAC's blocks of tags lie in front of the audio; pictures may, too, but tags come before them.
_TAGS = 1 << 16
_FLAC_MASK = re.compile(rb"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=(?:0x)?([0-9a-f]{1,8})(?![0-9a-z])", re.IGNORECASE)


def order_in_wav(file: BinaryIO, subtype: str, channels: int) -> tuple[int, ...] | None:
    """Return which stored channel comes first, second, … in WAV's order; None where that is so already.

    Args:
        file: An Ogg file; its position is left where it was.
        subtype: libsndfile's name of the codec.
        channels: How many it has.
    """
    if subtype == "OPUS":
        # RFC 7845, 5.1: the mapping family is the 19th byte. Families other than 1 have no speakers (255), or spheres.
        head = _head(file, 4096)
        at = head.find(b"OpusHead")
        if at < 0 or head[at + 18 : at + 19] != b"\1":
            return None
    return _OGG_ORDERS.get(channels) if subtype in {"VORBIS", "OPUS"} else None


def speakers(file: BinaryIO, channels: int) -> tuple[str, ...]:
    """Return the speaker of every channel, as the mask of a WAV or FLAC file says.

    Args:
        file: The file; its position is left where it was.
        channels: How many it has.

    Returns:
        Names of `SPEAKERS`; empty for mono and stereo, without a mask, and where it does not name as many as there are.
    """
    mask = _mask(_head(file, _TAGS)) if channels > 2 else 0
    names = tuple(name for bit, name in enumerate(_MASK) if mask >> bit & 1)
    return names if len(names) == channels == mask.bit_count() else ()


def _head(file: BinaryIO, size: int) -> bytes:
    before = file.tell()
    file.seek(0)
    head = file.read(size)
    file.seek(before)
    return head


def _mask(head: bytes) -> int:
    if head[:4] == b"fLaC":
        tag = _FLAC_MASK.search(head)
        return int(tag[1], 16) if tag else 0
    if head[:4] not in {b"RIFF", b"RIFX", b"RF64", b"BW64"}:
        return 0
    order = ">" if head[:4] == b"RIFX" else "<"
    position = 12
    while position + 8 <= len(head):
        kind, length = struct.unpack_from(f"{order}4sI", head, position)
        if kind == b"fmt ":
            if length < 24 or position + 32 > len(head):
                return 0
            tag, mask = struct.unpack_from(f"{order}H18xI", head, position + 8)
            return int(mask) if tag == _EXTENSIBLE else 0
        position += 8 + length + (length & 1)
    return 0
