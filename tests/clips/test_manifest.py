from __future__ import annotations

import gc
import io
import os
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from audiojudge_cli.clips.manifest import open_manifest, read_manifest
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError

FORMS = {
    "m.jsonl": b'{"audio": "a.wav", "caption": "A dog"}\n',
    "m.ndjson": b'{"audio": "a.wav", "caption": "A dog"}\n',
    "nemo.json": b'{"audio_filepath": "a.wav", "caption": "A dog", "text": "hello", "duration": 1.5}\n',
    "metadata.jsonl": b'{"file_name": "a.wav", "text": "A dog"}\n',
    "metadata.csv": b"file_name,text\na.wav,A dog\n",
    "m.tsv": b"path\tprompt\na.wav\tA dog\n",
    "semicolons.csv": b"audio;caption\na.wav;A dog\n",
    "sniffed": b'\xef\xbb\xbf  {"audio": "a.wav", "caption": "A dog"}\n',
    "sniffed.txt": b"audio,caption\na.wav,A dog\n",
}


def captions(entries: list[Row | Problem]) -> list[tuple[str | None, str | None]]:
    return [(entry.audio, entry.caption) for entry in entries if isinstance(entry, Row)]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_row(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FORMS[name])
    assert captions(list(read_manifest(tmp_path / name))) == [("a.wav", "A dog")]


@pytest.mark.parametrize("name", ["m.parquet", "m.pq", "m.data"])
def test_parquet_by_suffix_or_content(name: str, tmp_path: Path) -> None:
    parquet.write_table(pa.table({"audio": ["a.wav"], "caption": ["A dog"]}), tmp_path / name)
    assert captions(list(read_manifest(tmp_path / name))) == [("a.wav", "A dog")]


@pytest.mark.parametrize("form", ["m.jsonl", "metadata.csv", "m.tsv"])
def test_standard_input_is_sniffed_and_can_be_read_again(form: str) -> None:
    manifest = open_manifest("-", stdin=io.BytesIO(FORMS[form]))
    for _ in range(2):
        assert captions(list(manifest.rows())) == [("a.wav", "A dog")]
    assert manifest.name == "stdin"
    copy = manifest.path
    assert copy.exists()
    del manifest
    gc.collect()
    assert not copy.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipes_can_be_read_again(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(FORMS["m.jsonl"]))
    writer.start()
    manifest = open_manifest(tmp_path / "pipe")
    writer.join()
    assert captions(list(manifest.rows())) == captions(list(manifest.rows())) == [("a.wav", "A dog")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        ("audio,caption\n".encode("utf-16"), "iconv -f UTF-16"),
        ("audio,caption\n".encode("utf-16-le"), "iconv -f UTF-16"),
        ("audio,caption\n".encode("utf-32"), "iconv -f UTF-16"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "is compressed"),
        (b"PK\x03\x04\0\0", "is a spreadsheet"),
        (b"audio,caption\ra,b\r", "CR alone"),
    ],
)
@pytest.mark.parametrize("name", ["m.jsonl", "m.csv", "m.tsv", "m"])
def test_what_is_no_manifest_is_said_clearly(content: bytes, said: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        open_manifest(tmp_path / name)


def test_a_document_without_suffix_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b'[{"audio": "a"}]')
    assert open_manifest(tmp_path / "m").form == "json"
    assert [row.audio for row in read_manifest(tmp_path / "m") if isinstance(row, Row)] == ["a"]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*missing\.jsonl: No such file"):
        open_manifest(tmp_path / "missing.jsonl")
    with pytest.raises(InputError, match="is a folder"):
        open_manifest(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError, match="cannot read"):
        open_manifest(tmp_path / "loop")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), name=st.sampled_from(["m.jsonl", "m.csv", "m.tsv", "m.parquet", "m"]))
def test_any_bytes_give_rows_problems_or_one_clear_error(data: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    try:
        entries = list(read_manifest(tmp_path / name))
    except InputError as error:
        lines = str(error).splitlines()
    else:
        assert all(isinstance(entry, Row | Problem) for entry in entries)
        lines = ["no error"]
    assert len(lines) == 1
