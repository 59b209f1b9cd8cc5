from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.commands import diff, show
from audiojudge_cli.errors import InputError


@pytest.fixture
def call():
    app = typer.Typer()
    diff.register(app)
    show.register(app)

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


def test_show_a_run(call, two):
    done = call("show", two[1])
    assert "clips     13" in done.stdout
    assert "worst clips" in done.stdout
    summary = json.loads(call("show", two[1], "--format", "json").stdout)
    assert summary == json.loads((two[1] / "summary.json").read_text())


def test_show_a_clip_by_id_path_and_name(call, make_run):
    folder = make_run(
        [
            {
                "id": "a",
                "audio": "deep/one.wav",
                "answers": [0.25, None, 0.75],
                "caption": "A dog barks.",
                "metadata": {"n": 3},
            },
            {"id": "b", "audio": "deep/two.wav", "error": "truncated"},
        ]
    )
    by = [call("show", folder, name).stdout for name in ("a", "deep/one.wav", "one.wav")]
    assert by[0] == by[1] == by[2]
    lines = by[0].splitlines()
    assert lines[0] == "a"
    assert "caption   A dog barks." in lines
    assert "metadata  n=3" in lines
    assert "##........  0.250  no  Is thing 0 heard?" in lines
    assert "                -  -   Is thing 1 heard?" in lines
    assert "########..  0.750  yes Is thing 2 heard?" in lines
    assert any("Heard at 1.0 s. [0.00-0.05 s]" in line for line in lines)
    assert "truncated: no such file" in call("show", folder, "b").stdout
    assert json.loads(call("show", folder, "a", "--format", "json").stdout)["caption"] == "A dog barks."


def test_show_what_is_not_there(call, make_run, tmp_path):
    folder = make_run([{"id": "dog", "audio": "x/same.wav"}, {"id": "cat", "audio": "y/same.wav"}])
    with pytest.raises(InputError, match="did you mean 'dog'"):
        raise call("show", folder, "dogg").exception
    with pytest.raises(InputError, match=r"2 clips are called same.wav; give an id: dog \(x/same.wav\), cat \("):
        raise call("show", folder, "same.wav").exception
    for arguments in ([tmp_path / "nowhere"], [tmp_path / "nowhere", "x"], [make_run([], "empty")]):
        assert isinstance(call("show", *arguments).exception, InputError)
