"""MP3 files that say nowhere how long they are: all of their audio is read, and none of it made up."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.mp3 import with_length

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
ID3 = b"ID3\x04\0\0\0\0\x0f\x7a" + bytes(0x0F * 128 + 0x7A)
Mode = Literal["CONSTANT", "AVERAGE", "VARIABLE"]


def encoded(rate: int, channels: int, mode: Mode, loud: tuple[float, ...]) -> bytes:
    """Return an MP3 with a Xing or Info frame: a second of noise of each level."""
    parts = [level * np.random.default_rng(0).standard_normal((rate, channels)) for level in loud]
    out = io.BytesIO()
    samples = np.concatenate(parts).clip(-1, 1)
    soundfile.write(out, samples, rate, format="MP3", bitrate_mode=mode, compression_level=0.3)
    return out.getvalue()


def unmarked(data: bytes) -> bytes:
    """Return the same without the frame that tells the length."""
    tag = max(data.find(b"Xing", 0, 64), data.find(b"Info", 0, 64))
    assert tag > 0
    return data[data.index(data[:2], tag) :]


def length_s(path: Path, data: bytes) -> float:
    path.write_bytes(data)
    return decode(path).duration_s


@pytest.mark.parametrize("mode", ["CONSTANT", "VARIABLE"])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("loud", [(0.3, 0.001, 0.001), (0.001, 0.001, 0.3)], ids=["loud first", "quiet first"])
def test_a_file_without_its_length_is_read_to_its_end(
    tmp_path: Path, rate: int, channels: int, mode: Mode, loud: tuple[float, ...]
) -> None:
    data = encoded(rate, channels, mode, loud)
    told = length_s(tmp_path / "told.mp3", data)
    for lead in (b"", ID3):
        # Of what the encoder puts around the audio nobody tells the decoder: two frames and its delay at most.
        counted = length_s(tmp_path / "untold.mp3", lead + unmarked(data))
        assert told <= counted <= told + 4 * 1152 / rate


@pytest.mark.parametrize("junk", [0, 1, 100, 900])
def test_what_stands_between_two_frames_hides_none_behind_it(tmp_path: Path, junk: int) -> None:
    data = unmarked(encoded(44_100, 1, "VARIABLE", (0.3, 0.001)))
    middle = data.index(data[:2], len(data) // 2)
    assert length_s(tmp_path / "a.mp3", data[:middle] + bytes(junk) + data[middle:]) > 1.8


def test_tags_at_the_end_are_no_audio(tmp_path: Path) -> None:
    data = unmarked(encoded(44_100, 1, "VARIABLE", (0.3, 0.001)))
    plain = length_s(tmp_path / "a.mp3", data)
    assert length_s(tmp_path / "b.mp3", data + b"TAG" + bytes(125)) == plain


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "AIFF", "MP3"])
def test_a_file_that_tells_its_length_is_read_as_it_stands(form: str) -> None:
    out = io.BytesIO()
    soundfile.write(out, np.zeros(8_000), 16_000, format=form)
    out.seek(0)
    assert with_length(out) == (0, b"")
    assert out.tell() == 0


@given(st.binary(max_size=4_000), st.integers(0, 3_000))
def test_no_bytes_stop_the_counting(noise: bytes, at: int) -> None:
    data = _SHORT[:at] + noise + _SHORT[at:]
    for text in (noise, data, b"\xff\xfb\x90\x00" + noise):
        start, ahead = with_length(io.BytesIO(text))
        assert 0 <= start <= len(text)
        assert len(ahead) < 1_000


_SHORT = unmarked(encoded(16_000, 1, "VARIABLE", (0.1,)))
