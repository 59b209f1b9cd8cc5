from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from pathlib import Path

import jsonschema
import pytest

from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.record import Record

TONE = ("--judge", "tone", "--expander", "tones")
SCORE = ("score", "outputs", "--captions", "captions.jsonl", *TONE)


def contents(folder: Path) -> dict[str, bytes]:
    skip = {"run.json", ".lock"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in skip]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def wait_for_lines(path: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline, "the run does not get going"
        time.sleep(0.01)


def test_the_table_goes_to_stdout_and_remarks_to_stderr(cli, tones, tmp_path):
    tones(["100 Hz", "400 Hz, loud", "300 Hz, blue"])
    done = cli.alone(*SCORE)
    assert done.returncode == 0
    assert done.stderr == "audiojudge: 3 clips, judge tone on cpu, expander tones\n"
    lines = done.stdout.splitlines()
    assert lines[0] == "clips     3 (2 ok, 1 partial)"
    assert lines[1].startswith("score     0.817  95 % interval 0.")
    assert lines[3] == "coverage  80 % (4 of 5 items verified)"
    worst = min(read_records(tmp_path / "audiojudge-run"), key=lambda record: record.decision.value or 0.0)
    assert f"{worst.decision.value:.3f}  02.wav" in done.stdout
    assert "      0.000  Is it 400 Hz? the strongest tone has 200 Hz" in lines
    assert lines[-1] == "results in audiojudge-run"
    assert "\x1b" not in done.stdout
    assert len(list(read_records(tmp_path / "audiojudge-run"))) == 3


def test_quiet_leaves_stderr_to_errors(cli, tones):
    tones(["100 Hz"])
    assert cli(*SCORE, "--quiet").stderr == ""


def test_both_sides_without_a_partner_are_reported_with_line_numbers(cli, tones, tmp_path):
    manifest = tones(["100 Hz"] * 12, audio=11)
    lines = manifest.read_text().splitlines()
    del lines[3]
    manifest.write_text("\n".join(lines) + "\n{broken\n")
    done = cli(*SCORE)
    assert done.returncode == 0
    for text in (done.stdout, done.stderr):
        assert "captions.jsonl:12: " in text
        assert "captions.jsonl:11: no audio file 12.wav" in text
        assert "04.wav" in text
    assert "not-found      1  12.wav" in done.stdout
    strict = cli(*SCORE, "--strict", "--out", "other")
    assert strict.returncode == 2
    assert strict.stderr.splitlines()[-1].startswith(
        "audiojudge: error: --strict: 1 broken or doubled row (first: captions.jsonl:12: "
    )
    assert not (tmp_path / "other").exists()


def test_jsonl_streams_records_in_order_and_nothing_else(cli, tones, tmp_path):
    tones(["100 Hz", "440 Hz, loud", "blue"])
    done = cli(*SCORE, "--format", "jsonl")
    records = [Record.from_dict(json.loads(line)) for line in done.stdout.splitlines()]
    assert [record.id for record in records] == ["01", "02", "03"]
    assert done.stdout.encode() == (tmp_path / "audiojudge-run" / "records.jsonl").read_bytes()
    again = cli(*SCORE, "--format", "jsonl")
    assert again.stdout == done.stdout


def test_records_are_streamed_as_they_finish(cli, tones):
    tones(["100 Hz"] * 12)
    process = cli.start(*SCORE, "--format", "jsonl", env={"TONE_JUDGE_SLEEP": "0.1"})
    assert json.loads(process.stdout.readline())["id"] == "01"
    assert process.poll() is None
    process.communicate()
    assert process.returncode == 0


def test_a_manifest_may_come_from_stdin(cli, tones):
    text = tones(["100 Hz"]).read_text()
    assert cli.alone("score", "outputs", "--captions", "-", *TONE, text=text).returncode == 0
    row = json.dumps({"audio": "outputs/01.wav", "caption": "100 Hz"})
    done = cli("score", "-", *TONE, "--out", "two", text=row + "\n")
    assert done.returncode == 0
    assert "clips     1 (1 ok)" in done.stdout


def test_a_rubric_file_takes_the_place_of_expansion_and_gaps_are_told(cli, tones, tmp_path):
    tones(["anything", "200 Hz"])
    item = {"dimension": "pitch", "question": "Is it at 100 Hz?", "basis": "100 Hz"}
    (tmp_path / "rubrics.jsonl").write_text(json.dumps({"caption": "anything", "items": [item]}) + "\n")
    done = cli(*SCORE, "--rubrics", "rubrics.jsonl")
    assert done.returncode == 0
    assert "1 of 2 clips not in rubrics.jsonl (by id and caption): expanded instead" in done.stdout
    first, second = read_records(tmp_path / "audiojudge-run")
    assert (first.expander.name, first.items[0].question) == ("file", "Is it at 100 Hz?")
    assert second.expander.name == "tones"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("threads", "sleep"), [(1, 3), (2, 600)])
