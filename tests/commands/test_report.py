from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def run(cli, tones):
    manifest = tones(["100 Hz", "900 Hz"])
    done = cli("score", "outputs", "--captions", manifest, "--judge", "tone", "--expander", "tones", "--out", "run")
    assert done.returncode == 0, done.stderr
    return cli.folder / "run"


def clips(path: Path) -> list[dict[str, Any]]:
    found = re.search(r'id="data">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return list(json.loads(found[1])["clips"])


def test_one_page_lies_in_the_run_folder(cli, run):
    done = cli("report", "run")
    assert (done.returncode, done.stdout) == (0, "")
    assert "report in run/report.html" in done.stderr.replace("\\", "/")
    found = clips(run / "report.html")
    assert len(found) == 2
    assert all(clip["embedded"] and clip["picture"] for clip in found)
    # The next command over the folder takes it for a run folder still.
    assert cli("show", "run").returncode == 0


def test_options_bound_the_page(cli, run):
    done = cli("report", "run", "-o", "small.html", "--embed", "0", "--pictures", "0", "--clips", "1")
    assert done.returncode == 0, done.stderr
    (clip,) = clips(cli.folder / "small.html")
    assert not {"embedded", "picture"} & set(clip)
    assert clip["link"].startswith("outputs/")


def test_the_page_can_go_to_stdout(cli, run):
    done = cli("report", "run", "-o", "-")
    assert done.stdout.startswith("<!doctype html>")
    assert done.stderr == ""


def test_quiet_leaves_stderr_to_errors(cli, run):
    done = cli("report", "run", "--format", "md", "-o", "report.md", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_markdown_goes_to_stdout_or_a_file(cli, run):
    done = cli("report", "run", "--format", "md")
    assert done.stdout.startswith("## audiojudge report\n")
    assert cli("report", "run", "--format", "md", "-o", "r.md").returncode == 0
    assert (cli.folder / "r.md").read_text(encoding="utf-8") == done.stdout


def test_a_baseline_is_compared(cli, run):
    shutil.copytree(run, cli.folder / "old")
    done = cli("report", "run", "--baseline", "old", "-o", "r.html")
    assert done.returncode == 0, done.stderr
    assert "Since the baseline" in (cli.folder / "r.html").read_text(encoding="utf-8")
    assert all(clip["was"] == clip["score"] for clip in clips(cli.folder / "r.html"))


def test_audio_that_moved_is_found_where_the_user_says(cli, run):
    (cli.folder / "outputs").rename(cli.folder / "moved")
    assert cli("report", "run").returncode == 0
    assert not any("link" in clip for clip in clips(run / "report.html"))
    assert cli("report", "run", "--audio", "moved").returncode == 0
    assert all(clip["embedded"] for clip in clips(run / "report.html"))


@pytest.mark.parametrize(
    "arguments",
    [("nowhere",), ("run", "--baseline", "nowhere"), ("run", "-o", "missing/r.html"), ("run", "--clips", "0")],
)
def test_what_cannot_be_read_or_written_ends_with_2(cli, run, arguments):
    done = cli("report", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (run / "report.html").exists()


@pytest.mark.parametrize("place", ["run/records.jsonl", "run/files/01.json"])
def test_no_report_is_written_over_the_run(cli, run, place):
    kept = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    done = cli("report", "run", "-o", place)
    assert done.returncode == 2
    assert done.stderr == f"audiojudge: error: cannot write {place}: it is a file of a run; give --out another name\n"
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == kept


def test_several_runs_are_a_history_in_the_order_named(cli, run):
    shutil.copytree(run, cli.folder / "second")
    done = cli("report", "second", "run")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    page = (cli.folder / "trend.html").read_text(encoding="utf-8")
    assert page.index(">second<") < page.index(">run<")
    assert "What changed between neighbours" in page
    assert cli("report", "second", "run", "-o", "-").stdout.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["run", "run"], "named twice"),
        (["run", "second", "--baseline", "run"], "--baseline and --by are for one run"),
        (["run", "second", "--format", "md"], "Markdown is for one run"),
        (["run", "nowhere"], "nowhere"),
        (["run", "second", "--by", "model"], "--baseline and --by are for one run"),
        (["run", "--by", "modle"], "no metadata column 'modle'"),
        (["run", "--by", "subset", "--pair-by", "promt"], "no metadata column 'promt'"),
        (["run", "--pair-by", "prompt"], "add --by COLUMN"),
        (["run", "--by", "subset", "--pair-by", "subset"], "the same column"),
        (["run", "--by", "subset", "--format", "md"], "audiojudge diff RUN --by"),
        (["run", "second", "-o", "second/records.jsonl"], "records.jsonl"),
    ],
)
def test_what_is_no_history_is_refused_and_nothing_written(cli, run, arguments, why):
    shutil.copytree(run, cli.folder / "second")
    done = cli("report", *arguments)
    assert done.returncode == 2
    assert why in done.stderr
    assert not (cli.folder / "trend.html").exists()
    assert not (run / "report.html").exists()
