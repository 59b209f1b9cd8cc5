from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from audiojudge_cli.benchmarking.benchmark import open_benchmark
from audiojudge_cli.benchmarking.layouts import GOLD
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.clips.row import Row
from audiojudge_cli.errors import InputError

ROW: dict[str, Any] = {
    "uuid": "a",
    "audio": "a.wav",
    "caption": "440 Hz",
    "label": "yes",
    "type": "pos",
    "subset": "sound",
}
ITEM: dict[str, Any] = {"dimension": "event", "question": "Is it 440 Hz?", "basis": "440 Hz"}


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def rows(path: Path, layout: str | None = None, *, own_rubrics: bool = False) -> list[Row]:
    return [row for row in open_benchmark(path, layout, own_rubrics=own_rubrics).rows() if isinstance(row, Row)]


def anyaudio(path: Path, count: int = 2) -> Path:
    """Write the published schema: strings, audio as {bytes, path}, rubric as a list of three strings each."""
    path.mkdir(parents=True)
    kinds: dict[str, pa.DataType] = {name: pa.string() for name in ("uuid", "caption", "label", "type", "subset")}
    item = pa.struct([("dimension", pa.string()), ("question", pa.string()), ("basis", pa.string())])
    kinds |= {"audio": pa.struct([("bytes", pa.binary()), ("path", pa.string())]), "rubric": pa.list_(item)}
    for shard in range(2):
        made = [
            ROW
            | {"uuid": f"{shard}-{at}", "subset": "speech_gen", "type": "neg_gemini", "label": "no"}
            | {"audio": {"bytes": b"RIFF", "path": f"{shard}-{at}.wav"}, "rubric": [ITEM]}
            for at in range(count)
        ]
        parquet.write_table(pa.Table.from_pylist(made, pa.schema(list(kinds.items()))), path / f"test-{shard}.parquet")
    return path


def test_anyaudio_judge_bench_is_a_folder_of_parquet_files_read_in_order(tmp_path):
    folder = anyaudio(tmp_path / "en")
    found = open_benchmark(folder)
    assert found.layout.name == "anyaudio-judge"
    read = rows(folder)
    assert [row.id for row in read] == ["0-0", "0-1", "1-0", "1-1"]
    assert all(row.embedded is not None and row.rubric == (ITEM,) for row in read)
    assert all((row.metadata["subset"], row.metadata[GOLD]) == ("speech_gen", [None]) for row in read)
    assert [row.rubric for row in rows(folder, own_rubrics=True)] == [None] * 4
    with pytest.raises(InputError, match=r"name one of its folders with Parquet files \(en\)"):
        open_benchmark(tmp_path)


def test_audio_may_lie_beside_the_folder_of_the_table(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "audios").mkdir()
    (tmp_path / "audios" / "a.wav").touch()
    table = lines(tmp_path / "en" / "test.jsonl", ROW | {"audio": "audios/a.wav"})
    assert open_benchmark(table).base == tmp_path


