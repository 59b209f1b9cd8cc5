"""Which column is the transcript: every form of manifest, every name, with and without a caption, named or not."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.clips.columns import RECOGNISED, Columns
from audiojudge_cli.clips.manifest import read_manifest
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError

SAID, TOLD = "I heard a dog bark.", "A calm woman"
# Layout to the column of the audio that is usual there, and the name of its file.
LAYOUTS = {
    "jsonl": ("audio", "m.jsonl"),
    "csv": ("path", "m.csv"),
    "tsv": ("path", "m.tsv"),
    "parquet": ("audio", "m.parquet"),
    "hugging face": ("file_name", "metadata.jsonl"),
    "nemo": ("audio_filepath", "nemo.json"),
    "nemo as csv": ("Audio_FilePath", "nemo.csv"),
}
NEMO = {name for name in LAYOUTS if name.startswith("nemo")}
NAMES = RECOGNISED["transcript"]
CAPTIONS = [None, *RECOGNISED["caption"]]


def cases(names: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """Layout, name of the transcript, name of the caption; no row has two columns of one name."""
    return [one for one in product(LAYOUTS, names, CAPTIONS) if one[1] != one[2]]


def write(folder: Path, layout: str, **columns: Any) -> Path:
    audio, name = LAYOUTS[layout]
    row, path = {audio: "a.wav", **columns}, folder / name
    if path.suffix == ".parquet":
        import pyarrow as pa
        from pyarrow import parquet

        parquet.write_table(pa.Table.from_pylist([row]), path)
    elif path.suffix in {".csv", ".tsv"}:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writerows([row.keys(), row.values()])
    else:
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def read(path: Path, **fields: str) -> Row:
    (row,) = read_manifest(path, **fields)
    assert isinstance(row, Row), row
    return row


@pytest.mark.parametrize(("layout", "name", "caption"), cases(NAMES))
def test_every_name_in_every_layout_with_and_without_a_caption(layout, name, caption, tmp_path):
    row = read(write(tmp_path, layout, **{name: SAID}, **({caption: TOLD} if caption else {})))
    told = TOLD if caption else None
    expected: tuple[str | None, str | None] = (told, SAID)
    left: dict[str, str] = {}
    if layout in NEMO and caption == "text":  # no caption here, and a transcript only where no earlier name is
        expected, left = (None, SAID), {"text": TOLD}
    elif layout not in NEMO and name == "text":
        expected, left = ((TOLD, None), {"text": SAID}) if caption else ((SAID, None), {})
    assert ((row.caption, row.transcript), row.metadata) == (expected, left)


@pytest.mark.parametrize(("layout", "name", "caption"), cases(["words", *NAMES]))
def test_a_named_field_is_the_only_one_that_counts(layout, name, caption, tmp_path):
    others = {one: "unused" for one in NAMES if one not in {name, caption}}
    told = {caption: TOLD} if caption else {}
    row = read(write(tmp_path, layout, **{name.upper(): SAID}, **told, **others), transcript_field=name)
    assert row.transcript == SAID
    if caption not in {None, "text"}:
        assert row.caption == TOLD
    if layout in NEMO:
        assert row.caption == (TOLD if caption not in {None, "text"} else None)
    assert set(row.metadata) >= set(others) - {"text"}


@pytest.mark.parametrize("layout", LAYOUTS)
class TestText:
    def test_named_as_caption_it_is_no_transcript(self, layout, tmp_path):
        row = read(write(tmp_path, layout, text=TOLD), caption_field="text")
        assert (row.caption, row.transcript) == (TOLD, None)

    def test_named_as_caption_beside_a_transcript(self, layout, tmp_path):
        row = read(write(tmp_path, layout, text=TOLD, transcript=SAID, caption="unused"), caption_field="text")
        assert (row.caption, row.transcript, row.metadata) == (TOLD, SAID, {"caption": "unused"})

    def test_named_as_transcript_it_is_no_caption(self, layout, tmp_path):
        row = read(write(tmp_path, layout, text=SAID), transcript_field="text")
        assert (row.caption, row.transcript) == (None, SAID)

    def test_one_column_for_both_is_refused(self, layout, tmp_path):
        path = write(tmp_path, layout, text=SAID)
        with pytest.raises(InputError, match=r"--caption-field and --transcript-field both name 'text'"):
            read(path, caption_field="text", transcript_field="TEXT")

    def test_a_field_that_is_not_there_is_refused(self, layout, tmp_path):
        path = write(tmp_path, layout, text=SAID)
        with pytest.raises(InputError, match=r"no column 'lines' \(--transcript-field\)"):
            read(path, transcript_field="lines")


@pytest.mark.parametrize("layout", LAYOUTS)
class TestValues:
    @pytest.mark.parametrize("empty", ["", "  "])
    def test_an_empty_transcript_is_none(self, layout, empty, tmp_path):
        row = read(write(tmp_path, layout, caption=TOLD, transcript=empty))
        assert (row.caption, row.transcript) == (TOLD, None)

    def test_a_row_that_has_only_a_transcript_is_a_clip(self, layout, tmp_path):
        (tmp_path / "a.wav").touch()
        (clip,) = find_clips(write(tmp_path, layout, transcript=SAID)).clips
        assert (clip.caption, clip.transcript) == ("", SAID)

    def test_in_a_folder_of_audio(self, layout, tmp_path):
        outputs = tmp_path / "outputs"
        outputs.mkdir()
        (outputs / "a.wav").touch()
        (clip,) = find_clips(outputs, write(tmp_path, layout, words=SAID), transcript_field="words").clips
        assert (clip.caption, clip.transcript) == ("", SAID)


@pytest.mark.parametrize("value", [7, 0.5, True, ["a", "b"], {"words": "a"}])
@pytest.mark.parametrize("layout", ["jsonl", "hugging face", "nemo", "parquet"])
def test_what_is_no_text_is_a_problem_and_not_left_out_in_silence(layout, value, tmp_path):
    (found,) = read_manifest(write(tmp_path, layout, caption=TOLD, transcript=value))
    assert isinstance(found, Problem)
    assert found.kind == "transcript"
    assert "column 'transcript'" in found.message


def test_undecodable_transcripts_are_problems(tmp_path):
    (tmp_path / "m.csv").write_bytes(b"path,transcript\na.wav,caf\xe9\n")
    (found,) = read_manifest(tmp_path / "m.csv")
    assert isinstance(found, Problem)
    assert (found.kind, "transcript" in found.message) == ("not-utf-8", True)


class TestIds:
    @staticmethod
    def ids(folder: Path, *rows: dict[str, str]) -> list[str]:
        (folder / "a.wav").touch()
        (folder / "m.jsonl").write_text("".join(json.dumps({"audio": "a.wav", **row}) + "\n" for row in rows))
        return [clip.id for clip in find_clips(folder / "m.jsonl").clips]

    def test_two_transcripts_of_one_file_are_two_clips(self, tmp_path):
        one, two = self.ids(tmp_path, {"transcript": "one"}, {"transcript": "two"})
        assert one != two

    def test_the_same_transcript_twice_is_one(self, tmp_path):
        assert self.ids(tmp_path, {"transcript": "one"}, {"transcript": "one"}) == ["a"]

    def test_rows_without_one_keep_the_ids_they_had(self, tmp_path):
        # As written by the release before transcripts: run folders go on where they were.
        assert self.ids(tmp_path, {"caption": "one"}, {"caption": "two"}) == ["a~63f255514d51", "a~401438c51ea5"]


@pytest.mark.parametrize("names", [("path", "caption"), ("audio_filepath", "caption", "duration"), ("file", "text")])
def test_no_transcript_where_none_is_named(names):
    assert "transcript" not in Columns().roles(names)


def test_nothing_to_judge_names_both_fields(tmp_path):
    (tmp_path / "m.jsonl").write_text('{"audio": "a.wav", "mood": "x"}\n')
    with pytest.raises(InputError, match=r"no row .* caption or a transcript.*--caption-field or --transcript-field"):
        find_clips(tmp_path / "m.jsonl")
