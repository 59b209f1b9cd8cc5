from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiojudge_cli.clips import resample as resampling
from audiojudge_cli.clips import spill
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.resample import resample
from audiojudge_cli.clips.spill import Gathering, blocks, room
from audiojudge_cli.errors import ClipError

RATE = 16_000


@pytest.fixture
def small(monkeypatch):
    """Let the file begin where memory ends after a few kilobytes."""
    monkeypatch.setattr(spill, "IN_MEMORY", 4096)
    monkeypatch.setattr(spill, "BLOCK", 1000)
    monkeypatch.setattr(resampling, "IN_MEMORY", 4096)


def noise(frames: int, channels: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (frames, channels)).astype(np.float32)


def open_files() -> list[str]:
    maps = Path("/proc/self/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    return [line for line in lines if tempfile.gettempdir() in line and line.endswith("(deleted)")]


@pytest.mark.parametrize("sizes", [[10], [700, 1, 3000, 17], [5000]])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_blocks_are_put_together_alike_in_memory_and_in_a_file(sizes, channels, small):
    whole = noise(sum(sizes), channels)
    gathering = Gathering(channels, sum(sizes) + 100)
    at = 0
    for size in sizes:
        gathering.add(whole[at : at + size].copy())
        at += size
    assert gathering.count == len(whole)
    assert np.array_equal(gathering.samples(), whole.T)


def test_rooms_are_empty_and_hold_what_is_put_in(small):
    for shape in ((3,), (5000,), (2, 5000)):
        made = room(*shape)
        assert made.shape == shape
        assert not made.any()
        made[..., 1] = 7
        assert (made[..., 1] == 7).all()


def test_stretches_keep_what_was_written_though_their_memory_is_taken_back(small):
    made = room(2, 5000)
    for number, part in enumerate(blocks(made)):
        part[:] = number
    assert [float(part.mean()) for part in blocks(made)] == [0, 1, 2, 3, 4]


def test_the_file_is_gone_as_soon_as_the_array_is(small):
    made = room(5000)
    made[0] = 1
    if not open_files():
        pytest.skip("this system does not list its maps")
    del made
    gc.collect()
    assert open_files() == []


def test_a_folder_without_room_is_an_error_with_a_remedy(small, monkeypatch):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    monkeypatch.setattr(spill, "spool", lambda: full.open("r+b", buffering=0))
    with pytest.raises(ClipError, match=r"no room for .* TMPDIR"):
        room(5000)
    gathering = Gathering(2, 5000)
    with pytest.raises(ClipError, match=r"no room for .* TMPDIR") as caught:
        gathering.add(noise(5000, 2))
    assert caught.value.kind == "too-long"


def test_no_folder_at_all_is_the_same_error(small, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(ClipError, match="TMPDIR"):
        room(5000)


@pytest.mark.parametrize(("rate", "wanted"), [(48_000, 16_000), (16_000, 22_050), (44_100, 16_000), (8_000, 16_000)])
def test_resampling_in_a_stream_gives_the_same_samples(rate, wanted, monkeypatch):
    samples = noise(30_011, 1)[:, 0]
    at_once = resample(samples, rate, wanted)
    monkeypatch.setattr(resampling, "IN_MEMORY", 0)
    monkeypatch.setattr(spill, "IN_MEMORY", 0)
    monkeypatch.setattr(spill, "BLOCK", 1000)
    streamed = resample(samples, rate, wanted)
    assert len(streamed) == len(at_once)
    assert np.abs(streamed - at_once).max() < 1e-6


def test_a_long_file_decodes_to_the_same_as_a_short_one(monkeypatch, tmp_path):
    samples = noise(RATE, 2)
    samples[5000:5010] = 1.0
    for name in ("x.wav", "x.flac"):
        soundfile.write(tmp_path / name, samples, RATE, subtype="PCM_24")
        plain = decode(tmp_path / name)
        with monkeypatch.context() as patch:
            patch.setattr(spill, "IN_MEMORY", 4096)
            patch.setattr(spill, "BLOCK", 5003)
            spilled = decode(tmp_path / name)
        assert isinstance(spilled.mono, np.memmap)
        assert spilled.warnings == plain.warnings
        assert any("clipped" in warning for warning in plain.warnings)
        assert np.array_equal(spilled.channels, plain.channels)
        assert np.array_equal(spilled.mono, plain.mono)
