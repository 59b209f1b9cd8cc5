"""Compare the length a file's header claims with the bytes that are there.

libsndfile quietly reads what it finds when a header claims more than the file holds, and stops early when it
claims less or when a second recording follows the first. Audio must never be cut in silence, so every container
whose structure tells is checked here before decoding.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import BinaryIO

from audiojudge_cli.clips.chunks import check_au, check_caf, check_riff, check_w64
from audiojudge_cli.clips.container_lengths import check_asf, check_avi, check_matroska, check_mp4
from audiojudge_cli.clips.frames import check_flac, check_mp3, check_ogg

_CHECKERS: tuple[tuple[bytes, Callable[[BinaryIO, int, str], tuple[str, ...]]], ...] = (
    (b"RIFF....AVI ", check_avi),
    (b"RIFF", check_riff),
    (b"RIFX", check_riff),
    (b"RF64", check_riff),
    (b"BW64", check_riff),
    (b"FORM", check_riff),
    (rb"\.snd", check_au),
    (b"riff", check_w64),
    (b"caff", check_caf),
    (b"OggS", check_ogg),
    (b"fLaC", check_flac),
    (b"ID3", check_mp3),
    (b"....ftyp", check_mp4),
    (b"....moov", check_mp4),
    (b"....mdat", check_mp4),
    (b"....wide", check_mp4),
    (rb"\x1aE\xdf\xa3", check_matroska),
    (rb"0&\xb2u\x8ef\xcf\x11", check_asf),
)


def check_length(file: BinaryIO, size: int, name: str) -> tuple[str, ...]:
    """Return warnings about the length of `file`, which has `size` bytes and is called `name` in messages.

    The position in the file is left at its start.

    Raises:
        ClipError: `truncated` when audio is missing at the end, `bad-header` when the header hides audio,
            `chained` when a second recording follows the first.
    """
    file.seek(0)
    head = file.read(16)
    checker = next((check for magic, check in _CHECKERS if re.match(magic, head, re.DOTALL)), None)
    if checker is None and head[:1] == b"\xff" and head[1:2] >= b"\xe0":
        checker = check_mp3
    try:
        return checker(file, size, name) if checker else ()
    except struct.error:
        return ()  # cut inside the header: opening the file gives the better message
    finally:
        file.seek(0)
