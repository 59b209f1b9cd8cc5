"""SpeechJudge-Data as it is published, and pairs of one's own."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import soundfile
from pyarrow import parquet

from audiojudge_cli.benchmarking.benchmark import Benchmark, open_benchmark
from audiojudge_cli.clips.row import Row
from audiojudge_cli.comparing.pair import Pair, key_of
from audiojudge_cli.comparing.sources import Source, pairs_of
from audiojudge_cli.errors import InputError

AUDIO = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
SCHEMA = pa.schema(
    [
        *(("index", pa.int64()), ("subset", pa.string()), ("language_setting", pa.string()), ("chosen", pa.bool_())),
        *(("prompt", AUDIO), ("prompt_text", pa.string()), ("target_text", pa.string())),
        *(("audioA", AUDIO), ("audioB", AUDIO), ("rater", pa.list_(pa.string()))),
        *(("audioA_text_accuracy", pa.list_(pa.int64())), ("audioB_text_accuracy", pa.list_(pa.int64()))),
        *(("naturalness_annotation", pa.list_(pa.string())), ("naturalness_label", pa.string())),
        ("gemini-2.5-flash", pa.string()),
    ]
)
"""The fields of the data set's card (github.com/AmphionTeam/SpeechJudge, dataset/README.md)."""


def wav(hertz: float, seconds: float = 0.1) -> bytes:
    file, times = io.BytesIO(), np.arange(round(8000 * seconds)) / 8000
    soundfile.write(file, 0.9 * np.sin(2 * np.pi * hertz * times), 8000, format="WAV")
    return file.getvalue()


def row(number: int, label: str = "A", **changes: Any) -> dict[str, Any]:
    sound = {side: {"bytes": wav(100 * (number + 1) + 10 * at), "path": None} for at, side in enumerate("AB")}
    return {
        "index": number,
        "subset": ("regular", "expressive")[number % 2],
        "language_setting": "en2zh",
        "chosen": True,
        "prompt": {"bytes": wav(50), "path": "voice.wav"},
        "prompt_text": "Good morning.",
        "target_text": f"Sentence {number}.",
        "audioA": sound["A"],
        "audioB": sound["B"],
        "rater": ["r1", "r2"],
        "audioA_text_accuracy": [1, 1],
        "audioB_text_accuracy": [1, 0],
        "naturalness_annotation": ["A+1", "B+2"],
        "naturalness_label": label,
        "gemini-2.5-flash": "A is better.",
        **changes,
    }


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.Table.from_pylist(rows, SCHEMA), path, row_group_size=2)
    return path


