from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.results.quality import QualityFault, QualityProfile, WordErrors
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.write import ITEM_COLUMNS, SUMMARY_COLUMNS, writing_files


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_row_per_clip_one_per_item_one_file_per_clip(tmp_path, make_record):
    records = [make_record([0.9, None], clip_id="a"), make_record([], clip_id="b", error="not-found")]
    with writing_files(tmp_path) as files:
        for record in records:
            files.add(record)
    summary, items = rows(tmp_path / "summary.csv"), rows(tmp_path / "items.csv")
    assert tuple(summary[0]) == SUMMARY_COLUMNS
    assert tuple(items[0]) == ITEM_COLUMNS
    assert summary[0] | {"caption": ""} == {
        **dict.fromkeys((*QUALITY, "faults"), ""),
        "id": "a",
        "audio": "a.wav",
        "caption": "",
        "transcript": "",
        "subset": "sound",
        "status": "partial",
        "score": "0.9",
        "match": "true",
        "coverage": "0.5",
        "n_items": "2",
        "n_yes": "1",
        "worst_item": "Question 0?",
        "error": "",
    }
    assert (summary[1]["score"], summary[1]["match"], summary[1]["coverage"]) == ("", "", "")
    assert summary[1]["error"] == "not-found: no such file"
    assert [row["p_yes"] for row in items] == ["0.9", ""]
    for record in records:
        assert Record.from_dict(json.loads((tmp_path / "files" / f"{record.id}.json").read_text())) == record


def test_quality_has_a_column_for_every_figure_and_empty_cells_for_those_that_a_clip_lacks(tmp_path, make_record):
    faults = tuple(QualityFault(name, "It is.") for name in ("clipped", "loop", "loop"))
    words = WordErrors(0.5, None, "a", "b", ())
    figures: dict[str, Any] = dict(zip(tuple(QUALITY)[:9], range(9), strict=True))
    measured = replace(make_record(), quality=QualityProfile(**figures, words=words, faults=faults))
    with writing_files(tmp_path) as files:
        files.add(measured)
        files.add(make_record(clip_id="unmeasured"))
    found, none = ({name: row[name] for name in (*QUALITY, "faults")} for row in rows(tmp_path / "summary.csv"))
    told = {name: str(value) for name, value in figures.items()} | {"wer": "0.5", "faults": "clipped; loop"}
    assert found == dict.fromkeys(found, "") | told
    assert set(none.values()) == {""}


def test_captions_that_start_a_formula_are_defused_and_files_keep_them(tmp_path, make_record):
    caption = '=HYPERLINK("http://x")'
    with writing_files(tmp_path) as files:
        files.add(make_record(caption=caption))
    assert rows(tmp_path / "summary.csv")[0]["caption"] == "'" + caption
    assert json.loads((tmp_path / "files" / "clip.json").read_text())["caption"] == caption


def test_an_error_leaves_the_older_tables(tmp_path, make_record):
    (tmp_path / "summary.csv").write_text("old")

    def fail() -> None:
        with writing_files(tmp_path) as files:
            files.add(make_record())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (tmp_path / "summary.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "summary.csv"]


def test_an_equal_file_is_not_written_again(tmp_path, make_record):
    def write() -> int:
        with writing_files(tmp_path) as files:
            files.add(make_record())
        return int((tmp_path / "files" / "clip.json").stat().st_ino)

    assert write() == write()
