from __future__ import annotations

import hashlib
import os
import runpy
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.errors import ClipError

HOSTILE = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
CASES: dict[str, tuple[bytes, frozenset[str]]] = HOSTILE["CASES"]
RATE = 16_000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)


def outcome(path: Path) -> str:
    try:
        waveform = decode(path)
    except ClipError as error:
        # Every message names the file and stays on one line.
        return error.kind if path.name in str(error) and "\n" not in str(error) else f"bad message: {error}"
    assert waveform.channels.dtype == np.float32
    assert np.isfinite(waveform.channels).all()
    assert waveform.channels.shape[1] > 0
    return "ok"


def kind_of(path: Path, **limits: float) -> str:
    with pytest.raises(ClipError) as caught:
        decode(path, **limits)  # type: ignore[arg-type]
    return caught.value.kind


@pytest.mark.parametrize("name", CASES)
def test_hostile_files_get_their_kind(name: str, tmp_path: Path) -> None:
    data, expected = CASES[name]
    (tmp_path / name).write_bytes(data)
    assert outcome(tmp_path / name) in expected


@pytest.mark.parametrize(
    ("form", "subtype", "tolerance"),
    [
        ("WAV", "PCM_16", 1e-4),
        ("WAV", "FLOAT", 0),
        ("FLAC", "PCM_16", 1e-4),
        ("FLAC", "PCM_24", 1e-6),
        ("AIFF", "PCM_16", 1e-4),
        ("CAF", "PCM_24", 1e-6),
        ("W64", "FLOAT", 0),
    ],
)
def test_samples_come_out_as_they_went_in(form: str, subtype: str, tolerance: float, tmp_path: Path) -> None:
    path = tmp_path / "x"
    stereo = np.stack([TONE, TONE[::-1] * 0.5], axis=1)
    soundfile.write(path, stereo, RATE, format=form, subtype=subtype)
    waveform = decode(path)
    assert waveform.rate == RATE
    assert waveform.channels.shape == (2, RATE)
    assert np.abs(waveform.channels - stereo.T).max() <= tolerance
    assert waveform.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("form", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)])
def test_lossy_forms_keep_length_and_shape(form: str, subtype: str | None, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x", TONE, RATE, format=form, subtype=subtype)
    mono = decode(tmp_path / "x").mono
    assert len(mono) == RATE
    middle = slice(RATE // 4, -RATE // 4)
    assert np.corrcoef(mono[middle], TONE[middle])[0, 1] > 0.95


def test_long_files_are_whole_across_blocks(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (200_001, 2)).astype(np.float32)
    soundfile.write(tmp_path / "x.wav", samples, 48_000, subtype="FLOAT")
    assert np.array_equal(decode(tmp_path / "x.wav").channels, samples.T)


def test_mono_is_not_copied(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", TONE, RATE)
    waveform = decode(tmp_path / "x.wav")
    assert np.shares_memory(waveform.mono, waveform.channels)


def test_limits_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, TONE, RATE)
    assert kind_of(path, max_duration_s=0.5) == "too-long"
    assert kind_of(path, max_bytes=1000) == "too-large"
    assert kind_of(path, max_decoded_bytes=4 * RATE - 4) == "too-long"
    assert decode(path, max_duration_s=1.0, max_bytes=path.stat().st_size, max_decoded_bytes=4 * RATE).duration_s == 1


def test_limits_hold_where_the_header_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.flac").write_bytes(CASES["claims-nothing.flac"][0])
    assert kind_of(tmp_path / "x.flac", max_duration_s=0.1) == "too-long"


@pytest.mark.parametrize("name", ["new\nline.wav", "emoji🐕.wav", "x" * 251 + ".wav", os.fsdecode(b"\xff\xfe.wav")])
def test_odd_names(name: str, tmp_path: Path) -> None:
    try:
        soundfile_bytes = CASES["slow.wav"][0]
        (tmp_path / name).write_bytes(soundfile_bytes)
    except OSError:
        pytest.skip("this file system refuses the name")
    assert decode(tmp_path / name).rate == 8_000
    (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(ClipError) as caught:
        decode(tmp_path / name)
    assert str(caught.value).isprintable()


def warnings_of(samples: np.ndarray, tmp_path: Path, subtype: str = "FLOAT") -> str:
    soundfile.write(tmp_path / "x.wav", samples, RATE, subtype=subtype)
    return "; ".join(decode(tmp_path / "x.wav").warnings)


def test_warnings_say_what_was_odd(tmp_path: Path) -> None:
    assert warnings_of(TONE, tmp_path) == ""
    assert "silent" in warnings_of(TONE * 0, tmp_path)
    assert "mixed down" in warnings_of(np.stack([TONE, TONE], axis=1), tmp_path)
    assert "channel 2 of 2 is dead" in warnings_of(np.stack([TONE, TONE * 0], axis=1), tmp_path)
    assert "cancel" in warnings_of(np.stack([TONE, -TONE], axis=1), tmp_path)
    assert "over full scale" in warnings_of(TONE * 4, tmp_path)
    assert "clipped" in warnings_of(np.clip(TONE * 4, -1, 1), tmp_path, "PCM_16")
    isolated = np.tile(TONE, 2)
    isolated[5] = np.nan
    assert "1 sample set to 0: NaN" in warnings_of(isolated, tmp_path)


def test_streamed_header_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(CASES["streamed.wav"][0])
    waveform = decode(tmp_path / "x.wav")
    assert waveform.channels.shape == (1, RATE // 4)
    assert "streamed file" in waveform.warnings[0]


SEEDS = [CASES[name][0] for name in ("tail-chunk.wav", "flac-inside.wav", "no-suffix", "tagged.mp3", "alac.caf")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=6),
    end=st.integers(1, 20_000),
)
def test_fuzzed_headers_never_escape(seed: bytes, changes: list[tuple[int, int]], end: int, tmp_path: Path) -> None:
    data = bytearray(seed[:end])
    for at, value in changes:
        data[min(at, len(data) - 1)] = value
    path = tmp_path / "fuzzed.wav"
    path.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome(path)
