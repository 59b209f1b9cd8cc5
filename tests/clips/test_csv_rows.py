from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.csv_rows import csv_rows
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError


def read(data: bytes | str, *, tabs: bool = False, **fields: str) -> list[Row | Problem]:
    raw = data.encode() if isinstance(data, str) else data
    return list(csv_rows(io.BytesIO(raw), "m", Columns(**fields), tabs=tabs))


def outcomes(entries: list[Row | Problem]) -> list[tuple[int | None, str | None]]:
    return [(entry.line, entry.kind if isinstance(entry, Problem) else entry.caption) for entry in entries]


def test_quotes_newlines_and_lines() -> None:
    data = 'audio,caption\r\na.wav,"A dog, barking"\r\n\r\nb.wav,"two\nlines"\r\nc.wav,"say ""hi"""\r\n'
    assert outcomes(read(data)) == [(2, "A dog, barking"), (4, "two\nlines"), (6, 'say "hi"')]


def test_ragged_rows_are_named() -> None:
    data = "audio,caption\na.wav\nb.wav,x,y\nc.wav,fine\n"
    assert outcomes(read(data)) == [(2, "ragged"), (3, "ragged"), (4, "fine")]


def test_quotes_that_do_not_match() -> None:
    entries = read('audio,caption\na.wav,"x"y\nb.wav,fine\nc.wav,"open\nd.wav,lost\n')
    assert outcomes(entries) == [(2, "bad-quotes"), (3, "fine"), (4, "bad-quotes")]
    assert "lines 4 to 5 were not read" in str(entries[-1])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    data = delimiter.join(["file_name", "description", "score"]) + "\n" + delimiter.join(["a.wav", "hello", "-1"])
    (row,) = read(data)
    assert isinstance(row, Row)
    assert (row.audio, row.caption, row.metadata) == ("a.wav", "hello", {"score": "-1"})


def test_named_fields_help_to_find_the_delimiter() -> None:
    (row,) = read("clip;style\na.wav;calm, slow\n", audio_field="clip", caption_field="style")
    assert isinstance(row, Row)
    assert (row.audio, row.caption) == ("a.wav", "calm, slow")


def test_tabs_take_quotes_as_they_are() -> None:
    data = 'path\tdescription\na\tHe said "hi\nb\t"whole ""cell"" quoted"\nc\t"Yes" he said\n'
    assert outcomes(read(data, tabs=True)) == [
        (2, 'He said "hi'),
        (3, 'whole "cell" quoted'),
        (4, '"Yes" he said'),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("audio,caption,Caption\n", None),
        ("audio,caption,caption\n", "names 'caption' twice"),
        ("a.wav,A dog\n", "'a.wav', 'A dog'"),
        ('"audio,caption\na,b\n', "cannot be read"),
    ],
)
def test_headers(data: str, said: str | None) -> None:
    if said is None:
        assert read(data) == []
        return
    with pytest.raises(InputError, match=said):
        read(data)


def test_columns_without_a_name_are_kept() -> None:
    (row,) = read(",audio,caption\n0,a.wav,x\n")
    assert isinstance(row, Row)
    assert row.metadata == {"column 1": "0"}


def test_marks_nul_bytes_and_long_captions() -> None:
    long = "x" * (1 << 20)
    entries = read(f"\ufeffaudio,caption\na,{long}\nb,nul\0byte\n")
    assert outcomes(entries) == [(2, long), (3, "nul\0byte")]


def test_bytes_that_are_not_utf_8() -> None:
    entries = read(b"audio,caption\n\xff.wav,ok\nb.wav,\xe9t\xe9\nc.wav,fine\n")
    assert outcomes(entries) == [(2, "ok"), (3, "not-utf-8"), (4, "fine")]
    assert isinstance(entries[0], Row)
    assert entries[0].audio == "\udcff.wav"


def test_lines_beyond_reason_are_skipped() -> None:
    data = b"audio,caption\na,fine\nb," + b"x" * (33 << 20) + b"\nc,fine\n"
    assert outcomes(read(data)) == [(2, "fine"), (3, "too-long"), (4, "fine")]


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=20)


@given(st.lists(st.tuples(CELL.filter(bool), CELL), max_size=5))
def test_what_is_written_is_read(pairs: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("audio", "caption"), *pairs])
    rows = read(out.getvalue())
    assert [(row.audio, row.caption) for row in rows if isinstance(row, Row)] == pairs


TAB_CELL = CELL.filter(lambda cell: not set(cell) & set('\t\r\n"') and cell.strip() == cell)


@given(st.lists(st.tuples(TAB_CELL.filter(bool), TAB_CELL), max_size=5))
def test_what_is_written_with_tabs_is_read(pairs: list[tuple[str, str]]) -> None:
    data = "\n".join("\t".join(pair) for pair in [("audio", "caption"), *pairs])
    rows = read(data, tabs=True)
    assert [(row.audio, row.caption) for row in rows if isinstance(row, Row)] == pairs


@given(st.binary(max_size=200), st.booleans())
def test_noise_never_escapes(noise: bytes, tabs: bool) -> None:
    header = b"audio\tcaption\n" if tabs else b"audio,caption\n"
    for entry in read(header + noise, tabs=tabs):
        assert entry.line is not None
        assert entry.line >= 2
