import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CAPTION = "A dog barks twice, then a door slams; no music."


def test_a_caption_becomes_a_table(cli: Any) -> None:
    done = cli("rubric", CAPTION)
    assert done.returncode == 0
    assert "Can you hear a dog barking?" in done.stdout
    assert "¬ music" in done.stdout
    assert done.stderr == ""


def test_lines_of_json_and_languages(cli: Any) -> None:
    done = cli("rubric", "--format", "jsonl", "--rubric-language", "zh", "--subset", "mix", "a barking dog")
    row = json.loads(done.stdout)
    assert row["subset"] == "mix"
    assert "是否能听到" in row["items"][0]["question"]


def test_a_file_becomes_a_rubric_file_that_passes_its_check(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "caps.jsonl").write_text(
        json.dumps({"id": "a", "caption": CAPTION}) + "\n" + json.dumps({"id": "b", "caption": ""}) + "\n"
    )
    done = cli("rubric", "caps.jsonl", "-o", "rubrics.jsonl", "--cache", "cache.sqlite")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "caps.jsonl:2: the row has no caption" in done.stderr
    (row,) = [json.loads(line) for line in (tmp_path / "rubrics.jsonl").read_text().splitlines()]
    assert (row["id"], row["caption"]) == ("a", CAPTION)
    checked = cli("rubric", "check", "rubrics.jsonl")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_captions_from_standard_input(cli: Any) -> None:
    done = cli("rubric", "-", "--format", "jsonl", text='{"caption": "rain"}\n')
    assert json.loads(done.stdout)["items"][0]["basis"] == "rain"


def test_findings_have_lines_and_an_exit_code(cli: Any, tmp_path: Path) -> None:
    item = {"dimension": "event", "question": "Is a cat audible?", "basis": "cat"}
    (tmp_path / "r.jsonl").write_text(json.dumps({"id": "a", "caption": "a dog", "items": [item]}) + "\nnope\n")
    done = cli("rubric", "check", "r.jsonl")
    assert done.returncode == 2
    assert "r.jsonl:1, item 1: basis:" in done.stdout
    assert "r.jsonl:2: schema:" in done.stdout
    kinds = [
        json.loads(line)["kind"] for line in cli("rubric", "check", "r.jsonl", "--format", "jsonl").stdout.splitlines()
    ]
    assert kinds == ["basis", "schema"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.jsonl"], "missing.jsonl: no such file"),
        (["check", "missing.jsonl"], "cannot read the rubric file"),
        (["a dog", "--expander", "magic"], "no expander named 'magic'"),
        (["a dog", "--expander", "llm"], "needs --llm-model"),
        (["a dog", "--expander", "llm", "--model", "m", "--endpoint", "nowhere"], "the endpoint must be an http"),
    ],
)
def test_mistakes_are_one_clear_line(cli: Any, arguments: list[str], message: str) -> None:
    done = cli("rubric", *arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_file_without_captions_is_no_success(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "caps.jsonl").write_text('{"id": "a", "caption": ""}\n')
    for options in ([], ["-o", "out.jsonl"]):
        done = cli("rubric", "caps.jsonl", *options)
        assert done.returncode == 2
        assert "no row has a caption" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_words_of_any_kind_are_captions(cli: Any) -> None:
    for caption in ("checkmate", "a" * 5000, "下雨", "-- a dog"):
        assert cli("rubric", "--format", "jsonl", "--", caption).returncode == 0


def test_nothing_heavy_is_imported() -> None:
    code = "import audiojudge_cli.commands.rubric, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "onnxruntime", "torch", "yaml", "sqlite3"} & set(loaded)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([" "], "the caption is empty"),
        (["./"], "./ is a folder; give a caption"),
        (["a dog", "-o", "."], ". is a folder; give -o the name of a file"),
        (["a dog", "-o", "no/such/folder.jsonl"], "cannot write no/such/folder.jsonl: No such file or directory"),
    ],
)
def test_places_that_make_no_sense_are_one_clear_line(cli: Any, arguments: list[str], message: str) -> None:
    done = cli("rubric", *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"audiojudge: error: {message}")


def test_one_rubric_is_counted_in_the_singular(cli: Any) -> None:
    assert cli("rubric", "a dog barks", "-o", "out.jsonl").stderr == "audiojudge: 1 rubric written to out.jsonl\n"
    assert cli("rubric", "check", "out.jsonl").stderr == "audiojudge: 0 findings in out.jsonl\n"


def test_quiet_leaves_stderr_to_errors(cli, tmp_path):
    (tmp_path / "captions.jsonl").write_text('{"file_name": "a.wav", "caption": "A dog barks."}\n{broken\n')
    done = cli("rubric", "captions.jsonl", "-o", "rubrics.jsonl", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "rubrics.jsonl").exists()


def test_rubrics_are_not_written_over_their_captions(cli, tmp_path):
    text = '{"file_name": "a.wav", "caption": "A dog barks."}\n'
    (tmp_path / "captions.jsonl").write_text(text)
    done = cli("rubric", "captions.jsonl", "-o", "./captions.jsonl")
    assert done.returncode == 2
    assert "is the file of captions; give -o another name" in done.stderr
    assert (tmp_path / "captions.jsonl").read_text() == text


def test_transcripts_are_left_to_score(cli, tmp_path):
    (tmp_path / "nemo.json").write_text('{"audio_filepath": "a.wav", "text": "a dog barks"}\n')
    done = cli("rubric", "nemo.json")
    assert done.returncode == 2
    assert "--caption-field (transcripts need no rubric: score asks for their words itself)" in done.stderr
    done = cli("rubric", "nemo.json", "--caption-field", "text")
    assert (done.returncode, "dog" in done.stdout) == (0, True)
