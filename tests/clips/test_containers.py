from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.errors import ClipError

WITH_AV = importlib.util.find_spec("av") is not None
RATE = 16_000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)
M4A_HEAD = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(64)


def write_container(path: Path, codec: str, rate: int, channels: int = 1, samples: np.ndarray = TONE) -> None:
    av = importlib.import_module("av")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono" if channels == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(
            np.repeat(samples[None], channels, axis=0), format="fltp", layout=stream.layout.name
        )
        frame.sample_rate = RATE
        resampler = av.AudioResampler(
            format=stream.format.name, layout=stream.layout.name, rate=rate, frame_size=stream.frame_size
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


@pytest.mark.skipif(WITH_AV, reason="PyAV is installed")
@pytest.mark.parametrize("name", ["x.m4a", "x.wav"])
def test_without_pyav_the_extra_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(M4A_HEAD)
    with pytest.raises(ClipError, match=r"MP4/M4A.*audiojudge-cli\[av\]") as caught:
        decode(tmp_path / name)
    assert caught.value.kind == "needs-av"


@pytest.mark.skipif(not WITH_AV, reason="needs PyAV (extra av)")
@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        *(("x.m4a", "aac", 16_000), ("x.aac", "aac", 44_100), ("x.webm", "libopus", 48_000), ("x.mp4", "aac", 8_000)),
        *(("x.mov", "aac", 48_000), ("x.mka", "libopus", 48_000), ("x.avi", "mp3", 44_100), ("x.flv", "aac", 44_100)),
        *(("x.wv", "wavpack", 16_000), ("x.m4a", "alac", 16_000), ("x.3gp", "aac", 16_000)),
    ],
)
def test_containers_decode(name: str, codec: str, rate: int, tmp_path: Path) -> None:
    write_container(tmp_path / name, codec, rate, channels=2)
    waveform = decode(tmp_path / name)
    assert waveform.rate == rate
    assert waveform.channels.shape[0] == 2
    assert waveform.duration_s == pytest.approx(1, abs=0.3)
    spectrum = np.abs(np.fft.rfft(waveform.mono))
    assert spectrum.argmax() * rate / len(waveform.mono) == pytest.approx(440, abs=3)


@pytest.mark.skipif(not WITH_AV, reason="needs PyAV (extra av)")
@pytest.mark.parametrize(
    ("name", "codec"),
    [("x.m4a", "aac"), ("x.mov", "aac"), ("x.webm", "libopus"), ("x.mka", "libopus"), ("x.avi", "mp3")],
)
def test_cut_containers_are_not_taken_for_whole(name: str, codec: str, tmp_path: Path) -> None:
    write_container(tmp_path / name, codec, 44_100 if codec == "mp3" else 48_000)
    whole = (tmp_path / name).read_bytes()
    for end in [*range(1, len(whole), len(whole) // 40), len(whole) - 1]:
        (tmp_path / name).write_bytes(whole[:end])
        with pytest.raises(ClipError) as caught:
            decode(tmp_path / name)
        assert caught.value.kind in {"truncated", "damaged", "not-audio"}


@pytest.mark.skipif(not WITH_AV, reason="needs PyAV (extra av)")
def test_a_stream_without_a_length_is_read_whole_and_said_to_be_one(tmp_path: Path) -> None:
    """From its quiet start, FFmpeg guesses hours: a guess is no claim that the file could fall short of."""
    loud = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * RATE).astype(np.float32)
    write_container(tmp_path / "x.aac", "aac", RATE, samples=np.concatenate([np.zeros(4 * RATE, np.float32), loud]))
    waveform = decode(tmp_path / "x.aac")
    assert waveform.duration_s == pytest.approx(6, abs=0.3)
    assert any("does not say how long" in warning for warning in waveform.warnings)
    with pytest.raises(ClipError, match="limit") as caught:
        decode(tmp_path / "x.aac", max_duration_s=5)
    assert caught.value.kind == "too-long"


@pytest.mark.skipif(not WITH_AV, reason="needs PyAV (extra av)")
def test_a_video_gives_its_sound(tmp_path: Path) -> None:
    av = importlib.import_module("av")
    with av.open(str(tmp_path / "x.mp4"), "w") as container:
        picture = container.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("aac", rate=RATE)
        sound.layout = "mono"
        for number in range(30):
            image = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number, np.uint8), format="rgb24")
            container.mux(picture.encode(image))
        for at in range(0, RATE, 1024):
            frame = av.AudioFrame.from_ndarray(TONE[None, at : at + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(sound.encode(frame))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    # The picture lasts three seconds, the sound one: the sound is not taken for cut.
    assert decode(tmp_path / "x.mp4").duration_s == pytest.approx(1, abs=0.1)


@pytest.mark.skipif(not WITH_AV, reason="needs PyAV (extra av)")
def test_a_container_without_audio_or_sense(tmp_path: Path) -> None:
    (tmp_path / "x.m4a").write_bytes(M4A_HEAD)
    with pytest.raises(ClipError) as caught:
        decode(tmp_path / "x.m4a")
    assert caught.value.kind == "not-audio"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"),
        (b"  <!doctype html><title>404", "web page"),
        (bytes(100), "only zero bytes"),
        (b"hello there", "begins with 68 65 6c 6c"),
    ],
)
def test_what_it_is_instead_is_said(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(content)
    with pytest.raises(ClipError, match=said):
        decode(tmp_path / "x.wav")


def test_libsndfile_goes_first(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.m4a", TONE, RATE, format="FLAC")
    assert decode(tmp_path / "x.m4a").duration_s == 1
