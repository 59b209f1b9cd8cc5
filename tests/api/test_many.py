"""Many clips from Python: the run folder of the command line, as tables of pandas."""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import audiojudge_cli as aj
from audiojudge_cli.api.caption_tables import manifest_of
from audiojudge_cli.app import main
from audiojudge_cli.results.clip_table import SUMMARY_COLUMNS
from audiojudge_cli.results.write import ITEM_COLUMNS

CAPTIONS = {"01.wav": "440 Hz, loud", "02.wav": "500 Hz, =1+1", "03.wav": "loud"}


@pytest.fixture
def run(tones):
    """Score three tones; returns what `aj.run` gives."""
    for name in CAPTIONS:
        tones.write(f"outputs/{name}")

    def go(outputs: Any = "outputs", captions: Any = CAPTIONS, **options: Any) -> aj.Run:
        return aj.run(outputs, captions, **{"out": "run", "preset": tones.preset, "progress": False, **options})

    return go


def forms() -> dict[str, Any]:
    rows = [{"audio": name, "caption": caption} for name, caption in CAPTIONS.items()]
    table = pd.DataFrame(rows)
    return {
        "dict": CAPTIONS,
        "dict of paths": {Path(name): caption for name, caption in CAPTIONS.items()},
        "rows": rows,
        "a generator": (row for row in rows),
        "a table": table,
        "a table by file": table.rename(columns={"audio": "file"}).set_index("file"),
        "a column by file": table.set_index("audio")["caption"],
        "a path": Path("caps.jsonl"),
        "text": "caps.jsonl",
    }


def test_captions_come_in_any_form(run):
    lines = (json.dumps({"audio": name, "caption": caption}) for name, caption in CAPTIONS.items())
    Path("caps.jsonl").write_text("\n".join(lines))
    first = run(captions="caps.jsonl")
    expected = [[Path(name).stem, name, caption] for name, caption in CAPTIONS.items()]
    assert first.clips[["id", "audio", "caption"]].to_numpy().tolist() == expected
    for form, captions in forms().items():
        again = run(captions=captions)
        assert list(again) == list(first), form
        # They are the same clips, so that their records are kept.
        assert again.info["counts"]["kept"] == 3, form


def test_rows_without_a_folder_carry_paths_from_here(run):
    found = run(None, {f"outputs/{name}": caption for name, caption in CAPTIONS.items()})
    assert found.clips["status"].tolist() == ["ok", "partial", "ok"]
    assert found.clips["audio"].tolist() == [f"outputs/{name}" for name in CAPTIONS]


def test_a_row_may_carry_everything_that_a_manifest_may(run):
    rubric = aj.Rubric((aj.RubricItem("volume", "Is it loud?", "loud"),), "en", "sound")
    rows = [
        {"audio": Path("01.wav"), "caption": "440 Hz", "model": np.str_("v2"), "seed": np.int64(3), "x": float("nan")},
        {
            "audio": "02.wav",
            "caption": "nothing",
            "rubric": rubric,
            "made": pd.Timestamp("2026-01-02"),
            "subset": "sound",
        },
        {"audio": "03.wav", "caption": "loud", "more": {"a": [np.float32(0.5), None]}, "score": 7},
    ]
    found = run(captions=rows)
    clips = found.clips
    assert clips.columns.tolist() == [*SUMMARY_COLUMNS, "model", "seed", "x", "made", "more", "metadata.score"]
    assert clips["model"].tolist()[0] == "v2"
    assert clips["seed"].tolist()[0] == 3
    assert clips["made"].tolist()[1] == "2026-01-02T00:00:00"
    assert clips["more"].tolist()[2] == {"a": [0.5, None]}
    assert clips["metadata.score"].tolist()[2] == 7
    assert found.items.loc[found.items["id"] == "02", "question"].tolist() == ["Is it loud?"]


