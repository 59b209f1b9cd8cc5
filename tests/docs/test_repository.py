"""CONTRIBUTING, CHANGELOG, the hooks and all pages: links resolve, commands and files that they name exist."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from audiojudge_cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MAIN: Any = typer.main.get_command(app)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def anchors(page: Path) -> set[str]:
    """Return the addresses of a page's headings, as forges make them."""
    told = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(page.read_text("utf-8")))
    return {each.replace(" ", "-") for each in told}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page):
    bare = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", bare):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        aim = page.parent / path if path else page
        assert aim.exists(), target
        assert not anchor or anchor in anchors(aim), target


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_targets_of_make_that_are_named_exist(page):
    told = text(page)
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", told, re.MULTILINE))
    assert named
    assert named <= TARGETS


def test_files_that_contributing_names_exist():
    named = re.findall(r"`([\w./-]+/[\w./-]*|[\w./-]+\.(?:py|toml|txt|yaml|md))`", text("CONTRIBUTING.md"))
    rooms = (ROOT, ROOT / "audiojudge_cli", ROOT / "audiojudge_cli" / "reports" / "loggers")
    assert len(named) > 15
    assert [name for name in named if not any((room / name).exists() for room in rooms)] == []


def commands(page: str) -> list[str]:
    lines = re.findall(r"^ {4}(?:\$ )?(audiojudge [^\n]*)", text(page), re.MULTILINE)
    return [line for line in lines if "…" not in line]


@pytest.mark.parametrize("line", commands("README.md"))
def test_command_lines_of_the_readme_are_some(line):
    words = shlex.split(line.partition("   #")[0].partition(" | ")[0], comments=True)[1:]
    context, command = MAIN.make_context("audiojudge", list(words)), MAIN
    while getattr(command, "commands", None):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, list(words), parent=context)  # fails for what is no option or value
    assert context.command.callback


def test_the_readme_shows_audio_language_models_ci_and_trackers():
    lines = commands("README.md")
    for wanted in ("--judge anyaudio-judge-7b", "--preset ci", "--log ", "diff run --by"):
        assert any(wanted in line for line in lines), wanted


def test_the_hooks_are_the_steps_of_make_lint():
    recipe = MAKEFILE.split("\nlint:")[1].split("\n\n")[0].splitlines()[1:]
    steps = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe]
    [repository] = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == steps
    assert all(hook["language"] == "system" and hook["pass_filenames"] is False for hook in repository["hooks"])


def test_the_changelog_keeps_its_form():
    told = text("CHANGELOG.md")
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    sections = re.findall(r"^## \[(.+?)\](?: - \d{4}-\d{2}-\d{2})?$", told, re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert version in told
    kinds = re.findall(r"^### (.+)$", told, re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_option_that_the_changelog_names_is_one():
    options = {name for command in MAIN.commands.values() for each in command.params for name in each.opts}
    named = set(re.findall(r"`(?:audiojudge \w+ )?(?:RUN )?(--[a-z-]+)", text("CHANGELOG.md")))
    assert len(named) > 5
    assert named <= options
