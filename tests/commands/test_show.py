from __future__ import annotations

import csv
import json

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.commands import show
from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.clip_list import COLUMNS


@pytest.fixture
def call():
    app = typer.Typer()
    show.register(app)
    app.callback()(lambda: None)

    def run(*arguments):
        return CliRunner().invoke(app, ["show", *map(str, arguments)])

    return run


ROWS = [
    {"id": "fine", "answers": [0.9]},
    {"id": "open", "answers": [None]},
    {"id": "bad/1", "answers": [0.1, 0.5]},
    {"id": "lost", "error": "not-found"},
    {"id": "bad/2", "answers": [0.1]},
    {"id": "torn", "error": "truncated"},
]
ORDER = ["lost", "torn", "bad/2", "bad/1", "fine", "open"]
"""Failed clips, then the lowest decision value, then what nobody could verify."""


def test_all_clips_are_listed_failed_ones_first_then_the_worst(call, make_run):
    lines = call(make_run(ROWS)).stdout.splitlines()
    assert "clips     6 (3 ok, 1 unverifiable, 2 error)" in lines
    at = next(at for at, line in enumerate(lines) if line.split()[:4] == ["value", "score", "match", "clip"])
    rows = lines[at + 1 :]
    assert [row.split()[3] for row in rows] == ORDER
    assert rows[0].split(maxsplit=4) == ["failed", "-", "-", "lost", "not-found: no such file"]
    assert rows[2].split(maxsplit=4) == ["0.100", "0.100", "no", "bad/2", "Is thing 0 heard?"]
    assert rows[4].split() == ["0.900", "0.900", "yes", "fine"]
    assert not any("more clip" in row for row in rows)


def test_the_list_is_cut_and_says_so(call, make_run):
    folder = make_run([{"id": f"c{at:02}", "answers": [at / 40]} for at in range(30)])
    lines = call(folder).stdout.splitlines()
    assert lines[-1] == "10 more clips: --all lists them"
    assert lines[-2].split()[3] == "c19"
    assert call(folder, "--limit", "3").stdout.splitlines()[-2].split()[3] == "c02"
    assert call(folder, "--all").stdout.splitlines()[-1].split()[3] == "c29"
    cut = call(folder, "--format", "csv", "--limit", 29)
    assert "1 more clip: --all" in cut.stderr
    assert "more" not in cut.stdout


@pytest.mark.parametrize("ids", [(), ("bad", "lost", "torn", "fine", "open")])
def test_programs_get_the_same_list(call, make_run, ids):
    folder = make_run(ROWS)
    lines = [json.loads(line) for line in call(folder, *ids, "--format", "jsonl").stdout.splitlines()]
    rows = list(csv.DictReader(call(folder, *ids, "--format", "csv").stdout.splitlines()))
    assert [line["id"] for line in lines] == [row["id"] for row in rows] == ORDER
    for line, row in zip(lines, rows, strict=True):
        assert tuple(line) == tuple(row) == COLUMNS
    assert lines[0] | {"audio": ""} == {
        **dict.fromkeys(COLUMNS),
        "id": "lost",
        "audio": "",
        "status": "error",
        "faults": [],
        "error": "not-found: no such file",
    }
    assert (rows[0]["score"], rows[0]["decision_value"], rows[2]["decision_value"]) == ("", "", "0.1")


def test_a_run_that_only_measures_lists_faults(call, make_run):
    rows = [
        {"id": "a"},
        {"id": "b", "quality": {"lufs": -20.0}, "faults": ["loop", "clipped", "loop"]},
        {"id": "c", "error": "not-audio"},
    ]
    lines = call(make_run(rows, judged=False)).stdout.splitlines()
    at = next(at for at, line in enumerate(lines) if line.split()[:2] == ["clip", "what"])
    assert [line.split()[:2] for line in lines[at + 1 :]] == [["failed", "c"], ["b", "loop,"], ["a"]]
    assert not any(word in "\n".join(lines[at:]) for word in ("score", "match", "misses"))


def test_the_summary_as_json(call, make_run):
    folder = make_run(ROWS)
    assert json.loads(call(folder, "--format", "json").stdout) == json.loads((folder / "summary.json").read_text())


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
    by = [call(folder, name).stdout for name in ("a", "deep/one.wav", "one.wav")]
    assert by[0] == by[1] == by[2]
    lines = by[0].splitlines()
    assert lines[0] == "a"
    assert "caption   A dog barks." in lines
    assert "metadata  n=3" in lines
    assert "##........  0.250  no  Is thing 0 heard?" in lines
    assert "                -  -   Is thing 1 heard?" in lines
    assert "########..  0.750  yes Is thing 2 heard?" in lines
    assert any("Heard at 1.0 s. [0.00-0.05 s]" in line for line in lines)
    assert "truncated: no such file" in call(folder, "b").stdout
    assert json.loads(call(folder, "a", "--format", "json").stdout)["caption"] == "A dog barks."


def test_several_ids_show_several_clips(call, make_run):
    folder = make_run(ROWS)
    both = call(folder, "fine", "lost").stdout
    alone = [call(folder, name).stdout for name in ("fine", "lost")]
    assert both == "\n".join(alone)
    assert [each["id"] for each in json.loads(call(folder, "fine", "lost", "--format", "json").stdout)] == [
        "fine",
        "lost",
    ]
    assert call(folder, "fine", "fine").stdout == alone[0]


def test_a_beginning_of_several_lists_them(call, make_run):
    lines = call(make_run(ROWS), "bad/").stdout.splitlines()
    assert [line.split()[3] for line in lines] == ["clip", "bad/2", "bad/1"]


def test_show_what_is_not_there(call, make_run, tmp_path):
    folder = make_run([{"id": "dog", "audio": "x/same.wav"}, {"id": "cat", "audio": "y/same.wav"}])
    with pytest.raises(InputError, match="did you mean 'dog'"):
        raise call(folder, "dogg").exception
    with pytest.raises(InputError, match="no clip 'zzz'"):
        raise call(folder, "dog", "zzz").exception
    for arguments in ([tmp_path / "nowhere"], [tmp_path / "nowhere", "x"], [make_run([], "empty")]):
        assert isinstance(call(*arguments).exception, InputError)


def test_a_comparison_ends_with_what_it_found(call, make_run):
    run = make_run(ROWS)
    summary = json.loads((run / "summary.json").read_text())
    summary["selection"] = {"by": "quality", "prompts": 2, "clips": 3, "selected": 1, "without": 1}
    (run / "summary.json").write_text(json.dumps(summary))
    told = call(run).stdout
    assert "1 of 3 clips for 2 prompts, by quality" in told
    assert "coverage" not in told
    assert "bad/1" in told
    assert json.loads(call(run, "--format", "json").stdout)["selection"] == summary["selection"]
