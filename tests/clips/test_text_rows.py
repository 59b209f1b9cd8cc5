from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.manifest import open_manifest, read_manifest
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.clips.row import Row
from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.batch import Expanded, expand_file
from audiojudge_cli.rubrics.item import Rubric


class Plain:
    name = fingerprint = "plain"

    def expand(self, caption, *, subset=None, language=None):
        return Rubric((), "en", "sound")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_a_caption_a_line_with_the_number_of_its_line(tmp_path, begin, end):
    path = tmp_path / "prompts.txt"
    path.write_bytes((begin + end.join(["A dog barks.", "", "  ", '雨が降る, then: "stop"', "A cat"])).encode())
    rows = [(row.id, row.caption, row.audio) for row in read_manifest(path) if isinstance(row, Row)]
    assert rows == [("1", "A dog barks.", None), ("4", '雨が降る, then: "stop"', None), ("5", "A cat", None)]
    made = expand_file(path, Plain())
    assert [one.id for one in made if isinstance(one, Expanded)] == ["1", "4", "5"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("A dog\ncafé\n".encode("latin-1"), r"prompts\.txt:2: not valid UTF-8; .*iconv"),
        ("A dog\n".encode("utf-16"), r"prompts\.txt is UTF-16"),
        ("A dog\n".encode("utf-16-le"), r"prompts\.txt is UTF-16"),
        (b"", r"prompts\.txt is empty"),
        (b"\n \n", r"prompts\.txt is empty"),
        (b"A dog\0barks\n", r"prompts\.txt is no text"),
        (b"A dog\rA cat\r", r"prompts\.txt ends its lines with CR alone"),
    ],
)
def test_another_encoding_is_told_with_file_line_and_remedy(tmp_path, data, message):
    (tmp_path / "prompts.txt").write_bytes(data)
    with pytest.raises(InputError, match=message):
        list(read_manifest(tmp_path / "prompts.txt"))


TABLES = ["audio,caption\na.wav,A dog\n", "path\tsentence\na.wav\tA dog\n", "caption\nA dog\n", "id;prompt\n1;A dog\n"]


@pytest.mark.parametrize("text", TABLES)
def test_a_table_stays_one_whatever_its_suffix(tmp_path, text):
    (tmp_path / "captions.txt").write_text(text)
    assert open_manifest(tmp_path / "captions.txt").form == "csv"
    assert open_manifest("-", stdin=io.BytesIO(text.encode())).form == "csv"


def test_columns_that_are_named_make_a_table_of_it(tmp_path):
    (tmp_path / "captions.txt").write_text("clip,style\na.wav,calm\n")
    (row,) = read_manifest(tmp_path / "captions.txt", audio_field="clip", caption_field="style")
    assert isinstance(row, Row)
    assert (row.audio, row.caption) == ("a.wav", "calm")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1), min_size=1))
def test_whatever_is_written_no_line_is_lost(lines):
    text = "A first line, for there is no header\n" + "\n".join(lines)
    rows = read_manifest_of(text)
    assert rows[1:] == [line.strip() for line in lines if line.strip()]


def read_manifest_of(text: str) -> list[str | None]:
    manifest = open_manifest("-", stdin=io.BytesIO(text.encode()))
    return [row.caption for row in manifest.rows() if isinstance(row, Row)]


def test_files_and_captions_are_never_paired_by_their_order(tmp_path):
    (tmp_path / "outputs").mkdir()
    for name in ("1.wav", "2.wav"):
        (tmp_path / "outputs" / name).touch()
    (tmp_path / "prompts.txt").write_text("A dog\nA cat\n")
    for given_ in ((tmp_path / "outputs", tmp_path / "prompts.txt"), (tmp_path / "prompts.txt",)):
        with pytest.raises(InputError, match=r"prompts\.txt does not say which file.*audio,caption"):
            find_clips(*given_)
    with pytest.raises(InputError, match="does not say which file"):
        find_clips(tmp_path / "outputs" / "1.wav", tmp_path / "prompts.txt")
    (tmp_path / "prompts.txt").write_text("A dog\n")
    (clip,) = find_clips(tmp_path / "outputs" / "1.wav", tmp_path / "prompts.txt").clips
    assert clip.caption == "A dog"
