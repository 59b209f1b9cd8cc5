"""Every command that reads JSON takes 100,000 brackets for bad input: one line, never "a mistake in audiojudge"."""

from __future__ import annotations

import shutil

import pytest

TONE = ("--judge", "tone", "--expander", "tones")
DEEP = {"open": "[" * 100_000, "objects": '{"a":' * 100_000, "closed": "[" * 900 + "]" * 900}
FILES = ("records.jsonl", "summary.json", "run.json", "gate.json", "shard.jsonl", "records.aside.jsonl")
COMMANDS = {
    "gate": ("gate", "run", "--require", "count >= 1"),
    "gate against": ("gate", "other", "--baseline", "run", "--require", "count >= 1"),
    "diff": ("diff", "other", "run"),
    "show": ("show", "run"),
    "report": ("report", "run", "-o", "page.html"),
    "table": ("table", "run", "other"),
    "merge": ("merge", "run", "-o", "merged"),
    "score again": ("score", "outputs", "--captions", "captions.jsonl", *TONE, "-o", "run", "--shard", "1/1"),
    "dry run": ("score", "outputs", "--captions", "captions.jsonl", *TONE, "-o", "run", "--dry-run"),
}


@pytest.fixture
def runs(inside, tones, tmp_path):
    tones(["100 Hz", "200 Hz"])
    score = ("score", "outputs", "--captions", "captions.jsonl", *TONE)
    assert inside(*score, "-o", "good", "--shard", "1/1", "--require", "count == 2").returncode == 0
    assert inside(*score, "-o", "other").returncode == 0
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_of_a_run_folder(inside, runs, command):
    for name in FILES:
        for text in DEEP.values():
            shutil.rmtree(runs / "run", ignore_errors=True)
            shutil.copytree(runs / "good", runs / "run")
            (runs / "run" / name).write_text(text + "\n")
            done = inside(*COMMANDS[command])
            assert "mistake" not in done.stderr, (name, done.stderr)
            assert done.returncode in {0, 2, 3}
            assert all(len(line) < 2_000 for line in done.stderr.splitlines()), name


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "outputs", "--captions", "deep.jsonl", *TONE),
        ("score", "outputs", "--captions", "captions.jsonl", "--rubrics", "deep.jsonl", *TONE),
        ("rubric", "deep.jsonl", "-o", "made.jsonl"),
        ("rubric", "check", "deep.jsonl"),
    ],
    ids=lambda arguments: " ".join(arguments[:4]),
)
def test_of_an_input(inside, tones, tmp_path, arguments, text):
    tones(["100 Hz"])
    (tmp_path / "deep.jsonl").write_text(text + "\n")
    done = inside(*arguments)
    assert done.returncode in {2, 3}
    assert "mistake" not in done.stderr


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("column", ["note", "rubric"])
def test_of_a_value_in_a_row(inside, tones, tmp_path, column, text):
    manifest = tones(["100 Hz", "200 Hz"])
    first, second = manifest.read_text().splitlines()
    manifest.write_text(f'{first}\n{second[:-1]}, "{column}": {text}}}\n')
    done = inside("score", "outputs", "--captions", "captions.jsonl", *TONE)
    assert done.returncode in {2, 3}
    assert "mistake" not in done.stderr
    cell = text.replace('"', '""')
    (tmp_path / "rows.csv").write_text(f'file_name,caption,{column}\n01.wav,100 Hz,\n02.wav,200 Hz,"{cell}"\n')
    done = inside("score", "outputs", "--captions", "rows.csv", *TONE, "-o", "csv")
    assert "mistake" not in done.stderr
