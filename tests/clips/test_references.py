"""The reference clip of a row: which column it is, where its path leads, and what becomes of one that is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.clips.clip import Reference
from audiojudge_cli.clips.manifest import read_manifest
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.mismatch import refuse_loose_ends


def write(folder: Path, *rows: dict[str, Any], name: str = "m.jsonl") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps({"audio": "a.wav", "caption": "A dog.", **row}) + "\n" for row in rows))
    return path


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF")
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    touch(tmp_path / "data" / "a.wav")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "data"


def test_without_a_name_no_column_is_a_reference(folder):
    columns = {"reference": "r.wav", "ref": "r.wav", "reference_audio": "r.wav"}
    (clip,) = find_clips(None, write(folder, columns)).clips
    assert clip.reference is None
    assert clip.metadata == columns


@pytest.mark.parametrize("written", ["r.wav", "refs/r.wav", "../r.wav", "refs\\r.wav"])
@pytest.mark.parametrize("with_folder", [False, True])
def test_paths_start_from_the_folder_of_the_manifest(folder, written, with_folder):
    there = touch(folder / written.replace("\\", "/"))
    manifest = write(folder, {"Voice": written})
    (clip,) = find_clips(folder if with_folder else None, manifest, reference_field="voice").clips
    assert clip.reference is not None
    assert clip.reference.audio_name == written
    assert clip.reference.audio.resolve() == there.resolve()
    assert clip.metadata == {"Voice": written}


def test_paths_may_be_absolute_or_start_from_the_current_folder(folder):
    absolute, current = touch(folder.parent / "far.wav"), touch(Path("near.wav"))
    manifest = write(folder, {"id": "1", "ref": str(absolute)}, {"id": "2", "ref": "near.wav"})
    found = [clip.reference for clip in find_clips(None, manifest, reference_field="ref").clips]
    assert found == [Reference(absolute, str(absolute)), Reference(current, "near.wav")]


@pytest.mark.parametrize("value", [None, ""])
def test_a_row_may_have_none(folder, value):
    (clip,) = find_clips(None, write(folder, {"ref": value}), reference_field="ref").clips
    assert clip.reference is None


def test_an_audio_column_is_read_by_its_path(folder):
    (row,) = read_manifest(write(folder, {"ref": {"path": "r.wav", "bytes": None}}), reference_field="ref")
    assert isinstance(row, Row)
    assert row.reference == "r.wav"


@pytest.mark.parametrize("value", [7, True, ["r.wav"], {"path": 3}, {}])
def test_what_is_no_path_is_a_problem_of_its_row(folder, value):
    (row,) = read_manifest(write(folder, {"ref": value}), reference_field="ref")
    assert isinstance(row, Problem)
    assert row.kind == "reference"
    assert "'ref'" in row.message


def test_a_column_that_is_not_there_is_refused(folder):
    with pytest.raises(InputError, match="--reference-field"):
        list(read_manifest(write(folder, {}), reference_field="voice"))


def test_rows_that_differ_in_their_reference_are_two_clips_and_others_keep_their_ids(folder):
    touch(folder / "r.wav")
    (plain,) = find_clips(None, write(folder, {})).clips
    manifest = write(folder, {"ref": "r.wav"}, {"ref": "r.wav"}, {"ref": "a.wav"}, {"ref": None})
    pairing = find_clips(None, manifest, reference_field="ref")
    clips = list(pairing.clips)
    assert [clip.reference and clip.reference.audio_name for clip in clips] == ["r.wav", "a.wav", None]
    assert len({clip.id for clip in clips}) == 3
    assert pairing.report.problem_kinds == {"duplicate": 1}
    (alone,) = find_clips(None, write(folder, {"ref": "r.wav"}), reference_field="ref").clips
    assert alone.id == plain.id


def test_missing_references_are_told_with_their_lines_and_the_rows_are_clips(folder):
    touch(folder / "r.wav")
    rows = [{"id": str(number), "ref": "r.wav" if number % 2 else f"gone{number}.wav"} for number in range(60)]
    pairing = find_clips(None, write(folder, *rows), reference_field="ref")
    report = pairing.report
    assert (report.clips, report.paired, report.problems, report.strangers) == (60, 60, 0, 30)
    lines = report.lines()
    assert lines[0].startswith("30 of 60 rows without its reference clip")
    assert "correct the path" in lines[0]
    assert any(line.endswith("m.jsonl:3: no reference clip gone2.wav") for line in lines)
    assert lines[-1] == "  … and 25 more"
    with pytest.raises(InputError, match="30 missing references"):
        refuse_loose_ends(report)
