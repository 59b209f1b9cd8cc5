from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.app import app
from audiojudge_cli.commands import complete
from audiojudge_cli.runs.preset_file import preset_names
from audiojudge_cli.scales.sets import scale_names
from audiojudge_cli.weights.catalog import card_names


def _bash(line: str) -> dict[str, str]:
    words = line.split(" ")
    return {"_AUDIOJUDGE_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}


def offered(line: str) -> list[str]:
    """Return what bash offers after `line`, through the machinery that it asks itself."""
    done = CliRunner().invoke(app, [], prog_name="audiojudge", env=_bash(f"audiojudge {line}"))
    assert done.exit_code == 0, done.output
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


@pytest.fixture
def folder(tmp_path, make_run, monkeypatch):
    rows: list[dict[str, Any]] = [{"id": f"dog_{at}", "answers": [0.5]} for at in range(3)] + [
        {"id": "cat", "answers": [0.2]}
    ]
    for name in ("run", "runs/one", "runs/two"):
        made = make_run(rows, name)
        (made / "files").mkdir()
        for row in [*rows, {"id": "a b"}, {"id": '";touch x;"'}, {"id": "$(touch x)"}, {"id": "-v"}]:
            (made / "files" / f"{row['id']}.json").write_text("{}")
        (made / "summary.csv").write_text("id,audio,faults,model,metadata.score\n")
    (tmp_path / "rung").mkdir()
    (tmp_path / "caps.jsonl").write_text(json.dumps({"file": "a.wav", "text": "A dog."}) + "\nnot json\n")
    (tmp_path / "caps.csv").write_text("\ufeffwav,prompt\n1,2\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("score --preset ", list(preset_names())),
        ("quality --preset d", ["default"]),
        ("score --judge em", ["embedded"]),
        ("score --expander ", ["llm", "rules"]),
        ("rubric --expander r", ["rules"]),
        ("score --quant int", ["int8", "int4"]),
        ("score --device c", ["cpu", "cuda"]),
        ("models pull ", list(card_names())),
        ("models pull embedded lang", ["language"]),
        ("show ", ["run"]),
        ("show runs/", ["runs/one", "runs/two"]),
        ("gate runs/o", ["runs/one"]),
        ("diff run runs/t", ["runs/two"]),
        ("score x --baseline r", ["run"]),
        ("show run ", ["cat", "dog_0", "dog_1", "dog_2"]),
        ("show run dog_1 dog", ["dog_0", "dog_2"]),
        ("table run --rows ", ["run", "judge", "subset", "language", "status", "dimension", "model", "score"]),
        ("table run --rows mo", ["model"]),
        ("diff run --by ", ["model", "score"]),
        ("diff run --by model --pair-by s", ["score"]),
        ("diff nowhere --by ", []),
        ("rate x --scale ", list(scale_names())),
        ("bench x --scale m", ["mos"]),
        ("rate x --baseline r", ["run"]),
        ("rate x --device c", ["cpu", "cuda"]),
        ("compare x --preset d", ["default"]),
        ("table run runs/t", ["runs/two"]),
        ("score caps.jsonl --caption-field ", ["file", "text"]),
        ("score outputs --captions caps.csv --audio-field ", ["wav", "prompt"]),
        ("rubric --lang", ["--language"]),
        # Nothing is offered, so that the shell goes on with files, and nothing is said.
        ("show nowhere/", []),
        ("show nowhere ", []),
        ("show run zzz", []),
        ("score nowhere.jsonl --caption-field ", []),
        ("score --preset nope", []),
    ],
)
def test_values_are_offered(folder, line, values):
    assert offered(line) == values
    assert not (folder / "x").exists()


def test_a_completer_that_stumbles_offers_what_it_had():
    @complete._quietly
    def stumbles(_ctx, _incomplete):
        yield from ("one", "two words", "other", "$(x)", "one")
        raise RuntimeError("whatever")

    context = typer.Context(typer.main.get_command(app))
    assert stumbles(context, "o") == ["one", "other"]
    assert stumbles(context, "") == ["one", "other"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    "line", ['show "', "show 'run ", "show \\", "show run --", "nope ", "show \x00"[:-1], "score --preset=", "🎧"]
)
def test_every_shell_gets_an_answer_whatever_is_typed(folder, shell, line):
    typed = f"audiojudge {line}"
    env = {**_bash(typed), "_AUDIOJUDGE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": typed}
    done = CliRunner().invoke(app, [], prog_name="audiojudge", env=env | {"_TYPER_COMPLETE_FISH_ACTION": "get-args"})
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stderr == ""


def test_completion_is_quick_silent_and_loads_nothing_heavy(folder):
    for at in range(5000):
        (folder / "run" / "files" / f"clip{at}.json").touch()
    code = (
        "import sys, audiojudge_cli.app as app\n"
        "code = app.main()\n"
        "heavy = {'numpy', 'pandas', 'torch', 'onnxruntime', 'spacy', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'{sorted(heavy)}' if heavy else code)\n"
    )
    root = str(Path(complete.__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root, **_bash("audiojudge show run clip49")}
    before = os.times()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    used = os.times().children_user - before.children_user + os.times().children_system - before.children_system
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.split()) == 111
    assert used < 1.0  # .25 s of the processor on a quiet machine


def test_a_mistake_while_completing_is_not_told(folder):
    code = (
        "import sys, audiojudge_cli.app as app\n"
        "def fall(*a, **k): raise ZeroDivisionError('oops')\n"
        "app.app = fall\n"
        "app.main()\n"
    )
    root = str(Path(complete.__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root, **_bash("audiojudge show ")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert (done.stdout, done.stderr) == ("", "")
