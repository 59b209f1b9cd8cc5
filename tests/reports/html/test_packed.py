"""Audio inside Parquet files is found again, embedded within the cap, and never mistaken for other audio."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import soundfile
from pyarrow import parquet

from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.html.payload import Blobs, Limits, clip_data
from audiojudge_cli.reports.html.sources import AudioFinder, media_type
from audiojudge_cli.results.record import AudioFacts

ROWS = [{"id": name, "answers": [0.1 * number]} for number, name in enumerate("abcd", start=1)]


def tone(number: int) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, 0.1 * number * np.sin(np.arange(800) * 0.1 * number), 8000, format="FLAC")
    return out.getvalue()


def shard(path: Path, rows: list[tuple[str | None, bytes]]) -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    audio = pa.array([{"bytes": data, "path": name} for name, data in rows], type=struct)
    features = {"info": {"features": {"audio": {"_type": "Audio"}, "text": {"_type": "Value"}}}}
    table = pa.table({"audio": audio, "text": [f"Tone {at}." for at in range(len(rows))]})
    parquet.write_table(table.replace_schema_metadata({"huggingface": json.dumps(features)}), path)


@pytest.fixture
def run(make_run, tmp_path):
    """Four clips in two shards: with and without a path, and two that share one."""
    data = tmp_path / "set" / "data"
    shard(data / "train-00000-of-00002.parquet", [("x.flac", tone(1)), ("x.flac", tone(2))])
    shard(data / "train-00001-of-00002.parquet", [(None, tone(3)), ("deep/y.flac", tone(4))])
    folder = make_run(ROWS, "run", info={"inputs": {"outputs": str(tmp_path / "set"), "captions": None}})
    lines = []
    names = [clip.audio_name for clip in find_clips(tmp_path / "set").clips]
    for number, line in enumerate((folder / "records.jsonl").read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        record["audio"] |= {"path": names[number - 1], "sha256": hashlib.sha256(tone(number)).hexdigest()}
        lines.append(json.dumps(record) + "\n")
    (folder / "records.jsonl").write_text("".join(lines), encoding="utf-8", newline="")
    return folder


def clips_of(folder: Path, tmp_path: Path, **limits: int) -> tuple[list[dict[str, Any]], Blobs]:
    run = gather(folder, None, clips=10)
    return clip_data(run, AudioFinder(folder, run.info, None), tmp_path / "r.html", Limits(**limits))


def test_a_folder_of_shards_is_one_set_with_its_audio_inside(tmp_path, run):
    pairing = find_clips(tmp_path / "set")
    clips = list(pairing.clips)
    assert [clip.audio_name for clip in clips] == [
        "train-00000-of-00002.parquet/x.flac",
        "train-00000-of-00002.parquet/x.flac",
        "train-00001-of-00002.parquet/row-1",
        "train-00001-of-00002.parquet/deep/y.flac",
    ]
    assert len({clip.id for clip in clips}) == 4
    assert [clip.embedded is not None and clip.embedded.read() for clip in clips] == [tone(at) for at in (1, 2, 3, 4)]


def test_each_clip_plays_its_own_audio(tmp_path, run):
    clips, blobs = clips_of(run, tmp_path)
    assert [clip["id"] for clip in clips] == ["a", "b", "c", "d"]
    for number, clip in enumerate(clips, start=1):
        assert base64.b64decode(blobs.audio[clip["key"]]) == tone(number)
        assert (clip["embedded"], clip["picture"], clip["type"]) == (True, True, "audio/flac")
        assert "link" not in clip


def test_no_more_than_the_cap_is_embedded_and_the_rest_is_told(tmp_path, run):
    clips, blobs = clips_of(run, tmp_path, embed_bytes=len(tone(1)) + 10)
    assert [clip.get("embedded") for clip in clips] == [True, None, None, None]
    assert clips[3]["packed"] == "train-00001-of-00002.parquet"
    assert blobs.audio_bytes <= len(tone(1)) + 10
    assert clips_of(run, tmp_path, embed_bytes=0)[1].audio == {}


def test_audio_that_changed_is_not_embedded(tmp_path, run):
    shard(tmp_path / "set" / "data" / "train-00001-of-00002.parquet", [(None, tone(7)), ("deep/y.flac", tone(8))])
    clips, _ = clips_of(run, tmp_path)
    assert [clip.get("embedded") for clip in clips] == [True, True, None, None]


@pytest.mark.parametrize("wrong", ["missing", "damaged", "folder"])
def test_a_file_that_cannot_be_read_is_no_reason_to_stop(tmp_path, run, wrong):
    path = tmp_path / "set" / "data" / "train-00000-of-00002.parquet"
    path.unlink()
    if wrong == "damaged":
        path.write_bytes(b"PAR1 and nothing else")
    elif wrong == "folder":
        path.mkdir()
    clips, _ = clips_of(run, tmp_path)
    assert [clip.get("embedded") for clip in clips] == [None, None, True, True]


@pytest.mark.parametrize("path", ["a.parquet/x", "a.parquet/", "/a.parquet", "a.parquet/\0", "x" * 5000 + ".parquet/y"])
def test_odd_names_find_nothing(tmp_path, path):
    finder = AudioFinder(tmp_path / "run", {"inputs": {"audio_field": 3}}, tmp_path)
    assert finder.find(AudioFacts(path, "0" * 64)) is None


@pytest.mark.parametrize(
    ("data", "found"),
    [(b"RIFF", "audio/wav"), (b"fLaC", "audio/flac"), (b"OggS", "audio/ogg"), (b"ID3\4", "audio/mpeg")],
)
def test_the_kind_of_audio_without_a_name_is_known_by_its_beginning(data, found):
    assert media_type("a.parquet/row-1", data) == found
    assert media_type("a.parquet/row-1.mp3", b"fLaC") == "audio/mpeg"
    assert media_type("a.parquet/row-1", b"what") == "application/octet-stream"
