from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.commands import table
from audiojudge_cli.errors import InputError


@pytest.fixture
def call():
    app = typer.Typer()
    table.register(app)
    return lambda *arguments: CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def run(make_run):
    return make_run([{"answers": [0.9], "subset": "music"}, {"answers": [0.2], "subset": "sound"}])


def test_for_people(call, run):
    done = call(run)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].split() == ["subset", "score", "95", "%", "interval", "n"]
    assert done.stdout.splitlines()[-1].split() == ["all", "0.550", "0.200", "to", "0.900", "2"]


def test_for_programs(call, run):
    data = json.loads(call(run, "--format", "json").stdout)
    assert (data["schema"], data["rows"], data["cells"][0]) == (
        "audiojudge.table/1",
        ["music", "sound", "all"],
        [0.9, 1],
    )
    assert call(run, "--format", "csv").stdout.splitlines() == [
        "subset,all,low,high,n",
        "music,0.9000,,,1",
        "sound,0.2000,,,1",
        "all,0.5500,0.2000,0.9000,2",
    ]
    lines = [json.loads(line) for line in call(run, "--format", "jsonl").stdout.splitlines()]
    assert [(line["row"], line["value"], line["n"]) for line in lines] == [
        ("music", 0.9, 1),
        ("sound", 0.2, 1),
        ("all", 0.55, 2),
    ]
    assert call(run, "--format", "markdown").stdout.startswith("| subset | score | 95 % interval | n |")


def test_no_run(call, tmp_path):
    assert isinstance(call(tmp_path / "none").exception, InputError)