def test_a_second_ctrl_c_stops_at_once(threads, sleep, cli, tones, tmp_path):
    tones(["100 Hz"] * 6)
    env = {"TONE_JUDGE_SLEEP": str(sleep), "TONE_JUDGE_THREADS": str(threads)}
    process = cli.start(*SCORE, "--workers", "2", env=env)
    for _ in range(2):
        assert process.stderr.readline()
        process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in error
    run = json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())
    assert (run["state"], run["exit_code"]) == ("interrupted", 130)
    schema = Path(__file__).parents[2] / "docs" / "schemas" / "run.schema.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text())).validate(run)


def test_fields_can_be_named(cli, tones, tmp_path):
    tones(["x"])
    (tmp_path / "odd.csv").write_text("where,what\n01.wav,100 Hz\n")
    done = cli(
        *("score", "outputs", "--captions", "odd.csv", *TONE),
        *("--audio-field", "where", "--caption-field", "what"),
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("score",), 2, "nothing to read"),
        (("score", "nowhere", *TONE), 2, "no such file or folder: nowhere"),
        (("score", "outputs", "--captions", "nowhere.csv", *TONE), 2, "nowhere.csv"),
        ((*SCORE, "--judge", "tome"), 2, "no judge named 'tome' (did you mean 'tone'?)"),
        ((*SCORE, "--judge", "broken"), 2, "the judge 'broken' of the package 'tone-judge' cannot be loaded"),
        ((*SCORE, "--expander", "broken"), 2, "the expander 'broken' cannot be loaded"),
        ((*SCORE, "--expander", "ruled"), 2, "did you mean 'rules'"),
        ((*SCORE, "--preset", "spech"), 2, "did you mean 'speech'"),
        ((*SCORE, "--workers", "many"), 2, "--workers must be auto or a number"),
        ((*SCORE, "--workers", "0"), 2, "--workers must be auto or a number"),
        ((*SCORE, "--rubrics", "nowhere.jsonl"), 2, "nowhere.jsonl"),
        ((*SCORE, "--out", "captions.jsonl"), 2, "captions.jsonl is a file, not a folder"),
        ((*SCORE, "--out", "."), 2, "not empty and not a run folder"),
    ],
)
def test_mistakes_are_one_clear_line(arguments, code, message, cli, tones):
    tones(["100 Hz"])
    done = cli(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("audiojudge: error: ")
    assert message in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--limit", "0"), ("--format", "xml"), ("--nonsense",)])
def test_wrong_options_are_usage_errors(arguments, cli):
    done = cli(*SCORE, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("captions", "message"),
    [
        (["explode"], "nothing could be judged: 1 clip failed"),
        (["100 Hz", "explode"], "1 of 2 clips could not be judged"),
        (["100 Hz, a, b, c"], "only 25 % of the rubric items"),
        (["no weights"], "the tone judge has no weights; tune it"),
    ],
)
def test_exit_code_3_when_too_little_was_judged(captions, message, cli, tones):
    tones(captions)
    done = cli(*SCORE)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("audiojudge: error: ")
    assert message in done.stderr


def test_an_option_that_a_judge_does_not_take_is_one_clear_line(cli, tones, tmp_path):
    tones(["100 Hz"])
    done = cli(*SCORE, "--quant", "int8")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "audiojudge: error: the judge 'tone' takes no 'quant' option; leave out --quant, or the preset's key"
    )
    assert not (tmp_path / "audiojudge-run" / "run.json").exists()