def lines(path: Path, *rows: Mapping[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def source(found: Benchmark, **options: Any) -> Source:
    return pairs_of(found, captioned=False, **options)


def pairs(found: Benchmark, **options: Any) -> list[Pair]:
    return [pair for pair in source(found, **options).pairs() if isinstance(pair, Pair)]


def test_the_published_schema_is_read_with_both_sides_of_every_row(tmp_path):
    write(tmp_path / "test-00000-of-00002.parquet", [row(0), row(1, "B"), row(2, "Tie")])
    write(tmp_path / "test-00001-of-00002.parquet", [row(3, "B"), row(4)])
    found = open_benchmark(tmp_path)
    assert (found.layout.name, len(found.parts)) == ("speechjudge", 2)
    told = pairs(found)
    assert [pair.id for pair in told] == ["0", "1", "2", "3", "4"]
    assert [pair.preferred for pair in told] == ["a", "b", "tie", "b", "a"]
    assert [pair.prompt for pair in told] == [f"Sentence {at}." for at in range(5)]
    assert {pair.metadata["language_setting"] for pair in told} == {"en2zh"}
    clips = {key_of(clip): clip for clip in source(found).pairing().clips}
    assert len(clips) == 10
    for at, pair in enumerate(told):
        for side, entrant in enumerate((pair.a, pair.b)):
            clip = clips[entrant.key]
            assert clip.embedded is not None
            assert clip.embedded.read() == wav(100 * (at + 1) + 10 * side)
            assert (clip.caption, clip.transcript) == ("", f"Sentence {at}.")


@pytest.mark.parametrize("named", ["same.wav", None, ""])
def test_clips_that_share_a_name_inside_the_file_are_told_apart(tmp_path, named):
    rows = [row(at) for at in range(4)]
    for one in rows:
        for side in ("audioA", "audioB"):
            one[side]["path"] = named
    found = open_benchmark(write(tmp_path / "test-0.parquet", rows))
    clips = list(source(found).pairing().clips)
    assert len({clip.id for clip in clips}) == len({clip.audio_name for clip in clips}) == 8
    keys = {key_of(clip) for clip in clips}
    assert all({pair.a.key, pair.b.key} <= keys and pair.a.key != pair.b.key for pair in pairs(found))


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_paths_instead_of_audio(tmp_path, form):
    rows = [
        {"target_text": "Hello.", "audioA": f"{at}a.wav", "audioB": f"{at}b.wav", "naturalness_label": "tie"}
        for at in range(2)
    ]
    path = tmp_path / f"test.{form}"
    if form == "jsonl":
        lines(path, *rows)
    elif form == "json":
        path.write_text(json.dumps(rows))
    else:
        path.write_text("\n".join([",".join(rows[0]), *(",".join(one.values()) for one in rows)]) + "\n")
    (tmp_path / "0a.wav").write_bytes(wav(100))
    found = open_benchmark(path)
    assert found.layout.name == "speechjudge"
    told = pairs(found)
    assert [(pair.a.key[0], pair.b.key[0], pair.preferred) for pair in told] == [
        ("0a.wav", "0b.wav", "tie"),
        ("1a.wav", "1b.wav", "tie"),
    ]
    # A clip whose audio is missing is one that fails, and no pair is lost for it.
    assert len(list(source(found).pairing().clips)) == 4


def test_splits_are_never_mixed_with_that_for_training(tmp_path):
    for split in ("train", "dev", "test", "other"):
        write(tmp_path / f"{split}-00000-of-00001.parquet", [row(at) for at in range(len(split))])
    with pytest.raises(InputError, match=r"several splits \(dev, other, test, train\); choose one, as with --split"):
        open_benchmark(tmp_path)
    assert len(pairs(open_benchmark(tmp_path, split="other"))) == 5
    with pytest.raises(InputError, match=r"has no split tset.*did you mean 'test'.*it has dev, other, test, train"):
        open_benchmark(tmp_path, split="tset")
    with pytest.raises(InputError, match="is a file"):
        open_benchmark(tmp_path / "test-00000-of-00001.parquet", split="test")


@pytest.mark.parametrize(
    "names", [["0000", "0001"], ["test-0", "test-1"], ["en_speech", "en_music"], ["b-00-of-02-ab"]]
)
def test_files_of_one_split_are_all_read(tmp_path, names):
    for name in names:
        write(tmp_path / f"{name}.parquet", [row(0)])
    assert len(open_benchmark(tmp_path).parts) == len(names)


def test_rows_of_several_files_have_ids_of_their_own(tmp_path):
    for shard in range(3):
        write(tmp_path / f"test-{shard}.parquet", [row(0, index=None), row(1, index=None)])
    told = [pair.id for pair in pairs(open_benchmark(tmp_path))]
    assert told == [f"test-{shard}-{line}" for shard in range(3) for line in (1, 2)]


def test_only_the_first_pairs(tmp_path):
    found = open_benchmark(write(tmp_path / "t.parquet", [row(at) for at in range(5)]))
    assert len(pairs(found, limit=2)) == 2
    assert len(list(source(found, limit=2).pairing().clips)) == 4


FIT = {"audio_a": "a.wav", "audio_b": "b.wav", "preferred": "a", "target_text": "Hello."}
SPOILT: list[tuple[dict[str, Any], str]] = [
    *(({"preferred": told}, "a preference is A, B or Tie") for told in ("c", "", None, 1, True, ["a"], "A+1")),
    *(({f"audio_{side}": None}, "names no audio") for side in "ab"),
    *(({f"audio_{side}": 5}, "the audio path is the number 5") for side in "ab"),
]


@pytest.mark.parametrize(("change", "told"), SPOILT)
def test_a_row_that_does_not_fit_ends_it_in_one_line_with_its_place(tmp_path, change, told):
    path = lines(tmp_path / "pairs.jsonl", FIT, FIT | change)
    with pytest.raises(InputError, match=told) as error:
        pairs(open_benchmark(path))
    assert f"{path}:2: " in str(error.value)
    assert "\n" not in str(error.value)


def test_columns_tell_the_layout_and_a_wrong_one_is_told_what_was_looked_for(tmp_path):
    assert open_benchmark(lines(tmp_path / "p.jsonl", FIT)).layout.name == "pairs"
    with pytest.raises(InputError, match=r"has no column 'audioB'; its columns are 'audio_a'.*layout speechjudge: "):
        open_benchmark(tmp_path / "p.jsonl", "speechjudge")
    one = {"audio": "a.wav", "caption": "A dog.", "label": "yes"}
    with pytest.raises(InputError, match="has no column 'audio_b'; its columns are 'audio', 'caption', 'label'"):
        open_benchmark(lines(tmp_path / "l.jsonl", one), "pairs")
    with pytest.raises(InputError, match="has no column 'audio_b'"):
        open_benchmark(lines(tmp_path / "a.jsonl", {"audio_a": "a.wav", "preferred": "a"}), "pairs")
    half = lines(tmp_path / "half.jsonl", {"audio_a": "a.wav", "caption": "A dog."})
    with pytest.raises(InputError, match="nor two clips in a row"):
        open_benchmark(half)


def test_the_row_of_a_pair_is_never_taken_for_a_caption(tmp_path):
    found = open_benchmark(write(tmp_path / "t.parquet", [row(0)]))
    (first,) = [one for one in found.rows(audio_field="audio_a") if isinstance(one, Row)]
    assert first.caption is None
    assert first.metadata["prompt"] == {"path": "voice.wav"}
