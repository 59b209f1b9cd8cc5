from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.results.clip_table import MOST_METADATA, SUMMARY_COLUMNS, column_name
from audiojudge_cli.results.quality import QualityFault, QualityProfile, WordErrors
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.write import ITEM_COLUMNS, writing_files
from audiojudge_cli.text.cells import text_cell


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
        "decision_value": "0.9",
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


def test_metadata_has_columns_whatever_it_is_called(tmp_path, make_record):
    metadata = [
        {"model": "a", "score": "human 5", "metadata.score": 1, "=1+1": "=2+2"},
        {"model": "b", "tags": ["x", {"y": None}], "seed": 7, "ok": True},
        {},
    ]
    with writing_files(tmp_path) as files:
        for at, each in enumerate(metadata):
            files.add(replace(make_record([0.9, 0.3], clip_id=f"c{at}"), metadata=each))
    names = ["model", "metadata.score", "metadata.metadata.score", "'=1+1", "tags", "seed", "ok"]
    found = rows(tmp_path / "summary.csv")
    assert list(found[0]) == [*SUMMARY_COLUMNS, *names]
    assert [[row[name] for name in names] for row in found] == [
        ["a", "human 5", "1", "'=2+2", "", "", ""],
        ["b", "", "", "", '["x", {"y": null}]', "7", "true"],
        [""] * 7,
    ]
    assert {row["score"] for row in found} == {"0.6"}
    assert None not in found[0], "a row is longer than the header"


def test_the_table_does_not_grow_with_the_square_of_the_clips(tmp_path, make_record):
    with writing_files(tmp_path) as files:
        for at in range(MOST_METADATA + 50):
            files.add(replace(make_record(clip_id=f"c{at}"), metadata={f"key{at}": at}))
    found = rows(tmp_path / "summary.csv")
    assert len(found) == MOST_METADATA + 50
    assert list(found[0]) == [*SUMMARY_COLUMNS, *(f"key{at}" for at in range(MOST_METADATA))]
    assert all(row.get(f"key{at}", "") == (str(at) if at < MOST_METADATA else "") for at, row in enumerate(found))


@given(
    keys=st.lists(
        st.sampled_from([*SUMMARY_COLUMNS, "model", "metadata.", "metadata.id", "metadata.metadata.id", ""]),
        unique=True,
    )
)
def test_no_two_columns_share_a_name(keys):
    names = [*SUMMARY_COLUMNS, *map(column_name, keys)]
    assert len(set(names)) == len(names)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4), st.booleans())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_metadata_is_read_back_by_another_reader(tmp_path, make_record, metadata, late):
    with writing_files(tmp_path) as files:
        for at, each in enumerate([{}, metadata] if late else [metadata, {}]):
            files.add(replace(make_record(clip_id=f"c{at}"), metadata=each))
    with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as file:
        head, *body = csv.reader(file)
    assert len(head) == len(SUMMARY_COLUMNS) + len(metadata)
    assert {len(row) for row in body} == {len(head)}
    assert body[late][len(SUMMARY_COLUMNS) :] == [text_cell(value) for value in metadata.values()]
