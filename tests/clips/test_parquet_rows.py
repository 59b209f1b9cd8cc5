from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.parquet_rows import parquet_rows
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError


def written(table: pa.Table) -> io.BytesIO:
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out


def read(table: pa.Table, **fields: str) -> list[Row | Problem]:
    return list(parquet_rows(written(table), Path(__file__), "m", Columns(**fields)))


def test_rows_in_order_over_batches() -> None:
    names = [f"{number}.wav" for number in range(1500)]
    rows = read(pa.table({"audio": names, "caption": ["x"] * 1500, "seed": range(1500)}))
    assert [row.audio for row in rows if isinstance(row, Row)] == names
    assert [row.line for row in rows] == list(range(1, 1501))


def test_what_pandas_writes_for_missing_values() -> None:
    frame = pd.DataFrame({"audio": ["a", "b"], "text": ["x", None], "id": [1, None], "score": [0.5, None]})
    first, second = read(pa.Table.from_pandas(frame))
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.id, first.metadata) == ("1", {"score": 0.5})
    assert (second.id, second.caption, second.metadata) == (None, None, {"score": None})


def test_embedded_audio_is_pointed_at() -> None:
    table = pa.table({"audio": [{"path": "a.wav", "bytes": b"x" * 1000}], "text": ["hi"]})
    (row,) = read(table)
    assert isinstance(row, Row)
    assert (row.audio, row.caption, row.metadata) == ("a.wav", "hi", {})
    assert row.embedded is not None
    assert (row.embedded.column, row.embedded.row) == ("audio.bytes", 0)


def test_one_bad_value_is_one_problem() -> None:
    good, bad = pa.array(["fine"]), pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xe9"]).buffers())
    captions = pa.chunked_array([good, bad, good])
    entries = read(pa.table({"audio": ["a", "b", "c"], "caption": captions}))
    assert [(e.line, e.kind if isinstance(e, Problem) else "row") for e in entries] == [
        (1, "row"),
        (2, "not-utf-8"),
        (3, "row"),
    ]


def test_files_that_cannot_be_read() -> None:
    with pytest.raises(InputError, match="not a readable Parquet file"):
        list(parquet_rows(io.BytesIO(b"PAR1 and no more"), Path(__file__), "m", Columns()))
    with pytest.raises(InputError, match="names a column twice"):
        read(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["audio", "audio"]))
    with pytest.raises(InputError, match="'x'"):
        read(pa.table({"x": [1]}))
    with pytest.raises(InputError, match="'mood'"):
        read(pa.table({"audio": ["a"]}), caption_field="mood")


def test_damage_inside_is_a_problem_not_an_exception() -> None:
    data = bytearray(
        written(pa.table({"audio": ["a.wav" * 50] * 2000, "caption": list(map(str, range(2000)))})).getvalue()
    )
    data[20:4000] = b"\xff" * 3980
    entries = list(parquet_rows(io.BytesIO(bytes(data)), Path(__file__), "m", Columns()))
    assert isinstance(entries[-1], Problem)
    assert entries[-1].kind in {"bad-parquet", "not-utf-8"}
