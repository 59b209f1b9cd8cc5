from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from audiojudge_cli.commands import diff
from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.reports.diff_lines import diff_lines
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.terminal import width


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
    assert "1 item turned from yes to no" in done.stdout
    assert "now: 68 beats per minute." in done.stdout
    assert "1 clip only in the new run" in done.stdout
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


@pytest.fixture
def systems(make_run):
    made = [
        {
            "caption": f"Caption {at} <b>|",
            "answers": [round(0.3 + at / 40 + gain, 4)],
            "metadata": {"model": name, "prompt": at},
        }
        for at in range(10)
        for name, gain in (("v1", 0.0), ("v2", 0.3), ("v3", 0.31))
        if (name, at) != ("v1", 0)
    ]
    return make_run(made)


def test_systems_of_one_run(call, systems):
    done = call("diff", systems, "--by", "model", "--systems", "v1", "v2")
    assert done.exit_code == 0
    assert "2 systems by model, paired by caption: 9 common captions" in done.stdout
    assert done.stdout.split("captions\n")[-1].split()[:4] == ["score.mean", "0.425", "0.725", "+0.300"]
    assert "v2 scores higher on 9 captions, v1 on 0, both the same on 0" in done.stdout
    assert "1 caption of v2 alone\n  Caption 0 <b>|" in done.stdout
    assert "corrected for many comparisons (Holm, 6 comparisons of what was judged)" in done.stdout
    assert "\x1b" not in done.stdout


def test_every_pair_of_systems(call, systems):
    lines = call("diff", systems, "--by", "model", "--pair-by", "prompt").stdout.splitlines()
    assert sum(line.split()[:2] in (["v1", "v2"], ["v1", "v3"], ["v2", "v3"]) for line in lines) >= 3
    assert "coverage  the same in every pair" in lines
    assert "v1 and v2: 9 common, 0 and 1 without a partner" in lines
    assert any("Holm, 12 comparisons of what was judged" in line for line in lines)
    assert any("--systems" in line for line in lines)


def test_systems_as_data_and_as_a_page(call, systems):
    data = json.loads(call("diff", systems, "--by", "model", "--format", "json").stdout)
    assert [(pair["first"], pair["second"], pair["prompts"]) for pair in data["pairs"]] == [
        ("v1", "v2", 9),
        ("v1", "v3", 9),
        ("v2", "v3", 10),
    ]
    assert data["pairs"][0]["changes"][0]["change"] == pytest.approx(0.3)
    page = call("diff", systems, "--by", "model", "--format", "markdown", "--systems", "v1", "v2").stdout
    assert "<b>" not in page
    tables = [block for block in page.split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in block.splitlines()}) == 1 for block in tables)
    assert len(tables) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "OLD and NEW; or compare systems of one run with --by COLUMN"),
        (["run", "--systems", "a", "b"], "--systems is for --by"),
        (["run", "new", "--pair-by", "x"], "--pair-by is for --by"),
        (["run", "new", "--by", "model"], "two are named"),
    ],
)
def test_options_that_contradict_each_other(call, arguments, said):
    assert said in str(call("diff", *arguments).exception)


@pytest.mark.parametrize("clips", [1, 2, 5, 30])
def test_few_pairs_have_no_interval_and_p_is_said_to_be_corrected(call, make_run, clips):
    old = [
        {"id": f"c{n}", "answers": [0.95 - n / 100], "dimension": "a-dimension-with-a-very-long-name"}
        for n in range(clips)
    ]
    new = [{**row, "answers": [0.3 + n / 100]} for n, row in enumerate(old)]
    folders = make_run(old, "old"), make_run(new, "new")
    lines = call("diff", *folders).stdout.splitlines()
    page = call("diff", *folders, "--format", "markdown").stdout
    changes = json.loads(call("diff", *folders, "--format", "json").stdout)["changes"]
    assert "Holm" in "".join(lines)
    assert "Holm" in page
    [score] = [line for line in lines if line.startswith("score.mean")]
    assert ("too few pairs" in score) == (clips < 6)
    assert ("too few pairs" in page) == (clips < 6)
    assert {change["no_interval"] for change in changes} <= (
        {"too few pairs"} if clips < 6 else {None, "nothing moved"}
    )
    assert all(str(number) != "-0.0" for change in changes for number in change.values())
    assert not any("-1.000 to" in line or "0.000 to 0.000" in line for line in [*lines, page])


def test_lines_fit_80_columns(make_run):
    rows = [
        {
            "id": "狗" * 60 + str(n),
            "answers": [0.9],
            "subset": "mix",
            "dimension": "long" * 20,
            "quality": {"loudness_difference_lu": n},
        }
        for n in range(7)
    ]
    moved = [{**row, "answers": [0.2], "quality": {"loudness_difference_lu": 1.5 * n}} for n, row in enumerate(rows)]
    found = compare(make_run(rows, "old"), make_run([*moved[:-1], {**moved[-1], "error": "empty"}], "new"))
    lines = diff_lines(found, Screen(80))
    assert max(map(width, lines[1:])) <= 80  # the first names both folders
    at = lines.index("1 clip lost their score")
    assert at < lines.index("fell most")
