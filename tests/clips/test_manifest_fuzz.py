"""Any bytes at all as a manifest: rows, or problems with their line, or one clear error; nothing lost, nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.clips.locate import AsWritten
from audiojudge_cli.clips.manifest import open_manifest
from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import AudiojudgeError, InputError

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# What manifests are made of, so that the fuzz gets past the first byte.
PIECES = (
    *(b"{", b"}", b"[", b"]", b":", b",", b";", b"|", b"\t", b'"', b'""', b"\\", b"\n", b"\r\n", b"\r", b"\0", b" "),
    *(b"audio", b"caption", b"id", b"subset", b"rubric", b"items", b"null", b"NaN", b"1e999", b"-1", b"true", b"\xff"),
    *(
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"a.wav",
        "\u72d7".encode(),
        b"\xe2\x80\xa8",
        b"\x85",
        b"\x1a",
        b"PAR1",
    ),
    *(b'{"audio": "a.wav", "caption": "x"}\n', b"audio,caption\n", b"a.wav,x\n", b"audio\tcaption\n", b"a.wav\tx\n"),
    *(b'{"audio_filepath": "a.wav", "text": "x", "duration": 1.5}\n', b'{"file_name": "a.wav", "text": "x"}\n'),
    *(b'{"audio": {"path": "a.wav", "bytes": null}, "caption": "x"}\n', b'{"rubric": [{"question": "?"}], "id": 1}\n'),
)
texts = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=6,
)
rows_of_json = st.lists(
    st.dictionaries(
        st.sampled_from(["audio", "caption", "id", "subset", "language", "rubric", "items", "x", "file_name", "text"]),
        json_values,
        max_size=5,
    ),
    max_size=6,
)


def entries(path: Path) -> list[Row | Problem] | None:
    """Return what the manifest gives, or None for one clear error."""
    try:
        found = list(open_manifest(path).rows())
    except AudiojudgeError as error:
        refusal = str(error)
        found = None
    if found is None:
        assert path.name in refusal
        assert refusal.isprintable()
        return None
    last = 0
    for entry in found:
        assert entry.source.endswith(path.name)
        assert entry.line is not None
        assert entry.line > last
        last = entry.line
        if isinstance(entry, Problem):
            assert entry.message.isprintable()
        else:
            json.dumps(entry.metadata, allow_nan=False)
            assert entry.audio is not None or entry.id is not None or entry.caption is not None
    return found


def lines_of(content: bytes) -> list[bytes]:
    return content.removeprefix(b"\xef\xbb\xbf").split(b"\n")


@quick
@given(content=texts)
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "json", "parquet", "txt", ""])
def test_any_bytes(suffix: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / (f"m.{suffix}" if suffix else "m")
    path.write_bytes(content)
    found = entries(path)
    if found and suffix in {"jsonl", "tsv"} and not content.startswith(b"PAR1"):
        # Here every line is its own row: none may be missing.
        filled = [number for number, line in enumerate(lines_of(content), 1) if line.decode("latin-1").strip(" \t\r")]
        first = 1 if suffix == "tsv" else 0
        assert set(filled[first:]) >= {entry.line for entry in found}
        blank = {n for n in filled if not lines_of(content)[n - 1].decode("utf-8", "surrogateescape").strip()}
        assert len(found) == len([n for n in filled if n not in blank]) - first


@quick
@given(rows=rows_of_json)
def test_any_json_object_is_a_row_or_a_problem(rows: list[dict[str, object]], tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = entries(path)
    assert found is None or len(found) == len(rows)


@quick
@given(cells=st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=4), min_size=1, max_size=5))
def test_any_table_is_read_cell_by_cell(cells: list[list[str]], tmp_path: Path) -> None:
    """Written by another CSV writer, every row comes back whole, or as a problem of its own."""
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["audio", "caption"])
    writer.writerows(cells)
    try:
        content = out.getvalue().encode("utf-8")
    except UnicodeEncodeError:
        return
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    found = entries(path)
    if found is None:
        assert b"\n" not in content or b"\0" in content
        return
    assert len(found) == len(cells)
    for entry, row in zip(found, cells, strict=True):
        if isinstance(entry, Row):
            assert (entry.audio or "", entry.caption) == tuple(row)


def table() -> bytes:
    out = io.BytesIO()
    audio = [{"path": f"{n}.wav", "bytes": b"\0" * 9} for n in range(6)]
    pq.write_table(pa.table({"audio": audio, "caption": [f"caption {n}" for n in range(6)], "x": [1.5] * 6}), out)
    return out.getvalue()


PARQUET = table()


def where(name: bytes, nth: int) -> int:
    """Return where the footer names a leaf for the n-th time."""
    at = -1
    for _ in range(nth):
        at = PARQUET.index(name, at + 1)
    return at


@pytest.mark.parametrize("leaf", [b"audio", b"bytes", b"path", b"caption"])
@pytest.mark.parametrize("value", [0, 0xBE, ord("z")])
def test_parquet_with_a_damaged_name(leaf: bytes, value: int, tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    for nth in range(1, PARQUET.count(leaf) + 1):
        data = bytearray(PARQUET)
        data[where(leaf, nth) + 2] = value
        path.write_bytes(data)
        assert entries(path) != []


@quick
@given(
    changes=st.lists(st.tuples(st.integers(0, len(PARQUET) - 1), st.integers(0, 255)), max_size=5),
    cut=st.one_of(st.none(), st.integers(0, len(PARQUET))),
)
def test_parquet_with_wrong_bytes(changes: list[tuple[int, int]], cut: int | None, tmp_path: Path) -> None:
    data = bytearray(PARQUET)
    for at, value in changes:
        data[at] = value
    path = tmp_path / "m.parquet"
    path.write_bytes(data[:cut])
    entries(path)


@quick
@given(content=texts)
def test_pairing_counts_every_row_once(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes(content)
    try:
        manifest = open_manifest(path)
        pairing = Pairing(manifest.rows, AsWritten(tmp_path))
    except InputError:
        return
    clips, problems = list(pairing.clips), list(pairing.problems())
    report = pairing.report
    assert (report.clips, report.problems) == (len(clips), len(problems))
    assert report.rows == len(clips) + len(problems)
    assert len({clip.id for clip in clips}) == len(clips)
