from __future__ import annotations

import io
import runpy
import struct
from pathlib import Path

import pytest

from audiojudge_cli.clips.headers import check_length
from audiojudge_cli.errors import ClipError

HOSTILE = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
encoded, patched = HOSTILE["encoded"], HOSTILE["patched"]
FORMS = ["WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF", "FLAC", "OGG", "MP3"]


def check(data: bytes) -> tuple[str, ...]:
    file = io.BytesIO(data)
    warnings = check_length(file, len(data), "x")
    assert file.tell() == 0
    return warnings


def kind(data: bytes) -> str:
    with pytest.raises(ClipError) as caught:
        check(data)
    return caught.value.kind


@pytest.mark.parametrize("form", FORMS)
def test_whole_files_pass_without_a_word(form: str) -> None:
    assert check(encoded(form)) == ()


@pytest.mark.parametrize("form", [form for form in FORMS if form != "FLAC"])
def test_one_missing_byte_is_noticed(form: str) -> None:
    """FLAC is left to its decoder, which compares the number of samples."""
    assert kind(encoded(form)[:-1]) == "truncated"


@pytest.mark.parametrize("data", [b"", b"x", b"RIFF", b"FORM\0", b"OggS", b"ID3", b"caff\0\1", b".snd", b"\xff\xfb"])
def test_stubs_are_left_to_the_decoder(data: bytes) -> None:
    try:
        assert check(data) == () or data == b"OggS"
    except ClipError as error:
        outcome = error.kind
    else:
        outcome = "passed"
    assert outcome in {"passed", "truncated"}


def test_an_open_length_is_a_warning() -> None:
    wav = encoded("WAV")
    for data in (
        patched(wav, 40, "<I", 0xFFFFFFFF),
        patched(wav, 40, "<I", 0x7FFFF000),
        patched(encoded("AU"), 8, ">I", 0xFFFFFFFF),
    ):
        (warning,) = check(data)
        assert "streamed file" in warning


def test_an_ogg_without_end_mark_is_a_warning() -> None:
    data = bytearray(encoded("OGG"))
    last = data.rindex(b"OggS")
    data[last + 5] &= ~4
    (warning,) = check(bytes(data))
    assert "no end mark" in warning


def test_tags_after_the_audio_are_fine() -> None:
    wav = encoded("WAV")
    assert check(wav + b"LIST" + struct.pack("<I", 8) + b"INFOICMT" + b"id3 " + struct.pack("<I", 3) + b"abc\0") == ()
    assert check(encoded("MP3") + b"TAG" + bytes(125)) == ()


def test_big_pictures_before_an_mp3_are_skipped() -> None:
    size = 300_000
    syncsafe = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    data = b"ID3\x04\0\0" + syncsafe + bytes(size) + encoded("MP3")
    assert check(data) == ()
    assert kind(data[:-1]) == "truncated"
