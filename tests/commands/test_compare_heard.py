"""`audiojudge compare`, `rank` and `select` by a judge that hears two clips together: couples, journal, resume."""

from __future__ import annotations

import csv
import errno
import json
import signal
import time
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile

from audiojudge_cli.reports.comparison_lines import ending_lines
from audiojudge_cli.results.terminal import Screen

RATE = 8000
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
DUEL = ("--judge", "duel", "-q")


def tone(path: Path, hz: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.9 * np.sin(2 * np.pi * hz * np.arange(RATE // 4) / RATE), RATE)


@pytest.fixture
def six(tmp_path):
    """Six pairs: three for a, one for b, one file under two names, one clip that is no audio."""
    for number, (a, b) in enumerate([(440, 300), (440, 300), (440, 300), (300, 440), (300, 300)]):
        tone(tmp_path / "A" / f"{number}.wav", a)
        tone(tmp_path / "B" / f"{number}.wav", b)
    tone(tmp_path / "A" / "5.wav", 440)
    (tmp_path / "B" / "5.wav").write_text("no audio")
    (tmp_path / "lax.yaml").write_text("judge: duel\nrequire: {errors: 0.5, coverage: 0}\n")
    return tmp_path


def pairs(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def told(folder: Path) -> dict[str, Any]:
    for name in ("summary", "run"):
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
        jsonschema.validate(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")), schema)
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary


def couples(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "couples.jsonl").read_text(encoding="utf-8").splitlines()]


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.[cj]s*") if path.name != "run.json"}


def manifest(folder: Path, words: dict[str, str], name: str = "pairs.jsonl") -> str:
    """Pairs of three tones each, named by what their words make the judge do."""
    for number, hz in enumerate((300, 440)):
        tone(folder / f"{number}.wav", hz)
    rows = []
    for at, (name_of, text) in enumerate(words.items()):
        tone(folder / f"own{at}.wav", 500 + 100 * at)
        rows.append({"id": name_of, "audio_a": f"own{at}.wav", "audio_b": f"{at % 2}.wav", "target_text": text})
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return name


def test_a_judge_that_hears_both_decides_and_says_why(inside, six):
    done = inside("compare", "A", "B", *DUEL, "--preset", "lax.yaml", "--votes", "7", "--seed", "3", "-o", "run")
    assert done.returncode == 0, done.stderr
    found = pairs(six / "run")
    wanted = {**dict.fromkeys("012", "a"), "3": "b", "4": "tie", "5": "error"}
    assert {name: row["preferred"] for name, row in found.items()} == wanted
    assert (found["0"]["score_a"], found["0"]["score_b"], found["0"]["margin"]) == ("4.4073", "3.0073", "1.4")
    assert (found["4"]["reason"], found["4"]["margin"]) == ("both are the same file", "")
    assert found["5"]["reason"].startswith("b could not be judged: not-audio")
    # The rationale is told in one line, harmless, and cut; the journal has all of it.
    reason, lines = found["0"]["reason"], couples(six / "run")
    assert reason.startswith("7 votes. “en: 4.4073 against 3.0073, [31m well well")
    assert reason.endswith("…”")
    assert len(reason) < 450
    assert len(lines[0]["rationale"]) > 900
    # Tones of the same kind are the same bytes, so that three pairs are one couple, heard once.
    assert [(line["audio_a"], line["audio_b"]) for line in lines] == [("A/0.wav", "B/0.wav"), ("A/3.wav", "B/3.wav")]
    summary = told(six / "run")
    heard = summary["comparison"]["heard"]
    assert {name: heard[name] for name in ("votes", "seed", "couples", "failed", "contradicted")} == {
        "votes": 7,
        "seed": 3,
        "couples": 2,
        "failed": 0,
        "contradicted": 0,
    }
    assert heard["bias"] == {"value": 0.25, "low": 0.25, "high": 0.25}
    run = json.loads((six / "run" / "run.json").read_text())
    assert run["hears"]["fingerprint"] == heard["judge"]["fingerprint"]
    assert (run["hears"]["card"]["votes"], run["inputs"]["votes"], run["judge"]["name"]) == ("7", 7, "none")
    assert run["counts"]["couples_heard"] == 2
    shown = "\n".join(ending_lines(summary, Screen(80)))
    assert "heard     duel, 7 votes in either order" in shown
    assert "coming first is worth +0.250 points" in shown
    assert max(map(len, shown.splitlines())) <= 80
    shown = inside("show", "run", "--limit", "4").stdout
    assert "heard     duel" in shown
    assert "2 more pairs: --all lists them" in shown
    # A failure first, then the closest; and one with all that was written, harmless.
    listed = [line.split()[:2] for line in shown.splitlines() if line[:1].isdigit()]
    assert listed[:4] == [["5", "error"], ["0", "a"], ["1", "a"], ["2", "a"]]
    one = inside("show", "run", "0").stdout
    assert one.startswith("0: a is better\n  a  A  A/0.wav  4.407\n  b  B  B/0.wav  3.007\n")
    assert one.count("well") > 200
    assert "\x1b" not in one
    assert inside("show", "run", "nothing").returncode == 2
    assert inside("gate", "run", "--require", "winrate.A >= 0.6").returncode == 0
    assert inside("report", "run", "-q").returncode == 0
    page = (six / "run" / "report.html").read_text()
    assert "heard together by <b>duel</b>, in either order, 7 votes each" in page
    assert "Coming first is worth +0.250 points" in page
    assert "7 votes. “en: 4.4073 against 3.0073" in page
    assert inside("report", "run", "--format", "md", "-q", "-o", "run.md").returncode == 0
    assert "coming first is worth" in (six / "run.md").read_text()


def test_both_sides_may_be_named_first(inside, six):
    for first, second in ("AB", "BA"):
        assert inside("compare", first, second, *DUEL, "--preset", "lax.yaml", "-o", f"{first}-run").returncode == 0
    turned = {"a": "b", "b": "a"}
    one, other = pairs(six / "A-run"), pairs(six / "B-run")
    assert {name: row["preferred"] for name, row in one.items()} == {
        name: turned.get(row["preferred"], row["preferred"]) for name, row in other.items()
    }


def test_a_pair_that_fails_is_an_error_and_a_doubt_a_tie(inside, tmp_path):
    words = {
        "good": "Hello.",
        "bug": "explode",
        "shy": "refuse",
        "nan": "endless",
        "doubt": "doubt",
        "zh": "你好，世界",
    }
    done = inside("compare", manifest(tmp_path, words), *DUEL, "-o", "run")
    assert done.returncode == 3
    assert "3 of 6 pairs could not be compared, and at most" in done.stderr
    found = pairs(tmp_path / "run")
    assert {name: row["preferred"] for name, row in found.items()} == {
        "good": "a",
        "bug": "error",
        "shy": "error",
        "nan": "error",
        "doubt": "tie",
        "zh": "a",
    }
    assert found["bug"]["reason"] == "the two could not be compared: judge: RuntimeError: the duel exploded"
    assert found["shy"]["reason"].endswith("refused: the duel does not like these two")
    assert all(found[name][column] == "" for name in ("bug", "shy", "nan") for column in ("score_a", "margin"))
    assert "“zh: " in found["zh"]["reason"]
    heard = told(tmp_path / "run")["comparison"]["heard"]
    assert (heard["failed"], heard["contradicted"], heard["couples"]) == (3, 1, 6)
    assert told(tmp_path / "run")["comparison"]["pairs"] == {
        "total": 6,
        "decided": 2,
        "tie": 1,
        "unverifiable": 0,
        "error": 3,
    }
    # What failed is heard again, and nothing else is.
    log = {"TONE_JUDGE_LOG": str(tmp_path / "log")}
    assert inside("compare", "pairs.jsonl", *DUEL, "-o", "run", env=log).returncode == 3
    assert (tmp_path / "log").read_text().splitlines() == ["explode", "refuse", "endless"]


def test_a_killed_run_goes_on_and_ends_as_one_that_was_not(inside, tmp_path):
    words = {"one": "Hello.", "two": "die", "three": "Bye."}
    name = manifest(tmp_path, words)
    env = {"TONE_JUDGE_DIE": str(tmp_path / "died"), "TONE_JUDGE_LOG": str(tmp_path / "log")}
    assert inside.alone("compare", name, *DUEL, "-o", "run", env=env).returncode == -9
    assert len(couples(tmp_path / "run")) == 1
    with (tmp_path / "run" / "couples.jsonl").open("a") as file:
        file.write('{"schema": "audiojudge.couple/1", "key": "to')  # as a crash tears a line
    assert inside("compare", name, *DUEL, "-o", "run", env=env).returncode == 0
    assert inside("compare", name, *DUEL, "-o", "other", env={**env, "TONE_JUDGE_LOG": ""}).returncode == 0
    assert kept(tmp_path / "run") == kept(tmp_path / "other")
    assert (tmp_path / "log").read_text().splitlines() == ["Hello.", "die", "die", "Bye."]
    assert inside("compare", name, *DUEL, "-o", "run", env=env).returncode == 0
    assert kept(tmp_path / "run") == kept(tmp_path / "other")
    assert len((tmp_path / "log").read_text().splitlines()) == 4


def test_an_interrupted_run_keeps_the_pair_in_flight_and_goes_on(inside, tmp_path):
    name = manifest(tmp_path, {str(number): f"Pair {number}." for number in range(6)})
    env = {"TONE_JUDGE_SLEEP": "0.3", "TONE_JUDGE_LOG": str(tmp_path / "log")}
    run = inside.start("compare", name, "--judge", "duel", "-o", "run", env=env)
    while not (tmp_path / "log").exists():
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    done = len(couples(tmp_path / "run"))
    assert run.returncode == 130
    assert 0 < done < 6
    assert f"stopped with {6 - done} pairs to go" in err
    assert json.loads((tmp_path / "run" / "run.json").read_text())["state"] == "interrupted"
    assert not (tmp_path / "run" / "pairs.csv").exists()
    assert inside("compare", name, *DUEL, "-o", "run", env={**env, "TONE_JUDGE_SLEEP": "0"}).returncode == 0
    assert inside("compare", name, *DUEL, "-o", "other").returncode == 0
    assert kept(tmp_path / "run") == kept(tmp_path / "other")
    assert len((tmp_path / "log").read_text().splitlines()) == 6


def test_a_full_disk_ends_the_run_and_loses_no_pair(inside, tmp_path, monkeypatch):
    from audiojudge_cli.runs import journal

    name = manifest(tmp_path, {"one": "Hello.", "two": "Bye.", "three": "Again."})
    plain, wrote = journal.LineJournal._write, []

    def full(self: Any, line: bytes) -> None:
        if self.path.name == "couples.jsonl":
            wrote.append(line)
            if len(wrote) == 2:
                plain(self, line[:50])
                raise OSError(errno.ENOSPC, "No space left on device")
        plain(self, line)

    monkeypatch.setattr(journal.LineJournal, "_write", full)
    done = inside("compare", name, *DUEL, "-o", "run")
    assert (done.returncode, "No space left on device" in done.stderr) == (3, True)
    monkeypatch.setattr(journal.LineJournal, "_write", plain)
    log = {"TONE_JUDGE_LOG": str(tmp_path / "log")}
    assert inside("compare", name, *DUEL, "-o", "run", env=log).returncode == 0
    assert (tmp_path / "log").read_text().splitlines() == ["Bye.", "Again."]
    assert inside("compare", name, *DUEL, "-o", "other").returncode == 0
    assert kept(tmp_path / "run") == kept(tmp_path / "other")


def test_a_file_that_changes_after_it_was_measured_is_not_compared_as_it_was(inside, tmp_path, monkeypatch):
    from audiojudge_cli.runs import hearing

    name = manifest(tmp_path, {"one": "Hello.", "two": "Bye."})
    plain = hearing.Hearing.hear

    def changed(self: Any, watcher: object) -> None:
        tone(tmp_path / "own0.wav", 999)
        plain(self, watcher)

    monkeypatch.setattr(hearing.Hearing, "hear", changed)
    (tmp_path / "lax.yaml").write_text("require: {errors: 0.5, coverage: 0}\n")
    assert inside("compare", name, *DUEL, "--preset", "lax.yaml", "-o", "run").returncode == 0
    found = pairs(tmp_path / "run")
    assert (found["one"]["preferred"], found["two"]["preferred"]) == ("error", "a")
    assert "own0.wav has changed since it was measured" in found["one"]["reason"]
    monkeypatch.setattr(hearing.Hearing, "hear", plain)
    assert inside("compare", name, *DUEL, "--preset", "lax.yaml", "-o", "run").returncode == 0
    assert pairs(tmp_path / "run")["one"]["preferred"] == "a"


def test_votes_seed_and_judge_are_never_mixed_in_one_folder(inside, tmp_path):
    name = manifest(tmp_path, {"one": "Hello."})
    assert inside("compare", name, *DUEL, "-o", "run").returncode == 0
    before = kept(tmp_path / "run")
    for more, env in ((("--votes", "2"), {}), (("--seed", "1"), {}), ((), {"TONE_JUDGE_VERSION": "2"})):
        done = inside("compare", name, *DUEL, *more, "-o", "run", env=env)
        assert done.returncode == 2
        assert "holds pairs heard by duel" in done.stderr
        assert kept(tmp_path / "run") == before
    again = inside("compare", name, *DUEL, "--votes", "2", "--restart", "-o", "run")
    assert (again.returncode, couples(tmp_path / "run")[0]["votes"]) == (0, 2)


def test_pairs_that_a_later_manifest_leaves_out_are_set_aside_and_come_back(inside, tmp_path):
    words = {"one": "Hello.", "two": "Good day.", "three": "Bye."}
    whole = manifest(tmp_path, words)
    lines = (tmp_path / whole).read_text().splitlines(keepends=True)
    (tmp_path / "less.jsonl").write_text("".join(lines[1:2]))
    assert inside("compare", whole, *DUEL, "-o", "run").returncode == 0
    before = kept(tmp_path / "run")
    assert inside("compare", "less.jsonl", *DUEL, "-o", "run").returncode == 0
    assert (list(pairs(tmp_path / "run")), len(couples(tmp_path / "run"))) == (["two"], 1)
    log = {"TONE_JUDGE_LOG": str(tmp_path / "log")}
    assert inside("compare", whole, *DUEL, "-o", "run", env=log).returncode == 0
    assert kept(tmp_path / "run") == before
    assert not (tmp_path / "log").exists()


def test_what_ends_a_run_early(inside, tmp_path):
    words = {"one": "Hello.", "bug": "explode", "two": "refuse", "three": "Bye."}
    name = manifest(tmp_path, words)
    done = inside("compare", name, *DUEL, "--fail-fast", "-o", "run")
    assert done.returncode == 3
    assert "1 pair failed, and --max-errors 0 allows no more; 2 pairs to go" in done.stderr
    assert not (tmp_path / "run" / "pairs.csv").exists()
    (tmp_path / "none.jsonl").write_text(
        json.dumps({"audio_a": "0.wav", "audio_b": "1.wav", "target_text": "no weights"}) + "\n"
    )
    done = inside("compare", "none.jsonl", *DUEL, "-o", "other")
    assert (done.returncode, "the duel has no weights" in done.stderr) == (3, True)


def test_both_questions_by_one_judge(inside, tmp_path):
    manifest(tmp_path, {"one": "Hello."})
    rows = [{"id": hz, "audio_a": "0.wav", "audio_b": "1.wav", "caption": f"{hz} Hz"} for hz in ("300", "440")]
    (tmp_path / "caps.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "duel.yaml").write_text("judge: duel\nexpander: tones\n")
    done = inside("compare", "caps.jsonl", "--by", "both", "--preset", "duel.yaml", "-q", "-o", "run")
    assert done.returncode == 0, done.stderr
    found = pairs(tmp_path / "run")
    # The lower tone follows its caption, the higher one sounds better.
    assert (found["300"]["preferred"], found["300"]["reason"]) == ("tie", "quality b, alignment a")
    assert (found["440"]["preferred"], found["440"]["reason"]) == ("b", "quality b, alignment b")


def test_systems_are_ranked_and_the_best_selected_by_ear(inside, tmp_path):
    for name, hz in (("low", 300), ("mid", 400), ("high", 500)):
        for number in range(3):
            tone(tmp_path / name / f"{number}.wav", hz + number)
    done = inside("rank", "low", "mid", "high", *DUEL, "-o", "ranked")
    assert done.returncode == 0, done.stderr
    strengths = told(tmp_path / "ranked")["comparison"]["ranking"]["strengths"]
    assert [one["system"] for one in strengths] == ["high", "mid", "low"]
    rows = [
        {"audio": f"{name}/{number}.wav", "prompt_id": number} for number in range(3) for name in ("low", "mid", "high")
    ]
    rows += [{"audio": f"{name}/0.wav", "prompt_id": 9, "target_text": "refuse"} for name in ("low", "high")]
    (tmp_path / "takes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "lax.yaml").write_text("require: {errors: 0.5}\n")
    command = ("select", "takes.jsonl", "--per", "prompt_id", *DUEL, "--preset", "lax.yaml")
    done = inside(*command, "-o", "chosen", "--to", "best")
    assert done.returncode == 0, done.stderr
    chosen = [json.loads(line) for line in (tmp_path / "chosen" / "selected.jsonl").read_text().splitlines()]
    assert [row["audio"] for row in chosen] == [f"../high/{number}.wav" for number in range(3)]
    assert {row["selected"]["score"] for row in chosen} == {None}
    selection = told(tmp_path / "chosen")["selection"]
    assert (selection["without"], selection["heard"]["failed"]) == (1, 1)
    assert len(list((tmp_path / "best").glob("*.wav"))) == 3


def test_a_dry_run_counts_and_writes_nothing(inside, six):
    command = ("compare", "A", "B", "--judge", "duel", "--votes", "10", "--preset", "lax.yaml", "-o", "run")
    done = inside(*command, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "pairs     6, by quality" in done.stdout
    assert "heard     together by duel: at most 120 texts" in done.stdout
    assert not (six / "run").exists()
    assert inside(*command, "-q").returncode == 0
    assert "2 pairs in run already" in inside(*command, "--dry-run").stdout
    assert "heard" not in inside("rank", "A", "B", "--dry-run", "-o", "other").stdout


def test_events_tell_of_couples(inside, six):
    schema = json.loads((SCHEMAS / "event.schema.json").read_text())
    done = inside("compare", "A", "B", "--judge", "duel", "--preset", "lax.yaml", "--log-json", "-o", "run")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    for event in events:
        jsonschema.validate(event, schema)
    names = [event["event"] for event in events]
    assert names.index("hearing") < names.index("heard")
    last = next(event for event in events if event["event"] == "heard")
    assert (last["done"], last["couples"], last["failed"]) == (2, 2, 0)
