"""Which channel is for which speaker, by one tone for each: nothing but the order differs between formats."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.speakers import SPEAKERS, speakers
from audiojudge_cli.signals.loudness import loudness_lufs

RATE = 48_000
# Vorbis I, 4.3.9, and WAV's order for the same speakers.
VORBIS = {
    1: "C", 2: "L R", 3: "L C R", 4: "L R Lb Rb", 5: "L C R Ls Rs", 6: "L C R Ls Rs LFE", 7: "L C R Ls Rs B LFE",
    8: "L C R Ls Rs Lb Rb LFE",
}  # fmt: skip
WAV = {
    1: "C", 2: "L R", 3: "L R C", 4: "L R Lb Rb", 5: "L R C Ls Rs", 6: "L R C LFE Ls Rs", 7: "L R C LFE B Ls Rs",
    8: "L R C LFE Lb Rb Ls Rs",
}  # fmt: skip
# Opus keeps only lows in its LFE.
HERTZ = {"LFE": 60, "C": 400, "L": 700, "R": 1000, "Ls": 1300, "Rs": 1600, "Lb": 1900, "Rb": 2200, "B": 2500}
MASKS = {"2.1": 0x0B, "3.1": 0x0F, "4.0": 0x107, "4.1": 0x10F, "5.1": 0x3F, "5.1(side)": 0x60F, "7.1": 0x63F}


def tones(names: list[str]) -> np.ndarray:
    at = np.arange(RATE) / RATE
    return np.stack([0.2 * np.sin(2 * np.pi * HERTZ[name] * at) for name in names], axis=1)


def heard(channels: np.ndarray) -> list[str]:
    by_hertz = {hertz: name for name, hertz in HERTZ.items()}
    strongest = [np.abs(np.fft.rfft(one[-RATE // 2 :] * np.hanning(RATE // 2)))[10:].argmax() + 10 for one in channels]
    return [by_hertz[min(by_hertz, key=lambda hertz: abs(hertz - 2 * at))] for at in strongest]


def with_mask(channels: np.ndarray, mask: int, order: str = "<") -> bytes:
    """Return a WAV of 16 bits with the mask of `WAVE_FORMAT_EXTENSIBLE`; channels have shape (samples, channels)."""
    count = channels.shape[1]
    guid = struct.pack(f"{order}IHH", 1, 0, 16) + bytes.fromhex("800000aa00389b71")
    form = struct.pack(f"{order}HHIIHHHHI", 0xFFFE, count, RATE, RATE * 2 * count, 2 * count, 16, 22, 16, mask) + guid
    data = np.round(channels * 32767).astype(f"{order}i2").tobytes()
    parts = b"".join(
        kind + struct.pack(f"{order}I", len(part)) + part for kind, part in ((b"fmt ", form), (b"data", data))
    )
    return (b"RIFX" if order == ">" else b"RIFF") + struct.pack(f"{order}I", 4 + len(parts)) + b"WAVE" + parts


@pytest.mark.parametrize("count", VORBIS)
@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_ogg_is_brought_into_the_order_of_wav(count, subtype, tmp_path):
    path = tmp_path / "clip.ogg"
    soundfile.write(path, tones(VORBIS[count].split()), RATE, subtype, format="OGG")
    wave = decode(path)
    assert heard(wave.channels) == WAV[count].split()
    assert wave.speakers == ()


@pytest.mark.parametrize("count", WAV)
@pytest.mark.parametrize("form", ["WAV", "WAVEX", "FLAC", "AIFF", "CAF"])
def test_other_files_stay_as_they_are(count, form, tmp_path):
    path = tmp_path / "clip.bin"
    soundfile.write(path, tones(WAV[count].split()), RATE, format=form)
    assert heard(decode(path).channels) == WAV[count].split()


def test_opus_without_speakers_is_left_alone(tmp_path):
    """Mapping family 255 of RFC 7845: channels of no particular place."""
    path = tmp_path / "clip.opus"
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg, which writes such files, is not installed")
    soundfile.write(tmp_path / "in.wav", tones(VORBIS[6].split()), RATE)
    command = ["ffmpeg", "-v", "error", "-i", tmp_path / "in.wav", "-c:a", "libopus", "-mapping_family", "255", path]
    subprocess.run(command, check=True)
    assert b"OpusHead\1\6" in path.read_bytes()[:100]
    assert heard(decode(path).channels) == VORBIS[6].split()


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg, the independent implementation, is not installed")
@pytest.mark.parametrize("codec", ["libvorbis", "libopus", "flac", "aac"])
@pytest.mark.parametrize(("count", "layout"), [(3, "3.0"), (5, "5.0"), (6, "5.1"), (8, "7.1")])
def test_ffmpegs_files_give_the_channels_that_went_in(codec, count, layout, tmp_path):
    if codec == "aac":
        pytest.importorskip("av")
        if count == 8:
            pytest.skip("ffmpeg cannot write this layout as AAC")
    soundfile.write(tmp_path / "in.wav", tones(WAV[count].split()), RATE)
    path = tmp_path / {"flac": "clip.flac", "aac": "clip.m4a", "libopus": "clip.opus"}.get(codec, "clip.ogg")
    graph = f"channelmap=map={'|'.join(map(str, range(count)))}:channel_layout={layout}"
    # ffmpeg 6 takes the wrong order for 5.0 in Opus unless it is told the family.
    family = ["-mapping_family", "1"] if codec == "libopus" else []
    command = ["ffmpeg", "-v", "error", "-i", tmp_path / "in.wav", "-af", graph, "-c:a", codec, *family, path]
    subprocess.run(command, check=True)
    assert heard(decode(path).channels) == WAV[count].split()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_the_mask_of_wav_is_read(mask, order, tmp_path):
    path = tmp_path / "clip.wav"
    count = mask.bit_count()
    path.write_bytes(with_mask(tones(WAV[count].split()), mask, order))
    wave = decode(path)
    assert len(wave.speakers) == count
    assert ("LFE" in wave.speakers) == bool(mask & 8)
    assert heard(wave.channels) == WAV[count].split()


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg, the independent implementation, is not installed")
@pytest.mark.parametrize("ending", ["wav", "flac"])
@pytest.mark.parametrize("layout", ["2.1", "3.1", "5.0(side)", "5.1", "5.1(side)", "hexagonal"])
def test_loudness_follows_the_layout_as_in_ffmpeg(layout, ending, tmp_path):
    """Layouts in which BS.1770-4 and ffmpeg agree; hexagonal has a channel straight behind, which is left silent."""
    count = {"2.1": 3, "3.1": 4, "5.0(side)": 5, "hexagonal": 6}.get(layout, 6)
    wide = np.random.default_rng(1).uniform(-0.3, 0.3, (RATE, count)) * np.linspace(0.3, 1, count)
    wide[:, -1] *= layout != "hexagonal"
    soundfile.write(tmp_path / "in.wav", wide, RATE)
    graph = f"channelmap=map={'|'.join(map(str, range(count)))}:channel_layout={layout}"
    path = tmp_path / f"clip.{ending}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "in.wav", "-af", graph, path], check=True)
    wave = decode(path)
    assert len(wave.speakers) in ({count} if ending == "wav" else {0, count})
    graph = "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-"
    command = ["ffmpeg", "-nostats", "-v", "error", "-i", path, "-af", graph, "-f", "null", "-"]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("lavfi.r128.I=")[-1]
    assert loudness_lufs(wave.channels, wave.rate, wave.speakers) == pytest.approx(float(theirs), abs=0.1)


@given(st.integers(0, (1 << 32) - 1), st.integers(1, 12))
def test_any_mask_names_every_channel_or_none(mask, count):
    file = io.BytesIO(with_mask(np.zeros((1, count)), mask))
    file.seek(3)
    found = speakers(file, count)
    assert file.tell() == 3
    assert len(found) in {0, count}
    assert SPEAKERS.issuperset(found)
    assert not found or (count > 2 and mask.bit_count() == count)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_damaged_headers_name_none(tail, cut):
    whole = with_mask(np.zeros((1, 3)), 0x0B)
    assert speakers(io.BytesIO(whole[: min(cut, 39)] + tail[:1] * (cut % 2)), 3) == ()
    for start in (b"", b"fLaC", b"RIFF\0\0\0\0WAVE", b"RIFX\0\0\0\0WAVEfmt "):
        assert len(speakers(io.BytesIO(start + tail), 3)) in {0, 3}
