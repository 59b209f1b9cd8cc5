from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.jsonl_rows import jsonl_rows
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError

GOOD = b'{"audio": "a.wav", "caption": "A dog"}\n'


def read(data: bytes, **fields: str) -> list[Row | Problem]:
    return list(jsonl_rows(io.BytesIO(data), "m", Columns(**fields)))


def outcomes(data: bytes) -> list[tuple[int | None, str]]:
    return [(entry.line, entry.kind if isinstance(entry, Problem) else "row") for entry in read(data)]


def test_bad_lines_are_named_and_the_others_kept() -> None:
    data = GOOD + b"{broken\n\n[1, 2]\n" + GOOD + b'"text"\n' + b'{"audio": "b.wav", "caption": NaN}\n' + GOOD
    assert outcomes(data) == [
        (1, "row"),
        (2, "bad-json"),
        (4, "not-an-object"),
        (5, "row"),
        (6, "not-an-object"),
        (7, "caption"),
        (8, "row"),
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_marks_and_line_ends(end: bytes) -> None:
    rows = read(b"\xef\xbb\xbf" + GOOD.strip() + end)
    assert [entry.caption for entry in rows if isinstance(entry, Row)] == ["A dog"]


def test_bytes_that_are_not_utf_8() -> None:
    data = b'{"audio": "\xff.wav", "caption": "ok"}\n{"audio": "b.wav", "caption": "\xe9t\xe9"}\n'
    good, bad = read(data)
    assert isinstance(good, Row)
    assert good.audio == "\udcff.wav"
    assert isinstance(bad, Problem)
    assert (bad.line, bad.kind) == (2, "not-utf-8")


def test_hostile_numbers_and_depth() -> None:
    data = GOOD + b'{"audio": "a", "n": ' + b"9" * 5000 + b"}\n" + b'{"audio": ' * 100_000 + b"\n"
    assert outcomes(data) == [(1, "row"), (2, "bad-json"), (3, "too-deep")]
    infinite = read(b'{"audio": "a", "n": 1e999, "m": -Infinity}\n')[0]
    assert isinstance(infinite, Row)
    assert infinite.metadata == {"n": None, "m": None}


def test_captions_of_a_megabyte_and_lines_beyond_reason() -> None:
    long = json.dumps({"audio": "a", "caption": "x" * (1 << 20)}).encode() + b"\n"
    endless = b'{"audio": "b", "caption": "' + b"x" * (33 << 20) + b'"}\n'
    assert outcomes(GOOD + long + endless + GOOD) == [(1, "row"), (2, "row"), (3, "too-long"), (4, "row")]


def test_separators_inside_strings_are_no_line_ends() -> None:
    caption = "a\u2028b\u0085c\x0bd\x1ce\0f"
    data = json.dumps({"audio": "a", "caption": caption}, ensure_ascii=False).replace("\x0b", "\\u000b")
    data = data.replace("\x1c", "\\u001c").replace("\0", "\\u0000")
    (row,) = read(data.encode())
    assert isinstance(row, Row)
    assert row.caption == caption


def test_named_fields_are_looked_for_in_the_first_rows() -> None:
    sparse = b'{"id": 1}\n{"id": 2, "style": "calm", "clip": "a"}\n'
    first, second = read(sparse, audio_field="clip", caption_field="style")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (second.audio, second.caption) == ("a", "calm")
    with pytest.raises(InputError, match="'id', 'style', 'clip'"):
        read(sparse, caption_field="mood")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=5), st.booleans())
def test_what_is_written_is_read(pairs: list[tuple[str, str]], escaped: bool) -> None:
    lines = [json.dumps({"file": name, "text": caption}, ensure_ascii=escaped) for name, caption in pairs]
    rows = read("\n".join(lines).encode())
    assert [(row.audio, row.caption) for row in rows if isinstance(row, Row)] == pairs
    assert [row.line for row in rows] == list(range(1, len(pairs) + 1))


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=6))
def test_every_line_comes_out_once(noise: list[bytes]) -> None:
    data = GOOD + b"\n".join(noise)
    lines = [number for number, line in enumerate(noise, 2) if line.decode("utf-8", "surrogateescape").strip()]
    assert [entry.line for entry in read(data)] == [1, *lines]
