from __future__ import annotations

import json

import pytest

from audiojudge_cli.clips.complete_lines import CompleteLines
from audiojudge_cli.clips.manifest import Manifest
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.clips.row import Row
from audiojudge_cli.errors import InputError


def captions(manifest: Manifest) -> list[str | None]:
    return [row.caption for row in manifest.rows() if isinstance(row, Row)]


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("a.jsonl", "", '{{"file_name": "{0}.wav", "caption": "take {0}"}}'),
        ("a.csv", "file_name,caption\n", "{0}.wav,take {0}"),
        ("a.tsv", "file_name\tcaption\n", "{0}.wav\ttake {0}"),
    ],
)
def test_a_line_counts_once_its_end_is_written(name, head, line, tmp_path):
    path, opener = tmp_path / name, CompleteLines()
    path.write_text(head + line.format(1) + "\n" + line.format(23)[:-1])
    first = opener(path)
    assert captions(first) == ["take 1"]
    assert opener(path) is first
    path.write_text(head + line.format(1) + "\n" + line.format(23) + "\n")
    assert captions(opener(path)) == ["take 1", "take 23"]
    assert captions(first) == ["take 1"]
    copy = first.path
    del first
    assert not copy.exists()


def test_clips_come_from_the_folder_of_the_manifest_itself(tmp_path):
    (tmp_path / "1.wav").touch()
    path = tmp_path / "captions.jsonl"
    path.write_text(json.dumps({"file_name": "1.wav", "caption": "x"}) + "\n{")
    assert [clip.audio for clip in find_clips(path, opener=CompleteLines()).clips] == [tmp_path / "1.wav"]
    assert [clip.id for clip in find_clips(tmp_path, path, opener=CompleteLines()).clips] == ["1"]


def test_nothing_complete_and_standard_input_are_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"file_name": "1.wav"')
    with pytest.raises(InputError, match=r"a\.jsonl has no complete line yet"):
        CompleteLines()(path)
    with pytest.raises(InputError, match="cannot be watched"):
        CompleteLines()("-")