@pytest.mark.parametrize("label", ["yes", "no", "YES", "True", 1, 0, True, False, " no "])
def test_labels_that_say_yes_or_no_are_read(tmp_path, label):
    assert len(rows(lines(tmp_path / "manifest.jsonl", ROW | {"label": label}))) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"label": "maybe"}, "column 'label' is 'maybe'; a label is yes or no"),
        ({"label": None}, "column 'label' is 'None'"),
        ({"label": 2}, "column 'label' is '2'"),
        ({"caption": " "}, "column 'caption' is empty"),
        ({"caption": 5}, "the caption (column 'caption') is the number 5, not text"),
        ({"rubric": [ITEM | {"answer": "perhaps"}]}, "column 'rubric', item 1: answer is 'perhaps'"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_line_and_column_in_one_line(tmp_path, change, told):
    table = lines(tmp_path / "manifest.jsonl", ROW, ROW | {"uuid": "b"} | change)
    with pytest.raises(InputError) as error:
        rows(table)
    assert told in str(error.value)
    assert f"{table}:2: " in str(error.value)
    assert "\n" not in str(error.value)


def test_a_label_that_is_missing_later_is_no_row_to_be_left_out(tmp_path):
    table = lines(tmp_path / "manifest.jsonl", ROW, {name: ROW[name] for name in ("uuid", "audio", "caption")})
    with pytest.raises(InputError, match="2: no column 'label'"):
        rows(table)


def test_gold_answers_travel_in_the_metadata(tmp_path):
    asked = [ITEM | {"answer": answer} for answer in ("yes", "no", None)]
    (row,) = rows(lines(tmp_path / "manifest.jsonl", ROW | {"rubric": asked}))
    assert row.metadata[GOLD] == ["yes", "no", None]
    (row,) = rows(tmp_path / "manifest.jsonl", own_rubrics=True)
    assert row.rubric is None
    assert GOLD not in row.metadata


def test_scores_of_listeners_in_csv(tmp_path):
    table = tmp_path / "mos.csv"
    table.write_text("audio,score,system\na.wav,4.5,A\nb.wav,good,B\n")
    found = open_benchmark(table)
    assert found.layout.is_scored
    with pytest.raises(InputError, match=r"mos.csv:3: column 'score' is 'good', not a number"):
        list(found.rows())


@pytest.mark.parametrize("score", ["nan", "inf", "-inf", "", None, True, [3], {"a": 1}])
def test_what_is_no_finite_number_is_no_score(tmp_path, score):
    table = tmp_path / "mos.jsonl"
    first = {"audio": "a.wav", "score": 3}
    table.write_text("".join(json.dumps(row) + "\n" for row in (first, first | {"audio": "b.wav", "score": score})))
    with pytest.raises(InputError, match=r"mos.jsonl:2: (column 'score' is .*, not a number|no score)"):
        list(open_benchmark(table).rows())


@pytest.mark.parametrize(
    ("write", "layout", "told"),
    [
        ("audio,caption\na.wav,b\n", None, "neither a column 'label' beside captions nor scores"),
        ("audio,caption\na.wav,b\n", "scored", "no score; give it in a column"),
        ("audio,score\na.wav,3\n", "labelled", "no column 'label'"),
        ("audio,score\na.wav,3\n", "scord", "did you mean 'scored'"),
        ("audio,score\n", None, "holds no rows"),
        (
            "audio,reference,model_prediction\na.wav,x,y\n",
            None,
            "holds answers in text.*`audiojudge answers`",
        ),
    ],
)
def test_what_is_no_benchmark_is_told(tmp_path, write, layout, told):
    table = tmp_path / "table.csv"
    table.write_text(write)
    with pytest.raises(InputError, match=told.replace("(", r"\(")):
        list(open_benchmark(table, layout).rows())


def test_a_folder_without_a_table_names_what_it_holds(tmp_path):
    lines(tmp_path / "ratings.jsonl", {"audio": "a.wav", "score": 1})
    with pytest.raises(InputError, match=r"name one of its tables \(ratings.jsonl\)"):
        open_benchmark(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        open_benchmark(tmp_path / "nowhere")


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"caption": "a dog", "label": "yes"}, {"label": "no"}),
        ({"caption": "a dog", "label": "yes", "rubric": [ITEM]}, {"label": "0"}),
        ({"id": "x", "score": 4}, {"score": "3.5"}),
        ({"mos": 4, "dimension": "noise"}, {"mos": 1}),
    ],
)
def test_rows_of_one_clip_that_contradict_each_other_are_refused_and_repeated_ones_are_not(tmp_path, one, other, own):
    first = {"audio": "a.wav", **one}
    assert len(rows(lines(tmp_path / "same.jsonl", first, first), own_rubrics=own)) == 2
    apart = [first | {"id": "p"}, first | other | {"id": "q"}]
    assert len(rows(lines(tmp_path / "apart.jsonl", *apart), own_rubrics=own)) == 2
    with pytest.raises(InputError, match=r"jsonl:3: column '\w+' says otherwise than line 1 about the same clip; give"):
        rows(lines(tmp_path / "caps.jsonl", first, first, first | other), own_rubrics=own)


def test_one_clip_scored_on_several_dimensions_is_several_clips_that_all_count(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    one = {"audio": "a.wav", "score": 4}
    path = lines(tmp_path / "scores.jsonl", *(one | {"dimension": name} for name in ("noise", "pace", "noise")))
    pairing = find_clips(path, opener=lambda _: open_benchmark(path), captioned=False)
    assert [clip.metadata["dimension"] for clip in pairing.clips] == ["noise", "pace"]
    assert len({clip.id for clip in pairing.clips}) == 2
    assert pairing.report.problem_kinds == {"duplicate": 1}
