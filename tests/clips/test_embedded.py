"""Audio inside a Parquet manifest is judged from its bytes, never from a file that happens to have its name."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import random
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import soundfile
from pyarrow import parquet

from audiojudge_cli.clips import embedded
from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.length import claimed_length
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.errors import ClipError

RATE = 8000


def wav(number: int) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, np.full(100 + number, 0.001 * (number + 1)), RATE, format="WAV")
    return out.getvalue()


def written(path: Path, rows: list[dict[str, Any]], **more: Any) -> Path:
    struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {"audio": pa.array([row["audio"] for row in rows], type=struct)}
    table = pa.table(columns | {"text": [row.get("text", f"Caption {at}.") for at, row in enumerate(rows)]})
    parquet.write_table(table, path, **more)
    return path


@pytest.fixture(autouse=True)
def _on_disk(tmp_path):
    """Files of the very names, with other sound."""
    for number in range(40):
        (tmp_path / f"{number}.wav").write_bytes(wav(number + 500))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# How the file is laid out must not matter: many row groups or one, with statistics or without, compressed or not.
LAYOUTS: list[dict[str, Any]] = [
    {},
    {"row_group_size": 7},
    {"row_group_size": 1},
    {"write_statistics": False},
    {"row_group_size": 7, "write_statistics": False, "compression": "zstd"},
    {"use_dictionary": False, "data_page_size": 64},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("paths", ["all", "none", "some"])
def test_the_bytes_are_judged(tmp_path, layout, paths):
    data = [wav(number) for number in range(40)]
    has_path = {"all": (True, True, True), "none": (False, False, False), "some": (False, True, True)}[paths]
    named = [has_path[number % 3] for number in range(40)]
    rows = [{"audio": {"bytes": data[at], "path": f"{at}.wav" if named[at] else None}} for at in range(40)]
    clips = list(find_clips(written(tmp_path / "data.parquet", rows, **layout)).clips)
    assert [decode(clip.source).sha256 for clip in clips] == [sha(each) for each in data]
    names = [f"data.parquet/{f'{at}.wav' if named[at] else f'row-{at + 1}'}" for at in range(40)]
    assert [clip.audio_name for clip in clips] == names
    assert len({clip.id for clip in clips}) == 40
    assert claimed_length(clips[3].source) == pytest.approx(103 / RATE)
    assert "bytes" not in str(clips[0].metadata)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_rows_without_bytes_are_files(tmp_path, layout):
    rows: list[dict[str, Any]] = []
    for number in range(40):
        inside = {"bytes": wav(number), "path": f"{number}.wav"}
        rows.append({"audio": [inside, {"bytes": None, "path": f"{number}.wav"}, inside][number % 3]})
    clips = find_clips(written(tmp_path / "data.parquet", rows, **layout)).clips
    wanted = [sha(wav(number + (500 if number % 3 == 1 else 0))) for number in range(40)]
    assert [decode(clip.source).sha256 for clip in clips] == wanted


def test_rows_with_neither_are_problems(tmp_path):
    rows: list[dict[str, Any]] = [{"audio": {"bytes": wav(0), "path": "0.wav"}}, {"audio": None}]
    rows.append({"audio": {"bytes": None, "path": None}})
    found = find_clips(written(tmp_path / "data.parquet", rows))
    assert [problem.kind for problem in found.problems()] == ["no-audio", "no-audio"]


def test_rows_of_one_name_are_told_apart(tmp_path):
    rows = [{"audio": {"bytes": wav(at), "path": "0.wav"}, "text": "the same"} for at in range(5)]
    clips = list(find_clips(written(tmp_path / "data.parquet", rows)).clips)
    assert len({clip.id for clip in clips}) == 5
    assert [decode(clip.source).sha256 for clip in clips] == [sha(wav(at)) for at in range(5)]


def test_a_folder_of_audio_is_judged_itself(tmp_path):
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "0.wav").write_bytes(wav(77))
    manifest = written(tmp_path / "data.parquet", [{"audio": {"bytes": wav(0), "path": "0.wav"}}])
    (clip,) = find_clips(tmp_path / "outputs", manifest).clips
    assert decode(clip.source).sha256 == sha(wav(77))


@pytest.mark.parametrize(("kept_rows", "kept_bytes"), [(1024, 256 << 20), (3, 256 << 20), (1024, 1000)])
def test_any_order_from_any_thread_with_little_memory(tmp_path, monkeypatch, kept_rows, kept_bytes):
    monkeypatch.setattr(embedded, "_KEPT_ROWS", kept_rows)
    monkeypatch.setattr(embedded, "_KEPT_BYTES", kept_bytes)
    rows = [{"audio": {"bytes": wav(at), "path": None}} for at in range(40)]
    clips = list(find_clips(written(tmp_path / "data.parquet", rows, row_group_size=17)).clips)
    wrong: list[Clip] = []

    def read(seed: int) -> None:
        order = list(enumerate(clips))
        random.Random(seed).shuffle(order)
        for at, clip in order:
            again: Clip = pickle.loads(pickle.dumps(clip))
            if decode(again.source).sha256 != sha(wav(at)):
                wrong.append(clip)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"", "empty"), (b"not audio", "not-audio"), (wav(0)[:-50], "truncated"), (b"x" * 3000, "too-large")],
)
def test_what_is_wrong_with_the_bytes_is_told_of_the_row(tmp_path, data, kind):
    (clip,) = find_clips(written(tmp_path / "data.parquet", [{"audio": {"bytes": data, "path": "0.wav"}}])).clips
    with pytest.raises(ClipError, match=r"data\.parquet, row 1") as raised:
        decode(clip.source, max_bytes=2000)
    assert raised.value.kind == kind


def test_another_file_of_the_same_name_is_not_taken_for_it(tmp_path):
    path = tmp_path / "data.parquet"
    (clip,) = find_clips(written(path, [{"audio": {"bytes": wav(0), "path": "0.wav"}}])).clips
    written(path, [{"audio": {"bytes": wav(1), "path": "0.wav"}}] * 2)
    with pytest.raises(ClipError, match="changed"):
        decode(clip.source)


def test_a_damaged_file_is_a_failed_clip(tmp_path):
    path = tmp_path / "data.parquet"
    clips = list(find_clips(written(path, [{"audio": {"bytes": wav(0), "path": "0.wav"}}], compression="zstd")).clips)
    before = path.stat()
    raw = bytearray(path.read_bytes())
    raw[10:60] = bytes(50)
    path.write_bytes(bytes(raw))

    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    embedded._reader.cache_clear()
    with pytest.raises(ClipError) as raised:
        decode(clips[0].source)
    assert raised.value.kind == "unreadable"
