from __future__ import annotations

import io
import struct

import pytest

from audiojudge_cli.clips.headers import check_length
from audiojudge_cli.errors import ClipError


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def long_box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content


def asf_object(content: bytes) -> bytes:
    return b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel" + struct.pack("<Q", 24 + len(content)) + content


MP4 = box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", bytes(40)) + box(b"mdat", bytes(100))
MATROSKA = b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01" + b"\x18\x53\x80\x67\x01\0\0\0\0\0\0\x40" + bytes(64)
AVI = b"RIFF" + struct.pack("<I", 60) + b"AVI " + bytes(56)
WHOLE = {
    "mp4": MP4,
    "mp4 with a long box": box(b"ftyp", b"M4A ") + long_box(b"mdat", bytes(100)),
    "quicktime": box(b"wide", b"") + box(b"mdat", bytes(60)) + box(b"moov", bytes(40)),
    "matroska": MATROSKA,
    "avi": AVI,
    "avi in two": AVI + AVI.replace(b"AVI ", b"AVIX"),
    "asf": asf_object(bytes(30)) + asf_object(bytes(50)),
}


def check(data: bytes) -> tuple[str, ...]:
    return check_length(io.BytesIO(data), len(data), "x")


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_pass_and_cut_ones_do_not(name: str) -> None:
    whole = WHOLE[name]
    assert check(whole) == ()
    for missing in (1, 20):
        with pytest.raises(ClipError, match="breaks off") as caught:
            check(whole[:-missing])
        assert caught.value.kind == "truncated"


def test_a_last_box_may_reach_to_the_end_and_bytes_may_follow() -> None:
    assert check(box(b"ftyp", b"M4A ") + struct.pack(">I4s", 0, b"mdat") + bytes(50)) == ()
    assert check(MP4 + b"\xff" * 9) == ()


def test_a_live_recording_names_no_length() -> None:
    assert check(MATROSKA[:9] + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + bytes(64)) == ()


def test_two_recordings_in_one_file_are_told_apart() -> None:
    with pytest.raises(ClipError) as caught:
        check(MATROSKA + MATROSKA)
    assert caught.value.kind == "chained"


@pytest.mark.parametrize("name", WHOLE)
def test_stubs_end_in_a_word_and_never_in_a_circle(name: str) -> None:
    outcomes = set()
    for end in range(1, 60):
        try:
            outcomes.add(str(check(WHOLE[name][:end])))
        except ClipError as error:
            outcomes.add(error.kind)
    assert outcomes <= {"()", "truncated"}
    assert "truncated" in outcomes


def test_lengths_beyond_any_disk_are_refused() -> None:
    """Found by fuzzing: a header of 2**56 bytes cannot even be sought to."""
    assert check(b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xf0" + bytes(64)) == ()
    with pytest.raises(ClipError, match="breaks off"):
        check(asf_object(b"")[:16] + b"\xff" * 8 + bytes(64))
