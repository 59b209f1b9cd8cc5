"""Eight thousand clips inside Parquet files fill neither the disk nor the memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from audiojudge_cli.benchmarking.benchmark import open_benchmark
from audiojudge_cli.clips import embedded
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.pairing import find_clips
from tests.benchmarking.test_pairs import AUDIO, wav

CLIPS, SHARD = 8000, 2000
ITEM = pa.struct([(name, pa.string()) for name in ("dimension", "question", "basis")])
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("uuid", "caption", "label", "type", "subset")),
        *(("audio", AUDIO), ("rubric", pa.list_(ITEM))),
    ]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """AnyAudio-Judge Bench in its size: 8,000 rows in four files, a few hundred different sounds."""
    path: Path = tmp_path_factory.mktemp("anyaudio")
    sounds = [wav(100 + at, 0.02) for at in range(250)]
    item = {"dimension": "event", "question": "Is it a tone?", "basis": "tone"}
    for shard in range(CLIPS // SHARD):
        rows: list[dict[str, Any]] = [
            {
                "uuid": f"{shard}-{at}",
                "caption": "A tone.",
                "label": ("yes", "no")[at % 2],
                "type": ("pos", "neg_swap")[at % 2],
                "subset": "sound_gen",
                "audio": {"bytes": sounds[at % len(sounds)], "path": f"{at}.wav"},
                "rubric": [item],
            }
            for at in range(SHARD)
        ]
        parquet.write_table(pa.Table.from_pylist(rows, SCHEMA), path / f"test-{shard:05}-of-00004.parquet")
    return path


def test_clips_are_read_in_place_a_few_at_a_time(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # Room for fifty clips: of eight thousand, more are never in memory at once.
    room = 50 * len(wav(100, 0.02))
    monkeypatch.setattr(embedded, "_KEPT_BYTES", room)
    embedded._reader.cache_clear()
    found = open_benchmark(folder)
    assert (found.layout.name, len(found.parts)) == ("anyaudio-judge", 4)
    clips = find_clips(None, "-", opener=lambda _: found).clips
    assert len(clips) == CLIPS
    before, most, seen, samples = {path: path.stat().st_mtime_ns for path in folder.iterdir()}, 0, 0, 0
    for clip in clips:
        assert isinstance(clip.embedded, embedded.EmbeddedAudio)
        # One in eighty is decoded, all are read: decoding alone is what takes time.
        if seen % 80 == 0:
            samples += decode(clip.source).channels.shape[1]
        else:
            samples += len(clip.embedded.read()) and 160
        reader = embedded._reader(clip.embedded.manifest, clip.embedded.column, clip.embedded.state)
        most = max(most, sum(len(data or b"") for data in reader._kept.values()))
        seen += 1
    assert (seen, samples) == (CLIPS, CLIPS * 160)
    assert 0 < most <= room + embedded._BATCH_ROWS * len(wav(100, 0.02))
    assert list(tmp_path.iterdir()) == []
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