ODD: dict[str, Any] = {
    "a number": 3,
    "bytes": b"caps",
    "rows of numbers": [3],
    "rows of texts": ["A dog barks."],
    "files that are none": {3: "loud"},
    "nothing": {},
    "no rows": [],
    "no table": pd.DataFrame({"audio": [], "caption": []}),
    "no column": [{"a": 1}],
    "strange files": {"nowhere.wav": "loud"},
    "no caption": pd.DataFrame({"audio": ["01.wav"], "caption": [None]}),
    "no file": "nowhere.jsonl",
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_no_captions_is_refused_and_leaves_no_folder(run, case):
    with pytest.raises(aj.InputError):
        run(captions=ODD[case])
    assert not Path("run").exists()


def test_a_row_nested_without_end_is_refused():
    row: dict[str, Any] = {"audio": "a.wav"}
    row["self"] = row
    with pytest.raises(aj.InputError, match="nested"):
        manifest_of([row])


@pytest.mark.parametrize(
    "wrong",
    [{"limit": 0}, {"sample": -1}, {"workers": 0}, {"filter": "("}, {"judge": "nobody"}, {"preset": "nobody"}],
)
def test_arguments_that_do_not_fit_are_refused(run, wrong):
    with pytest.raises(aj.InputError):
        run(**wrong)


FLAGS = {"strict", "restart", "progress"}


@pytest.mark.parametrize("value", [object, 0.5, [3], b"\xff", ""], ids=repr)
def test_arguments_of_any_other_type_are_refused_by_every_parameter_and_leave_no_folder(run, value):
    there = sorted(Path().rglob("*"))
    for name in set(inspect.signature(aj.run).parameters) - FLAGS:
        # An empty column name, or filter, stands for none; bytes may be a path.
        if value == "" and (name.endswith("_field") or name == "filter"):
            continue
        with pytest.raises(aj.InputError):
            run(**{name: value})
    assert sorted(Path().rglob("*")) == there
    with pytest.raises(aj.InputError):
        aj.open_run(value)


@pytest.mark.parametrize("value", [0, None, object, slice(1), b"a", "", "\ud800"], ids=repr)
def test_a_clip_is_asked_for_by_its_name(run, value):
    with pytest.raises(aj.InputError):
        run()[value]


def test_the_folder_is_that_of_the_command_line(run, tones, monkeypatch, capsys):
    Path("caps.jsonl").write_text("".join(json.dumps({"audio": a, "caption": c}) + "\n" for a, c in CAPTIONS.items()))
    run(captions="caps.jsonl", out="mine")
    line = ["outputs", "--captions", "caps.jsonl", "--preset", tones.preset, "--out", "theirs"]
    monkeypatch.setattr("sys.argv", ["audiojudge", "score", *line])
    assert main() == 0
    names = {path.relative_to("theirs") for path in Path("theirs").rglob("*") if path.is_file()} - {Path("run.json")}
    assert {path.relative_to("mine") for path in Path("mine").rglob("*") if path.is_file()} - {
        Path("run.json")
    } == names
    for name in names:
        assert (Path("mine") / name).read_bytes() == (Path("theirs") / name).read_bytes(), name
    opened = aj.open_run("theirs")
    assert opened.clips.equals(aj.open_run("mine").clips)
    assert opened.summary == json.loads(Path("theirs/summary.json").read_text())
    assert opened.info == json.loads(Path("theirs/run.json").read_text())


def test_tables_are_those_of_the_csv_files(run):
    found = run()
    for table, name, columns in ((found.clips, "summary", SUMMARY_COLUMNS), (found.items, "items", ITEM_COLUMNS)):
        written = pd.read_csv(f"run/{name}.csv")
        assert table.columns.tolist() == written.columns.tolist() == list(columns)
        for column in columns:
            mine, theirs = table[column].tolist(), written[column].tolist()
            if not any(isinstance(value, str) for value in [*mine, *theirs]):
                assert pd.Series(mine, dtype=float).equals(pd.Series(theirs, dtype=float)), column
    # A spreadsheet must not take it for a formula; pandas takes nothing for one.
    assert found.clips["caption"].tolist() == list(CAPTIONS.values())


def test_the_same_call_goes_on(run, capsys):
    first = run(limit=2)
    assert len(first) == 2
    again = run()
    assert (len(again), again.info["counts"]["kept"], again.info["counts"]["judged"]) == (3, 2, 1)
    assert run(restart=True).info["counts"]["judged"] == 3
    assert capsys.readouterr() == ("", "")


def test_one_clip_is_found_by_id_or_file(run):
    found = run()
    assert found["02"] == found["02.wav"] == list(found)[1]
    assert isinstance(found["01"], aj.Record)
    with pytest.raises(aj.InputError, match="no clip"):
        found["nothing"]


def test_a_run_that_judged_too_little_says_so_and_raises_nothing(run, caplog):
    found = run(captions=dict.fromkeys(CAPTIONS, "something else"))
    assert found.reason
    assert found.reason in caplog.text
    assert found.info["exit_code"] == 3
    assert found.clips["score"].isna().all()
    assert run(out="good").reason is None


def test_a_clip_that_fails_is_a_row_and_not_an_exception(run):
    Path("outputs/02.wav").write_bytes(b"no audio")
    found = run()
    assert found.clips["status"].tolist() == ["ok", "error", "ok"]
    assert found.clips["error"].tolist()[1].startswith("not-audio")
    assert "1 failed" in repr(found)


def test_missing_weights_are_raised_and_the_folder_can_be_opened(run):
    with pytest.raises(aj.WeightsError):
        run(captions={**CAPTIONS, "03.wav": "no weights"}, workers=1)
    opened = aj.open_run("run")
    assert opened.reason == "the tone judge has no weights; tune it"


RULES: dict[str, Any] = {
    "text": ("score.mean >= 0.5", True),
    "texts": (["score.mean >= 0.5", "error_rate <= 0"], True),
    "a tuple": (("score.mean >= 0.999",), False),
    "what a file holds": ({"rules": ["score.mean >= 0.5"], "pass_at": 0.7}, True),
    "a file": ("gate.yaml", False),
    "a path": (Path("gate.yaml"), False),
}


def test_gates(run):
    Path("gate.yaml").write_text("rules:\n  - score.mean >= 0.999\n")
    found = run()
    for form, (rules, passes) in RULES.items():
        outcome = found.gate(rules)
        assert (outcome.passed, outcome.exit_code) == (passes, 0 if passes else 1), form
    assert not Path("run/gate.json").exists()
    wrong: list[Any] = [[], {}, 3, None, "score.mean", ["score.moan >= 1"], "nowhere.yaml", [3]]
    for rules in wrong:
        with pytest.raises(aj.InputError):
            found.gate(rules)


def test_a_gate_against_an_earlier_run(run):
    old, new = run(), run(out="new")
    for baseline in (old, "run", Path("run")):
        assert new.gate("regression.score.mean <= 0.1", baseline=baseline).passed
    with pytest.raises(aj.InputError, match="regression"):
        new.gate("regression.score.mean <= 0.1")
    assert new.gate("pass_rate >= 0.1", pass_at=0.95).rules.pass_at == 0.95


def test_progress_is_a_bar_on_a_terminal_only_and_never_on_stdout(run, capsys, monkeypatch):
    run(progress=True)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run(progress=True, out="b")
    out, err = capsys.readouterr()
    assert out == ""
    assert "3/3" in err
    run(progress=False, out="c")
    assert capsys.readouterr() == ("", "")


def test_remarks_go_to_the_log(run, caplog):
    run(captions={"01.wav": "loud"})
    assert "2 of 3 audio files without a caption" in caplog.text
    assert {record.name for record in caplog.records} == {"audiojudge_cli"}


@pytest.mark.parametrize("folder", ["nowhere", "outputs"])
def test_what_is_no_run_cannot_be_opened(run, folder):
    with pytest.raises(aj.InputError, match="not a run folder"):
        aj.open_run(folder)


def test_a_run_that_is_interrupted_can_be_opened_and_finished(run, tones, monkeypatch):
    judge = importlib.import_module("tone_judge").ToneJudge()
    answers = judge.judge

    def cut(cases: Any) -> Any:
        if any(case.caption == "loud" for case in cases):
            raise KeyboardInterrupt
        return answers(cases)

    judge.judge = cut
    with pytest.raises(KeyboardInterrupt):
        run(judge=judge, workers=1)
    opened = aj.open_run("run")
    assert (opened.info["state"], len(opened), opened.reason) == ("interrupted", 2, "stopped at once")
    again = run()
    assert (len(again), again.info["counts"]["kept"]) == (3, 2)
