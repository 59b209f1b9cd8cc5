from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from audiojudge_cli.errors import InputError, NotJudgedError, WeightsError
from audiojudge_cli.results.index import read_records
from audiojudge_cli.runs.preset import LimitOptions, Preset, RequiredOptions

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


def valid(path: Path, schema: str) -> None:
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())
    jsonschema.Draft202012Validator(rules).validate(json.loads(path.read_text()))


def test_every_clip_comes_out_as_one_record_in_order(run, make_tone, make_captions, tmp_path):
    for number in range(5):
        make_tone(f"{number}.wav", 440)
    scored, follower = run(make_captions(["440 Hz", "220 Hz", "440 Hz, loud", "440 Hz, purple", "purple"]))
    assert scored.exit_code == 0
    assert [record.id for record in follower.records] == ["0", "1", "2", "3", "4"]
    assert [record.status for record in follower.records] == ["ok", "ok", "ok", "partial", "unverifiable"]
    assert follower.records == list(read_records(tmp_path / "run"))
    assert follower.records[0].score == pytest.approx(1, abs=0.01)
    assert follower.records[1].score == pytest.approx(0.5, abs=0.01)
    assert scored.counts["judged"] == 5


def test_the_run_folder_is_complete_and_valid(run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    run(make_captions(["440 Hz", "loud"]), preset=Preset(require=RequiredOptions(errors=1.0)))
    folder = tmp_path / "run"
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert names == {"run.json", "records.jsonl", "files", "summary.csv", "items.csv", "summary.json"}
    for path in (folder / "files").iterdir():
        valid(path, "record")
    valid(folder / "summary.json", "summary")
    valid(folder / "run.json", "run")


def test_a_second_run_is_the_same_to_the_byte(run, make_tone, make_captions, tmp_path):
    for number in range(3):
        make_tone(f"{number}.wav", 400 + number)
    captions = make_captions(["400 Hz, loud", "390 Hz", "loud, x"])
    run(captions, out="one", batch=1)
    run(captions, out="two", batch=3)
    for path in sorted((tmp_path / "one").rglob("*.*")):
        if path.name not in {"run.json", ".lock"}:
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_bad_files_are_records_and_the_run_goes_on(run, make_tone, make_captions, outputs):
    make_tone("0.wav")
    (outputs / "1.wav").write_bytes(b"RIFF but nothing else")
    (outputs / "2.wav").mkdir()
    (outputs / "4.wav").write_bytes(b"")
    make_tone("5.wav")
    scored, follower = run(make_captions(["440 Hz"] * 6))
    kinds = [record.error.kind if record.error else None for record in follower.records]
    assert kinds[0] is kinds[5] is None
    assert all(kinds[1:5])
    assert [record.score for record in follower.records[1:5]] == [None] * 4
    assert scored.exit_code == 3
    assert "4 of 6 clips could not be judged" in scored.reason


@pytest.mark.parametrize(
    ("caption", "kind", "message"),
    [
        ("explode", "judge", "RuntimeError: the tone judge exploded"),
        ("440 Hz, refuse", "refused", "does not like"),
        ("mute", "judge", "answered 0 of 1"),
        ("bug", "rubric", "LookupError: the expander stumbled"),
        ("   ", "caption", "empty"),
    ],
)
def test_one_clip_that_fails_in_the_judge_spares_its_batch(caption, kind, message, run, make_tone, make_captions):
    for number in range(3):
        make_tone(f"{number}.wav")
    _, follower = run(make_captions(["440 Hz", caption, "440 Hz"]), batch=3)
    assert [record.status for record in follower.records] == ["ok", "error", "ok"]
    error = follower.records[1].error
    assert error is not None
    assert error.kind == kind
    assert message in error.message


def test_missing_weights_end_the_run_and_keep_what_is_judged(run, make_tone, make_captions, tmp_path):
    for number in range(3):
        make_tone(f"{number}.wav")
    with pytest.raises(WeightsError, match="tune it"):
        run(make_captions(["440 Hz", "440 Hz", "no weights"]), batch=1)
    assert len(list(read_records(tmp_path / "run"))) == 2
    assert json.loads((tmp_path / "run" / "run.json").read_text())["state"] == "failed"


def test_rubric_without_items_is_unverifiable(run, make_tone, make_captions):
    make_tone("0.wav")
    scored, follower = run(make_captions(["nothing"]))
    assert follower.records[0].status == "unverifiable"
    assert any("no items" in warning for warning in follower.records[0].warnings)
    assert scored.exit_code == 3


def test_limits_refuse_with_a_record(run, make_tone, make_captions):
    for number in range(3):
        make_tone(f"{number}.wav", seconds=0.5 if number else 0.1)
    limits = LimitOptions(duration_s=0.2, caption_chars=10, items=2)
    captions = make_captions(["440 Hz, a, b", "440 Hz", "purple, and long"])
    _, follower = run(captions, preset=Preset(limits=limits))
    assert [record.error and record.error.kind for record in follower.records] == ["caption", "too-long", "caption"]
    _, follower = run(make_captions(["a,b,c"], name="items.jsonl"), preset=Preset(limits=limits), out="items")
    assert follower.records[0].error.kind == "rubric"


def test_low_coverage_is_exit_code_3(run, make_tone, make_captions):
    make_tone("0.wav")
    scored, _ = run(make_captions(["440 Hz, a, b, c"]))
    assert scored.exit_code == 3
    assert "only 25 % of" in scored.reason


def test_the_preset_gives_a_subset_where_the_manifest_names_none(run, make_tone, make_captions):
    for number in range(2):
        make_tone(f"{number}.wav")
    rows = [
        {"file_name": "0.wav", "caption": "440 Hz"},
        {"file_name": "1.wav", "caption": "440 Hz", "subset": "speech"},
    ]
    _, follower = run(make_captions(rows), preset=Preset(subset="music"))
    assert [record.subset for record in follower.records] == ["music", "speech"]


def test_a_row_may_carry_its_own_rubric_and_a_file_may_give_others(run, make_tone, make_captions, tmp_path):
    for number in range(3):
        make_tone(f"{number}.wav")
    own = [{"dimension": "pitch", "question": "Is it high?", "basis": "440 Hz"}]
    rows = [
        {"file_name": "0.wav", "caption": "whatever", "rubric": own},
        {"file_name": "1.wav", "caption": "from the file"},
        {"file_name": "2.wav", "caption": "loud"},
    ]
    rubrics = tmp_path / "rubrics.jsonl"
    rubrics.write_text(json.dumps({"id": "x", "caption": "from the file", "items": own}) + "\n")
    _, follower = run(make_captions(rows), rubrics=rubrics)
    assert [record.expander.name for record in follower.records] == ["manifest", "file", "tones"]
    assert [record.items[0].question for record in follower.records] == ["Is it high?", "Is it high?", "Is it loud?"]


def test_metadata_columns_are_kept(run, make_tone, make_captions):
    make_tone("0.wav")
    _, follower = run(make_captions([{"file_name": "0.wav", "caption": "loud", "model": "m1", "seed": 3}]))
    assert follower.records[0].metadata == {"model": "m1", "seed": 3}


def test_limit_takes_the_first_clips(run, make_tone, make_captions):
    for number in range(4):
        make_tone(f"{number}.wav")
    _, follower = run(make_captions(["loud"] * 4), limit=2)
    assert [record.id for record in follower.records] == ["0", "1"]


@pytest.mark.parametrize("loose", ["missing", "unused", "broken"])
def test_strict_refuses_loose_ends_before_anything_is_judged(loose, run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    captions = make_captions(["loud", "loud"] if loose == "missing" else ["loud"])
    if loose == "unused":
        make_tone("9.wav")
    if loose == "broken":
        captions.write_text(captions.read_text() + "{broken\n")
    with pytest.raises(InputError, match="--strict: 1 "):
        run(captions, strict=True)
    assert not (tmp_path / "run").exists()


def test_rows_that_cannot_be_read_are_not_forgotten_by_the_exit_code(run, make_tone, make_captions):
    make_tone("0.wav")
    captions = make_captions(["440 Hz"])
    captions.write_text(captions.read_text() * 9 + '{"file_name": "0.wav", "caption": 5}\n{oops\n')
    scored, follower = run(captions)
    assert (scored.exit_code, len(follower.records)) == (3, 1)
    assert "2 of 11 rows could not be read" in scored.reason
    forgiving = Preset(require=RequiredOptions(errors=0.2))
    assert run(captions, out="kind", preset=forgiving)[0].exit_code == 0


def test_rows_that_are_only_doubled_are_no_failure(run, make_tone, make_captions):
    make_tone("0.wav")
    captions = make_captions(["440 Hz"])
    captions.write_text(captions.read_text() * 5)
    assert run(captions, preset=Preset(require=RequiredOptions(errors=0.0)))[0].exit_code == 0


def test_a_bug_does_not_leave_a_run_that_looks_alive(run, make_tone, make_captions, tmp_path, monkeypatch):
    make_tone("0.wav")
    monkeypatch.setattr("audiojudge_cli.runs.settling.Settler.settle", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(make_captions(["440 Hz"]))
    found = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (found["state"], found["exit_code"]) == ("failed", 3)
    assert found["reason"].startswith("ZeroDivisionError")


def test_a_run_json_that_cannot_be_written_is_one_clear_error(run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    (tmp_path / "run" / "run.json").mkdir(parents=True)
    (tmp_path / "run" / "records.jsonl").touch()
    with pytest.raises(NotJudgedError, match=r"cannot write .*run\.json: Is a directory"):
        run(make_captions(["440 Hz"]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no rubrics"),
        (
            '{"id": "other", "items": [{"question": "Is it?"}]}\n',
            r"no rubric .* begins with other, the clips with 0",
        ),
    ],
)
def test_a_rubric_file_about_nothing_here_is_a_mistake(content, message, run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    (tmp_path / "rubrics.jsonl").write_text(content)
    with pytest.raises(InputError, match=message):
        run(make_captions(["440 Hz"]), rubrics=tmp_path / "rubrics.jsonl")
    assert not (tmp_path / "run").exists()


def test_restart_with_a_judge_that_cannot_be_loaded_keeps_the_earlier_run(run, make_tone, make_captions, tmp_path):
    make_tone("0.wav")
    captions = make_captions(["440 Hz"])
    run(captions)
    kept = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}

    def missing():
        raise WeightsError("no weights")

    with pytest.raises(WeightsError):
        run(captions, judge=missing, restart=True)
    assert {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()} == kept
    with pytest.raises(WeightsError):
        run(captions, judge=missing, out="new")
    assert not (tmp_path / "new").exists()
