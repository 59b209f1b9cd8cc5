"""Every file on docs/ci.md is taken from the page, parsed, and its commands run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from audiojudge_cli.app import app

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
FILES = dict(FENCE.findall((DOCS / "ci.md").read_text(encoding="utf-8")))
WORKFLOWS = {
    ".github/workflows/audiojudge.yml": "gate",
    ".github/workflows/regression.yml": "regression",
    ".gitlab-ci.yml": "audiojudge",
}


def commands(name: str) -> list[str]:
    """Return the shell lines of a workflow in order, those that install left out: what is tested is this checkout."""
    data = yaml.safe_load(FILES[name])
    steps: list[Any]
    if name.startswith(".github"):
        steps = [step["run"] for step in data["jobs"][WORKFLOWS[name]]["steps"] if "run" in step]
    else:
        steps = data[WORKFLOWS[name]]["script"]
    return [line for step in steps for line in step.splitlines() if not line.startswith("pip install")]


def prepared(name: str) -> list[str]:
    """Return the same with a finished run in place of scoring; the gate options of `score` are those of `gate`."""
    lines = []
    for line in commands(name):
        if line.startswith("audiojudge score"):
            options = line.partition(" --gate ")[2]
            lines += ["cp -r good run", *([f"audiojudge gate run --gate {options}"] if options else [])]
        else:
            lines.append(line)
    return lines


@pytest.fixture
def project(tmp_path, make_run):
    """A repository with the files of the page, and a good run in place of scoring."""
    rows = [{"answers": [0.8 + n / 200, 0.9]} for n in range(25)]
    make_run(rows, "good")
    make_run(rows, "baseline")
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def shell(lines: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run lines as a pipeline does: in one shell that stops at the first failure."""
    tools = folder / ".tools"
    tools.mkdir(exist_ok=True)
    script = tools / "audiojudge"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m audiojudge_cli "$@"\n')
    script.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", **variables}
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def test_the_page_has_the_files_it_promises():
    assert set(FILES) == {*WORKFLOWS, "gate.yaml", "regression.yaml", ".pre-commit-config.yaml", "test_audio.py"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_run_on_a_prepared_run(project, name):
    """All commands but `score`, whose place a prepared run takes."""
    lines = prepared(name)
    assert lines.count("cp -r good run") == 1
    done = shell(lines, project, GITHUB_STEP_SUMMARY=str(project / "summary.md"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "gate passed" in done.stdout
    assert (project / "gate.xml").exists()
    if name.startswith(".github"):
        assert "audiojudge" in (project / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_stop_at_a_run_that_fell(project, make_run, name):
    make_run([{"answers": [0.4, 0.4]}] * 25, "good")
    lines = prepared(name)
    assert shell(lines, project, GITHUB_STEP_SUMMARY=str(project / "summary.md")).returncode == 1


@pytest.mark.weights
@pytest.mark.slow
def test_the_whole_pipeline_on_the_examples(project):
    examples = DOCS.parent / "examples"
    shutil.copytree(examples / "audio", project / "outputs")
    lines = (examples / "captions.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (project / "captions.jsonl").write_text("".join(lines[:4]), encoding="utf-8")
    done = shell(commands(".gitlab-ci.yml"), project)
    # Four clips, half of them with wrong captions: the gate asks for twenty.
    assert done.returncode == 1, done.stderr
    assert "4 clips" in done.stdout
    assert "gate failed" in done.stdout
    assert (project / "gate.xml").exists()


def test_workflows_use_nothing_that_hides_a_failure():
    for name in WORKFLOWS:
        assert "|| true" not in FILES[name]
        assert "continue-on-error" not in FILES[name]
        assert "allow_failure" not in FILES[name]


def test_pre_commit(project):
    (hook,) = yaml.safe_load(FILES[".pre-commit-config.yaml"])["repos"][0]["hooks"]
    assert {"id", "name", "entry", "language"} <= set(hook)
    pattern = re.compile(hook["files"])
    assert [bool(pattern.search(path)) for path in ("run/records.jsonl", "gate.yaml", "src/gate.yaml")] == [
        True,
        True,
        False,
    ]
    shutil.copytree(project / "good", project / "run")
    assert shell([hook["entry"]], project).returncode == 0


RECIPE = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_audio.py"]


def recipe(project: Path) -> subprocess.CompletedProcess[str]:
    """Run the recipe in a pytest of its own, without the plugins of this one, which take longer than the recipe."""
    plain = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(RECIPE, cwd=project, env=plain, capture_output=True, text=True, check=False)


def test_the_pytest_recipe(project, make_run):
    shutil.copytree(project / "good", project / "run")
    passed = recipe(project)
    assert passed.returncode == 0, passed.stdout
    assert "3 passed" in passed.stdout
    make_run([{"answers": [0.4]}] * 25, "run")
    failed = recipe(project)
    assert failed.returncode == 1
    assert "score.mean >= 0.7 at 95%" in failed.stdout


# As `--preset ci` leaves a run of which something could not be judged.
STRICT = {
    "preset": {"options": {"require": {"coverage": 0.7, "errors": 0.0}}},
    "exit_code": 3,
    "reason": "2 of 242 clips could not be judged",
}


def rows(bad: int) -> list[dict[str, Any]]:
    good = [{"answers": [0.8 + n / 2_400, 0.9]} for n in range(242 - bad)]
    return [*good, *({"id": f"bad{n}", "error": "not-audio"} for n in range(bad))]


@pytest.mark.parametrize("name", WORKFLOWS)
@pytest.mark.parametrize(("bad", "code"), [(2, 0), (9, 1)])
def test_unreadable_files_are_counted_and_the_rule_decides(project, make_run, monkeypatch, name, bad, code):
    """The gates of each workflow one after the other; that a shell stops at the first is shown above."""
    make_run(rows(bad), "run", info=STRICT)
    make_run(rows(0), "baseline")
    monkeypatch.chdir(project)
    gates = [shlex.split(line)[1:] for line in prepared(name) if line.startswith("audiojudge gate")]
    done = [CliRunner().invoke(app, gate) for gate in gates]
    assert [one.exit_code for one in done] == [code] * len(gates)
    assert gates
    assert all(f"clips that could not be judged: {bad}" in one.stdout for one in done)


@pytest.mark.parametrize(("bad", "code"), [(2, 0), (9, 1)])
def test_the_pytest_recipe_with_unreadable_files(project, make_run, bad, code):
    make_run(rows(bad), "run", info=STRICT)
    done = recipe(project)
    assert done.returncode == code, done.stdout
    assert "error" not in done.stdout.split("short test summary")[-1] or bad > 2


@pytest.mark.parametrize("what", ["nothing there", "nothing judged", "not finished"])
def test_the_pytest_recipe_tells_what_keeps_it_and_does_not_die_at_collection(project, make_run, what):
    if what == "nothing judged":
        make_run([{"error": "not-audio"}] * 3, "run", info=STRICT)
    elif what == "not finished":
        make_run(rows(0), "run", info={"state": "interrupted"})
    done = recipe(project)
    assert done.returncode == 1
    assert "3 errors" in done.stdout
    told = {"nothing there": "not a run folder", "nothing judged": "has a score", "not finished": "is not complete"}
    assert told[what] in done.stdout


def test_every_score_command_has_a_rule_on_errors():
    """Without one, a single broken file is a wall before the rules are asked."""
    for name in WORKFLOWS:
        lines = [line for line in commands(name) if line.startswith("audiojudge score")]
        assert lines
        for line in lines:
            assert "--preset ci" in line
            assert "--gate gate.yaml" in line or "error_rate" in line
    assert "error_rate" in FILES["gate.yaml"]
    assert "error_rate" in FILES["regression.yaml"]