def test_a_preset_decides_what_is_enough(cli, tones, tmp_path):
    tones(["100 Hz, a, b, c", "explode"])
    (tmp_path / "kind.yaml").write_text("judge: tone\nexpander: tones\nrequire: {coverage: 0.1, errors: 0.5}\n")
    done = cli("score", "outputs", "--captions", "captions.jsonl", "--preset", "kind.yaml")
    assert done.returncode == 0
    run = json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())
    assert run["preset"]["options"]["require"] == {"coverage": 0.1, "errors": 0.5}
    assert run["arguments"][-2:] == ["--preset", "kind.yaml"]


def test_names_and_captions_cannot_steer_the_terminal(cli, tones, tmp_path):
    tones(["100 Hz"])
    evil = "evil\x1b[31m\n.wav"
    (tmp_path / "outputs" / "01.wav").rename(tmp_path / "outputs" / evil)
    (tmp_path / "captions.jsonl").write_text(json.dumps({"file_name": evil, "caption": "\x1b]0;x\x07, 900 Hz"}) + "\n")
    done = cli(*SCORE)
    assert "\x1b" not in done.stdout + done.stderr
    assert "evil\\x1b[31m\\n.wav" in done.stdout


@pytest.mark.parametrize("arguments", [("--format", "jsonl"), ("--format", "table")])
def test_a_reader_that_goes_away_is_no_drama(arguments, cli, tones, tmp_path):
    tones(["100 Hz"] * 30)
    process = cli.start(*SCORE, *arguments)
    if "jsonl" in arguments:
        process.stdout.readline()
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert process.returncode == (130 if "jsonl" in arguments else 0)
    assert "Traceback" not in error
    assert "Exception ignored" not in error
    assert (tmp_path / "audiojudge-run" / "summary.json").exists()
    cli(*SCORE)
    assert len(list(read_records(tmp_path / "audiojudge-run"))) == 30


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_finishes_the_batch_and_the_same_command_the_run(cli, tones, tmp_path):
    tones(["100 Hz, loud"] * 14)
    process = cli.start(*SCORE, env={"TONE_JUDGE_SLEEP": "0.1"})
    journal = tmp_path / "audiojudge-run" / "records.jsonl"
    wait_for_lines(journal, 2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "the same command again finishes the run" in err
    assert "pending" in out
    summary = json.loads((tmp_path / "audiojudge-run" / "summary.json").read_text())
    assert 0 < summary["clips"]["pending"] < 14
    assert cli(*SCORE).returncode == 0
    assert cli(*SCORE, "--out", "undisturbed").returncode == 0
    assert contents(tmp_path / "audiojudge-run") == contents(tmp_path / "undisturbed")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("lines", [1, 5, 9])
def test_a_killed_run_is_finished_by_the_same_command(lines, cli, tones, tmp_path):
    tones(["100 Hz, loud"] * 10)
    process = cli.start(*SCORE, env={"TONE_JUDGE_SLEEP": "0.03"})
    wait_for_lines(tmp_path / "audiojudge-run" / "records.jsonl", lines)
    process.kill()
    process.communicate()
    done = cli(*SCORE)
    assert done.returncode == 0
    assert "kept from an earlier run" in done.stdout
    assert cli(*SCORE, "--out", "undisturbed").returncode == 0
    assert contents(tmp_path / "audiojudge-run") == contents(tmp_path / "undisturbed")


def test_workers_and_batch_never_change_a_record(cli, tones, tmp_path):
    tones(["100 Hz, loud", "220 Hz", "loud, x", "explode", "300 Hz"])
    (tmp_path / "one.yaml").write_text("batch: 1\n")
    cli(*SCORE, "--workers", "1", "--preset", "one.yaml", "--out", "a")
    cli(*SCORE, "--workers", "7", "--out", "b")
    cli(*SCORE, "--workers", "4", "--out", "c", env={"TONE_JUDGE_THREADS": "4", "TONE_JUDGE_SLEEP": "0.01"})
    assert contents(tmp_path / "a") == contents(tmp_path / "b") == contents(tmp_path / "c")


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_and_bar_only_on_a_terminal(env, coloured, cli, tones):
    import pty
    import termios

    tones(["100 Hz", "900 Hz"])
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (24, 100))
    process = cli.start(*SCORE, env={"TERM": "xterm", "NO_COLOR": "", **env}, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux reports the end of a pseudo-terminal as an error
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    assert process.wait() == 0
    assert (b"\x1b[1m" in shown) is coloured
    assert b"2/2" in shown


def test_one_is_singular_and_what_was_kept_is_told(cli, tones):
    tones(["100 Hz"])
    first = cli(*SCORE)
    assert first.stderr == "audiojudge: 1 clip, judge tone on cpu, expander tones\n"
    assert first.stdout.splitlines()[-2].startswith("1 clip judged (0.2 s of audio in ")
    assert cli(*SCORE).stdout.splitlines()[-2:] == ["1 clip kept from an earlier run", "results in audiojudge-run"]


def test_a_full_disk_behind_the_stream_keeps_what_was_judged(cli, tones, tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full")
    tones(["100 Hz", "200 Hz"])
    with Path("/dev/full").open("w") as full:
        process = cli.start(*SCORE, "--format", "jsonl", stdout=full.fileno())
        _, error = process.communicate(timeout=60)
    assert process.returncode == 3
    assert error.splitlines()[-1].startswith("audiojudge: error: cannot write to standard output: No space left")
    assert json.loads((tmp_path / "audiojudge-run" / "run.json").read_text())["state"] == "failed"
    assert cli(*SCORE).returncode == 0


def test_what_changed_since_the_last_run_is_told(cli, tones, tmp_path):
    manifest = tones(["100 Hz", "200 Hz", "300 Hz"])
    cli(*SCORE)
    manifest.write_text(manifest.read_text().replace("200 Hz", "200 Hz, loud"))
    (tmp_path / "outputs" / "03.wav").write_bytes((tmp_path / "outputs" / "01.wav").read_bytes())
    done = cli(*SCORE)
    assert "audiojudge: going on: 3 of 3 clips have a record from an earlier run\n" in done.stderr
    assert "2 clips judged again: audio changed 1, caption changed 1" in done.stdout.splitlines()
    assert "1 clip kept from an earlier run" in done.stdout.splitlines()


def test_a_folder_about_other_clips_is_told_of_before_anything_is_judged(cli, tones):
    manifest = tones(["100 Hz", "200 Hz", "300 Hz"])
    cli(*SCORE)
    manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[:1]))
    lines = cli(*SCORE).stderr.splitlines()
    told = next(number for number, line in enumerate(lines) if "holds 2 records of clips that this run does" in line)
    assert told < next(number for number, line in enumerate(lines) if "judge tone" in line)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_second_process_on_the_same_folder_is_refused_until_the_first_is_gone(cli, tones, tmp_path):
    tones(["100 Hz", "200 Hz"])
    first = cli.start(*SCORE, env={"TONE_JUDGE_SLEEP": "300"})
    while not (tmp_path / "audiojudge-run" / "run.json").exists():
        assert first.poll() is None
        time.sleep(0.01)
    second = cli(*SCORE)
    assert second.returncode == 2
    assert second.stderr.splitlines()[-1].startswith("audiojudge: error: another audiojudge process is writing to")
    first.kill()
    first.communicate()
    assert cli(*SCORE).returncode == 0
    assert len(list(read_records(tmp_path / "audiojudge-run"))) == 2


def test_a_nemo_manifest_asks_for_its_words_and_a_named_field_for_others(cli, tones, tmp_path):
    tones(["x", "y"])
    rows = [{"audio_filepath": "01.wav", "text": "hello there", "line": "good night"}]
    (tmp_path / "nemo.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for options, line in (((), "hello there"), (("--transcript-field", "line"), "good night")):
        done = cli("score", "outputs", "--captions", "nemo.json", *TONE, "--out", line, *options)
        assert done.returncode == 3, done.stderr  # the tone judge knows no words: nothing was verified
        (record,) = read_records(tmp_path / line)
        assert (record.caption, record.transcript, record.expander.name) == ("", line, "manifest")
        assert [item.question for item in record.items] == [f"Does the speaker say “{line}”?"]
        shown = cli("show", line, record.id).stdout
        assert f"says      {line}" in shown
        assert "caption   " not in shown
    done = cli("score", "outputs", "--captions", "nemo.json", *TONE, "--out", "told", "--caption-field", "text")
    (record,) = read_records(tmp_path / "told")
    assert (record.caption, record.transcript, record.expander.name) == ("hello there", None, "tones")
