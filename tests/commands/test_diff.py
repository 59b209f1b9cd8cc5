from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.commands import diff
from audiojudge_cli.errors import InputError


@pytest.fixture
def call():
    app = typer.Typer()
    diff.register(app)
    app.callback()(lambda: None)

    def run(*arguments):
        return CliRunner().invoke(app, list(map(str, arguments)))

    return run


@pytest.fixture
def two(make_run):
    old = [{"answers": [0.9, 0.8 + n / 200], "subset": "music", "dimension": "tempo"} for n in range(12)]
    new: list[dict[str, object]] = [{**row, "answers": [0.8, 0.8 + n / 200]} for n, row in enumerate(old)]
    new[4] = {**new[4], "answers": [0.2, 0.9], "evidence": "68 beats per minute."}
    return make_run(old, "old"), make_run([*new, {"id": "extra"}], "new")


def test_the_table(call, two):
    done = call("diff", *two)
    assert done.exit_code == 0
    assert "12 paired clips" in done.stdout
    assert "subset music" in done.stdout
    assert "dimension tempo" in done.stdout
    assert "1 items turned from yes to no" in done.stdout
    assert "now: 68 beats per minute." in done.stdout
    assert "1 clips only in the new run" in done.stdout
    assert "\x1b" not in done.stdout


def test_json_says_the_same(call, two):
    data = json.loads(call("diff", *two, "--format", "json").stdout)
    assert data["schema"] == "audiojudge.diff/1"
    assert data["clips"] == {"old": 12, "new": 13, "paired": 12}
    assert data["fell"][0]["id"] == "clip4"
    assert data["flips"][0]["new"]["evidence"] == "68 beats per minute."
    overall = data["changes"][0]
    assert (overall["kind"], overall["name"]) == ("overall", "score.mean")
    assert overall["low"] <= overall["change"] <= overall["high"] < 0
    assert data["only_new"] == ["extra"]


def test_markdown(call, two):
    page = call("diff", *two, "--format", "markdown").stdout
    assert page.startswith("## audiojudge diff")
    assert "| `clip4` | Is thing 0 heard? | 0.900 → 0.200 | 68 beats per minute. |" in page


def test_runs_that_do_not_compare(call, two, make_run):
    done = call("diff", two[0], make_run([{}], "third", judge="j2"))
    assert isinstance(done.exception, InputError)
