"""The gate inside `audiojudge score`."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

TONE = ("--judge", "tone", "--expander", "tones")
SCORE = ("score", "outputs", "--captions", "captions.jsonl", *TONE)
GOOD = ["100 Hz", "200 Hz", "300 Hz"]


def outcome(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "gate.json").read_text())
    return data


def test_a_gate_that_passes_and_one_that_fails(inside, tones, tmp_path):
    tones(GOOD)
    files = ("--junit", "g.xml", "--markdown", "g.md", "--json", "g.json")
    done = inside(*SCORE, "--require", "score.mean >= 0.5", "--require", "count == 3", *files)
    assert done.returncode == 0
    summary, _, gate = done.stdout.partition("results in audiojudge-run\n\n")
    assert summary.startswith("clips     3 (3 ok)")
    assert "gate passed (2 rules; rule set " in gate
    run = tmp_path / "audiojudge-run"
    assert outcome(run)["verdict"] == "pass"
    assert json.loads((tmp_path / "g.json").read_text()) == outcome(run)
    assert not list(ET.parse(tmp_path / "g.xml").getroot().iter("failure"))
    assert outcome(run)["rules_hash"] in (tmp_path / "g.md").read_text()
    kept = json.loads((run / "run.json").read_text())["preset"]["options"]["gate"]["rules"]
    assert kept == ["score.mean >= 0.5", "count == 3"]

    failed = inside(*SCORE, "--require", "count >= 4", *files)
    assert failed.returncode == 1
    assert "gate failed" in failed.stdout
    assert outcome(run)["exit_code"] == 1
    assert list(ET.parse(tmp_path / "g.xml").getroot().iter("failure"))
    # The run itself is sound, and other rules may be put to it.
    assert inside("gate", "audiojudge-run", "--require", "count == 3").returncode == 0

    assert inside(*SCORE).returncode == 0
    assert not (run / "gate.json").exists()


def test_with_jsonl_the_table_goes_to_stderr(inside, tones):
    tones(GOOD)
    done = inside(*SCORE, "--format", "jsonl", "--require", "count >= 4", "--quiet")
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["01", "02", "03"]
    assert "gate failed" in done.stderr
    assert inside(*SCORE, "--format", "jsonl", "--require", "count == 3", "--quiet").stderr == ""


def test_rules_of_the_preset_a_file_and_the_command_line(inside, tones, tmp_path):
    tones(GOOD)
    (tmp_path / "my.yaml").write_text("gate: [count >= 4]\n")
    (tmp_path / "rules.yaml").write_text("rules: [count == 3]\n")
    preset = ("--preset", "./my.yaml")
    assert inside(*SCORE, *preset).returncode == 1
    assert inside(*SCORE, *preset, "--gate", "rules.yaml").returncode == 0
    tones(["100 Hz", "200 Hz", "300 Hz, 900 Hz"])
    more = ("--gate", "rules.yaml", "--require", "pass_rate >= 0.9")
    done = inside(*SCORE, *preset, *more)
    assert done.returncode == 1
    assert "1 of 2 rules" in done.stdout
    assert inside(*SCORE, *preset, *more, "--pass-at", "0.3").returncode == 0


def test_the_preset_ci_has_a_gate_that_bad_clips_fail(inside, tones):
    tones(GOOD)
    assert inside(*SCORE, "--preset", "ci").returncode == 0
    tones(["100 Hz", "900 Hz", "800 Hz"])
    done = inside(*SCORE, "--preset", "ci")
    assert done.returncode == 1
    assert "match_rate >= 0.5" in done.stdout


def test_too_little_judged_wins_over_a_failed_gate(inside, tones, tmp_path):
    tones(["blue", "blue", "100 Hz, blue, green"])
    files = ("--junit", "g.xml", "--json", "g.json")
    done = inside(*SCORE, "--require", "count >= 99", *files)
    assert done.returncode == 3
    assert "gate passed" not in done.stdout
    assert "not judged enough: only 20 %" in done.stdout
    assert outcome(tmp_path / "audiojudge-run")["verdict"] == "fail"
    assert outcome(tmp_path / "audiojudge-run")["exit_code"] == 3
    assert json.loads((tmp_path / "g.json").read_text())["exit_code"] == 3
    assert list(ET.parse(tmp_path / "g.xml").getroot().iter("error"))
    assert done.stderr.count("error:") == 1


def test_the_gate_may_ask_for_more_than_the_run(inside, tones, tmp_path):
    tones(["100 Hz, blue", "200 Hz"])
    (tmp_path / "rules.yaml").write_text("min_coverage: 0.9\nrules: [score.mean >= 0.1]\n")
    done = inside(*SCORE, "--gate", "rules.yaml")
    assert done.returncode == 3
    assert "not judged enough: only 67%" in done.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--require", "score.maen >= 0.8"], "did you mean 'score.mean'"),
        (["--require", "score.mean[modle=a] >= 0.8"], "no metadata column 'modle'"),
        (["--require", ""], "a gate rule is empty"),
        (["--gate", "none.yaml"], "cannot read the rule file none.yaml"),
        (["--require", "regression.score.mean <= 0.1"], "needs --baseline"),
        (["--require", "count >= 1", "--baseline", "none"], "none"),
        (["--require", "count >= 1", "--baseline", "other"], "another judge"),
        (["--require", "count >= 1", "--baseline", "run"], "its own baseline"),
        (["--require", "count >= 1", "--pass-at", "80"], "pass_at lies from 0 to 1"),
        (["--require", "count >= 1", "--markdown", "no/such/file.md"], "cannot write no/such/file.md"),
        (["--require", "count >= 1", "--markdown", "outputs"], "cannot write outputs: it is a folder"),
        (["--baseline", "other"], "--baseline is for gate rules"),
        (["--pass-at", "0.7"], "--pass-at is for gate rules"),
        (["--markdown", "g.md"], "--markdown is for gate rules"),
    ],
)
def test_a_mistake_is_refused_before_anything_is_judged(inside, tones, make_run, tmp_path, options, says):
    tones(GOOD)
    make_run([{}], "other")
    make_run([{}], "run")
    before = (tmp_path / "run" / "run.json").read_bytes()
    (tmp_path / "g.xml").write_text("<testsuites/>")
    done = inside(*SCORE, "--out", "run", *options, *(() if "is for gate" in says else ("--junit", "g.xml")))
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr.splitlines()[-1]
    assert (tmp_path / "run" / "run.json").read_bytes() == before
    if "is for gate" not in says:
        assert list(ET.parse(tmp_path / "g.xml").getroot().iter("error"))


def test_regression_against_an_earlier_run(inside, tones, tmp_path):
    tones(GOOD)
    assert inside(*SCORE, "--out", "old").returncode == 0
    rule = ("--require", "regression.score.mean <= 0.1", "--baseline", "old")
    assert inside(*SCORE, "--out", "same", *rule).returncode == 0
    tones(["100 Hz", "200 Hz", "300 Hz"], audio=2)
    (tmp_path / "outputs" / "03.wav").write_bytes((tmp_path / "outputs" / "01.wav").read_bytes())
    done = inside(*SCORE, "--out", "new", *rule)
    assert done.returncode == 1
    assert outcome(tmp_path / "new")["baseline"] == "old"
    assert json.loads((tmp_path / "new" / "run.json").read_text())["inputs"]["baseline"] == "old"


def test_rubrics_from_a_file_compare_with_the_expansion_they_came_from(inside, tones, tmp_path):
    tones(GOOD)
    assert inside("rubric", "captions.jsonl", "--expander", "tones", "-o", "rubrics.jsonl").returncode == 0
    assert inside(*SCORE, "--out", "old").returncode == 0
    rule = ("--rubrics", "rubrics.jsonl", "--require", "regression.score.mean <= 0.1", "--baseline", "old")
    assert inside(*SCORE, "--out", "filed", *rule).returncode == 0
    text = (tmp_path / "rubrics.jsonl").read_text()
    (tmp_path / "rubrics.jsonl").write_text(text.replace("300 Hz?", "100 Hz?"))
    done = inside(*SCORE, "--out", "edited", *rule)
    assert done.returncode == 2
    assert "1 of 3 clips have another rubric in the baseline" in done.stderr
    assert outcome(tmp_path / "edited")["verdict"] == "error"


def test_a_run_of_another_judge_stays_as_it_was(inside, tones, make_run, tmp_path):
    tones(GOOD)
    folder = make_run([{}], "run")
    (folder / "run.json").write_text('{\n  "schema": "audiojudge.run/1", "state": "finished", "exit_code": 0}')
    (folder / "gate.json").write_text('{"verdict": "pass"}')
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    done = inside(*SCORE, "--out", "run", "--require", "count >= 1")
    assert done.returncode == 2
    assert "run holds records of the judge test" in done.stderr
    assert {name: (folder / name).read_bytes() for name in before} == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--json", "run/records.jsonl"], "it is a file of a run; give --json another name"),
        (["--junit", "run/files/01.json"], "it is a file of a run"),
        (["--json", "other/records.jsonl"], "it is a file of a run"),
        (["--markdown", "captions.jsonl"], "it is an input; give --markdown another name"),
        (["--json", "g.txt", "--junit", "./g.txt"], "--junit and --json are both g.txt"),
    ],
)
def test_an_outcome_is_never_written_over_the_run_or_its_inputs(inside, tones, tmp_path, options, says):
    tones(GOOD)
    for name in ("run", "other"):
        assert inside(*SCORE, "--out", name).returncode == 0
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = inside(*SCORE, "--out", "run", "--require", "count == 3", *options)
    assert done.returncode == 2
    assert says in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept
    if "captions.jsonl" not in options:  # a gate by itself does not know what the run was made from
        assert inside("gate", "run", "--require", "count == 3", *options).returncode == 2
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept


def test_a_dry_run_writes_no_file_of_a_gate(inside, tones, tmp_path):
    tones(GOOD)
    done = inside(*SCORE, "--dry-run", "--require", "count == 3", "--json", "g.json")
    assert done.returncode == 2
    assert "--dry-run judges nothing" in done.stderr
    assert not (tmp_path / "g.json").exists()


CI = (*SCORE, "--preset", "ci")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 3),
        (("--require", "error_rate <= 0.2"), 0),
        (("--require", "count.error <= 2"), 0),
        (("--require", "error_rate <= 0.1"), 1),
        (("--require", "count.error == 0"), 1),
        (("--require", "score.mean >= 0.1"), 3),
        (("--gate", "rules.yaml"), 0),
    ],
)
def test_unreadable_files_are_counted_and_the_rule_decides(inside, tones, tmp_path, options, code):
    tones([*(f"{n}00 Hz" for n in range(1, 9)), "loud", "loud"])
    for name in ("09", "10"):
        (tmp_path / "outputs" / f"{name}.wav").write_bytes(b"no audio")
    (tmp_path / "rules.yaml").write_text("rules: [error_rate <= 0.2, count >= 1]\n")
    done = inside(*CI, *options)
    assert done.returncode == code, done.stderr
    assert "clips that could not be judged: 2" in done.stdout
    assert "2 clips failed" in done.stdout
    assert ("2 of 10 clips could not be judged" in done.stderr) == (code == 3)
    run = tmp_path / "audiojudge-run"
    assert (json.loads((run / "run.json").read_text())["exit_code"] == 3) == (code == 3)
    assert outcome(run)["exit_code"] == code
    # Another gate over the same folder has the same limits, and its own rules about them.
    assert inside("gate", "audiojudge-run", "--require", "count >= 1").returncode == 3
    assert inside("gate", "audiojudge-run", "--require", "error_rate <= 0.2").returncode == 0
    assert inside("diff", "audiojudge-run", "audiojudge-run").returncode == 2
    inside("score", *SCORE[1:], "--out", "other")
    compared = inside("diff", "audiojudge-run", "other")
    assert compared.returncode == 0
    assert "old run, clips that could not be judged: 2" in compared.stdout


def test_broken_rows_stay_a_limit_until_a_rule_is_about_them(inside, tones, tmp_path):
    tones(GOOD)
    with (tmp_path / "captions.jsonl").open("a") as file:
        file.write("no row\n")
    assert inside(*CI, "--require", "error_rate <= 0.5").returncode == 3
    done = inside(*CI, "--require", "count.broken <= 1")
    assert done.returncode == 0
    assert "rows of the manifest that are no clip: 1" in done.stdout
    assert inside(*CI, "--require", "count.broken == 0").returncode == 1


@pytest.mark.parametrize("rule", ["error_rate <= 0.99", "count.error <= 2", "coverage >= 0.01", "count.broken <= 9"])
def test_nothing_judged_is_never_0_whatever_the_rules_forgive(inside, tones, tmp_path, rule):
    tones(GOOD)
    for path in (tmp_path / "outputs").iterdir():
        path.write_bytes(b"no audio")
    assert inside(*CI, "--require", rule).returncode == 3
    tones(["blue", "green", "blue"])
    assert inside(*CI, "--require", rule, "--out", "other").returncode == 3


def test_a_fault_spares_the_other_items_and_the_preset_ci_asks_for_none(inside, tones, tmp_path):
    tones(["100 Hz", "200 Hz", "300 Hz, explode"])
    done = inside(*SCORE)
    assert done.returncode == 0
    line = "1 fault in 1 clip (RuntimeError 1): those items count as unverifiable; items.csv tells them"
    assert line in done.stdout
    run = tmp_path / "audiojudge-run"
    summary = json.loads((run / "summary.json").read_text())
    assert (summary["faults"], summary["clips"]["faulted"], summary["clips"]["partial"]) == (1, 1, 1)
    assert "RuntimeError" in (run / "items.csv").read_text()
    ci = inside(*CI, "--out", "strict")
    assert ci.returncode == 1
    assert "faults == 0" in ci.stdout
    streamed = inside(*SCORE, "--out", "streamed", "--format", "jsonl")
    assert line in streamed.stderr
    # A clip with a fault is tried again, as one that failed is.
    again = inside(*SCORE)
    assert "1 clip judged again: failed before 1" in again.stdout
